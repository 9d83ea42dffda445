#include "engine/market/certificate/price_line.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr int first_intervals = 24;
constexpr int deepest_branch = 40;
constexpr int largest_doubling = 200;
constexpr int polish_steps = 100;
constexpr double narrowest = 1e-7;  // interval, relative to price or markup, left to Newton
constexpr double same_root = 1e-9;  // relative distance of roots that are one

DecisionMaker restrict_to(const DecisionMaker& maker, Eigen::Index product) {
  DecisionMaker single = maker;
  single.products = {product};
  return single;
}

}  // namespace

PriceLine::PriceLine(const Demand& demand, const Supply& supply, const DecisionMaker& maker,
                     Eigen::Index product, const Eigen::Ref<const Eigen::VectorXd>& prices)
    : conditions_(demand, supply, {restrict_to(maker, product)}, prices),
      cost_(supply.marginal_cost(product) / supply.received(product)),
      log_price_(demand.price_term == PriceTerm::log),
      smallest_step_(log_price_ ? 0.1
                                : conditions_.shares().nesting(0) /
                                      conditions_.shares().sensitivity.maxCoeff()) {
  const double now = conditions_.position(0);
  double low = now;
  if (!log_price_) {
    low = cost_ + smallest_step_;
  } else if (cost_ > 0.0) {
    low = deterministic_log(cost_);
  }
  lower_ = find_end(low, smallest_step_, true);
  upper_ = find_end(std::max(now, lower_ + smallest_step_), smallest_step_, false);
  conditions_.choose_unit(Eigen::VectorXd::Constant(1, lower_));
  visits_.clear();
}

PriceLine::Profit PriceLine::compute_profit(double price) {
  const double profit = visit(conditions_.to_position(price)).profit;
  return {profit, conditions_.magnitude(0)};
}

PriceLine::Node PriceLine::visit(double x) {
  ++evaluations;
  conditions_.evaluate(Eigen::VectorXd::Constant(1, x));
  conditions_.evaluate_slopes();
  Node node;
  node.x = x;
  node.price = conditions_.to_price(x);
  node.profit = conditions_.profit(0);
  node.slope = conditions_.slope(0);
  node.cell_profit = conditions_.shares().weight * conditions_.cell_profit;
  node.cell_share = conditions_.shares().weight * conditions_.shares().share.col(0);
  node.cell_slope = conditions_.cell_slope.col(0);
  if (log_price_) node.cell_slope /= node.price;
  if (!std::isfinite(node.profit)) {
    throw InvalidInput(
        fmt::format("profit of the owner of product {} is not a number at its price {}: costs and "
                    "prices must stay far from the largest numbers",
                    conditions_.products().front(), node.price));
  }
  visits_.push_back({x, node.profit});
  if (visits_.size() == 1 || node.profit > best_profit_) {
    best_profit_ = node.profit;
    best_x_ = x;
  }
  return node;
}

// Where every cell's profit still rises (lower) or already falls.
double PriceLine::find_end(double x, double step, bool lower) {
  for (int doubling = 0; doubling < largest_doubling; ++doubling) {
    const Node node = visit(x);
    if (lower ? node.cell_slope.minCoeff() >= 0.0 : node.cell_slope.maxCoeff() <= 0.0) return x;
    x += lower ? -step : step;
    step *= 2.0;
    if (!std::isfinite(conditions_.to_price(x)) || conditions_.to_price(x) == 0.0) break;
  }
  throw Infeasible(fmt::format(
      "the owner of product {} has no best price: its profit still {} at {}; some buyers must have "
      "an alternative, and η must exceed 1 with a log price term",
      conditions_.products().front(), lower ? "falls" : "rises", conditions_.to_price(x)));
}

// Geometric in the markup, where that is positive: cells' peaks differ by factors.
std::vector<PriceLine::Node> PriceLine::partition() {
  std::vector<Node> nodes;
  nodes.push_back(visit(lower_));
  const double shift = log_price_ || !(lower_ > cost_) ? 0.0 : cost_;
  const bool geometric = !log_price_ && lower_ > cost_;
  const double low = geometric ? deterministic_log(lower_ - shift) : lower_;
  const double high = geometric ? deterministic_log(upper_ - shift) : upper_;
  for (int k = 1; k < first_intervals; ++k) {
    const double point = low + (high - low) * k / first_intervals;
    nodes.push_back(visit(geometric ? shift + deterministic_exp(point) : point));
  }
  nodes.push_back(visit(upper_));
  return nodes;
}

// Both factors of s_t A_t fall from left to right.
PriceLine::Range PriceLine::bound_slope(const Node& left, const Node& right) {
  Range range;
  for (Eigen::Index t = 0; t < left.cell_share.size(); ++t) {
    const double from = left.cell_slope(t);
    const double to = right.cell_slope(t);
    range.highest += from * (from > 0.0 ? left.cell_share(t) : right.cell_share(t));
    range.lowest += to * (to < 0.0 ? left.cell_share(t) : right.cell_share(t));
  }
  return range;
}

