#include "engine/cli/comparison_output.hpp"

#include <algorithm>

#include "engine/cli/replication_job.hpp"
#include "engine/cli/standard_terminal.hpp"
#include "engine/output/manifest.hpp"

namespace entente::cli {

namespace {

constexpr auto file_name = "comparison.csv";

void write_folder(const ComparisonOutput& comparison, output::ResultFolder& folder,
                  const Context& context) {
  output::Manifest manifest;
  manifest.version = ENTENTE_VERSION;
  manifest.scenario_title = comparison.title;
  manifest.command = context.command_line;
  for (const auto& failure : comparison.failures)
    manifest.failures.push_back({failure.replication, failure.message});
  manifest.files = {file_name};
  folder.write(file_name, comparison.csv);
  folder.write("manifest.json",
               [&](const output::TextSink& sink) { sink(output::to_json(manifest)); });
  folder.commit();
}

void print_csv(const ComparisonOutput& comparison, std::ostream& out) {
  comparison.csv([&](std::string_view text) { out << text; });
}

}  // namespace

std::unique_ptr<output::ResultFolder> comparison_folder(const std::string& path) {
  // A run took minutes and may be one of those compared.
  const auto there = output::read_result_files(path);
  if (there && std::ranges::find(*there, file_name) == there->end()) {
    throw output::FolderRefused(path +
                                ": has other results than a comparison's, which would be replaced; "
                                "choose another folder with -o");
  }
  return std::make_unique<output::ResultFolder>(
      path, std::vector<std::string>{file_name, "manifest.json"});
}

ExitCode say_comparison(const ComparisonOutput& comparison, output::ResultFolder* folder,
                        const std::string& path, const Arguments& arguments, Context& context) {
  if (folder != nullptr) write_folder(comparison, *folder, context);
  auto& terminal = context.terminal;
  const bool all = arguments.given("all");
  const bool json = arguments.given("json");
  if (json) {
    terminal.out << comparison.json();
  } else if (!terminal.out_is_terminal && (comparison.differs || all)) {
    print_csv(comparison, terminal.out);
  }
  terminal.out << std::flush;
  if (!arguments.given("quiet")) {
    say_screen(terminal, json, [&](const report::ScreenStyle& style) {
      auto screen = comparison.screen(style);
      if (!screen.empty() && folder != nullptr)
        screen += "Comparison: " + path + '/' + file_name + '\n';
      return screen;
    });
  }
  if (!comparison.failures.empty()) {
    terminal.err << "entente: error: " << comparison.failures.size()
                 << " replications failed and are in no figure; the manifest lists them\n";
    tell_unit_failures(comparison.failures, terminal.err);
    return failed;
  }
  const auto fail_on = arguments.text("fail-on").value_or("");
  const bool fails = (fail_on == "any" && comparison.differs) ||
                     (fail_on == "significant" && comparison.differs_significantly);
  return fails ? results_differ : done;
}

}  // namespace entente::cli
