#include "models/appliances/season.hpp"

#include <cmath>
#include <fmt/format.h>

namespace entente::models::appliances_market {

using scenario::Field;
using scenario::Type;
using simulation::Index;

namespace {

constexpr double rounding = 1e-6;

std::array<double, 4> read_quarters(const scenario::Entry& entry, const std::string& key) {
  std::array<double, 4> values{};
  for (std::size_t q = 0; q < 4; ++q)
    values[q] = entry.number(key + "_q" + std::to_string(q + 1));
  return values;
}

std::vector<Field> four_fields(const std::string& key, const std::string& meaning,
                               const std::string& usual, double minimum, double maximum) {
  std::vector<Field> fields;
  for (int q = 1; q <= 4; ++q) {
    fields.push_back({.key = key + "_q" + std::to_string(q),
                      .type = Type::figure,
                      .meaning = fmt::format(fmt::runtime(meaning), q),
                      .default_value = usual,
                      .minimum = minimum,
                      .maximum = maximum,
                      .sum = key});
  }
  return fields;
}

double sum(const std::array<double, 4>& values) {
  return values[0] + values[1] + values[2] + values[3];
}

}  // namespace

std::vector<Field> Season::market_fields() {
  return four_fields("activity",
                     "Factor on the turnover in calendar quarter {}; the four have mean 1.", "1",
                     0.01, 4);
}

std::vector<Field> Season::product_fields() {
  return four_fields("season",
                     "Utility shift σ of the product in calendar quarter {}; the four sum to 0.",
                     "0", -3, 3);
}

Season::Season(const scenario::Scenario& scenario, const simulation::Economy& economy,
               const std::string& model, scenario::Faults& faults) {
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const simulation::Market& market = economy.markets[m];
    if (market.model != model || market.demand != simulation::DemandKind::durable) continue;
    const scenario::Entry& entry = *scenario.find("market", market.id);
    const auto activity = read_quarters(entry, "activity");
    if (std::abs(sum(activity) - 4.0) > rounding) {
      faults.push_back(entry.fault("activity_q1", "seasonal activity must have mean 1",
                                   "four factors that sum to 4", fmt::format("{}", sum(activity))));
    }
    markets_.push_back({static_cast<Index>(m), activity});
    for (Index p = market.first; p < market.last; ++p) {
      const auto& product = economy.products[static_cast<std::size_t>(p)];
      const scenario::Entry& own = *scenario.find("product", product.id);
      const auto utility = read_quarters(own, "season");
      if (std::abs(sum(utility)) > rounding) {
        faults.push_back(own.fault("season_q1", "seasonal shifts must sum to 0",
                                   "four numbers that sum to 0", fmt::format("{}", sum(utility))));
      }
      products_.push_back({p, utility});
    }
  }
}

void Season::set_season(const simulation::World& world, simulation::Quarter& quarter) const {
  const auto q = static_cast<std::size_t>((world.economy->start + world.quarter).quarter_of_year());
  for (const MarketSeason& season : markets_) {
    quarter.activity[static_cast<std::size_t>(season.market)].hazard *= season.activity[q];
  }
  for (const ProductSeason& season : products_) {
    quarter.demand_shift[season.product] += season.utility[q];
  }
}

}  // namespace entente::models::appliances_market
