#include "engine/market/certificate/nash_certificate.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

constexpr double infinity = std::numeric_limits<double>::infinity();

Demand make_linear(const Eigen::VectorXd& weight, const Eigen::VectorXd& sensitivity,
                   const Eigen::ArrayXXd& utility) {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = weight;
  demand.price_sensitivity = sensitivity;
  demand.utility = utility;
  return demand;
}

// A monopolist alone with one type sells at α m = 1 + W(e^{δ − αc − 1}), to the share 1 − 1/(α m).
// With δ − αc = 2 that is α m = 1 + W(e) = 2 and half of the type. Elastic: α 8, δ 4; captive: α
// 1/4, δ 2.0625; c = 1/4. At the captive type's price 8.25 the elastic one buys e^{4−66}: nothing.
Demand make_two_types() {
  return make_linear(Eigen::Vector2d(0.8, 0.2), Eigen::Vector2d(8.0, 0.25),
                     Eigen::RowVector2d(4.0, 2.0625).array());
}

// Numbers that repeat from run to run without a library's distribution.
class Sequence {
 public:
  double draw(double low, double high) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return low + (high - low) * static_cast<double>(state_ >> 11U) * 0x1p-53;
  }

 private:
  unsigned long long state_ = 20240301;
};

}  // namespace

TEST_CASE("a monopolist between two types gains by leaving the elastic one, by hand", "[unit]") {
  const Demand demand = make_two_types();
  const Supply supply =
      make_supply(Eigen::VectorXd::Constant(1, 0.25), Eigen::MatrixXd::Ones(1, 1));
  const NashCertificate certificate =
      certify_nash(demand, supply, Eigen::VectorXd::Constant(1, 0.5));
  // At 0.5 half of the elastic type buys, and of the captive one 1/(1 + e^{−(2.0625 − 0.125)}).
  const double profit = 0.25 * (0.8 * 0.5 + 0.2 / (1.0 + std::exp(-1.9375)));
  const double best = 8.0 * 0.2 * 0.5;
  REQUIRE(certificate.deviations.size() == 1);
  CHECK_FALSE(certificate.holds());
  CHECK(certificate.deviations[0].products == std::vector<Eigen::Index>{0});
  CHECK(certificate.deviations[0].price(0) == Approx(8.25).epsilon(1e-13));
  CHECK(certificate.deviations[0].profit == Approx(profit).epsilon(1e-13));
  CHECK(certificate.deviations[0].deviation_profit == Approx(best).epsilon(1e-13));
  CHECK(certificate.gain == Approx(best / profit - 1.0).epsilon(1e-12));
  CHECK(certificate.evaluations > 0);
  CHECK(certify_nash(demand, supply, Eigen::VectorXd::Constant(1, 8.25)).holds());
}

TEST_CASE("an owner of three products moves all of them", "[unit]") {
  // Three products that split the utility of one, δ − ln 3, are that one at a common price.
  Demand demand = make_two_types();
  demand.utility = (make_two_types().utility - std::log(3.0)).replicate(3, 1).eval();
  const Supply supply =
      make_supply(Eigen::VectorXd::Constant(3, 0.25), Eigen::MatrixXd::Ones(3, 3));
  const NashCertificate certificate = certify_nash(demand, supply, Eigen::Vector3d(0.5, 0.6, 0.5));
  REQUIRE(certificate.deviations.size() == 1);
  CHECK(certificate.deviations[0].products == std::vector<Eigen::Index>{0, 1, 2});
  for (const double price : certificate.deviations[0].price)
    CHECK(price == Approx(8.25).epsilon(1e-12));
  CHECK(certificate.deviations[0].deviation_profit == Approx(0.8).epsilon(1e-13));
  CHECK(certify_nash(demand, supply, Eigen::Vector3d::Constant(8.25)).holds());
}

TEST_CASE("a first-order root of a triopoly that is not Nash is refused", "[unit]") {
  // Stored with its best deviation in a 40-digit reference case.
  const Demand demand = make_linear(Eigen::Vector2d(0.9, 0.1), Eigen::Vector2d(4.0, 0.1),
                                    Eigen::Vector3d(1.0, 1.2, 0.8).replicate(1, 2).array());
  const Supply supply =
      make_supply(Eigen::Vector3d(0.5, 0.6, 0.4), make_ownership(Eigen::Vector3i(0, 1, 2)));
  const NashCertificate certificate = certify_nash(
      demand, supply, Eigen::Vector3d(12.47572559174864, 12.972292509204467, 0.8505259689349974));
  CHECK(certificate.gain == Approx(3.891224163606319).epsilon(1e-12));
  REQUIRE(certificate.deviations.size() == 1);
  CHECK(certificate.deviations[0].products == std::vector<Eigen::Index>{2});
  CHECK(certificate.deviations[0].price(0) == Approx(12.720386113667079).epsilon(1e-8));
  CHECK(certificate.deviations[0].profit == Approx(0.04743978281666916).epsilon(1e-13));
  CHECK(certificate.deviations[0].deviation_profit == Approx(0.23203861202912804).epsilon(1e-13));
}

