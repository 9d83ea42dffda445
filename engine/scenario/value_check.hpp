#pragma once

#include <map>
#include <string>

#include "engine/scenario/document.hpp"
#include "engine/scenario/draft.hpp"
#include "engine/scenario/field.hpp"

namespace entente::scenario {

/// Checks single values against their declarations, and knows the defaults.
class ValueCheck {
 public:
  explicit ValueCheck(Faults& faults) : faults_(faults) {}

  /// The value of `node`, written at `key_path`; what is wrong with it is reported.
  DraftSlot check(const Node& node, const Field& field, const std::string& key_path);

  /// The declared default, which must be a right value (std::logic_error); null when there is none.
  const DraftSlot* default_of(const Field& field);

  /// Whether a value means what the field's default does.
  bool is_default(const Value& value, const Field& field);

  /// Reports a key of the table at `table_path` that is not among `known`.
  void refuse_unknown_key(const Member& unknown, const std::string& table_path,
                          const std::vector<std::string>& known);

  Faults& faults() { return faults_; }

 private:
  std::optional<Value> convert(const Node& node, const Field& field, const std::string& key_path,
                               DraftSlot& slot);
  std::optional<std::int64_t> integer(const Node& node, const Field& field,
                                      const std::string& key_path);
  std::optional<double> number(const Node& node, const Field& field, const std::string& key_path);
  std::optional<Figure> figure(const Node& node, const Field& field, const std::string& key_path);
  bool range_fits(const Figure& figure, const Node& node, const Field& field,
                  const std::string& key_path);
  std::optional<std::string> name(const Node& node, const Field& field,
                                  const std::string& key_path);
  std::optional<std::string> text(const Node& node, const Field& field,
                                  const std::string& key_path);
  std::optional<QuarterDate> quarter(const Node& node, const Field& field,
                                     const std::string& key_path);
  std::optional<std::string> choice(const Node& node, const Field& field,
                                    const std::string& key_path);
  std::optional<std::vector<std::string>> texts(const Node& node, const Field& field,
                                                const std::string& key_path);
  std::optional<std::vector<std::string>> references(const Node& node, const Field& field,
                                                     const std::string& key_path, DraftSlot& slot);
  std::optional<std::vector<Record>> records(const Node& node, const Field& field,
                                             const std::string& key_path, DraftSlot& slot);
  std::optional<Record> record(const Node& node, const Field& field, const std::string& key_path,
                               DraftSlot& slot);
  bool in_bounds(double value, const Node& node, const Field& field, const std::string& key_path);
  void refuse(const Node& node, const std::string& key_path, std::string message,
              std::string expected, std::string seen, std::string hint = {});
  void refuse_type(const Node& node, const Field& field, const std::string& key_path,
                   std::string hint = {});

  Faults& faults_;
  std::map<const Field*, DraftSlot> defaults_;
};

}  // namespace entente::scenario
