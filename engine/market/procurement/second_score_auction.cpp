#include "engine/market/procurement/second_score_auction.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <vector>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"
#include "engine/market/procurement/plain_logit.hpp"

namespace entente::market {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double smallest = std::numeric_limits<double>::min();

/// A firm's offers, all in one nest.
struct Bidder {
  std::size_t nest = 0;
  double within = 0.0;  // r, the firm's share of its nest
  double rest = 0.0;    // 1 − r, exact when tiny
};

struct Nest {
  double nesting = 1.0;
  double inclusive = -infinity;  // λ ln D
  double share = 0.0;
  double rest = 0.0;  // 1 − share, exact when tiny
};

/// Scores at cost, by nest and firm. One nest stands for all where demand is plain logit.
class Scores {
 public:
  Scores(const Demand& demand, const Eigen::Ref<const Eigen::VectorXd>& marginal_cost,
         const Eigen::Ref<const Eigen::VectorXi>& seller);

  std::map<int, Bidder> bidders;
  std::vector<Nest> nests;
  Eigen::VectorXd within;  // J, share of the product in its nest
  Eigen::VectorXi nest;    // J
  double outside_share = 0.0;
  double logsum = 0.0;

 private:
  void compute_within(const Eigen::VectorXd& score);
  void compute_nest_shares(bool outside_good);
  void add_bidders(const Eigen::VectorXd& score, const Eigen::Ref<const Eigen::VectorXi>& seller);
};

Scores::Scores(const Demand& demand, const Eigen::Ref<const Eigen::VectorXd>& marginal_cost,
               const Eigen::Ref<const Eigen::VectorXi>& seller) {
  const Eigen::Index products = demand.products();
  const bool plain = is_plain_logit(demand);
  nests.resize(plain ? 1 : static_cast<std::size_t>(demand.nesting.size()));
  nest = Eigen::VectorXi::Zero(products);
  Eigen::VectorXd score = Eigen::VectorXd::Constant(products, -infinity);  // over λ
  for (Eigen::Index j = 0; j < products; ++j) {
    if (!plain) {
      nest(j) = static_cast<int>(demand.nest_of(j));
      nests[static_cast<std::size_t>(nest(j))].nesting = demand.nesting(demand.nest_of(j));
    }
    if (demand.utility(j, 0) == -infinity) continue;
    score(j) = (demand.utility(j, 0) - demand.price_sensitivity(0) * marginal_cost(j)) /
               nests[static_cast<std::size_t>(nest(j))].nesting;
    if (std::isfinite(score(j))) continue;
    throw InvalidInput(fmt::format(
        "second-score auction: the marginal cost of product {} is {}; the score at it must be "
        "finite",
        j, marginal_cost(j)));
  }
  compute_within(score);
  compute_nest_shares(demand.outside_good);
  add_bidders(score, seller);
}

void Scores::compute_within(const Eigen::VectorXd& score) {
  within = Eigen::VectorXd::Zero(score.size());
  for (std::size_t g = 0; g < nests.size(); ++g) {
    double largest = -infinity;
    for (Eigen::Index j = 0; j < score.size(); ++j) {
      if (static_cast<std::size_t>(nest(j)) == g) largest = std::max(largest, score(j));
    }
    if (largest == -infinity) continue;
    double sum = 0.0;
    for (Eigen::Index j = 0; j < score.size(); ++j) {
      if (static_cast<std::size_t>(nest(j)) != g) continue;
      within(j) = deterministic_exp(score(j) - largest);
      sum += within(j);
    }
    for (Eigen::Index j = 0; j < score.size(); ++j) {
      if (static_cast<std::size_t>(nest(j)) == g) within(j) /= sum;
    }
    nests[g].inclusive = nests[g].nesting * (largest + deterministic_log(sum));
  }
}

void Scores::compute_nest_shares(bool outside_good) {
  double largest = outside_good ? 0.0 : -infinity;
  for (const Nest& n : nests)
    largest = std::max(largest, n.inclusive);
  if (largest == -infinity) {
    throw Infeasible("second-score auction: nothing is offered to buyers without an outside good");
  }
  outside_share = outside_good ? deterministic_exp(-largest) : 0.0;
  double sum = outside_share;
  double odds = 0.0;  // of buying, where the outside good is the largest
  for (Nest& n : nests) {
    n.share = n.inclusive == -infinity ? 0.0 : deterministic_exp(n.inclusive - largest);
    sum += n.share;
    odds += n.share;
  }
  const bool mostly_outside = outside_good && largest == 0.0;
  logsum = mostly_outside ? deterministic_log1p(odds) : largest + deterministic_log(sum);
  outside_share /= sum;
  for (Nest& n : nests)
    n.share /= sum;
  for (std::size_t g = 0; g < nests.size(); ++g) {
    nests[g].rest = outside_share;
    for (std::size_t other = 0; other < nests.size(); ++other) {
      if (other != g) nests[g].rest += nests[other].share;
    }
  }
}

void Scores::add_bidders(const Eigen::VectorXd& score,
                         const Eigen::Ref<const Eigen::VectorXi>& seller) {
  for (Eigen::Index j = 0; j < score.size(); ++j) {
    if (score(j) == -infinity) continue;
    const auto [place, is_new] = bidders.try_emplace(seller(j));
    Bidder& bidder = place->second;
    if (is_new) bidder.nest = static_cast<std::size_t>(nest(j));
    if (bidder.nest != static_cast<std::size_t>(nest(j))) {
      throw InvalidInput(
          fmt::format("second-score auction: firm {} has offers in nests {} and {}; its markups "
                      "have a closed form only if all its offers share a nest, or λ = 1",
                      seller(j), bidder.nest, nest(j)));
    }
    bidder.within += within(j);
  }
  for (auto& [firm, bidder] : bidders) {
    for (Eigen::Index j = 0; j < score.size(); ++j) {
      if (static_cast<std::size_t>(nest(j)) == bidder.nest && seller(j) != firm)
        bidder.rest += within(j);
    }
  }
}

/// ln(1 − part), where rest = 1 − part is exact when tiny.
double log_rest(double part, double rest) {
  return part < 0.5 ? deterministic_log1p(-part) : deterministic_log(rest);
}

/// Logsum of the offers of all firms but one.
double compute_logsum_without(const Demand& demand,
                              const Eigen::Ref<const Eigen::VectorXd>& marginal_cost,
                              const Eigen::Ref<const Eigen::VectorXi>& seller, int firm) {
  Demand rivals = demand;
  bool offered = demand.outside_good;
  for (Eigen::Index j = 0; j < seller.size(); ++j) {
    if (seller(j) == firm) rivals.utility(j, 0) = -infinity;
    offered = offered || rivals.utility(j, 0) > -infinity;
  }
  if (!offered) {
    throw Infeasible(
        fmt::format("second-score auction: firm {} meets no rival offer and no outside good, so "
                    "that nothing bounds its price",
                    firm));
  }
  return compute_choice(rivals, marginal_cost).logsum(0);
}

/// What a firm's presence is worth to buyers, all of which it earns.
struct Contribution {
  double part = 0.0;  // q, by which the firm raises H = Σ D^λ (+ 1), as a part of H
  double rest = 0.0;  // 1 − q, exact when tiny
  double loss = 0.0;  // −ln(1 − q), the loss of logsum without the firm
  double loss_per_share = 0.0;
};

// Without f, its nest's D falls by the factor 1 − r, so q = s_g (1 − (1−r)^λ).
Contribution compute_contribution(const Nest& nest, const Bidder& bidder) {
  Contribution f;
  const double log_rest_within = log_rest(bidder.within, bidder.rest);
  double removed = bidder.within;  // 1 − (1−r)^λ
  double removed_per_share = 1.0;  // over r
  if (nest.nesting < 1.0) {
    removed = -deterministic_expm1(nest.nesting * log_rest_within);
    removed_per_share = bidder.within > smallest ? removed / bidder.within : nest.nesting;
  }
  const double kept =
      nest.nesting < 1.0 ? deterministic_exp(nest.nesting * log_rest_within) : bidder.rest;
  f.part = nest.share * removed;
  f.rest = nest.rest + nest.share * kept;
  if (f.rest > smallest) {
    f.loss = -log_rest(f.part, f.rest);
    // Both factors keep their limits, 1 and λ, where shares underflow.
    f.loss_per_share = (f.part > smallest ? f.loss / f.part : 1.0) * removed_per_share;
  }
  return f;
}

/// H Π_f (1 − q_f), of which buyers keep the logarithm, is 1 + E/s_0 with the outside share s_0 =
/// 1/H and S = 1 − s_0: E = [Π(1 − q_f) − 1 + Σ q_f] + [S − Σ q_f]. Both brackets are sums of
/// positive terms. This keeps buyers' surplus, of second order in small shares, exact.
class KeptSurplus {
 public:
  void add(const Nest& nest, const Bidder& bidder, const Contribution& f) {
    excess_ = excess_ * f.rest + f.part * sum_of_parts_;
    sum_of_parts_ += f.part;
    loss_ += f.loss;
    // This firm's part of the second bracket: s_g ((1−r)^λ − (1−r)), 0 where λ = 1.
    if (nest.nesting < 1.0 && bidder.rest > 0.0) {
      const double log_rest_within = log_rest(bidder.within, bidder.rest);
      excess_within_ +=
          nest.share * bidder.rest * deterministic_expm1((nest.nesting - 1.0) * log_rest_within);
    }
  }

