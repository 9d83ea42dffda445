#include "engine/market/inversion/identification.hpp"

#include <limits>

#include "engine/market/inversion/market_inversion.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;
using entente::test::contains;

constexpr double unknown = ObservedMarket::unknown;

/// Four products in two nests, each of its own firm. Only the price sensitivity is open.
ObservedMarket make_market() {
  ObservedMarket observed;
  observed.price = Eigen::Vector4d(10.0, 12.0, 9.0, 11.0);
  observed.share = Eigen::Vector4d(0.2, 0.2, 0.1, 0.3);
  observed.outside_share = 0.2;
  observed.nest = Eigen::Vector4i(0, 0, 1, 1);
  observed.nesting = Eigen::Vector2d(0.5, 0.8);
  observed.supply =
      make_supply(Eigen::Vector4d::Constant(unknown), make_ownership(Eigen::Vector4i(0, 1, 2, 3)));
  return observed;
}

}  // namespace

TEST_CASE("prices and shares alone leave the price sensitivity open", "[unit]") {
  const ObservedMarket observed = make_market();
  CHECK_THROWS_AS(invert_market(observed), Unidentified);
  CHECK_THROWS_WITH(
      invert_market(observed),
      contains("the price sensitivity is not identified by prices and shares alone; give 1 more "
               "of: the margin or own elasticity of any product; the category elasticity; the "
               "price sensitivity"));
}

TEST_CASE("figures of one nest say nothing about the λ of another", "[unit]") {
  ObservedMarket observed = make_market();
  observed.nesting = Eigen::Vector2d(unknown, unknown);
  // Three figures for three unknowns, and a fourth: the count is right, the figures are not.
  observed.figures = {observe_own_elasticity(0, -2.6), observe_category_elasticity(-0.4),
                      observe_own_elasticity(1, -2.6)};
  CHECK_THROWS_WITH(invert_market(observed),
                    contains("λ of nest 1 is not identified by own elasticity of product 0, "
                             "category elasticity and own elasticity of product 1; give 1 more "
                             "of: the margin or own elasticity of product 2 or 3; λ of nest 1"));
  observed.figures.push_back(observe_cross_elasticity(0, 1, 1.4));
  CHECK_THROWS_WITH(invert_market(observed), contains("λ of nest 1 is not identified"));
}

TEST_CASE("the margin and the elasticity of a firm's only product are one figure", "[unit]") {
  // Lerner: ε = −p/m.
  ObservedMarket observed = make_market();
  observed.nesting(0) = unknown;
  observed.figures = {observe_own_elasticity(0, -2.5), observe_margin(0, 4.0)};
  CHECK_THROWS_WITH(invert_market(observed),
                    contains("the price sensitivity and λ of nest 0 are not identified"));
  CHECK_THROWS_WITH(invert_market(observed), contains("the category elasticity"));
  observed.figures.push_back(observe_category_elasticity(-0.4));
  CHECK_NOTHROW(invert_market(observed));
}

TEST_CASE("the owner of a whole nest hides its λ", "[unit]") {
  // Its markup is that of plain logit, 1/(α (1 − s_g)): a common rise of its prices loses no buyer
  // to a rival in the nest.
  ObservedMarket observed = make_market();
  observed.price_term = PriceTerm::linear;
  observed.nesting(0) = unknown;
  observed.supply.ownership = make_ownership(Eigen::Vector4i(0, 0, 1, 2));
  observed.figures = {observe_margin(0, 5.0), observe_margin(1, 5.0), observe_margin(2, 3.0)};
  CHECK_THROWS_WITH(invert_market(observed),
                    contains("λ of nest 0 is not identified by margin of product 0, margin of "
                             "product 1 and margin of product 2; give 1 more of: the own "
                             "elasticity of product 0 or 1; λ of nest 0"));
}

