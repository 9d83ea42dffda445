#include <set>
#include <utility>

#include "engine/scenario/scenario.hpp"
#include "engine/scenario/toml_text.hpp"

namespace entente::scenario {
namespace {

std::string to_toml(const Value& value);

std::string to_toml(const Figure& figure) {
  std::string number = toml_float(figure.value);
  if (figure.mark.empty() && figure.source.empty() && figure.note.empty() && !figure.low &&
      figure.together.empty()) {
    return number;
  }
  std::string text = "{ value = " + number;
  if (!figure.mark.empty()) text += ", mark = " + toml_string(figure.mark);
  if (figure.low && figure.high) {
    text += ", low = " + toml_float(*figure.low) + ", high = " + toml_float(*figure.high);
  }
  if (!figure.together.empty()) text += ", together = " + toml_string(figure.together);
  if (!figure.source.empty()) text += ", source = " + toml_string(figure.source);
  if (!figure.note.empty()) text += ", note = " + toml_string(figure.note);
  return text + " }";
}

std::string to_toml(const Record& record) {
  std::string text;
  for (const auto& [key, slot] : record.slots_) {
    text += (text.empty() ? " " : ", ") + toml_key(key) + " = " + to_toml(slot.value);
  }
  return "{" + text + " }";
}

/// One overload a type, so that a type added to Value cannot be forgotten here.
struct ValueWriter {
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(std::int64_t integer) const { return std::to_string(integer); }
  std::string operator()(double number) const { return toml_float(number); }
  std::string operator()(const Figure& figure) const { return to_toml(figure); }
  std::string operator()(const std::string& text) const { return toml_string(text); }
  std::string operator()(QuarterDate date) const { return toml_string(to_text(date)); }

  std::string operator()(const std::vector<std::string>& ids) const {
    std::string text;
    for (const std::string& id : ids)
      text += (text.empty() ? "" : ", ") + toml_string(id);
    return "[" + text + "]";
  }

  std::string operator()(const std::vector<Record>& records) const {
    std::string text;
    for (const Record& record : records)
      text += (text.empty() ? "" : ", ") + to_toml(record);
    return "[" + text + "]";
  }
};

std::string to_toml(const Value& value) {
  return std::visit(ValueWriter{}, value);
}

std::string key_lines(const Record& record) {
  std::string text;
  for (const auto& [key, slot] : record.slots_) {
    text += toml_key(key) + " = " + to_toml(slot.value) + "\n";
  }
  return text;
}

/// The same value without where its numbers come from.
Value strip_provenance(Value value) {
  if (auto* figure = std::get_if<Figure>(&value)) {
    figure->source.clear();
    figure->note.clear();
  }
  if (auto* records = std::get_if<std::vector<Record>>(&value)) {
    for (Record& record : *records) {
      for (auto& [key, slot] : record.slots_)
        slot.value = strip_provenance(std::move(slot.value));
    }
  }
  return value;
}

}  // namespace

std::string meaning_text(const Value& value) {
  return to_toml(strip_provenance(value));
}

std::string Scenario::canonical_text() const {
  std::string text;
  if (!title.empty()) text += "title = " + toml_string(title) + "\n";
  if (!description.empty()) text += "description = " + toml_string(description) + "\n";
  std::set<std::string> names;
  for (const auto& [name, record] : singles)
    names.insert(name);
  for (const auto& [name, list] : entries)
    names.insert(name);
  for (const std::string& name : names) {
    if (const auto found = singles.find(name); found != singles.end()) {
      text += "\n[" + toml_key(name) + "]\n" + key_lines(found->second);
    }
    for (const Entry& entry : all(name)) {
      text += "\n[[" + toml_key(name) + "]]\nid = " + toml_string(entry.id) + "\n";
      text += key_lines(entry);
    }
  }
  return text;
}

}  // namespace entente::scenario
