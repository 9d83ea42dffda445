#include <Eigen/Core>
#include <cmath>

#include "engine/market/demand.hpp"
#include "engine/market/outcome/ownership.hpp"
#include "engine/market/outcome/pricing_pressure.hpp"
#include "engine/market/outcome/surplus.hpp"
#include "engine/market/pricing.hpp"
#include "tests/catch.hpp"
#include "tests/property/generated_market.hpp"

namespace {

using namespace entente::market;
using entente::test::make_start;
using entente::test::MarketGenerator;

/// Two shareholders, firms of one product each, plain logit with an outside good.
Supply make_duopoly(const Eigen::MatrixXd& control, const Eigen::MatrixXd& interest) {
  return make_supply(Eigen::Vector2d(1.0, 1.0),
                     compute_ownership(control, interest, Eigen::Vector2i(0, 1)));
}

Demand make_duopoly_demand() {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Ones(1);
  demand.utility = Eigen::Vector2d(2.0, 2.0).array();
  return demand;
}

}  // namespace

TEST_CASE("a null merger changes nothing, exactly", "[property]") {
  // Firms that are one already merge: who owns what is written anew, with the weights doubled.
  MarketGenerator generator(51);
  for (int k = 0; k < 100; ++k) {
    INFO("market " << k);
    const Demand demand = generator.make_demand();
    const Supply supply = generator.make_supply(demand.products());
    Supply merged = supply;
    merged.ownership *= 2.0;
    const Eigen::VectorXd start = make_start(supply);
    const Prices before = compute_bertrand_prices(demand, supply, start);
    const Prices after = compute_bertrand_prices(demand, merged, start);
    CHECK(after.price == before.price);
    const Choice choice = compute_choice(demand, before.price);
    const Eigen::VectorXd spending = compute_spending(choice, before.price);
    CHECK(compute_compensating_variation(demand, choice, demand,
                                         compute_choice(demand, after.price), spending) == 0.0);
    const PricingPressure pressure = compute_pricing_pressure(demand, before.price, supply, merged);
    CHECK(pressure.gross.cwiseAbs().maxCoeff() < 1e-14);
  }
}

TEST_CASE("prices under partial ownership lie between separation and merger", "[property]") {
  MarketGenerator generator(52);
  for (int k = 0; k < 200; ++k) {
    INFO("market " << k);
    Demand demand = generator.make_demand();
    demand.outside_good = true;
    Supply supply = generator.make_supply(demand.products());
    const Eigen::Index products = demand.products();
    supply.ownership.setIdentity();
    supply.received.setOnes();
    const Eigen::VectorXd separate =
        compute_bertrand_prices(demand, supply, make_start(supply)).price;
    for (Eigen::Index i = 0; i < products; ++i) {
      for (Eigen::Index j = 0; j < products; ++j)
        supply.ownership(i, j) = i == j ? 1.0 : generator.uniform(0.0, 1.0);
    }
    const Eigen::VectorXd partial = compute_bertrand_prices(demand, supply, separate).price;
    supply.ownership.setOnes();
    const Eigen::VectorXd merged = compute_bertrand_prices(demand, supply, partial).price;
    for (Eigen::Index j = 0; j < products; ++j) {
      CHECK(separate(j) <= partial(j) * (1.0 + 1e-9));
      CHECK(partial(j) <= merged(j) * (1.0 + 1e-9));
    }
  }
}

TEST_CASE("a minority that controls can raise prices above the merger's", "[property]") {
  // Shareholder 0 holds all of firm 0 and 30% of firm 1, and alone decides for both. For firm 1 it
  // counts Ω_10 = 1/0.3 of firm 0's profit for each 1 of firm 1's (O'Brien & Salop 2000): more than
  // a merged firm would, as what firm 1 loses is mostly the others' loss.
  Eigen::MatrixXd interest(2, 2);
  interest << 1.0, 0.3, 0.0, 0.7;
  Eigen::MatrixXd control(2, 2);
  control << 1.0, 1.0, 0.0, 0.0;
  const Supply controlled = make_duopoly(control, interest);
  CHECK(controlled.ownership(0, 1) == Approx(0.3));
  CHECK(controlled.ownership(1, 0) == Approx(1.0 / 0.3));
  Supply merged = controlled;
  merged.ownership.setOnes();
  const Demand demand = make_duopoly_demand();
  const Eigen::Vector2d start(2.0, 2.0);
  const Eigen::VectorXd price = compute_bertrand_prices(demand, controlled, start).price;
  const Eigen::VectorXd together = compute_bertrand_prices(demand, merged, start).price;
  CHECK(price(1) > together(1));
  // The same by hand: m_1 = 1/α + s_1 m_1 + (1/0.3) s_0 m_0 and m_0 = 1/α + s_0 m_0 + 0.3 s_1 m_1.
  const Eigen::VectorXd share = compute_choice(demand, price).share;
  const Eigen::VectorXd margin = price.array() - 1.0;
  CHECK(margin(1) ==
        Approx(1.0 + share(1) * margin(1) + share(0) * margin(0) / 0.3).epsilon(1e-10));
  CHECK(margin(0) ==
        Approx(1.0 + share(0) * margin(0) + 0.3 * share(1) * margin(1)).epsilon(1e-10));
}
