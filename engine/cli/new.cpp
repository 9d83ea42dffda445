#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <iterator>
#include <system_error>

#include "engine/cli/command.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/cli/shipped_scenarios.hpp"
#include "engine/output/file_writer.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// `#:schema` lets editors check the file; a path relative to it survives a move of the checkout.
std::string schema_line(const fs::path& file, const fs::path& shipped) {
  std::error_code error;
  const auto schema = fs::weakly_canonical(shipped / "scenario.schema.json", error);
  if (error || !fs::exists(schema, error)) return {};
  const auto relative = fs::relative(schema, folder_of(file), error);
  const auto climbs = std::count(relative.begin(), relative.end(), fs::path(".."));
  constexpr auto near = 2;
  return "#:schema " + (error || climbs > near ? schema : relative).string() + "\n\n";
}

// A comment that wraps a list of ids.
std::string id_list(const scenario::Scenario& base, const std::string& table,
                    const std::string& title) {
  constexpr std::size_t columns = 96;
  const auto& entries = base.all(table);
  if (entries.empty()) return {};
  std::string text;
  std::string line = "# " + title + ":";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto word = " " + entries[i].id + (i + 1 < entries.size() ? "," : "");
    if (line.size() + word.size() > columns) {
      text += line + '\n';
      line = "#  ";
    }
    line += word;
  }
  return text + line + '\n';
}

/// What the deal of a new scenario is about.
struct Example {
  std::string product = "a-product";
  std::string seller = "one-firm";
  std::string partner = "another-firm";
};

/// Its product has a price: the cost of a free good would move nothing.
Example example_of(const scenario::Scenario& base) {
  Example example;
  const auto& products = base.all("product");
  const auto priced = std::ranges::find_if(
      products, [](const scenario::Entry& product) { return product.number_or("price", 0) > 0; });
  if (priced != products.end()) {
    example.product = priced->id;
    example.seller = priced->text("firm");
  }
  const auto& firms = base.all("firm");
  const auto partner = std::ranges::find_if(
      firms, [&](const scenario::Entry& firm) { return firm.id != example.seller; });
  if (partner != firms.end()) example.partner = partner->id;
  return example;
}

std::string starter(const fs::path& file, const fs::path& shipped, const std::string& extends,
                    const scenario::Scenario& base) {
  const auto& run = base.single("run");
  const Example example = example_of(base);
  return schema_line(file, shipped) +
         fmt::format(R"(# A scenario states only what differs from the one it extends.
#   entente check {0}    finds every fault at once
#   entente explain {0} KEY.PATH    tells what a key means, its value and where it was set
#   entente run {0}    writes the results
# Remove the # before a line to use it.

extends     = "{1}"
title       = "{2}: say what is asked here"
description = "One or two sentences: the deal, and what to look for in the results."

# [run]
# start        = "{3}"
# quarters     = {4}
# replications = {5}
# seed         = {6}

# A deal, or talks that may become one. Its effects say what it changes.
# [[partnership]]
# id          = "my-deal"
# parties     = ["{7}", "{8}"]
# kind        = "joint-development"   # supply, integration, distribution, equity, alliance
# start       = "{9}"
# probability = 0.5                   # that the talks become a binding deal
# ramp        = 4                     # quarters to full strength
# effect      = [ {{ type = "cost", product = "{10}", change = -0.05 }} ]

# An inherited entry is changed key by key; enabled = false leaves it out.
# [[partnership]]
# id      = "another-deal"
# enabled = false

)",
                     file.string(), extends, file.stem().string(), to_text(run.quarter("start")),
                     run.integer("quarters"), run.integer("replications"), run.integer("seed"),
                     example.seller, example.partner,
                     to_text(run.quarter("start") + (run.integer("quarters") > 2 ? 2 : 0)),
                     example.product) +
         "# Inherited entries, by table:\n" + id_list(base, "market", "market") +
         id_list(base, "firm", "firm") + id_list(base, "product", "product") +
         id_list(base, "partnership", "partnership");
}

ExitCode fault(Context& context, const std::string& message) {
  context.terminal.err << "entente: error: " << message << '\n';
  return user_fault;
}

ExitCode create(const Arguments& arguments, Context& context) {
  const fs::path file = arguments.positionals.front();
  const auto extends = arguments.text("extends").value_or("baseline.toml");
  std::error_code error;
  if (file.extension() != ".toml") {
    return fault(context, file.string() + ": a scenario's name ends in .toml");
  }
  if (fs::exists(fs::symlink_status(file, error))) {
    return fault(context, file.string() + ": is there already and is not replaced");
  }
  if (extends.find_first_of("\"\\\n") != std::string::npos) {
    return fault(context, "--extends: the name of a scenario has no quotes or backslashes");
  }
  // Where the reader will look: beside the new file, else among the shipped scenarios.
  const auto shipped = shipped_folder(arguments);
  const auto beside = folder_of(file) / extends;
  const auto base = load_text((fs::exists(beside, error) ? beside : shipped / extends).string(),
                              arguments, context);
  if (!base) return user_fault;

  fs::create_directories(folder_of(file), error);
  output::write_new_file(
      file, [&](const output::TextSink& sink) { sink(starter(file, shipped, extends, *base)); });
  if (!load_text(file.string(), arguments, context)) {
    fs::remove(file, error);
    return user_fault;
  }
  if (!arguments.given("quiet")) context.terminal.err << "wrote " << file.string() << '\n';
  return done;
}

}  // namespace

Command new_command() {
  return {.name = "new",
          .summary = "Write a commented scenario to start from",
          .description =
              "The new file passes entente check as it is, says what may be set, and is\n"
              "never written over a file that is there.",
          .positionals = {"FILE", "The file to write (.toml)", 1, 1, {.endings = {".toml"}}},
          .options = {{.name = "extends",
                       .value = "SCENARIO",
                       .meaning = "What it inherits from, beside the new file or among the shipped "
                                  "scenarios; default: baseline.toml",
                       .candidates = {.endings = {".toml"}}},
                      scenarios_option(),
                      {.name = "allow-extends-anywhere",
                       .kind = Option::Kind::flag,
                       .meaning = "Let it extend files outside its own and the shipped folder"},
                      quiet_option()},
          .run = create};
}

}  // namespace entente::cli
