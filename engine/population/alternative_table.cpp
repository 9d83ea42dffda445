#include "engine/population/alternative_table.hpp"

#include <cmath>
#include <limits>

#include "engine/market/elementary.hpp"

namespace entente::population {

namespace {

constexpr double log2_e = 1.4426950408889634;
constexpr double largest_exponent = 110.0;  // a thousand weights of 2^110 still have a sum

}  // namespace

AlternativeTable::AlternativeTable(const Offer& offer, const Individuals& individuals) {
  const Eigen::Index products = offer.common.size();
  const std::size_t tastes = individuals.tastes;
  const double scale = log2_e / offer.nesting;
  const double largest_multiplier =
      tastes == 0 ? 1.0
                  : market::deterministic_exp(offer.price_spread * individuals.largest[0]) /
                        offer.normaliser;
  place_of_.assign(static_cast<std::size_t>(products) + 1, -1);
  double reach = 0.0;
  for (Eigen::Index j = 0; j < products; ++j) {
    if (offer.common[j] == -std::numeric_limits<double>::infinity()) continue;
    place_of_[static_cast<std::size_t>(j)] = static_cast<std::int32_t>(product_at_.size());
    product_at_.push_back(static_cast<std::int32_t>(j));
    if (!offer.shock_stream.empty())
      shock_stream_.push_back(offer.shock_stream[static_cast<std::size_t>(j)]);
    double span = std::abs(offer.price[j]) * largest_multiplier;
    if (tastes == 0) {
      row_.push_back(static_cast<float>((offer.common[j] + offer.price[j]) * scale));
    } else {
      row_.push_back(static_cast<float>(offer.common[j] * scale));
      row_.push_back(static_cast<float>(offer.price[j] * scale));
    }
    for (std::size_t k = 1; k < tastes; ++k) {
      const auto taste = static_cast<Eigen::Index>(k);
      const double slope = offer.characteristic(j, taste - 1);
      row_.push_back(static_cast<float>(slope * scale));
      span += std::abs(slope) * individuals.largest[taste];
    }
    reach = std::max(reach, (std::abs(offer.common[j]) + span) * scale);
  }
  const std::size_t offered = product_at_.size();
  for (std::int32_t& place : place_of_) {
    if (place < 0) place = static_cast<std::int32_t>(offered);
  }
  product_at_.push_back(static_cast<std::int32_t>(products));
  if (!offer.shock_stream.empty()) shock_stream_.push_back(offer.shock_stream.back());
  for (Eigen::Index stratum = 0; stratum < individuals.node.rows(); ++stratum) {
    for (std::size_t k = 0; k < tastes; ++k) {
      centre_.push_back(individuals.taste.empty() ? static_cast<float>(individuals.node(
                                                        stratum, static_cast<Eigen::Index>(k)))
                                                  : 0.0F);
    }
  }
  const std::size_t stride = 1 + tastes;
  for (std::size_t c = 0; c < column_.size(); ++c) {
    column_[c].assign(AlternativeColumns::width(offered), 0.0F);
    for (std::size_t row = 0; row < offered && c < stride; ++row)
      column_[c][row] = row_[row * stride + c];
  }
  common_.count = offered;
  common_.tastes = tastes;
  common_.stored = !individuals.taste.empty();
  common_.sensitivity_spread = static_cast<float>(offer.price_spread * log2_e);
  common_.sensitivity_shift =
      static_cast<float>(-log2_e * market::deterministic_log(offer.normaliser));
  common_.nesting = static_cast<float>(offer.nesting);
  common_.outside_good = offer.outside_good;
  common_.bounded = reach + offer.inertia * scale < largest_exponent;
  if (common_.bounded)
    common_.kept = static_cast<float>(market::deterministic_expm1(offer.inertia / offer.nesting));
  common_.bonus = static_cast<float>(offer.inertia * scale);
  common_.all_on_offer = offered == static_cast<std::size_t>(products);
}

Alternatives AlternativeTable::of_stratum(Eigen::Index stratum) const {
  Alternatives alternatives = common_;
  alternatives.row = row_.data();
  alternatives.centre = centre_.data() + static_cast<std::size_t>(stratum) * common_.tastes;
  alternatives.place_of = place_of_.data();
  alternatives.product_at = product_at_.data();
  if (!shock_stream_.empty()) alternatives.shock_stream = shock_stream_.data();
  return alternatives;
}

AlternativeColumns AlternativeTable::columns() const {
  return {column_[0].data(), column_[1].data(), column_[2].data()};
}

bool AlternativeTable::may_use_bounds() const {
  constexpr std::size_t fewest_products = 12;
  constexpr std::size_t most_tastes = 2;
  return common_.nesting == 1.0F && common_.bounded && common_.tastes <= most_tastes &&
         common_.count >= fewest_products;
}

}  // namespace entente::population