double PriceLine::bound_profit(const Node& left, const Node& right) {
  const double width = right.price - left.price;
  double sum = 0.0;
  for (Eigen::Index t = 0; t < left.cell_share.size(); ++t) {
    if (left.cell_slope(t) <= 0.0) {
      sum += left.cell_profit(t);
    } else if (right.cell_slope(t) >= 0.0) {
      sum += right.cell_profit(t);
    } else {
      // Concave up to its peak, which is in between.
      sum += left.cell_profit(t) + width * left.cell_share(t) * left.cell_slope(t);
    }
  }
  const Range slope = bound_slope(left, right);
  return std::min({sum, left.profit + width * std::max(slope.highest, 0.0),
                   right.profit - width * std::min(slope.lowest, 0.0)});
}

void PriceLine::branch(const Node& left, const Node& right, int depth) {
  if (bound_profit(left, right) <= best_profit_ + gap_ || depth == deepest_branch) return;
  const Node middle = visit(0.5 * (left.x + right.x));
  if (left.profit > right.profit) {
    branch(left, middle, depth + 1);
    branch(middle, right, depth + 1);
  } else {
    branch(middle, right, depth + 1);
    branch(left, middle, depth + 1);
  }
}

// Newton's method on F, kept between the ends by bisection. peak: F falls through its zero.
double PriceLine::polish(double lower, double x, double upper, bool peak) {
  for (int step = 0; step < polish_steps; ++step) {
    ++evaluations;
    conditions_.evaluate(Eigen::VectorXd::Constant(1, x));
    conditions_.evaluate_slopes();
    conditions_.evaluate_curvature();
    const double slope = conditions_.slope(0);
    if (slope == 0.0) return x;
    ((slope > 0.0) == peak ? lower : upper) = x;
    double next = x - slope / conditions_.slope_jacobian(0, 0);
    const bool inside = next > lower && next < upper;
    const double resolution = 4e-16 * std::max(std::abs(x), smallest_step_);
    if (!inside && std::abs(next - x) > resolution) next = 0.5 * (lower + upper);
    if (std::abs(next - x) <= resolution || upper - lower <= resolution) return x;
    x = next;
  }
  return x;
}

PriceLine::Peak PriceLine::find_highest_peak(double gap) {
  const std::vector<Node> nodes = partition();
  const double scale = std::max(std::abs(best_profit_), std::numeric_limits<double>::min());
  gap_ = gap * scale;
  for (std::size_t k = 0; k + 1 < nodes.size(); ++k)
    branch(nodes[k], nodes[k + 1], 0);
  for (std::size_t k = 1; k + 1 < nodes.size(); ++k) {
    if (nodes[k].profit < nodes[k - 1].profit || nodes[k].profit < nodes[k + 1].profit) continue;
    rough_peaks.push_back({nodes[k - 1].price, nodes[k].price, nodes[k + 1].price});
  }

  double below = lower_;
  double above = upper_;
  const double best = best_x_;
  for (const Visit& other : visits_) {
    if (other.x < best) below = std::max(below, other.x);
    if (other.x > best) above = std::min(above, other.x);
  }
  const double x = polish(below, best, above, true);
  const Node node = visit(x);
  if (node.profit >= best_profit_ - 1e-13 * scale) return {node.price, node.profit};
  return {conditions_.to_price(best_x_), best_profit_};
}

void PriceLine::bracket_roots(const Node& left, const Node& right, int depth,
                              std::vector<double>& roots) {
  const Range slope = bound_slope(left, right);
  if (slope.lowest > 0.0 || slope.highest < 0.0) return;
  const double scale = log_price_ ? 1.0 : std::max(std::abs(left.x - cost_), smallest_step_);
  const bool crosses = (left.slope > 0.0) != (right.slope > 0.0);
  if (right.x - left.x > narrowest * scale && depth < deepest_branch) {
    const Node middle = visit(0.5 * (left.x + right.x));
    bracket_roots(left, middle, depth + 1, roots);
    bracket_roots(middle, right, depth + 1, roots);
    return;
  }
  if (crosses) roots.push_back(polish(left.x, left.x, right.x, left.slope > 0.0));
}

std::vector<double> PriceLine::find_roots() {
  const std::vector<Node> nodes = partition();
  std::vector<double> roots;
  for (std::size_t k = 0; k + 1 < nodes.size(); ++k)
    bracket_roots(nodes[k], nodes[k + 1], 0, roots);
  std::sort(roots.begin(), roots.end());
  std::vector<double> prices;
  for (const double x : roots) {
    const double price = conditions_.to_price(x);
    if (prices.empty() || price - prices.back() > same_root * std::abs(price)) {
      prices.push_back(price);
    }
  }
  return prices;
}

}  // namespace entente::market