TEST_CASE("roots of plain and nested logit are never refused", "[unit]") {
  Sequence sequence;
  for (int market = 0; market < 40; ++market) {
    const Eigen::Index products = 1 + market % 6;
    Demand demand = make_linear(Eigen::VectorXd::Ones(1), Eigen::VectorXd::Ones(1),
                                Eigen::ArrayXXd::Zero(products, 1));
    demand.price_term = market % 2 == 0 ? PriceTerm::linear : PriceTerm::log;
    demand.nesting(0) = market % 3 == 0 ? 1.0 : sequence.draw(0.1, 1.0);
    demand.price_sensitivity(0) = sequence.draw(1.5, 6.0);
    Eigen::VectorXd cost(products);
    Eigen::VectorXi seller(products);
    for (Eigen::Index j = 0; j < products; ++j) {
      demand.utility(j, 0) = sequence.draw(-3.0, 8.0);
      cost(j) = sequence.draw(0.2, 2.0);
      seller(j) = static_cast<int>(sequence.draw(0.0, 3.0));
    }
    const Supply supply = make_supply(cost, make_ownership(seller));
    const Prices prices = compute_bertrand_prices(demand, supply, 2.0 * cost);
    const NashCertificate certificate = certify_nash(demand, supply, prices.price);
    INFO("market " << market << ", gain " << certificate.gain);
    CHECK(certificate.holds());
    CHECK(certificate.gain == 0.0);
  }
}

TEST_CASE("prices off the root are refused with the gain of a single type, by hand", "[unit]") {
  // A product nobody buys sells e^{−αp}: m e^{−αm} at m = 2/α is short of that at 1/α by e/2.
  const Demand demand = make_linear(Eigen::VectorXd::Ones(1), Eigen::VectorXd::Constant(1, 2.0),
                                    Eigen::VectorXd::Constant(1, -5000.0).array());
  const Supply supply = make_supply(Eigen::VectorXd::Ones(1), Eigen::MatrixXd::Ones(1, 1));
  CHECK(certify_nash(demand, supply, Eigen::VectorXd::Constant(1, 1.5)).holds());
  const NashCertificate certificate =
      certify_nash(demand, supply, Eigen::VectorXd::Constant(1, 2.0));
  REQUIRE_FALSE(certificate.holds());
  CHECK(certificate.gain == Approx(std::exp(1.0) / 2.0 - 1.0).epsilon(1e-12));
  CHECK(certificate.deviations[0].price(0) == Approx(1.5).epsilon(1e-13));
}

TEST_CASE("a log price term has its best price at c η/(η − 1) where nobody buys", "[unit]") {
  Demand demand = make_linear(Eigen::VectorXd::Ones(1), Eigen::VectorXd::Constant(1, 4.0),
                              Eigen::VectorXd::Constant(1, -80.0).array());
  demand.price_term = PriceTerm::log;
  const Supply supply = make_supply(Eigen::VectorXd::Constant(1, 3.0), Eigen::MatrixXd::Ones(1, 1));
  CHECK(certify_nash(demand, supply, Eigen::VectorXd::Constant(1, 4.0)).holds());
  const NashCertificate certificate =
      certify_nash(demand, supply, Eigen::VectorXd::Constant(1, 6.0));
  // (p − 3) p^−4: 4^−4 against 3·6^−4.
  CHECK(certificate.gain == Approx(std::pow(1.5, 4) / 3.0 - 1.0).epsilon(1e-12));
}

TEST_CASE("a stake in a rival counts in the objective of its holder", "[unit]") {
  const Demand demand = make_linear(Eigen::VectorXd::Ones(1), Eigen::VectorXd::Ones(1),
                                    Eigen::Vector2d(2.0, 2.0).array());
  Supply supply = make_supply(Eigen::Vector2d(1.0, 1.0), make_ownership(Eigen::Vector2i(0, 1)));
  const Eigen::VectorXd apart =
      compute_bertrand_prices(demand, supply, Eigen::Vector2d(2.0, 2.0)).price;
  supply.ownership(0, 1) = 0.5;
  const Eigen::VectorXd held =
      compute_bertrand_prices(demand, supply, Eigen::Vector2d(2.0, 2.0)).price;
  CHECK(certify_nash(demand, supply, held).holds());
  const NashCertificate certificate = certify_nash(demand, supply, apart);
  REQUIRE(certificate.deviations.size() == 1);  // the other's condition did not change
  CHECK(certificate.deviations[0].products == std::vector<Eigen::Index>{0});
  CHECK(certificate.deviations[0].price(0) > apart(0));
  const Choice choice = compute_choice(demand, apart);
  CHECK(certificate.deviations[0].profit ==
        Approx((apart(0) - 1.0) * choice.share(0) + 0.5 * (apart(1) - 1.0) * choice.share(1)));
}

