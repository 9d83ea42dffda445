#pragma once

#include <vector>

#include "engine/market/capacity.hpp"
#include "engine/market/price_solver.hpp"

namespace entente::market {

/// The search for shadow prices μ of one market.
class CapacitySolver {
 public:
  using Binding = std::vector<Eigen::Index>;

  CapacitySolver(const Demand& demand, const Supply& supply, double size,
                 const Resources& resources, const PricingOptions& options,
                 CapacityConditions conditions)
      : demand_(demand),
        supply_(supply),
        size_(size),
        resources_(resources),
        options_(options),
        conditions_(conditions) {
    validate();
    solver_.set_market(demand, supply);
    find_redundant();
    require_feasible();
    shadow_price_.setZero(resources.capacity.size());
    scarcity_.own.setZero(demand.products());
    scarcity_.of_others.setZero(demand.products());
  }

  CapacityPrices run(const Eigen::Ref<const Eigen::VectorXd>& start);

 private:
  void validate() const;
  void require_feasible() const;
  void find_redundant();
  bool limited(Eigen::Index resource) const;
  double measure_use(Eigen::Index resource, const Eigen::VectorXd& share) const;
  void set_scarcity();
  void solve_prices(const Eigen::VectorXd& start);
  double measure_misses(const Binding& binding);
  double relative_use(const Binding& binding, Eigen::Index b, Eigen::Index j) const;
  void compute_step(const Binding& binding);
  double move(const Binding& binding, const Eigen::VectorXd& price_before,
              const Eigen::VectorXd& shadow_price_before, double fraction);
  bool try_targets(const Binding& binding);
  bool reach_targets(const Binding& binding);
  bool follow_path(const Binding& binding);
  void leave_path(const Binding& binding);
  void clear(const Binding& binding);
  Binding clear_or_relax(const Binding& binding);
  Binding approach_set();
  Binding find_overfull(bool by_index) const;
  bool adds_limit(const Binding& binding, Eigen::Index resource) const;
  double price_scale(Eigen::Index resource) const;
  Binding revise(const Binding& binding, bool one_at_a_time) const;
  CapacityPrices collect(const Binding& binding) const;

  const Demand& demand_;
  const Supply& supply_;
  double size_;
  const Resources& resources_;
  PricingOptions options_;
  CapacityConditions conditions_;
  PriceSolver solver_;
  Scarcity scarcity_;
  Eigen::VectorXd shadow_price_;  // K, of either sign for binding resources, 0 elsewhere
  Eigen::VectorXd from_;          // J, prices that the next solution starts from
  Eigen::VectorXd target_;       // of ln(quantity/capacity), in order of the binding set; 0 at last
  Eigen::VectorXd miss_;         // how far each is from it, as measure_misses says
  Eigen::VectorXd used_;         // size · Σ_j use share, likewise
  Eigen::VectorXd shrink_;       // target over used
  Eigen::VectorXd limited_use_;  // J, use of all resources of the binding set
  double rest_ = 1.0;            // share of buyers that need no resource of the binding set
  double target_rest_ = 1.0;     // likewise, if all targets were met
  Eigen::VectorXd step_;         // of shadow prices, likewise
  Eigen::MatrixXd price_step_;   // J×J, dp/dμ of products
  Eigen::VectorXd correction_;   // J, Newton's step of prices at the present shadow prices
  Eigen::MatrixXd slope_;
  std::vector<bool> redundant_;  // K
  int iterations_ = 0;
};

}  // namespace entente::market