TEST_CASE("the λ of a nest of one product cannot matter", "[unit]") {
  ObservedMarket observed = make_market();
  observed.nest = Eigen::Vector4i(0, 1, 1, 1);
  observed.nesting = Eigen::Vector2d(unknown, 0.5);
  observed.figures = {observe_own_elasticity(0, -2.5), observe_own_elasticity(1, -3.5)};
  CHECK_THROWS_WITH(invert_market(observed),
                    contains("give λ of nest 0 (nest 0 has one product, so that any λ, say 1"));
}

TEST_CASE("without an outside good one nest shows only α/λ", "[unit]") {
  ObservedMarket observed = make_market();
  observed.outside_good = false;
  observed.outside_share = unknown;
  observed.nest.resize(0);
  observed.nesting = Eigen::VectorXd::Constant(1, unknown);
  observed.figures = {observe_own_elasticity(0, -2.5), observe_own_elasticity(1, -2.5)};
  CHECK_THROWS_WITH(invert_market(observed),
                    contains("the price sensitivity and λ of nest 0 are not identified"));
  CHECK_THROWS_WITH(
      invert_market(observed),
      contains("no margin or elasticity tells; give the price sensitivity or λ of nest 0"));
  observed.figures.pop_back();
  observed.nesting(0) = 0.5;
  CHECK_NOTHROW(invert_market(observed));
}

TEST_CASE("an unknown outside share needs a figure of its own", "[unit]") {
  ObservedMarket observed = make_market();
  observed.nesting = Eigen::Vector2d::Ones();
  observed.outside_share = unknown;
  observed.figures = {observe_own_elasticity(0, -2.5)};
  CHECK_THROWS_WITH(invert_market(observed),
                    contains("the price sensitivity and the outside share are not identified"));
  CHECK_THROWS_WITH(invert_market(observed),
                    contains("the margin or own elasticity of product 2 or 3; the category"));
}

TEST_CASE("open directions are those that no figure moves along", "[unit]") {
  // Without an outside good all figures stay where ln α and ln λ rise together.
  ObservedMarket observed = make_market();
  observed.outside_good = false;
  observed.outside_share = unknown;
  observed.nesting = Eigen::Vector2d(unknown, unknown);
  observed.common_nesting = true;
  observed.nest = Eigen::Vector4i(0, 0, 0, 0);
  observed.nesting = Eigen::VectorXd::Constant(1, unknown);
  const std::vector<Figure> figures = {observe_own_elasticity(0, -2.5),
                                       observe_own_elasticity(3, -2.0), observe_margin(1, 4.0)};
  const FigureMap map(observed);
  const Eigen::MatrixXd open = compute_open_directions(map, map.make_point(0.5, 0.5), figures);
  REQUIRE(open.cols() == 1);
  CHECK(open(0, 0) == Approx(open(1, 0)).epsilon(1e-8));
}

TEST_CASE("figures that two markets show are refused with both", "[unit]") {
  // Nine tenths of buyers are 40 times as sensitive as the rest. Where α is large only the rest
  // buy, and the product is as inelastic as where α is small and all buy.
  ObservedMarket observed = make_market();
  observed.price_term = PriceTerm::linear;
  observed.price = Eigen::VectorXd::Constant(1, 1.0);
  observed.share = Eigen::VectorXd::Constant(1, 1.0);
  observed.outside_share = 0.95;
  observed.nest.resize(0);
  observed.nesting = Eigen::VectorXd::Ones(1);
  observed.weight = Eigen::Vector2d(0.9, 0.1);
  observed.relative_sensitivity = Eigen::Vector2d(40.0, 1.0);
  observed.taste = Eigen::ArrayXXd::Zero(1, 2);
  observed.supply = make_supply(Eigen::VectorXd::Constant(1, unknown), Eigen::MatrixXd::Ones(1, 1));
  observed.figures = {observe_own_elasticity(0, -0.3)};
  CHECK_THROWS_AS(invert_market(observed, {.allow_nonpositive_cost = true}), Unidentified);
  CHECK_THROWS_WITH(invert_market(observed, {.allow_nonpositive_cost = true}),
                    contains("two markets show the same figures"));
}
