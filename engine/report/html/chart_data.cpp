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

/// What the sides have of a table, each once: in the order of the first that has it.
std::vector<std::string> union_of(const std::vector<History>& sides, const char* table,
                                  std::vector<std::string> experiment::SampleTable::*names) {
  std::vector<std::string> all;
  for (const auto& side : sides) {
    const auto* found = side.run->table(table);
    if (!found) continue;
    for (const auto& name : found->*names) {
      if (std::ranges::find(all, name) == all.end()) all.push_back(name);
    }
  }
  return all;
}

class Fans {
 public:
  explicit Fans(const std::vector<History>& sides) : sides_(sides) {
    for (const auto* table : {"markets", "firms", "products"}) {
      for (auto& quarter : union_of(sides, table, &experiment::SampleTable::quarters)) {
        if (std::ranges::find(quarters_, quarter) == quarters_.end()) quarters_.push_back(quarter);
      }
    }
    // 2024Q1 sorts by time; a run may begin before another.
    std::ranges::sort(quarters_);
  }

  const std::vector<std::string>& quarters() const { return quarters_; }

  /// One fan a side; null where the series has no value on any.
  Json of(const char* table, const std::string& entity, const char* series) const {
    auto fans = Json::array();
    bool any = false;
    for (const auto& side : sides_) {
      fans.push_back(fan(side, table, entity, series));
      any = any || std::ranges::any_of(fans.back()["mean"],
                                       [](const Json& value) { return !value.is_null(); });
    }
    return any ? fans : Json(nullptr);
  }

 private:
  Json fan(const History& history, const char* table, const std::string& entity,
           const char* series) const {
    auto low = Json::array();
    auto mean = Json::array();
    auto high = Json::array();
    for (const auto& quarter : quarters_) {
      auto values = history.values(table, entity, series, quarter);
      std::erase_if(values, [](double value) { return std::isnan(value); });
      const auto statistics = experiment::compute_statistics(std::move(values));
      low.push_back(rounded(statistics.q10));
      mean.push_back(rounded(statistics.mean));
      high.push_back(rounded(statistics.q90));
    }
    return Json{{"low", low}, {"mean", mean}, {"high", high}};
  }

  const std::vector<History>& sides_;
  std::vector<std::string> quarters_;
};

using ChangesOfContrasts = std::vector<std::vector<Change>>;

double size_of(const ChangesOfContrasts& changes, const char* series, const std::string& entity) {
  double size = 0.0;
  for (const auto& of_contrast : changes) {
    for (const auto& change : of_contrast) {
      if (change.series == series && change.entity == entity) size = std::max(size, change.size);
    }
  }
  return size;
}

std::vector<std::string> by_size(std::vector<std::string> entities,
                                 const ChangesOfContrasts& changes, const char* series) {
  std::ranges::stable_sort(entities, [&](const std::string& left, const std::string& right) {
    return size_of(changes, series, left) > size_of(changes, series, right);
  });
  return entities;
}

Json market_json(const Fans& fans, const std::vector<std::string>& products,
                 const std::string& entity) {
  // Beside the market the key names what its shares are of.
  const std::string market = entity.substr(0, entity.find('/'));
  constexpr std::array market_series = {"hhi", "price_index", "consumer_surplus_change_usd_bn"};
  Json json{{"id", market}};
  for (const auto* series : market_series)
    json[series] = fans.of("markets", entity, series);
  json["products"] = Json::array();
  for (const auto& product : products) {
    if (!product.starts_with(market + "/")) continue;
    json["products"].push_back(
        Json{{"id", product.substr(market.size() + 1)},
             {"share_percent", fans.of("products", product, "share_percent")},
             {"price_usd", fans.of("products", product, "price_usd")}});
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

/// Bars that float from no change, a deal each, to the change by all of them. Beside the totals the
/// deals would often be too small to see, so bars are of the change alone.
Json waterfall_json(const experiment::Attribution& attribution, const std::string& of_run) {
  auto steps = Json::array({step_json("without the deals", attribution.without, 0.0, 0.0)});
  double reached = 0.0;
  for (const auto& deal : attribution.deals) {
    const double next = reached + deal.estimate.mean;
    steps.push_back(step_json(deal.deal, deal.estimate, reached, next));
    reached = next;
  }
  steps.push_back(step_json("with all deals", attribution.with, 0.0, reached));
  return Json{{"title", attribution.entity + ": " + attribution.series + of_run},
              {"sentence", sentence(attribution)},
              {"steps", steps}};
}

}  // namespace

std::string chart_data(const Overlay& overlay, const ChangesOfContrasts& changes) {
  const auto& sides = overlay.sides;
  const Fans fans(sides);
  const auto entities = [&](const char* table, const char* series) {
    return by_size(union_of(sides, table, &experiment::SampleTable::entities), changes, series);
  };
  Json json{{"quarters", fans.quarters()}, {"sides", Json::array()}};
  for (const auto& side : sides)
    json["sides"].push_back(side.label);
  json["markets"] = Json::array();
  const auto products = entities("products", "share_percent");
  for (const auto& market : entities("markets", "hhi"))
    json["markets"].push_back(market_json(fans, products, market));
  json["firms"] = Json::array();
  for (const auto& firm : entities("firms", "profit_usd_bn")) {
    json["firms"].push_back(
        Json{{"id", firm}, {"profit_usd_bn", fans.of("firms", firm, "profit_usd_bn")}});
  }
  json["attributions"] = Json::array();
  for (const auto& contrast : overlay.contrasts) {
    const auto& run = *contrast.with.run;
    for (const auto& attribution : most_affected_first(run.attributions)) {
      json["attributions"].push_back(waterfall_json(
          attribution, overlay.contrasts.size() > 1 ? " (" + run.label + ")" : std::string{}));
    }
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace entente::report