TEST_CASE("a fixed price and a fringe never deviate", "[unit]") {
  const Demand demand = make_linear(Eigen::VectorXd::Ones(1), Eigen::VectorXd::Ones(1),
                                    Eigen::Vector2d(2.0, 2.0).array());
  Supply supply = make_supply(Eigen::Vector2d(1.0, 1.0), make_ownership(Eigen::Vector2i(0, 1)));
  supply.price_fixed(0) = 9.0;
  supply.fringe(1) = 3.0;
  CHECK(certify_nash(demand, supply, Eigen::Vector2d(9.0, 7.0)).holds());
  supply.fringe(1) = 1.0;
  const NashCertificate certificate = certify_nash(demand, supply, Eigen::Vector2d(9.0, 7.0));
  REQUIRE(certificate.deviations.size() == 1);
  CHECK(certificate.deviations[0].products == std::vector<Eigen::Index>{1});
}

TEST_CASE("two products each dear to other buyers need a joint change that no single one shows",
          "[unit]") {
  // At 0.5 each product serves the elastic type. Alone at 8.25 the first would lose nearly all
  // captives to the second: only both together pay.
  const Demand demand = make_linear(Eigen::Vector2d(0.6, 0.4), Eigen::Vector2d(8.0, 0.25),
                                    Eigen::RowVector2d(4.0, 2.0625).replicate(2, 1).array());
  const Supply supply = make_supply(Eigen::Vector2d(0.25, 0.25), Eigen::MatrixXd::Ones(2, 2));
  const NashCertificate certificate = certify_nash(demand, supply, Eigen::Vector2d(0.5, 0.5));
  REQUIRE(certificate.deviations.size() == 1);
  // α m = 1 + W(2e) for two products of the captive type: m − 4 = 4 W(2e), W e^W = 2e.
  const double lambert = (certificate.deviations[0].price(0) - 0.25) / 4.0 - 1.0;
  CHECK(lambert * std::exp(lambert) == Approx(2.0 * std::exp(1.0)).epsilon(1e-11));
}

TEST_CASE("a peak as narrow as a cliff is found from a thousand times its price", "[unit]") {
  // Elastic buyers, α 20, buy up to about p = u/20 and then not at all: α m = 1 + W(e^{u−1}), c =
  // 0. Captives, α 0.001 and u 2, pay 2000 and half of them buy; they are worth 0.95 of the others.
  for (int k = 0; k < 12; ++k) {
    const double u = 40.0 + 3.0 * k;
    double lambert = u;  // W + ln W = u − 1, by Newton
    for (int step = 0; step < 20; ++step)
      lambert -= (lambert + std::log(lambert) - u + 1.0) / (1.0 + 1.0 / lambert);
    const double price = (1.0 + lambert) / 20.0;
    const double elastic = price * lambert / (1.0 + lambert);
    const double weight = 0.95 * elastic / 1000.0;
    const Demand demand =
        make_linear(Eigen::Vector2d(1.0 - weight, weight), Eigen::Vector2d(20.0, 0.001),
                    Eigen::RowVector2d(u, 2.0).array());
    const Supply supply = make_supply(Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Ones(1, 1));
    const NashCertificate certificate =
        certify_nash(demand, supply, Eigen::VectorXd::Constant(1, 2000.0));
    INFO("u " << u);
    REQUIRE(certificate.deviations.size() == 1);
    CHECK(certificate.deviations[0].price(0) == Approx(price).epsilon(1e-3));
  }
}

TEST_CASE("a profit without bound and figures that describe no market are refused", "[unit]") {
  Demand demand = make_two_types();
  const Supply supply =
      make_supply(Eigen::VectorXd::Constant(1, 0.25), Eigen::MatrixXd::Ones(1, 1));
  const Eigen::VectorXd price = Eigen::VectorXd::Ones(1);
  demand.outside_good = false;
  CHECK_THROWS_AS(certify_nash(demand, supply, price), Infeasible);
  demand.outside_good = true;
  demand.price_term = PriceTerm::log;
  demand.price_sensitivity(1) = 1.0;
  CHECK_THROWS_WITH(certify_nash(demand, supply, price),
                    entente::test::contains("elasticity of cell 1 is 1 ("));
  demand = make_two_types();
  CHECK_THROWS_AS(certify_nash(demand, supply, Eigen::Vector2d(1.0, 1.0)), InvalidInput);
  CHECK_THROWS_WITH(certify_nash(demand, supply, Eigen::VectorXd::Constant(1, infinity)),
                    entente::test::contains("price of product 0 is inf"));
  Supply broken = supply;
  broken.marginal_cost(0) = std::nan("");
  CHECK_THROWS_AS(certify_nash(demand, broken, price), InvalidInput);
  broken.marginal_cost(0) = 1e300;
  CHECK_THROWS_AS(certify_nash(demand, broken, price), MarketFailure);
}
