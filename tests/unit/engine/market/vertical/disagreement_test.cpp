#include "engine/market/vertical/disagreement.hpp"

#include <cmath>
#include <limits>

#include "engine/market/vertical/link_shares.hpp"
#include "tests/catch.hpp"

using namespace entente::market;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Demand make_demand(PriceTerm price_term) {
  Demand demand;
  demand.price_term = price_term;
  demand.nesting = Eigen::Vector2d(0.3, 0.8);
  demand.nest = Eigen::Vector4i(0, 0, 0, 1);
  demand.weight = Eigen::Vector2d(2.0, 1.0);
  demand.price_sensitivity = Eigen::Vector2d(0.7, 1.9);
  demand.utility.resize(4, 2);
  demand.utility << 1.0, 0.5, 1.4, -infinity, 0.2, 0.9, 1.7, 0.3;
  return demand;
}

const std::vector<Eigen::Index> all_links = {0, 1, 2, 3};

}  // namespace

// Three equal links and the outside good, s = 1/4 each: without one the others have 1/3, so that
// (1/4 − 1/3)/(1/4) = −1/3.
TEST_CASE("buyers of a removed link spread in proportion in plain logit", "[unit]") {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight.setOnes(1);
  demand.price_sensitivity.setOnes(1);
  demand.utility.setConstant(3, 1, 1.0);
  LinkShares shares;
  shares.assign(demand, {0, 1, 2});
  REQUIRE(shares.evaluate(Eigen::Vector3d::Ones()));
  Disagreement disagreement;
  disagreement.assign(shares);
  REQUIRE(disagreement.evaluate(shares));
  CHECK(disagreement.change(0, 0) == 1.0);
  CHECK(disagreement.change(0, 1) == Approx(-1.0 / 3.0).epsilon(1e-14));
  CHECK(disagreement.change(2, 1) == Approx(-1.0 / 3.0).epsilon(1e-14));
}

TEST_CASE("changes agree with the choice among what is left", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    for (const bool outside_good : {true, false}) {
      Demand demand = make_demand(term);
      demand.outside_good = outside_good;
      const Eigen::Vector4d prices(1.0, 1.3, 0.8, 1.6);
      LinkShares shares;
      shares.assign(demand, all_links);
      REQUIRE(shares.evaluate(prices));
      Disagreement disagreement;
      disagreement.assign(shares);
      REQUIRE(disagreement.evaluate(shares));
      const Eigen::VectorXd with = compute_choice(demand, prices).share;
      for (int i = 0; i < 4; ++i) {
        CHECK(shares.total(i) == Approx(with(i)).epsilon(1e-13));
        Demand rest = demand;
        rest.utility.row(i).setConstant(-infinity);
        const Eigen::VectorXd without = compute_choice(rest, prices).share;
        for (int j = 0; j < 4; ++j) {
          CHECK(disagreement.change(i, j) ==
                Approx((with(j) - without(j)) / with(i)).epsilon(1e-11).margin(1e-13));
        }
      }
    }
  }
}

TEST_CASE("slopes of changes agree with finite differences", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    const Demand demand = make_demand(term);
    const Eigen::Vector4d prices(1.0, 1.3, 0.8, 1.6);
    Eigen::MatrixXd values(4, 4);
    values << 1.0, 0.2, -0.3, 0.5, 0.4, 2.0, 0.1, 0.0, -0.6, 0.3, 1.5, 0.7, 0.2, 0.2, 0.9, 1.1;
    LinkShares shares;
    shares.assign(demand, all_links);
    Disagreement disagreement;
    disagreement.assign(shares);
    constexpr double width = 1e-5;
    const auto at = [&](int k, double step) {
      Eigen::VectorXd moved = prices;
      moved(k) = term == PriceTerm::log ? prices(k) * std::exp(step) : prices(k) + step;
      REQUIRE(shares.evaluate(moved));
      REQUIRE(disagreement.evaluate(shares));
    };
    Eigen::MatrixXd differences(4, 4);
    Eigen::MatrixXd log_share_slope(4, 4);
    for (int k = 0; k < 4; ++k) {
      at(k, width);
      const Eigen::VectorXd high = (disagreement.change * values).diagonal();
      const Eigen::VectorXd high_share = shares.total;
      at(k, -width);
      const Eigen::VectorXd low = (disagreement.change * values).diagonal();
      differences.row(k) = (high - low).transpose() / (2.0 * width);
      for (int i = 0; i < 4; ++i) {
        log_share_slope(k, i) =
            -(std::log(high_share(i)) - std::log(shares.total(i))) / (2.0 * width);
      }
    }
    at(0, 0.0);
    Eigen::MatrixXd slope;
    disagreement.differentiate(shares, values, Eigen::Vector4i::Ones(), log_share_slope, slope);
    CHECK((slope - differences).cwiseAbs().maxCoeff() < 1e-8);
  }
}

// Links 0 and 1 share a nest of λ = 0.004, utilities 3 and 0: link 1's share e^{−750} underflows.
// Without link 0 the nest's odds fall from e³ to 1, all of them link 1's: it gains 1/2. Without
// link 1 the nest loses λ s_{1|g} of its ln D^λ: of link 1's buyers 1−λ stay in the nest, and of
// the others, who choose anew, the share of the nest.
TEST_CASE("a rival hidden by a dominant link appears when that is removed", "[unit]") {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight.setOnes(1);
  demand.price_sensitivity.setOnes(1);
  demand.nesting.setConstant(1, 0.004);
  demand.utility.resize(2, 1);
  demand.utility << 3.0, 0.0;
  LinkShares shares;
  shares.assign(demand, {0, 1});
  REQUIRE(shares.evaluate(Eigen::Vector2d::Zero()));
  REQUIRE(shares.total(1) == 0.0);
  Disagreement disagreement;
  disagreement.assign(shares);
  REQUIRE(disagreement.evaluate(shares));
  const double share = std::exp(3.0) / (1.0 + std::exp(3.0));
  CHECK(disagreement.change(0, 1) == Approx(-0.5 / share).epsilon(1e-12));
  CHECK(disagreement.change(1, 0) == Approx(-0.996 - 0.004 * share).epsilon(1e-12));
}
