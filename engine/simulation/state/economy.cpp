#include "engine/simulation/state/economy.hpp"

#include <algorithm>

namespace entente::simulation {

double FadingGrowth::rate_at(int quarter) const {
  double current = rate;
  for (int k = 0; k < quarter; ++k)
    current *= fade;
  return current;
}

double FadingGrowth::factor_until(int quarter) const {
  double factor = 1.0;
  double current = rate;
  for (int k = 0; k < quarter; ++k) {
    factor *= 1.0 + current;
    current *= fade;
  }
  return factor;
}

namespace {

template <class Entities>
std::optional<Index> find_by_id(const Entities& entities, const std::string& id) {
  const auto found = std::ranges::find_if(entities, [&](const auto& e) { return e.id == id; });
  if (found == entities.end()) return std::nullopt;
  return found - entities.begin();
}

}  // namespace

std::optional<Index> Economy::find_product(const std::string& id) const {
  return find_by_id(products, id);
}
std::optional<Index> Economy::find_market(const std::string& id) const {
  return find_by_id(markets, id);
}
std::optional<Index> Economy::find_firm(const std::string& id) const {
  return find_by_id(firms, id);
}
std::optional<Index> Economy::find_account(const std::string& id) const {
  return find_by_id(accounts, id);
}

std::optional<Index> Economy::find_resource(const std::string& id) const {
  return find_by_id(resources, id);
}

double input_quantity_per_unit(const Economy& economy, const Input& input) {
  const auto units = [&](Index market) {
    return economy.markets[static_cast<std::size_t>(market)].units_per_quantity;
  };
  const Product& product = economy.products[static_cast<std::size_t>(input.product)];
  return input.per_unit * units(product.market) / units(input.market);
}

}  // namespace entente::simulation
