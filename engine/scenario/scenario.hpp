#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/scenario/diagnostic.hpp"
#include "engine/scenario/field.hpp"
#include "engine/scenario/quarter_date.hpp"

namespace entente::scenario {

class Record;

/// A number with its provenance.
struct Figure {
  double value = 0.0;
  std::string mark = {};  // "A" to "D", empty if none was given
  std::string source = {};
  std::string note = {};
  std::optional<double> low = {};  // the range it is drawn from, both or neither
  std::optional<double> high = {};
  std::string together = {};  // figures of one name share one draw
};

using Value = std::variant<bool, std::int64_t, double, Figure, std::string, QuarterDate,
                           std::vector<std::string>, std::vector<Record>>;

/// One resolved table: every declared key that was given or has a default. Asking for a key of
/// another type than declared, or for an absent one, is a programming mistake (std::logic_error).
class Record {
 public:
  bool has(std::string_view key) const;
  bool flag(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;
  double number(std::string_view key) const;  // number or figure
  double number_or(std::string_view key, double otherwise) const;
  const Figure& figure(std::string_view key) const;
  const std::string& text(std::string_view key) const;  // text, choice, reference
  QuarterDate quarter(std::string_view key) const;
  const std::vector<std::string>& list(std::string_view key) const;  // references; empty if absent
  const std::vector<Record>& records(std::string_view key) const;    // empty if absent

  const std::string& path() const { return path_; }       // partnership.pact
  const Location& location() const { return location_; }  // of the table
  Location location(std::string_view key) const;          // of the value, else of the table
  bool is_default(std::string_view key) const;            // the declared value, written or not

  /// A fault about `key` of this table, for checks that concern several values.
  Fault fault(std::string_view key, std::string message, std::string expected = {},
              std::string seen = {}, std::string hint = {}) const;

  // The reader fills these.
  struct Slot {
    Value value = {};
    Location location = {};
    bool from_default = false;  // not written anywhere
    bool is_default = false;
  };
  std::string path_;
  Location location_;
  std::map<std::string, Slot, std::less<>> slots_;
};

/// A value as TOML without the sources and notes of its figures: values of one text mean the same.
std::string meaning_text(const Value& value);

struct Entry : Record {
  std::string id;
};

/// A scenario after extends, merging, --set and validation of every single key.
struct Scenario {
  std::string file;                                                // as given on the command line
  std::string title;                                               // top-level `title`
  std::string description;                                         // top-level `description`
  std::map<std::string, Record, std::less<>> singles;              // by table name, always present
  std::map<std::string, std::vector<Entry>, std::less<>> entries;  // enabled ones, ordered by id

  const Record& single(std::string_view table) const;
  const std::vector<Entry>& all(std::string_view table) const;  // empty if none
  const Entry* find(std::string_view table, std::string_view id) const;

  /// The scenario as resolved, in a canonical TOML text (defaults included, entries by id, tables
  /// by name): what the manifest shows and its hash is taken of.
  std::string canonical_text() const;
};

}  // namespace entente::scenario
