#include "engine/market/markup_terms.hpp"

#include <cmath>

#include "tests/catch.hpp"
#include "tests/property/generated_market.hpp"

namespace {

using namespace entente::market;
using entente::test::MarketGenerator;

struct Terms {
  MarkupTerms terms;
  DecisionRows owners;
  Margins margins;
};

/// Terms at random prices of a random market, with margins that are no solution.
Terms make_terms(MarketGenerator& generator, const Demand& demand, Eigen::VectorXd& prices) {
  const Eigen::Index products = demand.products();
  Supply supply = generator.make_supply(products);
  Terms made;
  made.terms.set_demand(demand);
  made.owners.set_ownership(supply, Eigen::VectorXi::Ones(products));
  prices.resize(products);
  made.margins.of_others.resize(products);
  made.margins.own.resize(products);
  made.margins.scale.resize(products);
  for (Eigen::Index j = 0; j < products; ++j) {
    prices(j) = generator.uniform(0.7, 3.0);
    made.margins.of_others(j) = generator.uniform(0.1, 2.0);
    made.margins.own(j) = generator.chance(0.5) ? made.margins.of_others(j) : 0.3;
    made.margins.scale(j) = generator.uniform(0.5, 1.5);
  }
  made.terms.evaluate(prices);
  return made;
}

}  // namespace

TEST_CASE("required margins are the products of diversion and margins", "[unit]") {
  MarketGenerator generator(41);
  for (int k = 0; k < 60; ++k) {
    const Demand demand = generator.make_demand();
    Eigen::VectorXd prices;
    Terms made = make_terms(generator, demand, prices);
    Eigen::VectorXd required = Eigen::VectorXd::Zero(prices.size());
    made.terms.compute_required(made.owners, made.margins, required);
    Eigen::MatrixXd diversion;
    made.terms.compute_diversion(diversion);
    for (Eigen::Index d = 0; d < made.owners.makers(); ++d) {
      const auto columns = made.owners.columns(d);
      for (const std::uint32_t i : made.owners.rows(d)) {
        double expected = made.margins.scale(i) * made.terms.inverse_response(i);
        for (std::size_t c = 0; c < columns.size(); ++c) {
          const std::uint32_t j = columns.first[c];
          expected +=
              diversion(i, j) * (j == i ? made.margins.own(j)
                                        : made.owners.weights(d)[c] * made.margins.of_others(j));
        }
        CHECK(required(i) == Approx(expected).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("derivatives of required margins match differences", "[unit]") {
  MarketGenerator generator(42);
  for (int k = 0; k < 60; ++k) {
    INFO("market " << k);
    const Demand demand = generator.make_demand();
    const bool log_price = demand.price_term == PriceTerm::log;
    Eigen::VectorXd prices;
    Terms made = make_terms(generator, demand, prices);
    const Eigen::Index products = prices.size();
    Eigen::MatrixXd slope;
    Eigen::MatrixXd diversion;
    made.terms.differentiate(made.owners, made.margins, slope, diversion);
    const double step = 1e-5;
    for (Eigen::Index i = 0; i < products; ++i) {
      Eigen::VectorXd above = Eigen::VectorXd::Zero(products);
      Eigen::VectorXd below = above;
      Eigen::VectorXd moved = prices;
      moved(i) = log_price ? prices(i) * std::exp(step) : prices(i) + step;
      made.terms.evaluate(moved);
      made.terms.compute_required(made.owners, made.margins, above);
      moved(i) = log_price ? prices(i) * std::exp(-step) : prices(i) - step;
      made.terms.evaluate(moved);
      made.terms.compute_required(made.owners, made.margins, below);
      const Eigen::VectorXd difference = (above - below) / (2.0 * step);
      CHECK((difference - slope.col(i)).cwiseAbs().maxCoeff() <
            1e-6 * std::max(1.0, slope.cwiseAbs().maxCoeff()));
    }
  }
}

TEST_CASE("a share that underflows keeps the limits of its terms", "[unit]") {
  // Far out of reach the buyers of product 1 are the cell with the least sensitivity, where it is
  // e^{200} times as likely: h = λ/α of that cell. Everything the firm loses goes elsewhere.
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::Vector2d(0.5, 0.5);
  demand.price_sensitivity = Eigen::Vector2d(1.0, 3.0);
  demand.utility.resize(2, 2);
  demand.utility << 1.0, 2.0, -2000.0, -2000.0;
  MarkupTerms terms;
  terms.set_demand(demand);
  terms.evaluate(Eigen::Vector2d(1.0, 100.0));
  CHECK(terms.share(1) == 0.0);
  CHECK(terms.inverse_response(1) == Approx(1.0).epsilon(1e-12));
  Eigen::MatrixXd diversion;
  terms.compute_diversion(diversion);
  CHECK(diversion(1, 1) == 0.0);
  // In that cell product 0 has V = 1 − 1: half the buyers.
  CHECK(diversion(1, 0) == Approx(0.5).epsilon(1e-12));
}
