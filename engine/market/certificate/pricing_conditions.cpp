#include "engine/market/certificate/pricing_conditions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/market/elementary.hpp"

namespace entente::market {

namespace {

// Below this the relative precision of sums of shares is no longer safe from underflow.
constexpr double smallest_safe_share = 1e-250;

std::vector<Eigen::Index> list_products(const std::vector<DecisionMaker>& makers) {
  std::vector<Eigen::Index> products;
  for (const DecisionMaker& maker : makers)
    products.insert(products.end(), maker.products.begin(), maker.products.end());
  return products;
}

}  // namespace

PricingConditions::PricingConditions(const Demand& demand, const Supply& supply,
                                     std::vector<DecisionMaker> makers,
                                     const Eigen::Ref<const Eigen::VectorXd>& prices)
    : makers_(std::move(makers)),
      products_(list_products(makers_)),
      log_price_(demand.price_term == PriceTerm::log),
      shares_(demand, products_, prices) {
  const auto count = static_cast<Eigen::Index>(products_.size());
  const auto maker_count = static_cast<Eigen::Index>(makers_.size());
  const Eigen::Index cells = shares_.weight.size();
  position.resize(count);
  cost_.resize(count);
  received_.resize(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const Eigen::Index product = products_[static_cast<std::size_t>(i)];
    position(i) = compute_price_position(demand, product, prices(product));
    cost_(i) = supply.marginal_cost(product);
    received_(i) = supply.received(product);
  }
  share.resize(count);
  profit.resize(maker_count);
  magnitude.resize(maker_count);
  slope.resize(count);
  cell_slope.resize(cells, count);
  sensitivity.resize(count);
  slope_jacobian.resize(count, count);
  response.resize(count, count);
  margin_.resize(count);
  margin_slope_.resize(count);
  cell_weight_.resize(cells, count);
  cross_slope_.resize(cells, count);
  for (std::size_t o = 0; o < makers_.size(); ++o) {
    maker_of_.insert(maker_of_.end(), makers_[o].products.size(), o);
    total_.emplace_back(cells);
    nest_mean_.emplace_back(cells, shares_.nest_share.cols());
    Eigen::VectorXd held = Eigen::VectorXd::Zero(demand.products());
    for (Eigen::Index j = 0; j < demand.products(); ++j) {
      const bool moves = std::find(products_.begin(), products_.end(), j) != products_.end();
      if (moves || makers_[o].weight(j) == 0.0 || !is_offered(demand, j)) continue;
      held(j) = makers_[o].weight(j) * (supply.received(j) * prices(j) - supply.marginal_cost(j));
    }
    const bool stake = (held.array() != 0.0).any();
    held_profit_.push_back(stake ? shares_.compute_held_mean(held) : Eigen::ArrayXXd());
    held_size_.push_back(stake ? shares_.compute_held_mean(held.cwiseAbs()) : Eigen::ArrayXXd());
  }
}

double PricingConditions::to_price(double x) const {
  return log_price_ ? deterministic_exp(x) : x;
}

double PricingConditions::to_position(double price) const {
  return log_price_ ? deterministic_log(price) : price;
}

// On the profit of moving product i, in the sums over what the maker sells.
double PricingConditions::weight_of(std::size_t maker, Eigen::Index i) const {
  const double weight = makers_[maker].weight(products_[static_cast<std::size_t>(i)]);
  // Each of n equal firms takes into account the buyers it wins back from itself alone.
  return maker_of_[static_cast<std::size_t>(i)] == maker ? weight / makers_[maker].firms : weight;
}

double PricingConditions::own_weight_of(Eigen::Index i) const {
  return makers_[maker_of_[static_cast<std::size_t>(i)]].weight(
      products_[static_cast<std::size_t>(i)]);
}

void PricingConditions::evaluate(const Eigen::Ref<const Eigen::VectorXd>& x) {
  position = x;
  shares_.evaluate(x);
  for (Eigen::Index i = 0; i < size(); ++i) {
    const double revenue = received_(i) * to_price(x(i));
    margin_(i) = revenue - cost_(i);
    margin_slope_(i) = log_price_ ? revenue : received_(i);
    share(i) = (shares_.weight * shares_.share.col(i)).sum();
  }
  for (std::size_t o = 0; o < makers_.size(); ++o) {
    Eigen::ArrayXd& total = total_[o];
    total.setZero();
    double size_sum = 0.0;
    for (Eigen::Index i = 0; i < size(); ++i) {
      const double worth = weight_of(o, i) * margin_(i);
      if (worth == 0.0) continue;
      total += worth * shares_.share.col(i);
      size_sum += std::abs(worth) * share(i);
    }
    if (held_profit_[o].size() > 0) {
      const Eigen::Index nests = shares_.nest_share.cols();
      total += shares_.rest_share * held_profit_[o].col(nests);
      size_sum += (shares_.weight * shares_.rest_share * held_size_[o].col(nests)).sum();
      for (Eigen::Index h = 0; h < nests; ++h) {
        Eigen::ArrayXd held_share = shares_.nest_share.col(h);
        for (Eigen::Index i = 0; i < size(); ++i) {
          if (shares_.nest[static_cast<std::size_t>(i)] == h) held_share -= shares_.share.col(i);
        }
        held_share = held_share.max(0.0);
        total += held_share * held_profit_[o].col(h);
        size_sum += (shares_.weight * held_share * held_size_[o].col(h)).sum();
      }
    }
    profit(static_cast<Eigen::Index>(o)) = (shares_.weight * total).sum();
    magnitude(static_cast<Eigen::Index>(o)) = size_sum;
  }
  cell_profit = total_.front();
}

void PricingConditions::choose_unit(const Eigen::Ref<const Eigen::VectorXd>& x) {
  constexpr double next_to_nothing = 1e-100;
  const auto has_stake = [](const Eigen::ArrayXXd& held) { return held.size() > 0; };
  if (std::any_of(held_profit_.begin(), held_profit_.end(), has_stake)) return;
  shares_.evaluate(x);
  if (shares_.share.maxCoeff() > next_to_nothing) return;
  double largest = -std::numeric_limits<double>::infinity();
  for (Eigen::Index i = 0; i < size(); ++i)
    largest = std::max(largest, shares_.compute_log_share(i).maxCoeff());
  shares_.set_log_unit(-largest);
}

// ω: cells in proportion to how many of the product's buyers are in them.
void PricingConditions::weigh_cells(Eigen::Index i) {
  auto column = cell_weight_.col(i);
  if (share(i) > smallest_safe_share) {
    column = shares_.weight * shares_.share.col(i) / share(i);
    return;
  }
  // In logarithms, relative to the largest: only ratios between cells matter.
  column = shares_.compute_log_share(i);
  column -= column.maxCoeff();
  for (double& value : column)
    value = deterministic_exp(value);
  column *= shares_.weight;
  column /= column.sum();
}

void PricingConditions::evaluate_slopes() {
  const double unit = shares_.unit;
  for (std::size_t o = 0; o < makers_.size(); ++o) {
    for (Eigen::Index h = 0; h < shares_.nest_share.cols(); ++h) {
      auto mean = nest_mean_[o].col(h);
      mean.setZero();
      Eigen::ArrayXd held = Eigen::ArrayXd::Ones(mean.size());
      for (Eigen::Index i = 0; i < size(); ++i) {
        if (shares_.nest[static_cast<std::size_t>(i)] != h) continue;
        mean += weight_of(o, i) * margin_(i) * shares_.within.col(i);
        held -= shares_.within.col(i);
      }
      if (held_profit_[o].size() > 0) mean += held.max(0.0) * held_profit_[o].col(h);
    }
  }
  for (Eigen::Index i = 0; i < size(); ++i) {
    const auto index = static_cast<std::size_t>(i);
    const std::size_t o = maker_of_[index];
    const double lambda = shares_.nesting(i);
    const double worth = own_weight_of(i) * margin_(i);
    auto cell = cell_slope.col(i);
    cell = worth - lambda * unit * total_[o];
    if (shares_.nest[index] >= 0) {
      cell -= (1.0 - lambda) * nest_mean_[o].col(shares_.nest[index]);
    }
    cell = own_weight_of(i) * margin_slope_(i) - shares_.sensitivity / lambda * cell;
    weigh_cells(i);
    slope(i) = (cell_weight_.col(i) * cell).sum();
    sensitivity(i) = (cell_weight_.col(i) * shares_.sensitivity).sum() / lambda;
  }
}

// A_tk of every product k in the objective of one maker: dM_t/dx_k = s_tk A_tk.
void PricingConditions::evaluate_cross_slopes(std::size_t maker) {
  for (Eigen::Index k = 0; k < size(); ++k) {
    const Eigen::Index h = shares_.nest[static_cast<std::size_t>(k)];
    const double lambda = shares_.nesting(k);
    const double weight = weight_of(maker, k);
    auto cell = cross_slope_.col(k);
    cell = weight * margin_(k) - lambda * shares_.unit * total_[maker];
    if (h >= 0) cell -= (1.0 - lambda) * nest_mean_[maker].col(h);
    cell = weight * margin_slope_(k) - shares_.sensitivity / lambda * cell;
  }
}

// With q = s_{j|g}, a = α/λ: d ln s_i/dx_k = −a 1{ik} + (1−λ) a q_k 1{same nest} + α s_k and
// dq_i/dx_k = −a q_i (1{ik} − q_k), which give, with A^o as in evaluate_cross_slopes,
// dA_i/dx_k = 1{ik} (W m'' − a W m') + α s_k A^o_k
//             + 1{same nest} (1−λ) a q_k (W_k m_k' − a (W_k m_k − M_g)).
void PricingConditions::evaluate_curvature() {
  const Eigen::ArrayXd& alpha = shares_.sensitivity;
  Eigen::ArrayXd weighted(alpha.size());
  for (Eigen::Index i = 0; i < size(); ++i) {
    const auto index = static_cast<std::size_t>(i);
    const std::size_t o = maker_of_[index];
    if (i == 0 || maker_of_[index - 1] != o) evaluate_cross_slopes(o);
    const Eigen::Index h = shares_.nest[index];
    const double lambda = shares_.nesting(i);
    const double own = own_weight_of(i);
    weighted = cell_weight_.col(i) * alpha;
    for (Eigen::Index k = 0; k < size(); ++k) {
      const auto buyers = shares_.share.col(k);
      double logarithmic = shares_.unit * (weighted * buyers).sum();
      double change =
          shares_.unit * (weighted * buyers * (cell_slope.col(i) + cross_slope_.col(k))).sum();
      if (h >= 0 && shares_.nest[static_cast<std::size_t>(k)] == h) {
        const double weight = weight_of(o, k);
        const double factor = (1.0 - lambda) / lambda;
        const auto near = shares_.within.col(k);
        logarithmic += factor * (weighted * near).sum();
        change += factor * (weighted * near *
                            (cell_slope.col(i) + weight * margin_slope_(k) -
                             alpha / lambda * (weight * margin_(k) - nest_mean_[o].col(h))))
                               .sum();
      }
      if (i == k) {
        const double mean = sensitivity(i);
        logarithmic -= mean;
        change -= (weighted * cell_slope.col(i)).sum() / lambda + mean * own * margin_slope_(i);
        if (log_price_) change += own * margin_slope_(i);
      }
      response(i, k) = logarithmic;
      slope_jacobian(i, k) = change - logarithmic * slope(i);
    }
  }
}

Eigen::VectorXd PricingConditions::compute_unit_conditions() const {
  Eigen::VectorXd condition(size());
  for (Eigen::Index i = 0; i < size(); ++i)
    condition(i) = slope(i) / (own_weight_of(i) * margin_slope_(i));
  return condition;
}

Eigen::MatrixXd PricingConditions::compute_unit_jacobian() const {
  Eigen::MatrixXd jacobian = slope_jacobian;
  for (Eigen::Index i = 0; i < size(); ++i) {
    if (log_price_) jacobian(i, i) -= slope(i);  // m' is in proportion to the price
    jacobian.row(i) /= own_weight_of(i) * margin_slope_(i);
  }
  return jacobian;
}

double PricingConditions::compute_residual() const {
  double residual = 0.0;
  for (Eigen::Index i = 0; i < size(); ++i) {
    const double h = 1.0 / sensitivity(i);
    const double distance = std::abs(slope(i)) * h / (own_weight_of(i) * received_(i));
    const double price = std::abs(to_price(position(i)));
    residual = std::max(residual, distance / (log_price_ ? price : std::max(price, h)));
  }
  return residual;
}

Eigen::MatrixXd PricingConditions::compute_scaled_hessian(std::size_t maker) const {
  constexpr double floor = 1e-300;  // a product nobody buys keeps its own limit
  const Eigen::Index first =
      std::find(maker_of_.begin(), maker_of_.end(), maker) - maker_of_.begin();
  const auto count = static_cast<Eigen::Index>(makers_[maker].products.size());
  Eigen::MatrixXd hessian(count, count);
  for (Eigen::Index a = 0; a < count; ++a) {
    for (Eigen::Index b = 0; b < count; ++b) {
      const Eigen::Index i = first + a;
      const Eigen::Index k = first + b;
      const double ratio = std::sqrt(std::max(share(i), floor) / std::max(share(k), floor));
      hessian(a, b) = ratio * (slope_jacobian(i, k) + slope(i) * response(i, k));
    }
  }
  return 0.5 * (hessian + hessian.transpose());
}

}  // namespace entente::market
