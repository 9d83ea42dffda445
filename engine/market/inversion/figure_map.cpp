#include "engine/market/inversion/figure_map.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"
#include "engine/market/mean_utility.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

namespace {

constexpr double sensitivity_range = 25.0;     // of ln α about the scale of prices
constexpr double smallest_log_nesting = -9.0;  // λ = 1e-4
constexpr double log_odds_range = 30.0;        // of the outside share

bool contains(const std::vector<Figure>& figures, FigureKind kind) {
  return std::any_of(figures.begin(), figures.end(),
                     [kind](const Figure& figure) { return figure.kind == kind; });
}

}  // namespace

std::string describe_unknown(const Unknown& unknown) {
  if (unknown.kind == UnknownKind::price_sensitivity) return "the price sensitivity";
  if (unknown.kind == UnknownKind::outside_share) return "the outside share";
  if (unknown.nests.size() == 1) return fmt::format("λ of nest {}", unknown.nests.front());
  return fmt::format("the common λ of {} nests", unknown.nests.size());
}

FigureMap::FigureMap(const ObservedMarket& observed)
    : observed_(observed), supply_(observed.supply) {
  const Eigen::Index products = observed.products();
  price_term_ = observed.price;
  if (observed.price_term == PriceTerm::log) {
    for (double& term : price_term_)
      term = deterministic_log(term);
  } else {
    price_scale_ = observed.price.cwiseAbs().maxCoeff();
    if (!(price_scale_ > 0.0)) price_scale_ = 1.0;
  }
  const Eigen::VectorXd given = read_given_margins(observed);
  for (Eigen::Index j = 0; j < products; ++j) {
    const bool fixed = !std::isnan(supply_.price_fixed(j));
    supply_.marginal_cost(j) = fixed ? supply_.received(j) * observed.price(j) - given(j) : 0.0;
  }
  add_unknowns();
}

void FigureMap::add_unknowns() {
  std::vector<double> lower;
  std::vector<double> upper;
  if (std::isnan(observed_.price_sensitivity)) {
    unknowns_.push_back({UnknownKind::price_sensitivity, {}});
    const double middle = -deterministic_log(price_scale_);
    lower.push_back(middle - sensitivity_range);
    upper.push_back(middle + sensitivity_range);
  }
  std::vector<Eigen::Index> open;
  for (Eigen::Index g = 0; g < observed_.nesting.size(); ++g) {
    if (std::isnan(observed_.nesting(g))) open.push_back(g);
  }
  if (observed_.common_nesting && !open.empty()) {
    unknowns_.push_back({UnknownKind::nesting, open});
  } else {
    for (const Eigen::Index g : open)
      unknowns_.push_back({UnknownKind::nesting, {g}});
  }
  lower.resize(unknowns_.size(), smallest_log_nesting);
  upper.resize(unknowns_.size(), 0.0);
  if (observed_.outside_good && std::isnan(observed_.outside_share)) {
    unknowns_.push_back({UnknownKind::outside_share, {}});
    lower.push_back(-log_odds_range);
    upper.push_back(log_odds_range);
  }
  lower_ = Eigen::Map<const Eigen::VectorXd>(lower.data(), count());
  upper_ = Eigen::Map<const Eigen::VectorXd>(upper.data(), count());
}

Eigen::VectorXd FigureMap::make_point(double nesting, double outside_share) const {
  Eigen::VectorXd point(count());
  for (Eigen::Index n = 0; n < count(); ++n) {
    switch (unknowns_[static_cast<std::size_t>(n)].kind) {
      case UnknownKind::price_sensitivity:
        point(n) = 0.5 * (lower_(n) + upper_(n)) + 0.7;  // elasticities near −2
        break;
      case UnknownKind::nesting:
        point(n) = deterministic_log(nesting);
        break;
      case UnknownKind::outside_share:
        point(n) = deterministic_log(outside_share / (1.0 - outside_share));
        break;
    }
  }
  return point;
}

double FigureMap::price_sensitivity(const Eigen::VectorXd& point) const {
  if (!std::isnan(observed_.price_sensitivity)) return observed_.price_sensitivity;
  return deterministic_exp(point(0));
}

double FigureMap::outside_share(const Eigen::VectorXd& point) const {
  if (!observed_.outside_good) return 0.0;
  if (!std::isnan(observed_.outside_share)) return observed_.outside_share;
  return 1.0 / (1.0 + deterministic_exp(-point(count() - 1)));
}

double FigureMap::inside_share(const Eigen::VectorXd& point) const {
  if (!observed_.outside_good) return 1.0;
  if (!std::isnan(observed_.outside_share)) return 1.0 - observed_.outside_share;
  return 1.0 / (1.0 + deterministic_exp(point(count() - 1)));
}

