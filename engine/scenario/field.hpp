#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace entente::scenario {

enum class Type {
  boolean,
  integer,
  number,  // a finite real
  figure,  // a number, or { value = …, mark = "A".."D", source = "…", low = …, high = …, … }
  text,
  texts,       // a text, or an array of texts
  quarter,     // "2024Q1"
  choice,      // one of `choices`
  reference,   // id of an entry of one of the tables in `refers_to`
  references,  // array of ids, no id twice
  records      // array of inline tables with `fields`; replaced whole when merged
};

/// When a figure may differ between replications that draw their parameters.
enum class Drawn {
  by_mark,   // a parameter: within the range of its mark, or the one given with it
  by_loss,   // the same for what remains after a quarter: the mark is of what is lost, 1 − value
  by_range,  // observed, or the user's choice: only within a range given with it
  never      // a part of what must sum: a range is refused
};

/// The declaration of one scenario key. It alone drives parsing, defaults, every message,
/// `explain`, the key reference and the JSON Schema.
struct Field {
  std::string key = {};
  Type type = Type::number;
  std::string unit = {};           // "USD per GB", "fraction", "quarters"; empty for none
  std::string meaning = {};        // one sentence
  std::string default_value = {};  // as TOML text ("0.5", "\"types\""); empty: no default
  bool required = false;           // must be given in the resolved scenario
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  bool exclusive_minimum = false;  // the bound itself is refused
  bool exclusive_maximum = false;
  std::vector<std::string> choices = {};    // Type::choice
  std::vector<std::string> refers_to = {};  // Type::reference(s): table names
  std::vector<Field> fields = {};           // Type::records
  std::string source = {};       // equation, paper or page the key comes from; may be empty
  Drawn drawn = Drawn::by_mark;  // Type::figure
  // Figures of one sum keep it when they are drawn: those of an entry that name it, or, with
  // `sum_over`, those of all entries whose reference of that key is the same.
  std::string sum = {};
  std::string sum_over = {};
};

/// One table of a scenario: [run], or an array of tables with ids such as [[partnership]].
struct Table {
  enum class Kind { single, entries };
  std::string name = {};
  Kind kind = Kind::entries;
  std::string meaning = {};
  std::vector<Field> fields = {};  // entries have `id` and `enabled` besides, given by the reader
};

/// All tables a scenario may have: the engine's plus what the models add.
using Schema = std::vector<Table>;

/// Adds `more` to the table of that name (which must exist; two fields of one key throw
/// std::logic_error: a programming mistake).
void extend(Schema& schema, const std::string& table, const std::vector<Field>& more);

}  // namespace entente::scenario
