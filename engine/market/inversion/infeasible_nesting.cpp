#include "engine/market/inversion/infeasible_nesting.hpp"

#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <string>

#include "engine/market/failure.hpp"
#include "engine/market/inversion/unknown_search.hpp"

namespace entente::market {

namespace {

/// The unknowns of a market that meet all figures, if there are any.
std::optional<Eigen::VectorXd> find_exact(const FigureMap& map,
                                          const std::vector<Figure>& figures) {
  try {
    const LeastSquaresFit fit = find_unknowns(map, figures);
    if (fit.residuals.size() == 0 || fit.residuals.cwiseAbs().maxCoeff() <= exact_residual) {
      return fit.point;
    }
  } catch (const MarketFailure&) {
    // No market at λ = 1 shows these figures either: there is no bound to state.
  }
  return std::nullopt;
}

std::string describe_bound(const std::string& name, double observed, double at_bound) {
  return fmt::format("{} would have to be {} {:.4g} instead of {:.4g}", name,
                     observed > at_bound ? "at most" : "at least", at_bound, observed);
}

std::vector<std::string> list_bounds(const ObservedMarket& limit,
                                     const std::vector<Figure>& figures) {
  std::vector<std::string> bounds;
  const FigureMap map(limit);
  for (std::size_t k = 0; k < figures.size(); ++k) {
    std::vector<Figure> others = figures;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(k));
    const std::optional<Eigen::VectorXd> point = find_exact(map, others);
    if (!point) continue;
    const double value = map.compute_figures(*point, {figures[k]})(0);
    bounds.push_back(describe_bound(describe_figure(figures[k]), figures[k].value, value));
  }
  if (!limit.outside_good || std::isnan(limit.outside_share)) return bounds;
  ObservedMarket open = limit;
  open.outside_share = ObservedMarket::unknown;
  const FigureMap open_map(open);
  const std::optional<Eigen::VectorXd> point = find_exact(open_map, figures);
  if (point) {
    bounds.push_back(
        describe_bound("the outside share", limit.outside_share, open_map.outside_share(*point)));
  }
  return bounds;
}

}  // namespace

void throw_infeasible_nesting(const FigureMap& map, const Unknown& nesting,
                              const std::vector<FittedFigure>& fits) {
  std::vector<Figure> figures;
  std::string shown;
  for (const FittedFigure& fit : fits) {
    figures.push_back(fit.observed);
    shown += (shown.empty() ? "" : "; ") + describe_fit(fit);
  }
  std::string range;
  if (static_cast<Eigen::Index>(figures.size()) == map.count()) {
    ObservedMarket limit = map.observed();
    for (const Eigen::Index g : nesting.nests)
      limit.nesting(g) = 1.0;
    for (const std::string& bound : list_bounds(limit, figures))
      range += (range.empty() ? "; all else as observed, " : ", or ") + bound;
  }
  throw Infeasible(fmt::format("market inversion: {} would be above 1; at 1, {}{}",
                               describe_unknown(nesting), shown, range));
}

}  // namespace entente::market
