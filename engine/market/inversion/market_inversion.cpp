#include "engine/market/inversion/market_inversion.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "engine/market/failure.hpp"
#include "engine/market/inversion/figure_map.hpp"
#include "engine/market/inversion/infeasible_nesting.hpp"
#include "engine/market/inversion/unknown_search.hpp"

namespace entente::market {

namespace {

constexpr double same_margin = 1e-10;  // relative: observed cost and first-order condition agree
constexpr double bound_slack = 1e-9;   // a miss at λ = 1 below this is rounding
constexpr double acceptable_stationarity = 1e-7;

std::vector<FittedFigure> list_fits(const FigureMap& map, const LeastSquaresFit& fit,
                                    const std::vector<Figure>& figures) {
  const Eigen::VectorXd fitted = map.compute_figures(fit.point, figures);
  const Eigen::VectorXd residuals = compute_relative_residuals(fitted, figures);
  std::vector<FittedFigure> fits;
  for (Eigen::Index k = 0; k < fitted.size(); ++k)
    fits.push_back({figures[static_cast<std::size_t>(k)], fitted(k), residuals(k)});
  return fits;
}

std::string describe_fits(const std::vector<FittedFigure>& fits) {
  std::string text;
  for (const FittedFigure& fit : fits)
    text += (text.empty() ? "" : "; ") + describe_fit(fit);
  return text;
}

double find_worst_residual(const std::vector<FittedFigure>& fits) {
  double worst = 0.0;
  for (const FittedFigure& fit : fits)
    worst = std::max(worst, std::abs(fit.residual));
  return worst;
}

/// Refuses a search that ended anywhere but at the answer.
void check_fit(const FigureMap& map, const LeastSquaresFit& fit,
               const std::vector<FittedFigure>& fits) {
  const double worst = find_worst_residual(fits);
  if (worst <= exact_residual) return;
  for (Eigen::Index n = 0; n < map.count(); ++n) {
    if (fit.bound(n) == 0 || worst <= bound_slack) continue;
    const Unknown& unknown = map.unknowns()[static_cast<std::size_t>(n)];
    if (unknown.kind == UnknownKind::nesting && fit.bound(n) > 0) {
      throw_infeasible_nesting(map, unknown, fits);
    }
    const double value = unknown.kind == UnknownKind::price_sensitivity
                             ? map.price_sensitivity(fit.point)
                         : unknown.kind == UnknownKind::outside_share ? map.outside_share(fit.point)
                                                                      : 0.0;
    throw Infeasible(
        fmt::format("market inversion: figures drive {} to {:.3g}, the end of its range; {}",
                    describe_unknown(unknown), value, describe_fits(fits)));
  }
  if (fit.stationarity > acceptable_stationarity && worst > bound_slack) {
    throw NoConvergence(
        fmt::format("market inversion: least squares ended at a slope of {:.3g} (of 1e-7 at most) "
                    "after {} steps; {}; give figures that contradict each other less, or fewer",
                    fit.stationarity, fit.iterations, describe_fits(fits)),
        fit.stationarity, fit.iterations);
  }
  if (static_cast<Eigen::Index>(fits.size()) <= map.count() && worst > bound_slack) {
    throw Infeasible(
        fmt::format("market inversion: no parameters show these figures together; nearest are {}; "
                    "check that shares and prices are of the same buyers, or declare other nests",
                    describe_fits(fits)));
  }
}

/// δ from utility, J: taste is taken off where the product is offered.
Eigen::VectorXd read_mean_utility(const ObservedMarket& observed, const Demand& demand) {
  Eigen::VectorXd mean_utility(demand.products());
  for (Eigen::Index j = 0; j < demand.products(); ++j) {
    Eigen::Index cell = 0;
    while (!std::isfinite(demand.utility(j, cell)))
      ++cell;
    const double taste = observed.taste.size() == 0 ? 0.0 : observed.taste(j, cell);
    mean_utility(j) = demand.utility(j, cell) - taste;
  }
  return mean_utility;
}

/// Splits given margins of products whose capacity binds into the markup of the first-order
/// condition, which already stands in `market`, and the shadow price.
void split_scarcity(const ObservedMarket& observed, const Eigen::VectorXd& given,
                    InvertedMarket& market) {
  for (Eigen::Index j = 0; j < observed.products(); ++j) {
    if (observed.capacity_bound.size() == 0 || observed.capacity_bound(j) == 0) continue;
    const double left = given(j) - market.markup(j);
    if (left < -bound_slack * std::abs(market.markup(j))) {
      throw Infeasible(fmt::format(
          "market inversion: capacity of product {} cannot bind: its margin of {:.6g} is below the "
          "{:.6g} of its first-order condition, a shadow price of {:.4g}; do not declare it bound, "
          "or check its cost and the elasticities",
          j, given(j), market.markup(j), left));
    }
    market.scarcity(j) = std::max(left, 0.0);  // what is left below 0 is rounding
    market.markup(j) = given(j);
  }
}

/// Costs are what prices leave; observed ones are kept to the last digit.
void fill_costs(const ObservedMarket& observed, InvertedMarket& market) {
  const Supply& supply = observed.supply;
  market.marginal_cost = supply.received.cwiseProduct(observed.price) - market.markup;
  for (Eigen::Index j = 0; j < observed.products(); ++j) {
    const double cost = supply.marginal_cost(j);
    if (std::isnan(cost)) continue;
    const double margin = supply.received(j) * observed.price(j) - cost;
    if (!(std::abs(margin - market.markup(j)) <= same_margin * std::abs(margin))) continue;
    market.marginal_cost(j) = cost;
    market.markup(j) = margin;
  }
}

void check_costs(const ObservedMarket& observed, const InversionOptions& options,
                 const InvertedMarket& market) {
  if (!market.marginal_cost.allFinite() || !market.markup.allFinite()) {
    throw Infeasible(
        "market inversion: first-order conditions give a markup that is not finite; check the unit "
        "of prices and the ownership matrix");
  }
  if (options.allow_nonpositive_cost) return;
  for (Eigen::Index j = 0; j < observed.products(); ++j) {
    if (market.marginal_cost(j) > 0.0) continue;
    const Eigen::VectorXd own = compute_own_elasticities(market.demand, observed.price);
    const double share = observed.share(j) / observed.share.sum() * (1.0 - market.outside_share);
    throw Infeasible(fmt::format(
        "market inversion: marginal cost of product {} would be {:.6g}: price {:.6g}, share "
        "{:.4g}, "
        "own elasticity {:.4g}, markup {:.6g}; use a log price term where prices differ by more "
        "than 2 to 1, check the figures, or allow costs that are not above 0",
        j, market.marginal_cost(j), observed.price(j), share, own(j), market.markup(j)));
  }
}

}  // namespace

InvertedMarket invert_market(const ObservedMarket& observed, const InversionOptions& options) {
  validate_observed_market(observed);
  const Eigen::VectorXd given = read_given_margins(observed);
  const std::vector<Figure> figures = collect_figures(observed);
  const FigureMap map(observed);
  const LeastSquaresFit fit = find_unknowns(map, figures);
  InvertedMarket market;
  market.fits = list_fits(map, fit, figures);
  check_fit(map, fit, market.fits);
  market.demand = map.build_demand(fit.point);
  market.mean_utility = read_mean_utility(observed, market.demand);
  market.price_sensitivity = map.price_sensitivity(fit.point);
  market.outside_share = map.outside_share(fit.point);
  market.over_identified = static_cast<Eigen::Index>(figures.size()) > map.count();
  if (market.over_identified && find_worst_residual(market.fits) > exact_residual)
    market.stationarity = fit.stationarity;
  market.residual_norm = fit.residuals.norm();
  market.markup = map.compute_markups(market.demand);
  market.scarcity = Eigen::VectorXd::Zero(observed.products());
  split_scarcity(observed, given, market);
  fill_costs(observed, market);
  check_costs(observed, options, market);
  return market;
}

std::string describe_fit(const FittedFigure& fit) {
  return fmt::format("{}: {:.6g} observed, {:.6g} fitted ({:+.3g}%)", describe_figure(fit.observed),
                     fit.observed.value, fit.fitted, 100.0 * fit.residual);
}

}  // namespace entente::market
