#include "engine/scenario/schema.hpp"

#include "engine/cli/command.hpp"
#include "engine/output/file_writer.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

ExitCode schema(const Arguments& arguments, Context& context) {
  const auto text = scenario::to_json_schema(simulation::full_schema(context.models));
  if (const auto file = arguments.text("output")) {
    output::replace_file(*file, text);
  } else {
    context.terminal.out << text;
  }
  return done;
}

}  // namespace

Command schema_command() {
  return {.name = "schema",
          .summary = "Print the JSON Schema of scenario files",
          .description =
              "Editors that know TOML use it to complete and check keys as you type, by a\n"
              "first line such as #:schema scenario.schema.json.",
          .positionals = {},
          .options = {{.name = "output",
                       .letter = "o",
                       .value = "FILE",
                       .meaning = "Write to a file instead of standard output",
                       .candidates = {.endings = {".json"}}}},
          .run = schema};
}

}  // namespace entente::cli
