#include "engine/market/inversion/identification.hpp"

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "engine/market/inversion/least_squares.hpp"

namespace entente::market {

namespace {

constexpr double smallest_singular_value = 1e-8;  // differences are good to about 1e-10
constexpr double smallest_component = 1e-4;
constexpr std::size_t longest_list = 4;

/// "a, b or c", of which `last` is the word.
std::string join(const std::vector<std::string>& parts, const char* last) {
  std::string text;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    if (k > 0) text += k + 1 == parts.size() ? fmt::format(" {} ", last) : std::string(", ");
    text += parts[k];
  }
  return text;
}

/// "product 1 or 4", "any product".
std::string list_products(const std::vector<Eigen::Index>& products, Eigen::Index total) {
  if (static_cast<Eigen::Index>(products.size()) == total) return "any product";
  std::vector<std::string> names;
  for (const Eigen::Index product : products) {
    if (names.size() == longest_list) break;
    names.push_back(fmt::format("{}", product));
  }
  if (products.size() > longest_list) {
    names.push_back(fmt::format("{} others", products.size() - longest_list));
  }
  return "product " + join(names, "or");
}

/// Slope of ln |figure|, K×N.
Eigen::MatrixXd compute_log_slope(const FigureMap& map, const Eigen::VectorXd& point,
                                  const std::vector<Figure>& figures) {
  LeastSquares problem;
  problem.residuals = [&](const Eigen::VectorXd& at) { return map.compute_figures(at, figures); };
  problem.lower = map.lower();
  problem.upper = map.upper();
  const Eigen::VectorXd values = map.compute_figures(point, figures);
  Eigen::MatrixXd slope = compute_difference_slope(problem, point);
  for (Eigen::Index k = 0; k < values.size(); ++k)
    slope.row(k) /= std::max(std::abs(values(k)), 1e-300);
  return slope;
}

/// Every figure that could be asked for: margins, own elasticities, the category elasticity.
std::vector<Figure> list_candidates(const ObservedMarket& observed) {
  const Eigen::VectorXd given = read_given_margins(observed);
  std::vector<Figure> candidates;
  for (Eigen::Index j = 0; j < observed.products(); ++j) {
    if (std::isnan(given(j))) candidates.push_back(observe_margin(j, 1.0));
    const bool elastic = observed.price_term == PriceTerm::log || observed.price(j) > 0.0;
    if (elastic) candidates.push_back(observe_own_elasticity(j, -1.0));
  }
  if (observed.outside_good) candidates.push_back(observe_category_elasticity(-1.0));
  return candidates;
}

std::vector<std::string> describe_helpful_figures(const FigureMap& map,
                                                  const Eigen::VectorXd& point,
                                                  const Eigen::MatrixXd& open) {
  const std::vector<Figure> candidates = list_candidates(map.observed());
  const Eigen::MatrixXd slope = compute_log_slope(map, point, candidates);
  std::vector<Eigen::Index> margins;
  std::vector<Eigen::Index> elasticities;
  bool category = false;
  for (Eigen::Index k = 0; k < slope.rows(); ++k) {
    const double along = (slope.row(k) * open).norm();
    const bool helps =
        along > smallest_component * slope.row(k).norm() && along > smallest_singular_value;
    if (!helps) continue;
    const Figure& candidate = candidates[static_cast<std::size_t>(k)];
    if (candidate.kind == FigureKind::margin) margins.push_back(candidate.product);
    if (candidate.kind == FigureKind::elasticity) elasticities.push_back(candidate.product);
    if (candidate.kind == FigureKind::category_elasticity) category = true;
  }
  const Eigen::Index total = map.observed().products();
  std::vector<std::string> names;
  if (margins == elasticities && !margins.empty()) {
    names.push_back("the margin or own elasticity of " + list_products(margins, total));
  } else {
    if (!margins.empty()) names.push_back("the margin of " + list_products(margins, total));
    if (!elasticities.empty()) {
      names.push_back("the own elasticity of " + list_products(elasticities, total));
    }
  }
  if (category) names.emplace_back("the category elasticity");
  return names;
}

std::vector<std::string> describe_open_unknowns(const FigureMap& map, const Eigen::MatrixXd& open) {
  std::vector<std::string> names;
  for (Eigen::Index n = 0; n < open.rows(); ++n) {
    if (open.row(n).norm() <= smallest_component) continue;
    names.push_back(describe_unknown(map.unknowns()[static_cast<std::size_t>(n)]));
  }
  return names;
}

std::string describe_basis(const std::vector<Figure>& figures) {
  if (figures.empty()) return "prices and shares alone";
  std::vector<std::string> names;
  for (const Figure& figure : figures) {
    if (names.size() == longest_list) break;
    names.push_back(describe_figure(figure));
  }
  if (figures.size() > longest_list) {
    names.push_back(fmt::format("{} others", figures.size() - longest_list));
  }
  return join(names, "and");
}

}  // namespace

Eigen::MatrixXd compute_open_directions(const FigureMap& map, const Eigen::VectorXd& point,
                                        const std::vector<Figure>& figures) {
  const Eigen::Index count = map.count();
  if (figures.empty() || count == 0) return Eigen::MatrixXd::Identity(count, count);
  const Eigen::JacobiSVD<Eigen::MatrixXd> decomposition(compute_log_slope(map, point, figures),
                                                        Eigen::ComputeFullV);
  const Eigen::VectorXd& values = decomposition.singularValues();
  const Eigen::Index rank =
      (values.array() > std::max(smallest_singular_value * values(0), 1e-300)).count();
  return decomposition.matrixV().rightCols(count - rank);
}

void throw_unidentified(const FigureMap& map, const Eigen::VectorXd& point,
                        const std::vector<Figure>& figures,
                        const Eigen::MatrixXd& open_directions) {
  const std::vector<std::string> unknowns = describe_open_unknowns(map, open_directions);
  std::vector<std::string> remedies = describe_helpful_figures(map, point, open_directions);
  std::string advice;
  if (remedies.empty()) {
    advice = fmt::format("no margin or elasticity tells; give {}", join(unknowns, "or"));
    for (const Unknown& unknown : map.unknowns()) {
      const std::string name = describe_unknown(unknown);
      const bool open = std::find(unknowns.begin(), unknowns.end(), name) != unknowns.end();
      if (!open || unknown.nests.size() != 1) continue;
      Eigen::Index members = 0;
      for (Eigen::Index j = 0; j < map.observed().products(); ++j)
        members += map.observed().nest_of(j) == unknown.nests.front() ? 1 : 0;
      if (members == 1) {
        advice += fmt::format(" (nest {} has one product, so that any λ, say 1, says the same)",
                              unknown.nests.front());
      }
    }
  } else {
    remedies.insert(remedies.end(), unknowns.begin(), unknowns.end());
    advice = fmt::format("give {} more of: {}", open_directions.cols(), fmt::join(remedies, "; "));
  }
  throw Unidentified(fmt::format("market inversion: {} {} not identified by {}; {}",
                                 join(unknowns, "and"), unknowns.size() == 1 ? "is" : "are",
                                 describe_basis(figures), advice));
}

}  // namespace entente::market
