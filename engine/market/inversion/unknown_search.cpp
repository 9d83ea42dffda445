#include "engine/market/inversion/unknown_search.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <fmt/format.h>
#include <limits>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"
#include "engine/market/inversion/identification.hpp"

namespace entente::market {

namespace {

constexpr double distinct_results = 1e-4;  // of the unknowns' logarithms

constexpr double scan_step = 0.4;  // of ln α

enum class Scale { logarithms, ratios };

LeastSquares make_problem(const FigureMap& map, const std::vector<Figure>& figures, Scale scale) {
  LeastSquares problem;
  problem.lower = map.lower();
  problem.upper = map.upper();
  problem.residuals = [&map, &figures, scale](const Eigen::VectorXd& point) {
    Eigen::VectorXd residuals =
        compute_relative_residuals(map.compute_figures(point, figures), figures);
    for (Eigen::Index k = 0; k < residuals.size(); ++k) {
      if (scale == Scale::logarithms) {
        if (!(residuals(k) > -1.0)) throw Infeasible("a fitted figure has the wrong sign");
        residuals(k) = deterministic_log1p(residuals(k));
      }
      residuals(k) *= std::sqrt(figures[static_cast<std::size_t>(k)].weight);
    }
    return residuals;
  };
  return problem;
}

bool has(const FigureMap& map, UnknownKind kind) {
  return std::any_of(map.unknowns().begin(), map.unknowns().end(),
                     [kind](const Unknown& unknown) { return unknown.kind == kind; });
}

/// Moves ln α to where figures are met on average; exact for buyers who are alike, whose margins go
/// with 1/α and elasticities with α.
void fit_scale(const FigureMap& map, const std::vector<Figure>& figures, Eigen::VectorXd& point) {
  const Eigen::VectorXd ratio =
      compute_relative_residuals(map.compute_figures(point, figures), figures).array() + 1.0;
  double shift = 0.0;
  Eigen::Index count = 0;
  for (Eigen::Index k = 0; k < ratio.size(); ++k) {
    if (!(ratio(k) > 0.0)) continue;
    const bool margin = figures[static_cast<std::size_t>(k)].kind == FigureKind::margin;
    shift += (margin ? 1.0 : -1.0) * deterministic_log(ratio(k));
    count += 1;
  }
  if (count == 0) return;
  point(0) =
      std::clamp(point(0) + shift / static_cast<double>(count), map.lower()(0), map.upper()(0));
}

/// Places on a line through `point` along ln α from which to search where buyers differ: even a
/// single figure need not be monotone in α then. Roots lie as far apart as sensitivities do.
std::vector<Eigen::VectorXd> scan_sensitivity(const FigureMap& map, const LeastSquares& problem,
                                              const Eigen::VectorXd& point) {
  const Eigen::VectorXd& relative = map.observed().relative_sensitivity;
  const double reach = 1.0 + deterministic_log(relative.maxCoeff() / relative.minCoeff());
  const int each_side = std::clamp(static_cast<int>(std::ceil(reach / scan_step)), 1, 15);
  std::vector<Eigen::VectorXd> places;
  std::vector<double> misses;
  for (int k = -each_side; k <= each_side; ++k) {
    Eigen::VectorXd place = point;
    place(0) = std::clamp(point(0) + reach * k / each_side, map.lower()(0), map.upper()(0));
    double miss = std::numeric_limits<double>::infinity();
    try {
      miss = problem.residuals(place).squaredNorm();
    } catch (const MarketFailure&) {
      // No market there, as where α is so large that hardly anyone can be made to buy.
    }
    places.push_back(place);
    misses.push_back(miss);
  }
  std::vector<Eigen::VectorXd> starts;
  for (std::size_t k = 0; k < places.size(); ++k) {
    const bool left = k == 0 || misses[k] <= misses[k - 1];
    const bool right = k + 1 == places.size() || misses[k] < misses[k + 1];
    if (left && right && std::isfinite(misses[k])) starts.push_back(places[k]);
  }
  return starts.empty() ? std::vector<Eigen::VectorXd>{point} : starts;
}

/// Places that lie apart in λ and in the outside share.
std::vector<Eigen::VectorXd> list_places(const FigureMap& map) {
  std::vector<double> nestings = {0.55, 0.9, 0.2, 0.05};
  std::vector<double> outsides = {0.45, 0.1, 0.9};
  if (!has(map, UnknownKind::nesting)) nestings.resize(1);
  if (!has(map, UnknownKind::outside_share)) outsides.resize(1);
  std::vector<Eigen::VectorXd> places;
  for (const double outside : outsides) {
    for (const double nesting : nestings)
      places.push_back(map.make_point(nesting, outside));
  }
  return places;
}

/// Where to start from a place: α to suit the figures.
std::vector<Eigen::VectorXd> make_starts(const FigureMap& map, const LeastSquares& problem,
                                         const std::vector<Figure>& figures,
                                         Eigen::VectorXd place) {
  if (!has(map, UnknownKind::price_sensitivity)) return {place};
  fit_scale(map, figures, place);
  if (map.observed().weight.size() < 2) return {place};
  return scan_sensitivity(map, problem, place);
}

std::string describe_point(const FigureMap& map, const Eigen::VectorXd& point) {
  std::string text;
  for (Eigen::Index n = 0; n < map.count(); ++n) {
    const Unknown& unknown = map.unknowns()[static_cast<std::size_t>(n)];
    double value = map.price_sensitivity(point);
    if (unknown.kind == UnknownKind::nesting) value = map.nesting(point)(unknown.nests.front());
    if (unknown.kind == UnknownKind::outside_share) value = map.outside_share(point);
    text += fmt::format("{}{} {:.6g}", n == 0 ? "" : ", ", describe_unknown(unknown), value);
  }
  return text;
}

bool is_exact(const LeastSquaresFit& fit) {
  return fit.residuals.cwiseAbs().maxCoeff() <= exact_residual;
}

/// Refuses figures that two distant results meet.
void check_uniqueness(const FigureMap& map, const LeastSquaresFit& best,
                      const std::vector<LeastSquaresFit>& fits) {
  if (!is_exact(best)) return;
  for (const LeastSquaresFit& other : fits) {
    if (!is_exact(other)) continue;
    if ((other.point - best.point).cwiseAbs().maxCoeff() < distinct_results) continue;
    throw Unidentified(
        fmt::format("market inversion: two markets show the same figures, one with {}, one with "
                    "{}; give one more margin or elasticity, or one of these parameters",
                    describe_point(map, best.point), describe_point(map, other.point)));
  }
}

}  // namespace

Eigen::VectorXd compute_relative_residuals(const Eigen::VectorXd& fitted,
                                           const std::vector<Figure>& figures) {
  Eigen::VectorXd residuals(fitted.size());
  for (Eigen::Index k = 0; k < fitted.size(); ++k) {
    const double observed = figures[static_cast<std::size_t>(k)].value;
    residuals(k) = (fitted(k) - observed) / observed;
  }
  return residuals;
}

LeastSquaresFit find_unknowns(const FigureMap& map, const std::vector<Figure>& figures) {
  const LeastSquares logarithms = make_problem(map, figures, Scale::logarithms);
  const LeastSquares ratios = make_problem(map, figures, Scale::ratios);
  if (map.count() == 0) {
    LeastSquaresFit fit;
    fit.residuals = ratios.residuals(fit.point);
    return fit;
  }
  std::vector<LeastSquaresFit> fits;
  std::exception_ptr failure;
  bool identified = false;
  Eigen::Index checked = 0;
  for (const Eigen::VectorXd& place : list_places(map)) {
    try {
      if (!identified) {
        const Eigen::MatrixXd open = compute_open_directions(map, place, figures);
        identified = open.cols() == 0;
        checked += 1;
        // A single place may be special, two are not.
        if (!identified && (checked == 2 || figures.size() < map.unknowns().size())) {
          throw_unidentified(map, place, figures, open);
        }
      }
      for (const Eigen::VectorXd& start : make_starts(map, logarithms, figures, place)) {
        const LeastSquaresFit near = minimise_least_squares(logarithms, start);
        fits.push_back(minimise_least_squares(ratios, near.point));
      }
    } catch (const Unidentified&) {
      throw;
    } catch (const MarketFailure&) {
      if (!failure) failure = std::current_exception();
    }
  }
  if (fits.empty()) std::rethrow_exception(failure);
  LeastSquaresFit best = *std::min_element(fits.begin(), fits.end(),
                                           [](const LeastSquaresFit& a, const LeastSquaresFit& b) {
                                             return a.objective() < b.objective();
                                           });
  if (best.bound.isZero() || is_exact(best)) {
    const Eigen::MatrixXd open = compute_open_directions(map, best.point, figures);
    if (open.cols() > 0) throw_unidentified(map, best.point, figures, open);
  }
  check_uniqueness(map, best, fits);
  return best;
}

}  // namespace entente::market
