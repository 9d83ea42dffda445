#include "engine/experiment/backtest/observed_series.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>
#include <tuple>

#include "engine/output/csv_reader.hpp"

namespace entente::experiment {

namespace {

namespace fs = std::filesystem;
using simulation::Economy;
using simulation::Index;
using simulation::Measure;

constexpr std::array<const char*, 7> column_names = {"period", "market", "series", "entity",
                                                     "value",  "unit",   "source"};
constexpr std::size_t column_count = column_names.size();
enum Column : std::size_t { period, market_id, series_name, entity_id, value_text, unit_text };

using Row = std::array<std::string, column_count>;

/// A key of an observation: market, series, entity.
using Key = std::tuple<std::string, std::string, std::string>;

std::string listed(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

class ObservedReader {
 public:
  ObservedReader(const Economy& economy, scenario::QuarterDate fitted_through)
      : economy_(economy), fitted_through_(fitted_through) {}

  void read_folder(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::recursive_directory_iterator each(folder, error), end; !error && each != end;
         each.increment(error)) {
      if (each->path().extension() == ".csv" && each->is_regular_file(error)) {
        files.push_back(each->path());
      }
    }
    if (error) {
      fault({folder.string(), 0, 0}, "cannot be read: " + error.message());
    } else if (files.empty()) {
      fault({folder.string(), 0, 0}, "holds no observations",
            "a CSV with the columns " + header_text());
    }
    std::ranges::sort(files);
    for (const fs::path& file : files)
      read_file(file);
  }

  ObservedResult result() {
    ObservedResult result;
    result.faults = std::move(faults_);
    if (!result.faults.empty()) return result;
    for (auto& [key, series] : series_)
      result.series.push_back(std::move(series));
    // The key has the firm meant, the row the name it was given.
    std::ranges::sort(result.series, {}, [](const ObservedSeries& each) {
      return std::tuple(each.market, simulation::name_of(each.measure), each.entity);
    });
    return result;
  }

 private:
  static std::string header_text() { return fmt::format("{}", fmt::join(column_names, ",")); }

  void read_file(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (!stream) return fault({file.string(), 0, 0}, "cannot be read");
    const output::CsvText csv = output::read_csv(text);
    if (!csv.flaw.empty()) fault({file.string(), csv.flaw_line, 1}, csv.flaw);
    if (csv.records.empty()) {
      if (csv.flaw.empty()) fault({file.string(), 1, 1}, "has no header", header_text());
      return;
    }
    std::array<std::size_t, column_count> place{};
    if (!find_columns(file, csv.records.front(), place)) return;
    for (std::size_t r = 1; r < csv.records.size(); ++r) {
      const output::CsvRecord& record = csv.records[r];
      const scenario::Location location{file.string(), record.line, 1};
      if (record.fields.size() != column_count) {
        fault(location, "the row does not fit the header", fmt::format("{} fields", column_count),
              fmt::format("{}", record.fields.size()));
        continue;
      }
      Row row;
      for (std::size_t c = 0; c < column_count; ++c)
        row[c] = record.fields[place[c]];
      read_row(row, location);
    }
  }

  bool find_columns(const fs::path& file, const output::CsvRecord& header,
                    std::array<std::size_t, column_count>& place) {
    bool complete = header.fields.size() == column_count;
    for (std::size_t c = 0; c < column_count; ++c) {
      const auto found = std::ranges::find(header.fields, column_names[c]);
      complete = complete && found != header.fields.end();
      place[c] = static_cast<std::size_t>(found - header.fields.begin());
    }
    if (!complete) {
      fault({file.string(), header.line, 1}, "not the columns of observations",
            "the columns " + header_text() + " in any order",
            fmt::format("{}", fmt::join(header.fields, ",")));
    }
    return complete;
  }

  void read_row(const Row& row, const scenario::Location& location) {
    const std::size_t faults_before = faults_.size();
    const auto quarter = read_quarter(row[period], location);
    const double value = read_value(row[value_text], location);
    const auto market = economy_.find_market(row[market_id]);
    const auto measure = simulation::find_measure(row[series_name]);
    if (!market) {
      std::vector<std::string> ids;
      ids.reserve(economy_.markets.size());
      for (const auto& each : economy_.markets)
        ids.push_back(each.id);
      unknown(location, "market", row[market_id], ids);
    }
    if (!measure) unknown(location, "series", row[series_name], simulation::measure_names());
    if (!market || !measure) return;
    const simulation::Market& known = economy_.markets[static_cast<std::size_t>(*market)];
    const std::string firm = read_entity(row[entity_id], *market, *measure, location);
    if (!simulation::has_measure(known.share_of, known.free, *measure)) {
      fault(location, fmt::format("market '{}' has no series '{}'", known.id, row[series_name]),
            "a series that fits its share_of, which is " + known.share_of);
      return;
    }
    const double model_units = model_units_in(row[unit_text], *measure, known);
    if (model_units <= 0.0) {
      fault(location, fmt::format("the unit does not fit '{}'", row[series_name]),
            expected_unit(*measure, known), row[unit_text]);
    }
    constexpr double whole = 100.0;
    if (simulation::is_share(*measure) && value > whole) {
      fault(location, "a share above the whole", "at most 100", row[value_text]);
    }
    if (faults_.size() > faults_before) return;
    add({row[market_id], row[series_name], firm}, row, *quarter, value, model_units, location);
  }

  void add(const Key& key, const Row& row, scenario::QuarterDate quarter, double value,
           double model_units, const scenario::Location& location) {
    const auto [place, fresh] = series_.try_emplace(key);
    ObservedSeries& series = place->second;
    if (fresh) {
      series.market = row[market_id];
      series.measure = *simulation::find_measure(row[series_name]);
      series.entity = row[entity_id];
      series.firm = std::get<2>(key);
      series.unit = row[unit_text];
      series.model_units = model_units;
    }
    const double converted =
        series.model_units == model_units ? value : value * model_units / series.model_units;
    if (!series.values.emplace(quarter, converted).second) {
      fault(location, "the same quarter of the same series is given twice", {},
            fmt::format("{},{},{},{}", row[period], row[market_id], row[series_name],
                        row[entity_id]));
    }
  }

  std::optional<scenario::QuarterDate> read_quarter(const std::string& text,
                                                    const scenario::Location& location) {
    const auto quarter = scenario::parse_quarter(text);
    if (!quarter) {
      fault(location, "not a quarter", "a quarter such as 2024Q2", text);
    } else if (*quarter <= fitted_through_) {
      fault(location, "the scenario was fitted to this quarter, so no forecast of it is a test",
            "a quarter after " + to_text(fitted_through_), text);
    }
    return quarter;
  }

  double read_value(const std::string& text, const scenario::Location& location) {
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool right = error == std::errc{} && end == text.data() + text.size();
    if (!right || !std::isfinite(value) || value < 0.0) {
      fault(location, "not a number of 0 or more", "a number such as 51 or 3.758", text);
    }
    return value;
  }

  /// The firm that a row means; empty for the market. `others` are the market's fringe seller.
  std::string read_entity(const std::string& entity, Index market, Measure measure,
                          const scenario::Location& location) {
    if (entity.empty()) {
      if (simulation::is_share(measure)) {
        fault(location, "a share needs an entity", "the id of a firm");
      }
      return {};
    }
    std::set<std::string> sellers;
    std::string fringe;
    for (const auto& product : economy_.products) {
      if (product.market != market) continue;
      sellers.insert(economy_.firms[static_cast<std::size_t>(product.firm)].id);
      if (product.fringe > 1.0) fringe = economy_.firms[static_cast<std::size_t>(product.firm)].id;
    }
    if (sellers.contains(entity)) return entity;
    if (entity == "others" && !fringe.empty()) return fringe;
    unknown(location, "entity", entity, {sellers.begin(), sellers.end()});
    return {};
  }

  static std::string expected_unit(Measure measure, const simulation::Market& market) {
    if (simulation::is_share(measure)) return "percent";
    if (measure == Measure::revenue) return "USD bn";
    return market.unit + ", or a thousand, million or billion " + simulation::name_of(measure);
  }

  void unknown(const scenario::Location& location, const std::string& what, const std::string& seen,
               const std::vector<std::string>& known) {
    const std::string nearest = scenario::nearest_name(seen, known);
    faults_.push_back({.location = location,
                       .message = "names no " + what + " of the model",
                       .key_path = what,
                       .expected = {},
                       .seen = seen.empty() ? "nothing" : seen,
                       .hint = (nearest.empty() ? "" : "did you mean '" + nearest + "'? ") +
                               "known: " + listed(known)});
  }

  void fault(const scenario::Location& location, std::string message, std::string expected = {},
             std::string seen = {}) {
    faults_.push_back({.location = location,
                       .message = std::move(message),
                       .key_path = {},
                       .expected = std::move(expected),
                       .seen = std::move(seen),
                       .hint = {}});
  }

  const Economy& economy_;
  scenario::QuarterDate fitted_through_;
  std::map<Key, ObservedSeries> series_;
  scenario::Faults faults_;
};

}  // namespace

ObservedResult read_observed(const fs::path& folder, const Economy& economy,
                             scenario::QuarterDate fitted_through) {
  ObservedReader reader(economy, fitted_through);
  reader.read_folder(folder);
  return reader.result();
}

}  // namespace entente::experiment