  /// In units of utility.
  double value(double logsum, double outside_share) const {
    const double excess = excess_ + excess_within_;
    const double ratio = outside_share > smallest ? excess / outside_share : infinity;
    if (std::isfinite(ratio)) return deterministic_log1p(ratio);
    if (excess > smallest) return logsum + deterministic_log(excess + outside_share);
    return logsum - loss_;
  }

 private:
  double excess_ = 0.0;
  double excess_within_ = 0.0;
  double sum_of_parts_ = 0.0;
  double loss_ = 0.0;
};

void check_arguments(const Demand& demand, const Eigen::Ref<const Eigen::VectorXd>& marginal_cost,
                     const Eigen::Ref<const Eigen::VectorXi>& seller) {
  validate_demand(demand);
  require_one_linear_cell(demand, "second-score auction");
  if (marginal_cost.size() == demand.products() && seller.size() == demand.products()) return;
  throw InvalidInput(
      fmt::format("second-score auction: {} marginal costs and {} sellers for {} products",
                  marginal_cost.size(), seller.size(), demand.products()));
}

}  // namespace

SecondScoreAuction compute_second_score_auction(
    const Demand& demand, const Eigen::Ref<const Eigen::VectorXd>& marginal_cost,
    const Eigen::Ref<const Eigen::VectorXi>& seller) {
  check_arguments(demand, marginal_cost, seller);
  const double alpha = demand.price_sensitivity(0);
  const Scores scores(demand, marginal_cost, seller);
  std::map<int, double> markup;
  KeptSurplus kept;
  for (const auto& [firm, bidder] : scores.bidders) {
    const Nest& nest = scores.nests[bidder.nest];
    Contribution f = compute_contribution(nest, bidder);
    if (!(f.rest > smallest)) {
      // The others together are too small beside this firm for shares to tell.
      f.loss = scores.logsum - compute_logsum_without(demand, marginal_cost, seller, firm);
      f.loss_per_share = f.loss / (nest.share * bidder.within);
    }
    markup[firm] = f.loss_per_share / alpha;
    kept.add(nest, bidder, f);
  }
  SecondScoreAuction auction;
  auction.outside_share = scores.outside_share;
  auction.consumer_surplus = kept.value(scores.logsum, scores.outside_share) / alpha;
  auction.share = Eigen::VectorXd::Zero(seller.size());
  auction.markup = Eigen::VectorXd::Zero(seller.size());
  for (Eigen::Index j = 0; j < seller.size(); ++j) {
    if (demand.utility(j, 0) == -infinity) continue;
    auction.share(j) =
        scores.within(j) * scores.nests[static_cast<std::size_t>(scores.nest(j))].share;
    auction.markup(j) = markup.at(seller(j));
  }
  auction.price = marginal_cost + auction.markup;
  return auction;
}

}  // namespace entente::market
