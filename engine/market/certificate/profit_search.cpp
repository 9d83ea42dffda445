#include "engine/market/certificate/profit_search.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/market/certificate/low_discrepancy.hpp"
#include "engine/market/certificate/price_line.hpp"
#include "engine/market/elementary.hpp"

namespace entente::market {

namespace {

constexpr int common_levels = 48;
constexpr int ascent_steps = 200;
constexpr int own_level_starts = 6;        // cells' own best levels that are tried
constexpr std::size_t box_starts = 8;      // best points of the box that are tried
constexpr double same_maximum = 1e-7;      // relative distance of maxima that are one
constexpr double smallest_share = 1e-300;  // products that sell less count as much
constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

ProfitSearch::ProfitSearch(const Demand& demand, const Supply& supply, const DecisionMaker& maker,
                           const Eigen::Ref<const Eigen::VectorXd>& prices,
                           const BestResponseOptions& options)
    : demand_(demand),
      supply_(supply),
      maker_(maker),
      options_(options),
      prices_(prices),
      conditions_(demand, supply, {maker}, prices),
      log_price_(demand.price_term == PriceTerm::log),
      given_(conditions_.position),
      box_(measure_price_box(demand, supply, {maker}, prices)) {
  evaluations = box_.evaluations;
  conditions_.choose_unit(box_.lower);
}

double ProfitSearch::evaluate(const Eigen::VectorXd& x) {
  ++evaluations;
  conditions_.evaluate(x);
  return conditions_.profit(0);
}

// Newton's step where the profit is concave; otherwise the step of steepest ascent in the metric of
// the absolute curvature. Scaled by √share, which makes products of any size alike.
Eigen::VectorXd ProfitSearch::compute_step() {
  conditions_.evaluate_slopes();
  conditions_.evaluate_curvature();
  const Eigen::ArrayXd root = conditions_.share.array().max(smallest_share).sqrt();
  const Eigen::VectorXd gradient = (root * conditions_.slope.array()).matrix();
  const Eigen::MatrixXd curvature = -conditions_.compute_scaled_hessian(0);
  const Eigen::LLT<Eigen::MatrixXd> decomposition(curvature);
  if (decomposition.info() == Eigen::Success) {
    return (decomposition.solve(gradient).array() / root).matrix();
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(curvature);
  const Eigen::ArrayXd values = solver.eigenvalues().array().abs();
  const double floor = std::max(1e-6 * values.maxCoeff(), std::numeric_limits<double>::min());
  const Eigen::VectorXd turned = solver.eigenvectors().transpose() * gradient;
  const Eigen::VectorXd step =
      solver.eigenvectors() * (turned.array() / values.max(floor)).matrix();
  return (step.array() / root).matrix();
}

double ProfitSearch::limit_step(const Eigen::VectorXd& x, const Eigen::VectorXd& step) const {
  double fraction = 1.0;
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const double longest = log_price_ ? 0.7
                                      : std::max(2.0 / conditions_.sensitivity(i),
                                                 0.5 * std::abs(x(i) - box_.cost(i)));
    fraction = std::min(fraction, longest / std::max(std::abs(step(i)), 1e-300));
  }
  return fraction;
}

ProfitSearch::Maximum ProfitSearch::ascend(Eigen::VectorXd x) {
  Maximum best{x, evaluate(x)};
  double last_length = infinity;
  for (int iteration = 0; iteration < ascent_steps; ++iteration) {
    const Eigen::VectorXd step = compute_step();
    if (!step.allFinite()) break;
    double length = 0.0;
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      const double scale =
          log_price_ ? 1.0 : std::max(std::abs(x(i)), 1.0 / conditions_.sensitivity(i));
      length = std::max(length, std::abs(step(i)) / scale);
    }
    // Near the top the profit itself is flat to rounding: finish on the gradient alone.
    const bool close = length < 1e-5;
    if (close && (length < 1e-15 || length >= last_length)) break;
    last_length = close ? length : infinity;
    double fraction = limit_step(x, step);
    bool moved = false;
    for (int halving = 0; halving < 40 && !moved; ++halving, fraction *= 0.5) {
      const Eigen::VectorXd trial = x + fraction * step;
      const double reached = evaluate(trial);
      moved = close || reached > best.profit;
      if (!moved) continue;
      best.profit = reached;
      x = trial;
    }
    if (!moved) break;
    best.x = x;
  }
  best.profit = evaluate(best.x);
  return best;
}

// Largest difference of a price, relative to the price or the markup.
double ProfitSearch::measure_distance(const Eigen::VectorXd& x,
                                      const Eigen::VectorXd& other) const {
  double distance = 0.0;
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const double scale = log_price_ ? 1.0 : std::max(std::abs(x(i)), std::abs(x(i) - box_.cost(i)));
    distance = std::max(distance, std::abs(x(i) - other(i)) / scale);
  }
  return distance;
}

void ProfitSearch::add_maximum(const Eigen::VectorXd& start) {
  Maximum found = ascend(start);
  if (!std::isfinite(found.profit)) return;
  for (const Maximum& other : maxima_) {
    if (measure_distance(found.x, other.x) < same_maximum) return;
  }
  maxima_.push_back(std::move(found));
}

