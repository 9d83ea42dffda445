#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "engine/output/csv.hpp"
#include "engine/scenario/reader.hpp"
#include "engine/simulation/simulate.hpp"
#include "models/all.hpp"
#include "tests/catch.hpp"
#include "tests/golden/csv_comparison.hpp"

namespace entente::test {
namespace {

namespace fs = std::filesystem;

const fs::path scenarios_folder = fs::path(ENTENTE_SOURCE_DIR) / "scenarios";
const fs::path golden_folder = fs::path(ENTENTE_SOURCE_DIR) / "tests" / "golden";

// The replication of the summit in which most talks become deals, and quarters enough for all of
// them to start. Few tables, so that one can still read what changed.
constexpr std::uint64_t replication = 20;
const std::string quarters = "6";
const std::set<std::string> kept_tables = {"markets", "partnerships", "products", "supply"};
constexpr std::size_t most_shown = 20;

struct Case {
  std::string folder;  // of tests/golden
  fs::path scenario;
  std::vector<std::string> sets;
};

/// Every shipped scenario with its figures as written, and the summit with single consumers and
/// with counted ones.
std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto& entry : fs::directory_iterator(scenarios_folder)) {
    if (entry.path().extension() != ".toml") continue;
    cases.push_back({entry.path().stem().string(), entry.path(), {}});
  }
  cases.push_back({"ms-ceo-summit-2024-agents",
                   scenarios_folder / "ms-ceo-summit-2024.toml",
                   {"population.representation=agents", "population.agents=2000"}});
  cases.push_back({"ms-ceo-summit-2024-counts",
                   scenarios_folder / "ms-ceo-summit-2024.toml",
                   {"population.representation=counts", "population.agents=1000000"}});
  std::ranges::sort(cases, {}, &Case::folder);
  return cases;
}

/// Twelve digits, which is finer than what is compared, and no digits of noise to renew.
double rounded(double value) {
  if (std::isnan(value)) return value;
  if (std::abs(value) < absolute_tolerance) return 0.0;
  std::string text(32, '\0');
  std::snprintf(text.data(), text.size(), "%.12g", value);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

struct TableText {
  std::string file;
  std::size_t key_columns;
  std::string csv;
  std::string readable_csv;  // the same with rounded figures
};

std::vector<TableText> run_case(const Case& run) {
  auto sets = run.sets;
  sets.push_back("run.quarters=" + quarters);
  sets.push_back("run.shocks=off");
  const auto models = models::all();
  const auto read = scenario::read_scenario(run.scenario.string(), simulation::full_schema(models),
                                            {.sets = sets});
  if (!read.scenario) throw std::runtime_error(to_text(read.faults.at(0)));
  const auto built = simulation::build_world(*read.scenario, models);
  if (!built.world) throw std::runtime_error(to_text(built.faults.at(0)));

  const auto start = built.world->economy->start;
  const int until = built.world->economy->quarters;
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(until));
  for (int t = 0; t < until; ++t)
    names.push_back(scenario::to_text(start + t));

  const auto tables = simulation::result_tables(*built.world);
  auto results = simulation::simulate(*built.world, replication, until);
  std::vector<TableText> texts;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    if (!kept_tables.contains(tables[t].name)) continue;
    TableText text{tables[t].name + ".csv", tables[t].keys.size() + 2, {}, {}};
    const auto write = [&](std::string& into) {
      output::write_csv(tables[t], names, {{replication, &results.tables[t]}},
                        [&](std::string_view piece) { into += piece; });
    };
    write(text.csv);
    std::ranges::transform(results.tables[t].values, results.tables[t].values.begin(), rounded);
    write(text.readable_csv);
    texts.push_back(std::move(text));
  }
  return texts;
}

std::string content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// One text for all that differs in a folder; empty when nothing does.
std::string difference(const Case& run) {
  std::string text;
  for (const TableText& table : run_case(run)) {
    const fs::path file = golden_folder / run.folder / table.file;
    const auto differences = compare_csv(content(file), table.csv, table.key_columns);
    for (std::size_t i = 0; i < std::min(differences.size(), most_shown); ++i)
      text += "\n" + run.folder + "/" + table.file + ": " + differences[i];
    if (differences.size() > most_shown)
      text += "\n  and " + std::to_string(differences.size() - most_shown) + " more";
  }
  return text;
}

void renew(const Case& run) {
  fs::remove_all(golden_folder / run.folder);
  fs::create_directory(golden_folder / run.folder);
  for (const TableText& table : run_case(run)) {
    std::ofstream(golden_folder / run.folder / table.file, std::ios::binary) << table.readable_csv;
  }
}

bool renewal_wanted() {
  const char* const variable = std::getenv("ENTENTE_UPDATE_GOLDEN");
  return variable != nullptr && std::string(variable) == "1";
}

std::set<std::string> golden_folders() {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(golden_folder)) {
    if (entry.is_directory()) names.insert(entry.path().filename().string());
  }
  return names;
}

}  // namespace

TEST_CASE("every shipped scenario gives its golden figures", "[golden]") {
  for (const Case& run : all_cases()) {
    if (renewal_wanted()) renew(run);
    const std::string found = difference(run);
    INFO("where the change is meant, renew with tests/golden/update and read the diff" << found);
    CHECK(found.empty());
  }
}

TEST_CASE("every golden folder belongs to a run, and is small", "[golden]") {
  std::set<std::string> expected;
  for (const Case& run : all_cases())
    expected.insert(run.folder);
  if (renewal_wanted()) {
    for (const std::string& name : golden_folders())
      if (!expected.contains(name)) fs::remove_all(golden_folder / name);
  }
  CHECK(golden_folders() == expected);

  std::uintmax_t total = 0;
  for (const auto& entry : fs::recursive_directory_iterator(golden_folder)) {
    if (entry.path().extension() != ".csv") continue;
    CAPTURE(entry.path());
    CHECK(entry.file_size() < 200'000);
    total += entry.file_size();
  }
  CHECK(total < 1'500'000);
}

}  // namespace entente::test
