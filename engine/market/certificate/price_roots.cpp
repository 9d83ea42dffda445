#include "engine/market/certificate/price_roots.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/market/certificate/low_discrepancy.hpp"
#include "engine/market/certificate/price_box.hpp"
#include "engine/market/certificate/price_line.hpp"
#include "engine/market/certificate/pricing_conditions.hpp"
#include "engine/market/certificate/root_search.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double grid_points = 300.0;
constexpr int largest_rounds = 6;    // while the roots' index says that some are missing
constexpr double same_price = 1e-9;  // relative difference that does not order two roots

// Held prices, and a first price where the seller sets it.
Eigen::VectorXd list_prices(const Demand& demand, const Supply& supply) {
  const bool log_price = demand.price_term == PriceTerm::log;
  Eigen::VectorXd prices(demand.products());
  for (Eigen::Index i = 0; i < prices.size(); ++i) {
    const double cost = supply.marginal_cost(i) / supply.received(i);
    prices(i) = supply.price_fixed(i);
    if (!std::isnan(prices(i))) continue;
    if (!is_offered(demand, i)) {
      prices(i) = std::isfinite(cost) ? cost : 0.0;
    } else if (log_price) {
      prices(i) = cost > 0.0 ? 2.0 * cost : 1.0;
    } else {
      prices(i) = cost + 1.0 / demand.price_sensitivity.maxCoeff();
    }
  }
  return prices;
}

// As many levels a side as give about grid_points points; two sides of a large market may be left
// to the points of low discrepancy.
std::vector<Eigen::VectorXd> list_grid(Eigen::Index sides) {
  int levels = 2;
  double count = 1.0;
  for (Eigen::Index i = 0; i < sides; ++i)
    count *= 2.0;
  if (count > grid_points) return {};
  const auto fits = [sides](int tried) {
    double points = 1.0;
    for (Eigen::Index i = 0; i < sides; ++i)
      points *= tried;
    return points <= grid_points;
  };
  while (fits(levels + 1))
    ++levels;
  std::vector<Eigen::VectorXd> grid;
  Eigen::VectorXi index = Eigen::VectorXi::Zero(sides);
  while (true) {
    grid.emplace_back(index.cast<double>() / (levels - 1.0));
    Eigen::Index side = 0;
    while (side < sides && ++index(side) == levels)
      index(side++) = 0;
    if (side == sides) return grid;
  }
}

class AllRoots {
 public:
  AllRoots(const Demand& demand, const Supply& supply, const RootSearchOptions& options)
      : demand_(demand),
        supply_(supply),
        options_(options),
        prices_(list_prices(demand, supply)),
        conditions_(demand, supply, find_decision_makers(demand, supply), prices_) {}

  std::vector<PriceRoot> find();

 private:
  std::vector<Eigen::VectorXd> search() const;
  Eigen::VectorXd list_all_prices(const Eigen::VectorXd& x) const;
  void follow_deviations(RootSearch& search) const;
  PriceRoot describe(const Eigen::VectorXd& x);
  void measure_curvature(PriceRoot& root) const;

  const Demand& demand_;
  const Supply& supply_;
  RootSearchOptions options_;
  Eigen::VectorXd prices_;
  PricingConditions conditions_;
};

Eigen::VectorXd AllRoots::list_all_prices(const Eigen::VectorXd& x) const {
  Eigen::VectorXd prices = prices_;
  for (Eigen::Index i = 0; i < x.size(); ++i)
    prices(conditions_.products()[static_cast<std::size_t>(i)]) = conditions_.to_price(x(i));
  return prices;
}

// Where somebody gains by a large change, another root is often near the changed prices.
void AllRoots::follow_deviations(RootSearch& search) const {
  for (std::size_t k = 0; k < search.roots().size(); ++k) {
    const Eigen::VectorXd root = search.roots()[k];
    const NashCertificate certificate =
        certify_nash(demand_, supply_, list_all_prices(root), options_.certificate);
    for (const Deviation& deviation : certificate.deviations) {
      Eigen::VectorXd x = root;
      for (Eigen::Index i = 0; i < x.size(); ++i) {
        const auto found = std::find(deviation.products.begin(), deviation.products.end(),
                                     conditions_.products()[static_cast<std::size_t>(i)]);
        if (found == deviation.products.end()) continue;
        x(i) = conditions_.to_position(deviation.price(found - deviation.products.begin()));
      }
      search.try_start(x);
    }
  }
}

