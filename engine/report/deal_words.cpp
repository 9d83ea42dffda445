#include "engine/report/deal_words.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/core.h>
#include <map>
#include <string_view>
#include <variant>

namespace entente::report {

namespace {

using scenario::Record;

// What each effect changes, with the keys that say on whom in braces; of several the one given.
const std::map<std::string_view, std::string_view> sentences = {
    {"cost", "changes the marginal cost of {product} by {change}"},
    {"quality", "makes buyers willing to pay {willingness_to_pay} more for {product}"},
    {"supply_terms", "improves the terms on which {buyer|account} buys from {supplier}"},
    {"reserve_capacity", "reserves {share} of the capacity of {supplier} for {partner}"},
    {"qualification", "raises the hazard that {supplier} qualifies at {buyer} by {hazard}"},
    {"spillover", "lets {partner_product} learn from {product}, closing {rate} of the gap"},
    {"embed", "makes {product} the default in {partner_product}, moving {points} of its use"},
    {"bundle", "discounts {product} by {discount} for who holds {partner_product} too"},
    {"exclusive", "keeps {supplier} from supplying {rivals}"},
    {"equity", "gives {partner} a stake of {share} in {firm}"},
    {"pool", "pools the data and development of {products}"},
    {"launch", "lets {product} enter its market"},
    {"capacity", "changes the capacity of {product|market|resource} by {change}"},
    {"demand", "changes the demand of {account|market|product} by {change}"},
    {"ban", "keeps {products} from {accounts|buyers}"},
    {"subsidy", "pays {discount} of the price of {products|market}"}};

/// One overload a type, so that a type added to Value cannot be forgotten here.
struct ValueWords {
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(std::int64_t integer) const { return fmt::format("{}", integer); }
  std::string operator()(double number) const { return fmt::format("{}", number); }
  std::string operator()(const scenario::Figure& figure) const { return (*this)(figure.value); }
  std::string operator()(const std::string& text) const { return '"' + text + '"'; }
  std::string operator()(scenario::QuarterDate date) const { return to_text(date); }

  std::string operator()(const std::vector<std::string>& ids) const {
    std::string text;
    for (const auto& id : ids)
      text += (text.empty() ? "\"" : ", \"") + id + '"';
    return "[" + text + "]";
  }

  std::string operator()(const std::vector<Record>& records) const {
    std::string text;
    for (const auto& record : records) {
      std::string keys;
      for (const auto& [key, slot] : record.slots_) {
        if (slot.from_default) continue;
        keys += (keys.empty() ? "" : ", ") + key + " = " + value_text(slot.value);
      }
      text += (text.empty() ? "{ " : ", { ") + keys + " }";
    }
    return "[" + text + "]";
  }
};

std::string key_text(const Record& record, std::string_view key) {
  const auto slot = record.slots_.find(key);
  return slot == record.slots_.end() ? std::string() : value_text(slot->second.value);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  }
  return text;
}

std::string bare(std::string text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

std::string words_of(const Record& record, std::string_view key) {
  const auto slot = record.slots_.find(key);
  if (slot == record.slots_.end()) return {};
  if (const auto* list = std::get_if<std::vector<std::string>>(&slot->second.value)) {
    return joined(*list);
  }
  return bare(value_text(slot->second.value));
}

/// The first of the keys, parted by |, that the record has; else the first.
std::string_view given_key(const Record& record, std::string_view keys) {
  for (std::string_view rest = keys; !rest.empty();) {
    const auto bar = std::min(rest.find('|'), rest.size());
    const auto key = rest.substr(0, bar);
    if (record.has(key)) return key;
    rest.remove_prefix(std::min(bar + 1, rest.size()));
  }
  return keys.substr(0, keys.find('|'));
}

std::string effect_words(const Record& effect) {
  const auto type = words_of(effect, "type");
  const auto sentence = sentences.find(type);
  std::vector<std::string_view> said = {"type"};
  std::string text;
  if (sentence == sentences.end()) {
    text = type;
  } else {
    std::string_view rest = sentence->second;
    while (!rest.empty()) {
      const auto open = rest.find('{');
      text += rest.substr(0, open);
      if (open == std::string_view::npos) break;
      const auto close = rest.find('}', open);
      const auto key = given_key(effect, rest.substr(open + 1, close - open - 1));
      const auto value = words_of(effect, key);
      text += value.empty() ? (key == "buyer" ? "every buyer" : "its " + std::string(key)) : value;
      said.push_back(key);
      rest.remove_prefix(close + 1);
    }
  }
  // Whatever else the scenario sets is told as it is written.
  std::string more;
  for (const auto& [key, slot] : effect.slots_) {
    bool told = slot.from_default;
    for (const auto& name : said)
      told = told || name == key;
    if (!told) more += (more.empty() ? "" : ", ") + key + " " + bare(value_text(slot.value));
  }
  return text + (more.empty() ? "" : " (" + more + ")");
}

std::string heading(const scenario::Entry& entry) {
  const auto name = words_of(entry, "name");
  return entry.id + (name.empty() ? "" : ": " + name) + '\n';
}

std::string dates(const Record& record) {
  std::string text;
  if (record.has("start")) text += ", from " + key_text(record, "start");
  if (record.has("end")) text += " until " + key_text(record, "end");
  return text;
}

std::string ramp(const Record& record) {
  if (!record.has("ramp") || record.integer("ramp") <= 0) return {};
  return fmt::format(", at full strength after {} quarters", record.integer("ramp"));
}

std::string effect_lines(const Record& record) {
  std::string text;
  for (const auto& effect : record.records("effect"))
    text += "  - " + effect_words(effect) + '\n';
  return text;
}

}  // namespace

std::string value_text(const scenario::Value& value) {
  return std::visit(ValueWords{}, value);
}

std::string deal_words(const scenario::Entry& partnership) {
  std::string text = heading(partnership);
  text += "  " + words_of(partnership, "kind") + " between " + words_of(partnership, "parties");
  text += dates(partnership);
  if (partnership.has("probability")) {
    const double probability = partnership.number("probability");
    text += probability >= 1.0   ? ", announced"
            : probability <= 0.0 ? ", never formed"
                                 : fmt::format(", formed with probability {}", probability);
  }
  text += ramp(partnership);
  if (partnership.has("dissolution")) {
    text += fmt::format(", ends with hazard {} a quarter", partnership.number("dissolution"));
  }
  return text + '\n' + effect_lines(partnership);
}

std::string event_words(const scenario::Entry& event) {
  std::string text = heading(event) + "  event" + dates(event);
  if (event.has("probability") && event.number("probability") < 1.0) {
    text += fmt::format(", with probability {}", event.number("probability"));
  }
  return text + ramp(event) + '\n' + effect_lines(event);
}

}  // namespace entente::report
