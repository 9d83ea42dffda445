#include "engine/simulation/build/tastes.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "engine/simulation/build/taste_types.hpp"

namespace entente::simulation {

using scenario::Entry;
using scenario::Faults;
using scenario::Scenario;
using scenario::Type;

namespace {

/// Utilities of a market's products in all its cells: 0.4 GB in each array of them.
constexpr double most_utilities = 5e7;

bool has_consumers(const Market& market) {
  return market.demand != DemandKind::allocation;
}

std::vector<const Entry*> tastes_of(const Scenario& scenario, const Market& market) {
  std::vector<const Entry*> tastes;
  for (const Entry& entry : scenario.all("taste")) {
    if (entry.text("market") == market.id) tastes.push_back(&entry);
  }
  return tastes;
}

/// J×K: each product's value of each characteristic; 0 where none is given.
Eigen::MatrixXd read_characteristics(const Scenario& scenario, const Economy& economy,
                                     const Market& market, const std::vector<const Entry*>& tastes,
                                     Faults& faults) {
  Eigen::MatrixXd values =
      Eigen::MatrixXd::Zero(market.products(), static_cast<Index>(tastes.size()));
  for (Index j = 0; j < market.products(); ++j) {
    const std::string& id = economy.products[static_cast<std::size_t>(market.first + j)].id;
    std::set<std::string> seen;
    for (const scenario::Record& record :
         scenario.find("product", id)->records("characteristics")) {
      const std::string& name = record.text("taste");
      const auto taste =
          std::ranges::find_if(tastes, [&](const Entry* each) { return each->id == name; });
      if (taste == tastes.end()) {
        faults.push_back(record.fault("taste", "the taste is of another market",
                                      "a taste of market '" + market.id + "'", name));
      } else if (!seen.insert(name).second) {
        faults.push_back(record.fault("taste", "the characteristic is given twice", {}, name));
      } else {
        values(j, taste - tastes.begin()) = record.number("value");
      }
    }
  }
  return values;
}

void set_types(const Entry& entry, const std::vector<const Entry*>& tastes, Market& market,
               Faults& faults) {
  const auto price_nodes = static_cast<int>(entry.integer("taste_types"));
  std::vector<int> nodes;
  double types = price_nodes;
  for (const Entry* taste : tastes) {
    nodes.push_back(static_cast<int>(taste->integer("types")));
    types *= nodes.back();
  }
  const auto products = static_cast<double>(market.products());
  const double utilities = types * (products + 1.0) * products;
  if (utilities > most_utilities) {
    faults.push_back(entry.fault(
        "taste_types", fmt::format("{:.3g} types of consumers by product held are too many", types),
        fmt::format("at most {:.3g} types with {} products: fewer taste_types here, or types of a "
                    "taste",
                    most_utilities / ((products + 1.0) * products), market.products())));
    return;
  }
  market.price_spread = entry.number("taste_spread");
  TasteTypes made = make_taste_types(price_nodes, market.price_spread, nodes);
  market.taste_normaliser = made.normaliser;
  market.type_weight = std::move(made.weight);
  market.type_node = std::move(made.node);
  market.type_below = std::move(made.below);
  market.type_above = std::move(made.above);
  market.type_sensitivity = std::move(made.multiplier);
}

}  // namespace

scenario::Table taste_table() {
  return {
      .name = "taste",
      .meaning =
          "A characteristic of a market's products that consumers weigh differently; what "
          "they think of it on average is in the products' utilities.",
      .fields = {{.key = "market",
                  .type = Type::reference,
                  .meaning = "Market of consumers, durable or subscription.",
                  .required = true,
                  .refers_to = {"market"}},
                 {.key = "spread",
                  .type = Type::figure,
                  .unit = "utility per unit",
                  .meaning = "Standard deviation over consumers of the weight of one unit of it, "
                             "normal with mean 0.",
                  .required = true,
                  .minimum = 0,
                  .source = "Berry, Levinsohn & Pakes 1995"},
                 {.key = "types",
                  .type = Type::integer,
                  .meaning = "Gauss-Hermite nodes that stand for it; types of consumers are all "
                             "combinations with those of price and of the other tastes.",
                  .default_value = "3",
                  .minimum = 1,
                  .maximum = 9}}};
}

std::vector<scenario::Field> taste_product_fields() {
  return {{.key = "characteristics",
           .type = Type::records,
           .meaning = "What the product has of each [[taste]] of its market; 0 of others.",
           .fields = {{.key = "taste",
                       .type = Type::reference,
                       .meaning = "Taste that weighs it.",
                       .required = true,
                       .refers_to = {"taste"}},
                      {.key = "value",
                       .type = Type::figure,
                       .meaning = "Units of the characteristic.",
                       .required = true}}}};
}

void build_tastes(const Scenario& scenario, Economy& economy, Faults& faults) {
  for (Market& market : economy.markets) {
    const std::vector<const Entry*> tastes = tastes_of(scenario, market);
    if (!has_consumers(market)) {
      for (const Entry* taste : tastes) {
        faults.push_back(taste->fault("market", "accounts have no tastes",
                                      "a durable or subscription market", market.id));
      }
      continue;
    }
    market.taste_spread.resize(static_cast<Index>(tastes.size()));
    for (std::size_t k = 0; k < tastes.size(); ++k)
      market.taste_spread[static_cast<Index>(k)] = tastes[k]->number("spread");
    market.characteristics = read_characteristics(scenario, economy, market, tastes, faults);
    set_types(*scenario.find("market", market.id), tastes, market, faults);
  }
}

Eigen::ArrayXXd utility_of_tastes(const Market& market) {
  Eigen::ArrayXXd utility = Eigen::ArrayXXd::Zero(market.products(), market.cells.count());
  if (market.taste_spread.size() == 0) return utility;
  for (Index cell = 0; cell < utility.cols(); ++cell) {
    const auto node = market.type_node.row(market.cells.type_of(cell));
    for (Index k = 0; k < market.taste_spread.size(); ++k) {
      utility.col(cell) +=
          node[k + 1] * market.taste_spread[k] * market.characteristics.col(k).array();
    }
  }
  return utility;
}

}  // namespace entente::simulation
