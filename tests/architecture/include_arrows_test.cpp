#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "tests/architecture/source_tree.hpp"
#include "tests/catch.hpp"

namespace entente::test {
namespace {

// A part may include itself and what stands before it; the two parts beside the row include nothing
// else of the engine, and anyone may include them.
constexpr std::array<std::string_view, 6> row = {"market",     "population", "simulation",
                                                 "experiment", "report",     "cli"};
constexpr std::array<std::string_view, 2> beside = {"scenario", "output"};

// So do the folders of the simulation. Its face, the files beside them, may include them all; of it
// they may include what a model is.
constexpr std::array<std::string_view, 8> simulation_row = {
    "state", "markets", "supply", "behaviour", "steps", "record", "build", "fields"};
constexpr std::string_view model_contract = "engine/simulation/model.hpp";

/// The second of three or more steps of a path: "market" of "engine/market/demand.hpp".
std::optional<std::string> part_of(const std::string& path, std::string_view top) {
  if (!path.starts_with(std::string(top) + "/")) return std::nullopt;
  const std::size_t begin = top.size() + 1;
  const std::size_t end = path.find('/', begin);
  if (end == std::string::npos) return "";
  return path.substr(begin, end - begin);
}

template <std::size_t size>
bool stands_before(const std::array<std::string_view, size>& names, std::string_view to,
                   std::string_view from) {
  const auto from_step = std::ranges::find(names, from);
  const auto to_step = std::ranges::find(names, to);
  return from_step != names.end() && to_step != names.end() && to_step < from_step;
}

bool engine_may_include(std::string_view from, std::string_view to) {
  const auto is_beside = [](std::string_view part) {
    return std::ranges::find(beside, part) != beside.end();
  };
  if (from == to) return true;
  if (is_beside(from) || is_beside(to)) return !is_beside(from);
  return stands_before(row, to, from);
}

bool simulation_may_include(const std::string& file, const std::string& included) {
  const auto from = part_of(file, "engine/simulation");
  const auto to = part_of(included, "engine/simulation");
  if (!from || from->empty() || !to || *from == *to || included == model_contract) return true;
  return stands_before(simulation_row, *to, *from);
}

Breaches find_arrow_breaches(const std::vector<SourceFile>& files) {
  Breaches breaches;
  for (const SourceFile& file : files) {
    const auto engine_part = part_of(file.path, "engine");
    const auto model = part_of(file.path, "models");
    for (const Include& include : read_includes(file)) {
      const auto to_engine = part_of(include.path, "engine");
      const auto to_model = part_of(include.path, "models");
      const bool allowed = engine_part
                               ? !to_model && !include.path.starts_with("tests/") &&
                                     (!to_engine || engine_may_include(*engine_part, *to_engine))
                               : !model || model->empty() || !to_model || *to_model == *model;
      const bool inside = simulation_may_include(file.path, include.path);
      const bool relative = include.path.find("..") != std::string::npos;
      if (!allowed || !inside || relative)
        breaches.push_back(place(file, include.line) + include.path);
    }
  }
  return breaches;
}

SourceFile including(const std::string& path, const std::string& included) {
  return {path, "#pragma once\n#include \"" + included + "\"\n"};
}

}  // namespace

TEST_CASE("includes follow the arrows between parts", "[architecture]") {
  const auto files = read_tree({"engine", "models"}, {".hpp", ".cpp"});
  CHECK_FALSE(files.empty());
  CHECK(find_arrow_breaches(files) == Breaches{});
}

TEST_CASE("every part of the engine has its place in the arrows", "[architecture]") {
  std::vector<std::string> parts(row.begin(), row.end());
  parts.insert(parts.end(), beside.begin(), beside.end());
  std::ranges::sort(parts);
  CHECK(list_folders("engine") == parts);
  std::vector<std::string> folders(simulation_row.begin(), simulation_row.end());
  std::ranges::sort(folders);
  CHECK(list_folders("engine/simulation") == folders);
}

TEST_CASE("an include against the arrows is found", "[architecture]") {
  const auto breaches = [](const std::string& from, const std::string& to) {
    return find_arrow_breaches({including(from, to)}).size();
  };
  CHECK(breaches("engine/market/a.cpp", "engine/simulation/b.hpp") == 1);
  CHECK(breaches("engine/market/a.cpp", "engine/market/b.hpp") == 0);
  CHECK(breaches("engine/cli/a.cpp", "engine/market/b.hpp") == 0);
  CHECK(breaches("engine/scenario/a.cpp", "engine/market/b.hpp") == 1);
  CHECK(breaches("engine/scenario/a.cpp", "engine/output/b.hpp") == 1);
  CHECK(breaches("engine/market/a.cpp", "engine/scenario/b.hpp") == 0);
  CHECK(breaches("engine/cli/a.cpp", "models/all.hpp") == 1);
  CHECK(breaches("engine/cli/a.cpp", "../models/all.hpp") == 1);
  CHECK(breaches("engine/cli/a.cpp", "tests/catch.hpp") == 1);
  CHECK(breaches("models/one/a.cpp", "models/two/b.hpp") == 1);
  CHECK(breaches("models/one/a.cpp", "models/one/b.hpp") == 0);
  CHECK(breaches("models/one/a.cpp", "engine/simulation/model.hpp") == 0);
  CHECK(breaches("models/all.cpp", "models/one/b.hpp") == 0);
  CHECK(breaches("engine/simulation/state/a.cpp", "engine/simulation/steps/b.hpp") == 1);
  CHECK(breaches("engine/simulation/steps/a.cpp", "engine/simulation/state/b.hpp") == 0);
  CHECK(breaches("engine/simulation/steps/a.cpp", "engine/simulation/simulate.hpp") == 1);
  CHECK(breaches("engine/simulation/steps/a.cpp", "engine/simulation/model.hpp") == 0);
  CHECK(breaches("engine/simulation/simulate.cpp", "engine/simulation/fields/b.hpp") == 0);
  CHECK(find_arrow_breaches({including("engine/market/a.cpp", "engine/cli/b.hpp")}) ==
        Breaches{"engine/market/a.cpp:2: engine/cli/b.hpp"});
}

}  // namespace entente::test
