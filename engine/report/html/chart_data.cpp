#include "engine/report/html/chart_data.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "engine/experiment/summary.hpp"
#include "engine/report/html/waterfall.hpp"

namespace entente::report {

namespace {

using Json = nlohmann::ordered_json;

/// Five digits are more than a chart shows.
Json rounded(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::strtod(fmt::format("{:.5g}", value).c_str(), nullptr);
}

Json fan(const History& history, const char* table, const std::string& entity, const char* series,
         const std::vector<std::string>& quarters) {
  auto low = Json::array();
  auto mean = Json::array();
  auto high = Json::array();
  for (const auto& quarter : quarters) {
    auto values = history.values(table, entity, series, quarter);
    std::erase_if(values, [](double value) { return std::isnan(value); });
    const auto statistics = experiment::compute_statistics(std::move(values));
    low.push_back(rounded(statistics.q10));
    mean.push_back(rounded(statistics.mean));
    high.push_back(rounded(statistics.q90));
  }
  return Json{{"low", low}, {"mean", mean}, {"high", high}};
}

/// One fan a side; null where the series has no value.
Json fans(const Contrast& contrast, const char* table, const std::string& entity,
          const char* series) {
  const auto& quarters = contrast.with.run->table(table)->quarters;
  auto sides = Json::array({fan(contrast.with, table, entity, series, quarters)});
  if (contrast.without) sides.push_back(fan(*contrast.without, table, entity, series, quarters));
  const bool any = std::ranges::any_of(sides, [](const Json& side) {
    return std::ranges::any_of(side["mean"], [](const Json& value) { return !value.is_null(); });
  });
  return any ? sides : Json(nullptr);
}

double size_of(const std::vector<Change>& changes, const char* series, const std::string& entity) {
  const auto found = std::ranges::find_if(changes, [&](const Change& change) {
    return change.series == series && change.entity == entity;
  });
  return found == changes.end() ? 0.0 : found->size;
}

std::vector<std::string> by_size(std::vector<std::string> entities,
                                 const std::vector<Change>& changes, const char* series) {
  std::ranges::stable_sort(entities, [&](const std::string& left, const std::string& right) {
    return size_of(changes, series, left) > size_of(changes, series, right);
  });
  return entities;
}

Json market_json(const Contrast& contrast, const std::vector<Change>& changes,
                 const std::string& entity) {
  // Beside the market the key names what its shares are of.
  const std::string market = entity.substr(0, entity.find('/'));
  constexpr std::array market_series = {"hhi", "price_index", "consumer_surplus_change_usd_bn"};
  Json json{{"id", market}};
  for (const auto* series : market_series)
    json[series] = fans(contrast, "markets", entity, series);
  json["products"] = Json::array();
  const auto* products = contrast.with.run->table("products");
  if (!products) return json;
  for (const auto& product : by_size(products->entities, changes, "share_percent")) {
    if (!product.starts_with(market + "/")) continue;
    json["products"].push_back(
        Json{{"id", product.substr(market.size() + 1)},
             {"share_percent", fans(contrast, "products", product, "share_percent")},
             {"price_usd", fans(contrast, "products", product, "price_usd")}});
  }
  return json;
}

Json step_json(const std::string& name, const experiment::Estimate& estimate, double from,
               double to) {
  return Json{{"name", name},
              {"from", rounded(from)},
              {"to", rounded(to)},
              {"mean", rounded(estimate.mean)},
              {"low", rounded(estimate.low)},
              {"high", rounded(estimate.high)}};
}

/// Bars that float from the total without the deals, a deal each, to the total with all.
Json waterfall_json(const experiment::Attribution& attribution) {
  auto steps = Json::array();
  steps.push_back(
      step_json("without the deals", attribution.without, 0.0, attribution.without.mean));
  double reached = attribution.without.mean;
  for (const auto& deal : attribution.deals) {
    const double next = reached + deal.estimate.mean;
    steps.push_back(step_json(deal.deal, deal.estimate, reached, next));
    reached = next;
  }
  steps.push_back(step_json("with all deals", attribution.with, 0.0, attribution.with.mean));
  return Json{{"title", attribution.entity + ": " + attribution.series},
              {"sentence", sentence(attribution)},
              {"steps", steps}};
}

}  // namespace

std::string chart_data(const Contrast& contrast, const std::vector<Change>& changes) {
  Json json{{"quarters", Json::array()}, {"sides", Json::array({contrast.with.label})}};
  if (contrast.without) json["sides"].push_back(contrast.without->label);
  json["markets"] = Json::array();
  json["firms"] = Json::array();
  if (const auto* markets = contrast.with.run->table("markets")) {
    json["quarters"] = markets->quarters;
    for (const auto& market : by_size(markets->entities, changes, "hhi"))
      json["markets"].push_back(market_json(contrast, changes, market));
  }
  if (const auto* firms = contrast.with.run->table("firms")) {
    for (const auto& firm : by_size(firms->entities, changes, "profit_usd_bn")) {
      json["firms"].push_back(
          Json{{"id", firm}, {"profit_usd_bn", fans(contrast, "firms", firm, "profit_usd_bn")}});
    }
  }
  json["attributions"] = Json::array();
  for (const auto& attribution : most_affected_first(contrast.with.run->attributions))
    json["attributions"].push_back(waterfall_json(attribution));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace entente::report