std::vector<Eigen::VectorXd> AllRoots::search() const {
  if (conditions_.size() == 1) {
    const DecisionMaker& maker = conditions_.makers().front();
    PriceLine line(demand_, supply_, maker, maker.products.front(), prices_);
    std::vector<Eigen::VectorXd> roots;
    for (const double price : line.find_roots())
      roots.emplace_back(Eigen::VectorXd::Constant(1, conditions_.to_position(price)));
    return roots;
  }
  PricingConditions conditions(conditions_);
  const PriceBox box = measure_price_box(demand_, supply_, conditions.makers(), prices_);
  RootSearch search(conditions, box, options_.tolerance);
  for (const Eigen::VectorXd& fraction : list_grid(conditions.size()))
    search.try_start(box.place(fraction));
  const LowDiscrepancy sequence(conditions.size());
  int point = 0;
  for (int round = 0; round < largest_rounds && (round == 0 || search.index() != 1); ++round) {
    for (int k = 0; k < options_.starts; ++k)
      search.try_start(box.place(sequence.point(point++)));
    follow_deviations(search);
    for (int k = 0; k < options_.deflated_starts; ++k)
      search.try_deflated(box.place(sequence.point(point++)));
  }
  return search.roots();
}

void AllRoots::measure_curvature(PriceRoot& root) const {
  constexpr double smallest_share = 1e-300;
  root.largest_curvature = -std::numeric_limits<double>::infinity();
  double limit = root.largest_curvature;
  Eigen::Index first = 0;
  for (std::size_t o = 0; o < conditions_.makers().size(); ++o) {
    Eigen::MatrixXd hessian = conditions_.compute_scaled_hessian(o);
    const Eigen::Index count = hessian.rows();
    Eigen::VectorXd shrink(count);
    for (Eigen::Index a = 0; a < count; ++a) {
      shrink(a) = std::sqrt(std::min(conditions_.share(first + a) / smallest_share, 1.0));
      if (demand_.price_term != PriceTerm::log) continue;
      // From ln p to p; the terms in the slope vanish at a root.
      const double price = conditions_.to_price(conditions_.position(first + a));
      hessian.row(a) /= price;
      hessian.col(a) /= price;
    }
    const auto largest = [](const Eigen::MatrixXd& matrix) {
      return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(matrix, Eigen::EigenvaluesOnly)
          .eigenvalues()
          .maxCoeff();
    };
    limit = std::max(limit, largest(hessian));
    hessian = shrink.asDiagonal() * hessian * shrink.asDiagonal();
    root.largest_curvature = std::max(root.largest_curvature, largest(hessian));
    first += count;
  }
  root.is_local_maximum = limit < 0.0;
}

PriceRoot AllRoots::describe(const Eigen::VectorXd& x) {
  PriceRoot root;
  conditions_.evaluate(x);
  conditions_.evaluate_slopes();
  conditions_.evaluate_curvature();
  root.price = list_all_prices(x);
  root.residual = conditions_.compute_residual();
  measure_curvature(root);
  root.certificate = certify_nash(demand_, supply_, root.price, options_.certificate);
  return root;
}

std::vector<PriceRoot> AllRoots::find() {
  if (conditions_.size() > options_.largest_market) {
    throw InvalidInput(
        fmt::format("{} products whose sellers set the price are too many to search for all roots: "
                    "at most {}, or raise largest_market",
                    conditions_.size(), options_.largest_market));
  }
  std::vector<PriceRoot> roots;
  for (const Eigen::VectorXd& x : search()) {
    PriceRoot root = describe(x);
    if (root.residual <= options_.tolerance) roots.push_back(std::move(root));
  }
  std::sort(roots.begin(), roots.end(), [](const PriceRoot& a, const PriceRoot& b) {
    for (Eigen::Index i = 0; i < a.price.size(); ++i) {
      const double difference = a.price(i) - b.price(i);
      if (std::abs(difference) > same_price * std::abs(a.price(i))) return difference < 0.0;
    }
    return false;
  });
  return roots;
}

}  // namespace

std::vector<PriceRoot> find_price_roots(const Demand& demand, const Supply& supply,
                                        const RootSearchOptions& options) {
  validate_demand(demand);
  if (find_decision_makers(demand, supply).empty()) {
    PriceRoot held;  // no condition, and nobody who could break one
    held.price = list_prices(demand, supply);
    held.largest_curvature = -std::numeric_limits<double>::infinity();
    held.is_local_maximum = true;
    return {held};
  }
  return AllRoots(demand, supply, options).find();
}

}  // namespace entente::market
