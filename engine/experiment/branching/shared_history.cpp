#include "engine/experiment/branching/shared_history.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace entente::experiment {

namespace {

using scenario::Entry;
using scenario::Faults;
using scenario::Record;
using scenario::Scenario;

constexpr std::array<std::string_view, 2> dated_tables = {"partnership", "event"};
/// What a back-test reads and a run does not.
constexpr std::array<std::string_view, 2> backtest_tables = {"branch", "history"};
/// Of [run]: how long and how often, and what a back-test reads.
constexpr std::array<std::string_view, 4> free_run_keys = {"fitted_through", "quarters",
                                                           "replications", "seen_through"};

class HistoryComparison {
 public:
  HistoryComparison(scenario::QuarterDate quarter, std::string saved_name)
      : quarter_(quarter), saved_name_(std::move(saved_name)) {}

  void compare_singles(const Scenario& scenario, const Scenario& saved) {
    // Both have every single table there is.
    for (const auto& [name, record] : scenario.singles)
      compare_keys(record, saved.single(name));
  }

  void compare_entries(const Scenario& scenario, const Scenario& saved, const std::string& table) {
    for (const Entry& entry : scenario.all(table)) {
      if (is_to_come(entry, table)) continue;
      const Entry* other = saved.find(table, entry.id);
      if (other != nullptr && !is_to_come(*other, table)) {
        compare_keys(entry, *other);
      } else {
        faults.push_back(entry.fault("id", "is not in the saved history" + of_saved(), {}, {},
                                     is_dated(table) ? start_hint() : std::string()));
      }
    }
    for (const Entry& entry : saved.all(table)) {
      if (is_to_come(entry, table)) continue;
      const Entry* own = scenario.find(table, entry.id);
      if (own != nullptr && !is_to_come(*own, table)) continue;
      faults.push_back({.location = {.file = scenario.file},
                        .message = "lacks " + table + " '" + entry.id +
                                   "', which is in the saved history" + of_saved(),
                        .key_path = entry.path()});
    }
  }

  Faults faults;

 private:
  static bool is_dated(std::string_view table) {
    return table == dated_tables[0] || table == dated_tables[1];
  }
  bool is_to_come(const Entry& entry, std::string_view table) const {
    return is_dated(table) && !(entry.quarter("start") < quarter_);
  }
  bool ends_later(const Record& record) const {
    return !record.has("end") || !(record.quarter("end") < quarter_);
  }
  std::string of_saved() const { return " of " + saved_name_; }
  std::string start_hint() const {
    return "deals and events that a branch adds start in " + to_text(quarter_) + " or later";
  }

  void compare_keys(const Record& record, const Record& saved) {
    std::set<std::string_view> keys;  // of either
    for (const Record* each : {&record, &saved}) {
      for (const auto& [key, slot] : each->slots_)
        keys.insert(key);
    }
    for (const std::string_view key : keys) {
      if (may_differ(record, saved, key) || compare_records(record, saved, key)) continue;
      const std::string seen = text_of(record, key);
      const std::string expected = text_of(saved, key);
      if (seen == expected) continue;
      faults.push_back(
          record.fault(key, "differs from the saved history" + of_saved(), expected, seen));
    }
  }
  bool may_differ(const Record& record, const Record& saved, std::string_view key) const {
    if (record.path() == "run" && std::ranges::find(free_run_keys, key) != free_run_keys.end())
      return true;
    if (key == "name" || key == "source") return true;
    return key == "end" && ends_later(record) && ends_later(saved);
  }
  /// Two lists of as many records are compared key by key, so that a fault names the one.
  bool compare_records(const Record& record, const Record& saved, std::string_view key) {
    if (!record.has(key) || !saved.has(key)) return false;
    const auto& own = record.slots_.find(key)->second.value;
    const auto& others = saved.slots_.find(key)->second.value;
    if (!std::holds_alternative<std::vector<Record>>(own)) return false;
    const auto& records = std::get<std::vector<Record>>(own);
    const auto& saved_records = std::get<std::vector<Record>>(others);
    if (records.size() != saved_records.size()) return false;
    for (std::size_t r = 0; r < records.size(); ++r)
      compare_keys(records[r], saved_records[r]);
    return true;
  }
  static std::string text_of(const Record& record, std::string_view key) {
    const auto slot = record.slots_.find(key);
    return slot == record.slots_.end() ? "nothing" : scenario::meaning_text(slot->second.value);
  }

  scenario::QuarterDate quarter_;
  std::string saved_name_;
};

}  // namespace

Faults find_history_differences(const Scenario& scenario, const Scenario& saved,
                                scenario::QuarterDate quarter, const std::string& saved_name) {
  HistoryComparison comparison(quarter, saved_name);
  comparison.compare_singles(scenario, saved);
  std::set<std::string> tables;
  for (const Scenario* each : {&scenario, &saved}) {
    for (const auto& [table, entries] : each->entries)
      tables.insert(table);
  }
  for (const std::string& table : tables) {
    if (std::ranges::find(backtest_tables, table) == backtest_tables.end())
      comparison.compare_entries(scenario, saved, table);
  }
  return comparison.faults;
}

}  // namespace entente::experiment
