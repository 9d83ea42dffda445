#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <vector>

#include "tests/reference/crn_properties.hpp"
#include "tests/reference/property.hpp"
#include "tests/reference/result_lines.hpp"
#include "tests/reference/workplace.hpp"

namespace entente::reference {

namespace {

namespace fs = std::filesystem;

/// The tables of a TOML text, each from its header to the next; before them what belongs to none.
std::vector<std::string> split_tables(const std::string& text) {
  for (const auto* quotes : {R"(""")", "'''"}) {
    if (text.find(quotes) != std::string::npos)
      throw std::runtime_error("a text of several lines may hold what looks like a header");
  }
  std::vector<std::string> tables(1);
  for (std::size_t start = 0; start < text.size();) {
    const auto end = std::min(text.find('\n', start), text.size() - 1) + 1;
    const std::string line = text.substr(start, end - start);
    start = end;
    if (line.starts_with('[')) tables.emplace_back();
    tables.back() += line;
  }
  return tables;
}

/// The shipped scenarios with the tables of each file in another order. Returns how many moved.
std::size_t write_reordered(const test::TemporaryFolder& folder, bool reversed, unsigned seed) {
  std::mt19937 random(seed);
  std::size_t moved = 0;
  const fs::path from = test::shipped("");
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    if (entry.path().extension() != ".toml") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    auto tables = split_tables({std::istreambuf_iterator<char>(file), {}});
    const auto before = tables;
    if (reversed) {
      std::reverse(tables.begin() + 1, tables.end());
    } else {
      std::shuffle(tables.begin() + 1, tables.end(), random);
    }
    std::string text;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      text += tables[i];
      if (tables[i] != before[i]) ++moved;
    }
    folder.write("reordered" / fs::relative(entry.path(), from), text);
  }
  return moved;
}

}  // namespace

std::string look_at_reordered_tables() {
  const Workplace place;
  const auto base = place.run(summit, "base");
  for (const unsigned seed : {0U, 1U, 2U}) {
    const std::size_t moved = write_reordered(place.folder(), seed == 0, seed);
    if (moved < 100) return fmt::format("only {} tables moved", moved);
    auto difference = first_difference(base, place.run("reordered/" + summit, "again"));
    if (!difference.empty()) return difference;
  }
  return holds;
}

}  // namespace entente::reference
