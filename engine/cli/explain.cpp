#include <filesystem>
#include <system_error>

#include "engine/cli/command.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/report/deal_words.hpp"
#include "engine/scenario/schema.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

using scenario::Record;

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts = {""};
  for (const char character : path) {
    if (character == '.') {
      parts.emplace_back();
    } else {
      parts.back() += character;
    }
  }
  return parts;
}

std::string place(const Record::Slot& slot) {
  if (slot.from_default) return "default";
  const auto& where = slot.location;
  return where.line > 0 ? where.file + ":" + std::to_string(where.line) : where.file;
}

std::string value_lines(const std::string& path, const Record::Slot& slot) {
  std::string text = path + " = " + report::value_text(slot.value) + "   (" + place(slot) + ")\n";
  if (const auto* figure = std::get_if<scenario::Figure>(&slot.value)) {
    if (!figure->mark.empty()) text += "  mark:   " + figure->mark + '\n';
    if (figure->low && figure->high) {
      text += "  range:  " + report::value_text(*figure->low) + " to " +
              report::value_text(*figure->high) + '\n';
    }
    if (!figure->together.empty()) text += "  drawn together with: " + figure->together + '\n';
    if (!figure->source.empty()) text += "  source: " + figure->source + '\n';
    if (!figure->note.empty()) text += "  note:   " + figure->note + '\n';
  }
  return text;
}

std::string record_lines(const std::string& path, const Record& record) {
  std::string text;
  for (const auto& [key, slot] : record.slots_)
    text += value_lines(path + "." + key, slot);
  return text;
}

// What the scenario has under the path: a value, the values of an entry or table, or the ids of a
// table's entries. Empty when it has nothing there.
std::string resolved_lines(const scenario::Scenario& scenario, const std::string& path) {
  const auto parts = split(path);
  const auto of_record = [&](const Record& record, std::size_t depth) -> std::string {
    std::string start = parts[0];
    for (std::size_t i = 1; i < depth; ++i)
      start += "." + parts[i];
    if (parts.size() == depth) return record_lines(start, record);
    const auto slot = record.slots_.find(parts[depth]);
    if (slot != record.slots_.end()) return value_lines(start + "." + parts[depth], slot->second);
    return start + "." + parts[depth] + " is not set and has no default\n";
  };
  if (path == "title" || path == "description") {
    return path + " = \"" + (path == "title" ? scenario.title : scenario.description) + "\"\n";
  }
  if (const auto single = scenario.singles.find(parts[0]); single != scenario.singles.end()) {
    return of_record(single->second, 1);
  }
  if (parts.size() > 1) {
    const auto* entry = scenario.find(parts[0], parts[1]);
    return entry == nullptr ? std::string() : of_record(*entry, 2);
  }
  std::string text;
  for (const auto& entry : scenario.all(parts[0]))
    text += parts[0] + "." + entry.id + '\n';
  return text;
}

ExitCode unknown_key(const std::string& path, const scenario::Schema& schema,
                     const scenario::Scenario* scenario, Context& context) {
  auto known = scenario::key_paths(schema);
  const auto parts = split(path);
  if (scenario != nullptr && parts.size() > 1) {
    for (const auto& entry : scenario->all(parts[0])) {
      const auto start = parts[0] + "." + entry.id;
      known.push_back(start);
      for (const auto& [key, slot] : entry.slots_)
        known.push_back(start + "." + key);
    }
  }
  context.terminal.err << "entente: error: unknown key path '" << path << "'\n";
  const auto near = scenario::nearest_name(path, known);
  if (!near.empty()) {
    context.terminal.err << "  did you mean '" << near << "'?\n";
  } else {
    context.terminal.err
        << "  a key path is table.key or table.id.key; scenarios/README.md lists them\n";
  }
  return user_fault;
}

ExitCode explain_deals(const scenario::Scenario& scenario, Context& context) {
  auto& out = context.terminal.out;
  out << (scenario.title.empty() ? scenario.file : scenario.title) << '\n';
  if (!scenario.description.empty()) out << scenario.description << '\n';
  const auto& deals = scenario.all("partnership");
  if (deals.empty()) out << "\nNo partnerships.\n";
  for (const auto& deal : deals)
    out << '\n' << report::deal_words(deal);
  for (const auto& event : scenario.all("event"))
    out << '\n' << report::event_words(event);
  return done;
}

ExitCode explain(const Arguments& arguments, Context& context) {
  const auto schema = simulation::full_schema(context.models);
  const auto& words = arguments.positionals;
  const bool has_scenario =
      words.size() == 2 || std::filesystem::path(words[0]).extension() == ".toml";
  if (!has_scenario) {
    const auto text = scenario::explain_key(schema, words[0]);
    if (text.empty()) return unknown_key(words[0], schema, nullptr, context);
    context.terminal.out << text << (text.ends_with('\n') ? "" : "\n");
    return done;
  }

  const auto scenario = load_text(words[0], arguments, context);
  if (!scenario) return user_fault;
  if (words.size() == 1) return explain_deals(*scenario, context);
  const auto declared = scenario::explain_key(schema, words[1]);
  const auto resolved = resolved_lines(*scenario, words[1]);
  if (resolved.empty()) {
    // A declared key of an entry that this scenario does not have is a mistake worth telling.
    return unknown_key(words[1], schema, &*scenario, context);
  }
  if (declared.empty() && resolved.ends_with("is not set and has no default\n")) {
    return unknown_key(words[1], schema, &*scenario, context);
  }
  context.terminal.out << declared << (declared.empty() ? "" : "\n") << resolved;
  return done;
}

}  // namespace

Command explain_command() {
  return {
      .name = "explain",
      .summary = "Tell what a key means, or what a scenario's deals do",
      .description =
          "explain KEY.PATH            what the key is: type, unit, bounds, default, meaning\n"
          "explain SCENARIO KEY.PATH   besides, its value there, where it was set, its source\n"
          "explain SCENARIO            its partnerships and events and what each does, in words\n"
          "A key path names an entry by its id: partnership.some-deal.probability",
      .positionals = {"[SCENARIO] [KEY.PATH]",
                      "A scenario file (.toml), a key path, or both",
                      1,
                      2,
                      {.endings = {".toml"}}},
      .options = scenario_options(),
      .run = explain};
}

}  // namespace entente::cli
