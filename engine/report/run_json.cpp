#include "engine/report/run_json.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "engine/experiment/summary.hpp"
#include "engine/output/csv_reader.hpp"
#include "engine/scenario/source_file.hpp"
#include "engine/simulation/record/result_tables.hpp"

namespace entente::report {

namespace {

using Json = nlohmann::ordered_json;

/// The series of a table that are told.
struct ToldTable {
  std::string_view name;
  std::vector<std::string_view> series;
};

const std::vector<ToldTable>& told_tables() {
  static const std::vector<ToldTable> tables = {
      {"markets", {"revenue_usd_bn", "price_index", "hhi", "consumer_surplus_change_usd_bn"}},
      {"products", {"price_usd", "share_percent"}},
      {"firms", {"revenue_usd_bn", "profit_usd_bn"}}};
  return tables;
}

std::string content(const std::filesystem::path& file) {
  constexpr std::uint64_t largest = 2ULL << 30U;
  auto source = scenario::read_source(file.string(), largest);
  if (!source.problem.empty()) throw std::runtime_error(file.string() + ": " + source.problem);
  return std::move(source.text);
}

std::vector<std::string> split(const std::string& entity) {
  std::vector<std::string> keys;
  std::size_t start = 0;
  for (std::size_t slash = 0; slash != std::string::npos; start = slash + 1) {
    slash = entity.find('/', start);
    keys.push_back(entity.substr(start, slash == std::string::npos ? slash : slash - start));
  }
  return keys;
}

/// An entity by the names of its table's keys, without statistics yet.
Json entity_json(const std::string& table, const std::string& entity) {
  const auto tables = simulation::engine_tables();
  const auto& declared = *std::ranges::find(tables, table, &output::ResultTable::name);
  const auto keys = split(entity);
  Json json = Json::object();
  for (std::size_t k = 0; k < std::min(keys.size(), declared.keys.size()); ++k)
    json[declared.keys[k].name] = keys[k];
  json["series"] = Json::object();
  return json;
}

/// As it is written: a count stays a whole number.
Json number_json(const std::string& cell) {
  return cell.empty() ? Json(nullptr) : Json::parse(cell);
}

/// Rows of summary.csv, one after the other, as the statistics of entities by quarter.
class Statistics {
 public:
  void take(const std::vector<std::string>& row) {
    enum Column : std::uint8_t { table, quarter, entity, series, first_number };
    if (row.size() != columns_.keys.size() + columns_.series.size()) return;
    const auto told = std::ranges::find(told_tables(), row[table], &ToldTable::name);
    if (told == told_tables().end()) return;
    if (std::ranges::find(told->series, row[series]) == told->series.end()) return;
    if (quarters_.empty() || quarters_.back() != row[quarter]) {
      if (std::ranges::find(quarters_, row[quarter]) == quarters_.end())
        quarters_.push_back(row[quarter]);
    }
    auto& entities = entities_[row[table]];
    if (!entities.contains(row[entity]))
      entities[row[entity]] = entity_json(row[table], row[entity]);
    auto& statistics = entities[row[entity]]["series"][row[series]];
    for (std::size_t s = 0; s < columns_.series.size(); ++s) {
      statistics[columns_.series[s].name].push_back(number_json(row[first_number + s]));
    }
  }

  void add_to(Json& run) const {
    run["quarters"] = quarters_;
    for (const auto& told : told_tables()) {
      auto list = Json::array();
      const auto entities = entities_.find(std::string(told.name));
      if (entities != entities_.end()) {
        for (const auto& entity : *entities)
          list.push_back(entity);
      }
      run[std::string(told.name)] = std::move(list);
    }
  }

 private:
  output::ResultTable columns_ = experiment::summary_columns();
  std::vector<std::string> quarters_;
  Json entities_ = Json::object();  // by table and name
};

Json folder_json(const std::filesystem::path& folder) {
  const auto manifest = Json::parse(content(folder / "manifest.json"));
  const auto& scenario = manifest.at("scenario");
  Json run{{"folder", folder.string()},
           {"scenario", scenario.at("file")},
           {"title", scenario.at("title")},
           {"hash", scenario.at("hash")}};
  for (const auto* const key : {"version", "seed", "representation", "parameters",
                                "parameter_redraws", "replications", "failed", "deals"})
    run[key] = manifest.at(key);
  run["seconds"] = manifest.at("time").at("seconds");
  run["threads"] = manifest.at("time").at("threads");
  run["units_reused"] = manifest.at("units_reused");
  Statistics statistics;
  std::ifstream summary(folder / "summary.csv", std::ios::binary);
  output::read_csv_records(summary,
                           [&](output::CsvRecord&& record) { statistics.take(record.fields); });
  statistics.add_to(run);
  return run;
}

}  // namespace

std::string run_json(const std::vector<std::string>& folders) {
  auto runs = Json::array();
  for (const auto& folder : folders)
    runs.push_back(folder_json(folder));
  // Paths may hold any byte.
  return Json{{"runs", runs}}.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace entente::report
