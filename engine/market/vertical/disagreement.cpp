#include "engine/market/vertical/disagreement.hpp"

#include <cmath>

#include "engine/market/elementary.hpp"

namespace entente::market {

namespace {

// Below it the shares that remain in a nest are taken from logarithms.
constexpr double smallest_safe_rest = 1e-280;
// A link that leaves less than this to all others has no disagreement to speak of.
constexpr double smallest_remaining_share = 1e-280;

// (1 − e^y)/part for y = λ ln(1 − part) ≤ 0. Kahan: the rounding of e^y cancels in the ratio.
double compute_relative_loss(double y, double part, double nesting) {
  if (part == 0.0 || y == 0.0) return nesting;
  const double power = deterministic_exp(y);
  const double loss = 1.0 - power;
  if (loss == 0.0) return -y / part;
  if (loss > 0.5) return loss / part;
  return loss * (y / deterministic_log(power)) / part;
}

}  // namespace

void Disagreement::assign(const LinkShares& shares) {
  const Eigen::Index n = shares.links();
  change.resize(n, n);
  general_gain_.resize(n, shares.cells());
  nest_gain_.resize(n, shares.cells());
  rest_within_.resize(n, shares.cells());
  kept_.resize(n);
  gain_.resize(n);
  nest_gain_sum_.resize(shares.nests());
}

void Disagreement::compute_gains(const LinkShares& shares, Eigen::Index i, Eigen::Index c) {
  const int g = shares.nest(i);
  const double part = shares.within(i, c);
  const double nesting = shares.nesting(g);
  double rest = 1.0 - part;
  if (part > 0.5) {
    rest = 0.0;
    for (Eigen::Index k = 0; k < shares.links(); ++k)
      rest += k != i && shares.nest(k) == g ? shares.within(k, c) : 0.0;
  }
  rest_within_(i, c) = rest;
  if (nesting == 1.0) {
    const double remaining = shares.nest_rest(g, c) + shares.nest_share(g, c) * rest;
    determined_ = determined_ && remaining > smallest_remaining_share;
    general_gain_(i, c) = 1.0 / remaining;
    nest_gain_(i, c) = 0.0;
    return;
  }
  double log_rest = 0.0;
  if (part <= 0.5) {
    log_rest = deterministic_log1p(-part);
  } else if (rest > smallest_safe_rest) {
    log_rest = deterministic_log(rest);
  } else {
    log_rest = shares.log_remaining(i, c);
  }
  const double relative_loss = compute_relative_loss(nesting * log_rest, part, nesting);
  const double remaining =
      shares.nest_rest(g, c) + shares.nest_share(g, c) * deterministic_exp(nesting * log_rest);
  determined_ = determined_ && remaining > smallest_remaining_share;
  general_gain_(i, c) = relative_loss / remaining;
  // (q^λ − q)/(part r), since 1 − q is the part.
  nest_gain_(i, c) = (1.0 - relative_loss) / remaining;
}

void Disagreement::compute_kept(const LinkShares& shares, Eigen::Index i, Eigen::Index c) {
  const double rest = rest_within_(i, c);
  const bool safe = rest > smallest_safe_rest;
  const double log_rest = safe ? 0.0 : shares.log_remaining(i, c);
  for (Eigen::Index k = 0; k < shares.links(); ++k) {
    double kept = 0.0;
    if (k != i && shares.nest(k) == shares.nest(i)) {
      kept =
          safe ? shares.within(k, c) / rest : deterministic_exp(shares.log_within(k, c) - log_rest);
    }
    kept_(k) = kept;
    gain_(k) = general_gain_(i, c) * shares.share(k, c) + nest_gain_(i, c) * kept;
  }
  gain_(i) = 0.0;
}

bool Disagreement::evaluate(const LinkShares& shares) {
  const Eigen::Index n = shares.links();
  determined_ = true;
  change.setIdentity(n, n);
  for (Eigen::Index c = 0; c < shares.cells(); ++c) {
    for (Eigen::Index i = 0; i < n; ++i) {
      const double buyers = shares.buyers(i, c);
      if (buyers == 0.0) continue;
      compute_gains(shares, i, c);
      if (!determined_) return false;
      if (!shares.nested) {
        const double gain = buyers * general_gain_(i, c);
        for (Eigen::Index k = 0; k < n; ++k)
          change(i, k) -= k == i ? 0.0 : gain * shares.share(k, c);
        continue;
      }
      compute_kept(shares, i, c);
      for (Eigen::Index k = 0; k < n; ++k)
        change(i, k) -= buyers * gain_(k);
    }
  }
  return true;
}

// With S = Σ V s, E = Σ V gain over the others (and S_g, E_g over the others of a nest) and P = S +
// s_i E their value without i: ds_j/dV_k = s_j (1{jk}/λ − s_k − 1{same nest}(1−λ)/λ s_{k|g}) with
// and without i, and the difference of the two sums divided by s_i, term by term so that s_i
// cancels.
void Disagreement::add_slope(const LinkShares& shares, const Eigen::MatrixXd& row_values,
                             Eigen::Index i, Eigen::Index c, Eigen::MatrixXd& slope) {
  const Eigen::Index n = shares.links();
  const int own = shares.nest(i);
  double value = 0.0;         // S
  double value_within = 0.0;  // Σ V within over the others of the nest of i
  double gain = 0.0;          // E
  nest_gain_sum_.setZero();
  compute_kept(shares, i, c);
  for (Eigen::Index k = 0; k < n; ++k) {
    if (k == i) continue;
    const double worth = row_values(k, i);
    value += worth * shares.share(k, c);
    gain += worth * gain_(k);
    nest_gain_sum_(shares.nest(k)) += worth * gain_(k);
    if (shares.nest(k) == own) value_within += worth * shares.within(k, c);
  }
  const double value_without = value + shares.share(i, c) * gain;  // P
  const double factor = shares.buyers(i, c) * shares.sensitivity(c);
  for (Eigen::Index k = 0; k < n; ++k) {
    const double nesting = shares.nesting(shares.nest(k));
    const double curvature = (1.0 - nesting) / nesting;
    double total = 0.0;
    if (k == i) {
      total = value + curvature * value_within;
    } else {
      const bool same = shares.nest(k) == own;
      total = row_values(k, i) * gain_(k) / nesting - gain_(k) * value_without -
              shares.share(k, c) * gain;
      if (curvature != 0.0) {
        const double kept = same ? kept_(k) : shares.within(k, c);
        total -= curvature *
                 (kept * nest_gain_sum_(shares.nest(k)) + (same ? kept * value_within : 0.0));
      }
    }
    slope(k, i) += factor * total;
  }
}

void Disagreement::differentiate(const LinkShares& shares, const Eigen::MatrixXd& row_values,
                                 const Eigen::VectorXi& rows,
                                 const Eigen::MatrixXd& log_share_slope, Eigen::MatrixXd& slope) {
  const Eigen::Index n = shares.links();
  slope.setZero(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    if (rows(i) == 0) continue;
    double gain = row_values(i, i);  // Σ_c ω E
    for (Eigen::Index k = 0; k < n; ++k)
      gain -= row_values(k, i) * change(i, k);
    slope.col(i) = -gain * log_share_slope.col(i);
    for (Eigen::Index c = 0; c < shares.cells(); ++c) {
      if (shares.buyers(i, c) != 0.0) add_slope(shares, row_values, i, c, slope);
    }
  }
}

}  // namespace entente::market
