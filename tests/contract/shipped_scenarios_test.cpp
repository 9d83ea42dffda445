#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/contract/baseline_world.hpp"

namespace entente::test {
namespace {

namespace fs = std::filesystem;
using Breaches = std::vector<std::string>;

std::vector<fs::path> shipped_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(ENTENTE_SOURCE_DIR "/scenarios")) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::vector<std::string> lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

/// Adds the figures given in a table, or in the tables inside it, that lack a mark or a source.
void find_unsourced(const scenario::Record& record, const std::vector<scenario::Field>& fields,
                    Breaches& breaches) {
  for (const auto& field : fields) {
    if (!record.has(field.key) || record.is_default(field.key)) continue;
    if (field.type == scenario::Type::records) {
      for (const auto& each : record.records(field.key))
        find_unsourced(each, field.fields, breaches);
    } else if (field.type == scenario::Type::figure) {
      const auto& figure = record.figure(field.key);
      const auto breach = [&](const std::string& what) {
        const auto place = record.location(field.key);
        breaches.push_back(place.file + ":" + std::to_string(place.line) + ": " + record.path() +
                           "." + field.key + " has no " + what);
      };
      if (figure.mark.empty()) breach("mark");
      if (figure.source.empty()) breach("source");
    }
  }
}

Breaches find_unsourced(const scenario::Scenario& read) {
  Breaches breaches;
  for (const auto& table : simulation::full_schema(models::all())) {
    if (table.kind == scenario::Table::Kind::single) {
      find_unsourced(read.single(table.name), table.fields, breaches);
    } else {
      for (const auto& entry : read.all(table.name))
        find_unsourced(entry, table.fields, breaches);
    }
  }
  return breaches;
}

}  // namespace

TEST_CASE("every figure of the shipped scenarios has a mark and a source", "[contract]") {
  for (const auto& file : shipped_files()) {
    const auto read =
        scenario::read_scenario(file.string(), simulation::full_schema(models::all()), {});
    INFO(file << ": " << to_text(read.faults));
    REQUIRE(read.scenario);
    CHECK(find_unsourced(*read.scenario) == Breaches{});
  }
}

TEST_CASE("a figure without mark or source is found, inside a list too", "[contract]") {
  const auto breaches = find_unsourced(read_baseline(R"(
[[market]]
id = "hbm"
growth = 0.15
[[product]]
id = "hbm-micron"
price = { value = 14, mark = "D" }
[[account]]
id = "accelerators-microsoft"
purchases = [ { product = "gpu-nvidia", volume = { value = 100, source = "a list" } } ]
)"));
  REQUIRE(breaches.size() == 4);
  CHECK_THAT(breaches[0], contains("more.toml:5: market.hbm.growth has no mark"));
  CHECK_THAT(breaches[1], contains("more.toml:5: market.hbm.growth has no source"));
  CHECK_THAT(breaches[2], contains("more.toml:8: product.hbm-micron.price has no source"));
  CHECK_THAT(breaches[3], contains("more.toml:11:") && contains(".volume has no mark"));
}

TEST_CASE("a shipped scenario names its schema and says only what differs", "[contract]") {
  const auto files = shipped_files();
  REQUIRE(files.size() > 1);
  for (const auto& file : files) {
    CAPTURE(file);
    const auto lines = lines_of(file);
    REQUIRE_FALSE(lines.empty());
    CHECK(lines.front() == "#:schema scenario.schema.json");
    if (file.filename() != "baseline.toml") CHECK(lines.size() < 40);
  }
}

}  // namespace entente::test