Eigen::VectorXd FigureMap::nesting(const Eigen::VectorXd& point) const {
  Eigen::VectorXd nesting = observed_.nesting;
  for (Eigen::Index n = 0; n < count(); ++n) {
    for (const Eigen::Index g : unknowns_[static_cast<std::size_t>(n)].nests)
      nesting(g) = deterministic_exp(point(n));
  }
  return nesting;
}

// Berry (1994), equation 16 and the text after it, for several nests: with Berry's σ = 1 − λ,
// V_j = λ_g ln s_{j|g} + ln s_g − ln s_0. Without an outside good ln s_0 is a constant that no
// choice depends on.
Eigen::VectorXd FigureMap::invert_shares(const Eigen::VectorXd& point) const {
  const Eigen::VectorXd lambda = nesting(point);
  Eigen::VectorXd nest_total = Eigen::VectorXd::Zero(lambda.size());
  for (Eigen::Index j = 0; j < observed_.products(); ++j)
    nest_total(observed_.nest_of(j)) += observed_.share(j);
  const double outside = observed_.outside_good ? outside_share(point) : 1.0;
  const double odds = inside_share(point) / outside;
  const double total = observed_.share.sum();
  Eigen::VectorXd utility(observed_.products());
  for (Eigen::Index j = 0; j < observed_.products(); ++j) {
    const Eigen::Index g = observed_.nest_of(j);
    utility(j) = lambda(g) * deterministic_log(observed_.share(j) / nest_total(g)) +
                 deterministic_log(nest_total(g) / total * odds);
  }
  return utility;
}

Demand FigureMap::build_demand(const Eigen::VectorXd& point) const {
  const Eigen::Index products = observed_.products();
  const double sensitivity = price_sensitivity(point);
  const bool alike = observed_.weight.size() == 0;
  Demand demand;
  demand.price_term = observed_.price_term;
  demand.nesting = nesting(point);
  demand.nest = observed_.nest;
  demand.outside_good = observed_.outside_good;
  demand.weight = alike ? Eigen::VectorXd::Ones(1) : observed_.weight;
  demand.price_sensitivity = Eigen::VectorXd::Constant(1, sensitivity);
  if (!alike) demand.price_sensitivity = sensitivity * observed_.relative_sensitivity;
  demand.utility = Eigen::ArrayXXd::Zero(products, demand.weight.size());
  if (!alike) demand.utility = observed_.taste;
  // With one cell this is the answer, with several a start near it.
  const double total = demand.weight.sum();
  Eigen::VectorXd mean_utility = invert_shares(point);
  mean_utility += demand.weight.dot(demand.price_sensitivity) / total * price_term_;
  if (demand.cells() == 1) mean_utility -= demand.utility.col(0).matrix();
  demand.utility.colwise() += mean_utility.array();
  if (demand.cells() > 1) {
    const Eigen::VectorXd shares = observed_.share * (inside_share(point) / observed_.share.sum());
    const Eigen::VectorXd correction = compute_mean_utility(demand, observed_.price, shares);
    demand.utility.colwise() += correction.array();
    mean_utility += correction;
  }
  // The level of utility means nothing without an outside good: product 0 has δ = 0.
  if (!demand.outside_good) demand.utility -= mean_utility(0);
  if (!mean_utility.allFinite()) {
    throw Infeasible(
        "market inversion: utilities that reproduce the shares at these prices overflow; give "
        "prices in a larger currency unit");
  }
  return demand;
}

Eigen::VectorXd FigureMap::compute_markups(const Demand& demand) const {
  return compute_implied_markups(demand, supply_, observed_.price);
}

Eigen::VectorXd FigureMap::compute_figures(const Eigen::VectorXd& point,
                                           const std::vector<Figure>& figures) const {
  const Demand demand = build_demand(point);
  Eigen::VectorXd markups;
  Eigen::MatrixXd elasticities;
  double category = 0.0;
  if (contains(figures, FigureKind::margin)) markups = compute_markups(demand);
  if (contains(figures, FigureKind::elasticity)) {
    elasticities = compute_elasticities(demand, observed_.price);
  }
  if (contains(figures, FigureKind::category_elasticity)) {
    category = compute_category_elasticity(demand, observed_.price);
  }
  Eigen::VectorXd values(static_cast<Eigen::Index>(figures.size()));
  for (Eigen::Index k = 0; k < values.size(); ++k) {
    const Figure& figure = figures[static_cast<std::size_t>(k)];
    values(k) = category;
    if (figure.kind == FigureKind::margin) values(k) = markups(figure.product);
    if (figure.kind == FigureKind::elasticity) {
      values(k) = elasticities(figure.product, figure.price_of);
    }
    if (!std::isfinite(values(k))) {
      throw Infeasible(
          fmt::format("market inversion: {} is not finite at a price sensitivity of "
                      "{:.4g}; check the unit of prices and margins",
                      describe_figure(figure), price_sensitivity(point)));
    }
  }
  return values;
}

}  // namespace entente::market