// Linear: one markup for all. Log: one factor, on the given prices or on costs.
Eigen::VectorXd ProfitSearch::place_level(double fraction, bool by_cost) const {
  Eigen::VectorXd x(given_.size());
  if (log_price_) {
    const Eigen::VectorXd base =
        by_cost
            ? Eigen::VectorXd(box_.cost.unaryExpr([](double c) { return deterministic_log(c); }))
            : given_;
    const double low = (box_.lower - base).minCoeff();
    const double high = (box_.upper - base).maxCoeff();
    x = base.array() + (low + (high - low) * fraction);
    return x;
  }
  const double low =
      std::max((box_.lower - box_.cost).minCoeff(), 1e-3 * (box_.upper - box_.cost).maxCoeff());
  const double high = (box_.upper - box_.cost).maxCoeff();
  const double markup =
      low * deterministic_exp(fraction * deterministic_log(std::max(high / low, 1.0)));
  x = box_.cost.array() + markup;
  return x;
}

void ProfitSearch::try_common_levels(bool by_cost) {
  const Eigen::Index cells = conditions_.cell_profit.size();
  Eigen::ArrayXd cell_best = Eigen::ArrayXd::Constant(cells, -infinity);
  std::vector<int> cell_level(static_cast<std::size_t>(cells), 0);
  std::vector<double> level_profit;
  for (int level = 0; level < common_levels; ++level) {
    level_profit.push_back(evaluate(place_level(level / (common_levels - 1.0), by_cost)));
    for (Eigen::Index t = 0; t < cells; ++t) {
      if (conditions_.cell_profit(t) <= cell_best(t)) continue;
      cell_best(t) = conditions_.cell_profit(t);
      cell_level[static_cast<std::size_t>(t)] = level;
    }
  }
  std::vector<int> chosen;
  for (int level = 0; level < common_levels; ++level) {
    const auto at = static_cast<std::size_t>(level);
    const bool rises = level == 0 || level_profit[at] >= level_profit[at - 1];
    const bool falls = level + 1 == common_levels || level_profit[at] >= level_profit[at + 1];
    if (rises && falls) chosen.push_back(level);
  }
  std::sort(cell_level.begin(), cell_level.end());
  for (int k = 0; k < own_level_starts; ++k) {
    const std::size_t at = (cell_level.size() - 1) * static_cast<std::size_t>(k) /
                           static_cast<std::size_t>(own_level_starts - 1);
    chosen.push_back(cell_level[at]);
  }
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  for (const int level : chosen)
    add_maximum(place_level(level / (common_levels - 1.0), by_cost));
}

void ProfitSearch::try_box() {
  const LowDiscrepancy sequence(given_.size());
  std::vector<Maximum> points;
  for (int k = 0; k < options_.starts; ++k) {
    const Eigen::VectorXd x = box_.place(sequence.point(k));
    points.push_back({x, evaluate(x)});
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const Maximum& a, const Maximum& b) { return a.profit > b.profit; });
  const std::size_t count = std::min(points.size(), box_starts);
  for (std::size_t k = 0; k < count; ++k)
    add_maximum(points[k].x);
}

// Peaks on the products' lines, the maker's other prices as they are.
std::vector<Eigen::VectorXd> ProfitSearch::search_lines(const Eigen::VectorXd& from) {
  Eigen::VectorXd here = prices_;
  for (Eigen::Index i = 0; i < from.size(); ++i)
    here(maker_.products[static_cast<std::size_t>(i)]) = conditions_.to_price(from(i));
  std::vector<Eigen::VectorXd> points;
  const auto add = [&](Eigen::Index i, double x) {
    points.push_back(from);
    points.back()(i) = x;
  };
  for (Eigen::Index i = 0; i < from.size(); ++i) {
    const Eigen::Index product = maker_.products[static_cast<std::size_t>(i)];
    PriceLine line(demand_, supply_, maker_, product, here);
    add(i, conditions_.to_position(line.find_highest_peak(options_.gap).price));
    for (const PriceLine::RoughPeak& peak : line.rough_peaks) {
      if (here(product) >= peak.below && here(product) <= peak.above) continue;
      add(i, conditions_.to_position(peak.price));
    }
    evaluations += line.evaluations;
  }
  if (maxima_.size() == 1) return points;
  // There are several: the line may rise all the way to a level that only pays when others follow.
  for (const double fraction : {0.0, 0.5, 1.0}) {
    const Eigen::VectorXd level = box_.place(Eigen::VectorXd::Constant(from.size(), fraction));
    for (Eigen::Index i = 0; i < from.size(); ++i)
      add(i, level(i));
  }
  return points;
}

// The highest maximum that was not swept yet, again and again.
void ProfitSearch::sweep() {
  std::vector<bool> swept;
  for (int sweep = 0; sweep < options_.sweeps; ++sweep) {
    swept.resize(maxima_.size(), false);
    std::size_t next = maxima_.size();
    for (std::size_t k = 0; k < maxima_.size(); ++k) {
      if (swept[k]) continue;
      if (next == maxima_.size() || maxima_[k].profit > maxima_[next].profit) next = k;
    }
    if (next == maxima_.size()) return;
    swept[next] = true;
    const Eigen::VectorXd from = maxima_[next].x;
    for (const Eigen::VectorXd& point : search_lines(from)) {
      if (measure_distance(point, from) > same_maximum) add_maximum(point);
    }
  }
}

void ProfitSearch::search() {
  profit_before = evaluate(given_);
  magnitude = conditions_.magnitude(0);
  add_maximum(given_);
  try_common_levels(false);
  if (log_price_ && box_.cost.minCoeff() > 0.0) try_common_levels(true);
  try_box();
  sweep();
  Eigen::VectorXd best = given_;
  profit = profit_before;
  for (const Maximum& maximum : maxima_) {
    if (!(maximum.profit > profit)) continue;
    profit = maximum.profit;
    best = maximum.x;
  }
  price = best.unaryExpr([this](double x) { return conditions_.to_price(x); });
}

}  // namespace entente::market
