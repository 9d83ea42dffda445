#include "engine/scenario/scenario.hpp"

#include <algorithm>
#include <stdexcept>

namespace entente::scenario {
namespace {

std::logic_error mistake(const Record& record, std::string_view key, const char* what) {
  return std::logic_error(record.path() + "." + std::string(key) + ": " + what);
}

const Value& value_of(const Record& record, std::string_view key) {
  const auto found = record.slots_.find(key);
  if (found == record.slots_.end()) throw mistake(record, key, "asked for, but not given");
  return found->second.value;
}

template <typename T>
const T& value_as(const Record& record, std::string_view key) {
  const T* value = std::get_if<T>(&value_of(record, key));
  if (value == nullptr) throw mistake(record, key, "asked for as another type than declared");
  return *value;
}

}  // namespace

bool Record::has(std::string_view key) const {
  return slots_.find(key) != slots_.end();
}

bool Record::flag(std::string_view key) const {
  return value_as<bool>(*this, key);
}

std::int64_t Record::integer(std::string_view key) const {
  return value_as<std::int64_t>(*this, key);
}

double Record::number(std::string_view key) const {
  const Value& value = value_of(*this, key);
  if (const auto* figure = std::get_if<Figure>(&value)) return figure->value;
  return value_as<double>(*this, key);
}

double Record::number_or(std::string_view key, double otherwise) const {
  return has(key) ? number(key) : otherwise;
}

const Figure& Record::figure(std::string_view key) const {
  return value_as<Figure>(*this, key);
}

const std::string& Record::text(std::string_view key) const {
  return value_as<std::string>(*this, key);
}

QuarterDate Record::quarter(std::string_view key) const {
  return value_as<QuarterDate>(*this, key);
}

const std::vector<std::string>& Record::list(std::string_view key) const {
  static const std::vector<std::string> none;
  return has(key) ? value_as<std::vector<std::string>>(*this, key) : none;
}

const std::vector<Record>& Record::records(std::string_view key) const {
  static const std::vector<Record> none;
  return has(key) ? value_as<std::vector<Record>>(*this, key) : none;
}

Location Record::location(std::string_view key) const {
  const auto found = slots_.find(key);
  return found == slots_.end() ? location_ : found->second.location;
}

bool Record::is_default(std::string_view key) const {
  const auto found = slots_.find(key);
  return found != slots_.end() && found->second.is_default;
}

Fault Record::fault(std::string_view key, std::string message, std::string expected,
                    std::string seen, std::string hint) const {
  return {.location = location(key),
          .message = std::move(message),
          .key_path = key.empty() ? path_ : path_ + "." + std::string(key),
          .expected = std::move(expected),
          .seen = std::move(seen),
          .hint = std::move(hint)};
}

const Record& Scenario::single(std::string_view table) const {
  const auto found = singles.find(table);
  if (found == singles.end()) {
    throw std::logic_error("no single table '" + std::string(table) + "' is declared");
  }
  return found->second;
}

const std::vector<Entry>& Scenario::all(std::string_view table) const {
  static const std::vector<Entry> none;
  const auto found = entries.find(table);
  return found == entries.end() ? none : found->second;
}

const Entry* Scenario::find(std::string_view table, std::string_view id) const {
  const std::vector<Entry>& candidates = all(table);
  const auto found = std::lower_bound(
      candidates.begin(), candidates.end(), id,
      [](const Entry& entry, std::string_view sought) { return entry.id < sought; });
  return found == candidates.end() || found->id != id ? nullptr : &*found;
}

}  // namespace entente::scenario
