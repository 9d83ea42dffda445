#include "engine/market/vertical/retail_stage.hpp"

#include "engine/market/vertical/retail_start.hpp"

namespace entente::market {

namespace {

constexpr int most_iterations = 300;

}  // namespace

void RetailStage::assign(const Demand& demand, const LinkValues& values) {
  assign_links(demand, values);
  const Eigen::Index n = values.links();
  transfer_slope_.resize(n, n);
  price_response.resize(n, n);
  profit_response.resize(n, values.firms());
  adjoint_.resize(n, values.firms());
}

void RetailStage::make_start(double scale) {
  make_retail_start(*values_, shares_, scale, price);
}

bool RetailStage::evaluate() {
  if (!shares_.evaluate(price, removed_)) return false;
  whole_margin_ = price - values_->cost;
  values_->value(whole_margin_, *upstream_margin_, worth_);
  retail_.evaluate(shares_, *values_, worth_, removed_);
  return measure();
}

bool RetailStage::observe(const Eigen::VectorXd& upstream_margin, Eigen::Index removed) {
  upstream_margin_ = &upstream_margin;
  removed_ = removed;
  return evaluate();
}

bool RetailStage::solve(const Eigen::VectorXd& upstream_margin, double tolerance,
                        Eigen::Index removed) {
  upstream_margin_ = &upstream_margin;
  removed_ = removed;
  iterations = 0;
  return search(most_iterations) && is_root(tolerance);
}

void RetailStage::assemble() {
  const LinkValues& values = *values_;
  retail_.differentiate(shares_, values, worth_);
  for (Eigen::Index k = 0; k < price.size(); ++k) {
    for (Eigen::Index i = 0; i < price.size(); ++i) {
      const double by_worth = retail_.worth_slope(i, k);
      const int buyer = values.buyer(i);
      transfer_slope_(i, k) = by_worth * values.transfer_weight(k, buyer);
      system_(i, k) = retail_.price_slope(i, k) +
                      by_worth * values.margin_weight(k, buyer) * shares_.price_slope(k);
    }
  }
  if (removed_ >= 0) system_(removed_, removed_) = 1.0;
}

// Implicit function theorem: dp/dw = −(d condition/dp)⁻¹ d condition/dw. Profits need it only in
// the direction of their own slopes, which takes one adjoint solution a firm.
bool RetailStage::differentiate() {
  const LinkValues& values = *values_;
  assemble();
  factors_.compute(system_);
  retail_.compute_profit_slope(shares_, worth_);
  for (Eigen::Index f = 0; f < values.firms(); ++f) {
    for (Eigen::Index k = 0; k < price.size(); ++k) {
      retail_.profit_slope(k, f) +=
          shares_.price_slope(k) * values.margin_weight(k, f) * shares_.total(k);
    }
  }
  adjoint_ = factors_.transpose().solve(retail_.profit_slope);
  profit_response.noalias() = -transfer_slope_.transpose() * adjoint_;
  for (Eigen::Index f = 0; f < values.firms(); ++f)
    profit_response.col(f) += values.transfer_weight.col(f).cwiseProduct(shares_.total);
  price_response = factors_.solve(transfer_slope_);
  for (Eigen::Index i = 0; i < price.size(); ++i)
    price_response.row(i) *= -shares_.price_slope(i);
  return profit_response.allFinite() && price_response.allFinite();
}

}  // namespace entente::market
