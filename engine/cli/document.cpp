#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "engine/cli/command.hpp"
#include "engine/cli/document_text.hpp"
#include "engine/output/file_writer.hpp"
#include "engine/scenario/schema.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

namespace fs = std::filesystem;

struct Page {
  fs::path file;
  std::string text;
};

std::vector<Page> pages(const fs::path& checkout, const Context& context) {
  const auto schema = simulation::full_schema(context.models);
  return {{checkout / "scenarios" / "README.md", scenarios_page(checkout / "scenarios", schema)},
          {checkout / "scenarios" / "scenario.schema.json", scenario::to_json_schema(schema)},
          {checkout / "results" / "README.md",
           results_page(simulation::declared_tables(context.models))}};
}

std::string content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// The first line where what stands there and what should differ.
std::string difference(const Page& page) {
  std::istringstream stands(content(page.file));
  std::istringstream should(page.text);
  std::string old_line;
  std::string new_line;
  for (int number = 1;; ++number) {
    const bool has_old = static_cast<bool>(std::getline(stands, old_line));
    const bool has_new = static_cast<bool>(std::getline(should, new_line));
    if (has_old && has_new && old_line == new_line) continue;
    return page.file.string() + ":" + std::to_string(number) + ": is stale\n  - " +
           (has_old ? old_line : "(end)") + "\n  + " + (has_new ? new_line : "(end)") + '\n';
  }
}

ExitCode document(const Arguments& arguments, Context& context) {
  const fs::path checkout = arguments.positionals.front();
  std::error_code ignored;
  if (!fs::is_directory(checkout / "scenarios", ignored) ||
      !fs::is_directory(checkout / "results", ignored)) {
    context.terminal.err << "entente: error: " << checkout.string()
                         << ": is not a checkout of entente (no scenarios/ and results/)\n";
    return user_fault;
  }
  bool stale = false;
  for (const auto& page : pages(checkout, context)) {
    if (content(page.file) == page.text) continue;
    if (arguments.given("check")) {
      context.terminal.err << difference(page);
      stale = true;
      continue;
    }
    output::replace_file(page.file, page.text);
    context.terminal.err << "wrote " << page.file.string() << '\n';
  }
  if (stale) context.terminal.err << "renew with: entente document " << checkout.string() << '\n';
  return stale ? failed : done;
}

}  // namespace

Command document_command() {
  return {.name = "document",
          .summary = "Write the generated pages of a checkout",
          .description =
              "For who changes the program: renews scenarios/README.md, its JSON Schema and\n"
              "results/README.md from the declared keys and columns.",
          .positionals = {"CHECKOUT",
                          "The folder that holds scenarios/ and results/",
                          1,
                          1,
                          {.folders = true}},
          .options = {{.name = "check",
                       .kind = Option::Kind::flag,
                       .meaning = "Write nothing; fail if a page is stale and show where"}},
          .listed = false,
          .run = document};
}

}  // namespace entente::cli
