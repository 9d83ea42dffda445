#include "engine/scenario/value_check.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "engine/scenario/builtin_fields.hpp"
#include "engine/scenario/document_check.hpp"
#include "engine/scenario/field_text.hpp"
#include "engine/scenario/suggestion.hpp"
#include "engine/scenario/text_check.hpp"
#include "engine/scenario/toml_text.hpp"

namespace entente::scenario {
namespace {

template <typename T>
const T* get(const Node& node) {
  return std::get_if<T>(&node.content);
}

bool is_text(const Node& node, const std::vector<std::string>& texts) {
  const auto* text = get<std::string>(node);
  return text != nullptr && std::find(texts.begin(), texts.end(), *text) != texts.end();
}

bool looks_like_number(const Node& node) {
  const auto* text = get<std::string>(node);
  return text != nullptr && text->find_first_of("0123456789") != std::string::npos &&
         text->find_first_not_of("0123456789+-._eE") == std::string::npos;
}

}  // namespace

DraftSlot ValueCheck::check(const Node& node, const Field& field, const std::string& key_path) {
  DraftSlot slot{.location = node.origin.location()};
  slot.value = convert(node, field, key_path, slot);
  return slot;
}

const DraftSlot* ValueCheck::default_of(const Field& field) {
  if (field.default_value.empty()) return nullptr;
  const auto known = defaults_.find(&field);
  if (known != defaults_.end()) return &known->second;
  const ParsedDocument parsed = parse_document("value = " + field.default_value, "default");
  Faults faults;
  DraftSlot slot;
  if (parsed.root)
    slot = ValueCheck(faults).check(*member(*parsed.root, "value"), field, field.key);
  if (!slot.value) {
    throw std::logic_error("the default of '" + field.key +
                           "' is at fault: " + field.default_value);
  }
  return &defaults_.emplace(&field, std::move(slot)).first->second;
}

bool ValueCheck::is_default(const Value& value, const Field& field) {
  const DraftSlot* standard = default_of(field);
  return standard != nullptr && meaning_text(value) == meaning_text(*standard->value);
}

void ValueCheck::refuse_unknown_key(const Member& unknown, const std::string& table_path,
                                    const std::vector<std::string>& known) {
  const std::vector<std::string> top_keys = keys_of(top_level_fields());
  const bool belongs_on_top =
      std::find(top_keys.begin(), top_keys.end(), unknown.key) != top_keys.end();
  const std::string key = shortened(unknown.key);
  report(faults_,
         {.location = unknown.key_origin.location(),
          .message = "unknown key",
          .key_path = table_path.empty() ? key : table_path + "." + key,
          .hint = belongs_on_top ? "'" + key + "' belongs above the first table of the file"
                                 : suggestion(unknown.key, known)});
}

std::optional<Value> ValueCheck::convert(const Node& node, const Field& field,
                                         const std::string& key_path, DraftSlot& slot) {
  switch (field.type) {
    case Type::boolean:
      if (const bool* flag = get<bool>(node)) return *flag;
      refuse_type(node, field, key_path,
                  is_text(node, {"true", "false"}) ? "write it without quotes" : "");
      return std::nullopt;
    case Type::integer:
      return integer(node, field, key_path);
    case Type::number:
      return number(node, field, key_path);
    case Type::figure:
      return figure(node, field, key_path);
    case Type::reference: {
      auto id = text(node, field, key_path);
      if (id) slot.references.push_back({*id, node.origin.location(), key_path, &field});
      return id;
    }
    case Type::text:
      return text(node, field, key_path);
    case Type::texts:
      return texts(node, field, key_path);
    case Type::quarter:
      return quarter(node, field, key_path);
    case Type::choice:
      return choice(node, field, key_path);
    case Type::references:
      return references(node, field, key_path, slot);
    case Type::records:
      return records(node, field, key_path, slot);
  }
  return std::nullopt;
}

std::optional<std::int64_t> ValueCheck::integer(const Node& node, const Field& field,
                                                const std::string& key_path) {
  const auto* value = get<std::int64_t>(node);
  if (value == nullptr) {
    const auto* real = get<double>(node);
    const bool whole = real != nullptr && std::fabs(*real) < 1e15 && std::trunc(*real) == *real;
    std::string hint;
    if (whole) hint = "write " + std::to_string(static_cast<std::int64_t>(*real));
    if (looks_like_number(node)) hint = "write the number without quotes";
    refuse_type(node, field, key_path, std::move(hint));
    return std::nullopt;
  }
  if (!in_bounds(static_cast<double>(*value), node, field, key_path)) return std::nullopt;
  return *value;
}

std::optional<double> ValueCheck::number(const Node& node, const Field& field,
                                         const std::string& key_path) {
  double value = 0.0;
  if (const auto* integer = get<std::int64_t>(node)) {
    value = static_cast<double>(*integer);
  } else if (const auto* real = get<double>(node)) {
    value = *real;
  } else {
    refuse_type(node, field, key_path,
                looks_like_number(node) ? "write the number without quotes" : "");
    return std::nullopt;
  }
  if (!std::isfinite(value)) {
    refuse(node, key_path, "not a finite number", expected_text(field), seen_text(node));
    return std::nullopt;
  }
  if (!in_bounds(value, node, field, key_path)) return std::nullopt;
  return value;
}

std::optional<Figure> ValueCheck::figure(const Node& node, const Field& field,
                                         const std::string& key_path) {
  const auto* members = get<Node::Table>(node);
  if (members == nullptr) {
    const auto value = number(node, field, key_path);
    return value ? std::optional(Figure{.value = *value}) : std::nullopt;
  }
  static const Field mark_field{
      .key = "mark", .type = Type::choice, .choices = {"A", "B", "C", "D"}};
  static const Field text_field{.key = "text", .type = Type::text};
  Field value_field = field;
  value_field.type = Type::number;
  Figure figure;
  bool right = true;
  const auto take = [&](const auto& value, auto& place) {
    if (value) {
      place = *value;
    } else {
      right = false;
    }
  };
  for (const Member& each : *members) {
    const std::string path = key_path + "." + each.key;
    if (each.key == "value") {
      take(number(each.value, value_field, path), figure.value);
    } else if (each.key == "mark") {
      take(choice(each.value, mark_field, path), figure.mark);
    } else if (each.key == "source") {
      take(text(each.value, text_field, path), figure.source);
    } else if (each.key == "note") {
      take(text(each.value, text_field, path), figure.note);
    } else if (each.key == "low") {
      take(number(each.value, value_field, path), figure.low);
    } else if (each.key == "high") {
      take(number(each.value, value_field, path), figure.high);
    } else if (each.key == "together") {
      take(name(each.value, text_field, path), figure.together);
    } else {
      refuse_unknown_key(each, key_path,
                         {"value", "mark", "source", "note", "low", "high", "together"});
    }
  }
  if (member(node, "value") == nullptr) {
    refuse(node, key_path + ".value", "missing key", expected_text(value_field), "");
    right = false;
  }
  right = right && range_fits(figure, node, field, key_path);
  return right ? std::optional(figure) : std::nullopt;
}

bool ValueCheck::range_fits(const Figure& figure, const Node& node, const Field& field,
                            const std::string& key_path) {
  if (!figure.low && !figure.high) return true;
  const auto seen = [](const std::optional<double>& bound) {
    return bound ? shortest_number(*bound) : std::string("none");
  };
  const std::string range = "low = " + seen(figure.low) +
                            ", value = " + shortest_number(figure.value) +
                            ", high = " + seen(figure.high);
  if (field.drawn == Drawn::never) {
    refuse(node, key_path, "a part of what must sum takes no range",
           "a figure without low and high", range);
    return false;
  }
  if (!figure.low || !figure.high) {
    refuse(node, key_path, "half a range", "both low and high, or neither", range);
    return false;
  }
  if (*figure.low <= figure.value && figure.value <= *figure.high) return true;
  refuse(node, key_path, "the range does not hold the value", "low <= value <= high", range);
  return false;
}

std::optional<std::string> ValueCheck::text(const Node& node, const Field& field,
                                            const std::string& key_path) {
  const auto* value = get<std::string>(node);
  if (value == nullptr) {
    refuse_type(node, field, key_path,
                std::holds_alternative<Node::Array>(node.content) ? "" : "write it in quotes");
    return std::nullopt;
  }
  if (has_control_character(*value)) {
    refuse(node, key_path, "the text holds a control character", expected_text(field),
           quoted(*value));
    return std::nullopt;
  }
  return *value;
}

std::optional<std::string> ValueCheck::name(const Node& node, const Field& field,
                                            const std::string& key_path) {
  auto given = text(node, field, key_path);
  if (!given || is_id(*given)) return given;
  refuse(node, key_path, "not a valid name",
         "lower-case letters, digits and hyphens, as in \"alpha-2\"", quoted(*given));
  return std::nullopt;
}

std::optional<QuarterDate> ValueCheck::quarter(const Node& node, const Field& field,
                                               const std::string& key_path) {
  const auto* value = get<std::string>(node);
  if (value == nullptr) {
    refuse_type(node, field, key_path);
    return std::nullopt;
  }
  const auto date = parse_quarter(*value);
  if (!date) {
    refuse(node, key_path, "not a quarter from 1900Q1 to 2200Q4", expected_text(field),
           quoted(*value));
  }
  return date;
}

std::optional<std::string> ValueCheck::choice(const Node& node, const Field& field,
                                              const std::string& key_path) {
  const auto* value = get<std::string>(node);
  if (value == nullptr) {
    refuse_type(node, field, key_path);
    return std::nullopt;
  }
  if (std::find(field.choices.begin(), field.choices.end(), *value) == field.choices.end()) {
    const std::string nearest = nearest_name(*value, field.choices);
    refuse(node, key_path, "not one of the choices", expected_text(field), quoted(*value),
           nearest.empty() ? "" : "did you mean '" + nearest + "'?");
    return std::nullopt;
  }
  return *value;
}

bool ValueCheck::in_bounds(double value, const Node& node, const Field& field,
                           const std::string& key_path) {
  const bool too_small = field.exclusive_minimum ? value <= field.minimum : value < field.minimum;
  const bool too_large = field.exclusive_maximum ? value >= field.maximum : value > field.maximum;
  if (too_small || too_large) {
    refuse(node, key_path, "out of bounds", expected_text(field), seen_text(node));
  }
  return !too_small && !too_large;
}

void ValueCheck::refuse(const Node& node, const std::string& key_path, std::string message,
                        std::string expected, std::string seen, std::string hint) {
  report(faults_, {.location = node.origin.location(),
                   .message = std::move(message),
                   .key_path = key_path,
                   .expected = std::move(expected),
                   .seen = std::move(seen),
                   .hint = std::move(hint)});
}

void ValueCheck::refuse_type(const Node& node, const Field& field, const std::string& key_path,
                             std::string hint) {
  refuse(node, key_path, "wrong type", expected_text(field), seen_type_text(node), std::move(hint));
}

}  // namespace entente::scenario
