#include "tests/reference/crn_properties.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>

#include "tests/reference/property.hpp"
#include "tests/reference/result_lines.hpp"
#include "tests/reference/workplace.hpp"

namespace entente::reference {

namespace {

using nlohmann::json;

}  // namespace

std::string look_at_equal_scenarios() {
  const Workplace place;
  place.folder().write("again.toml",
                       "extends = \"" + summit + "\"\ntitle = \"The same under another name\"\n");
  const auto base = place.run(summit, "base");
  auto difference = first_difference(base, place.run("again.toml", "again"));
  if (!difference.empty()) return difference;
  if (first_difference(base, place.run(summit, "other", {{"--seed", "7"}})).empty())
    return "another seed changes nothing";

  const auto said =
      place.call({"compare", "base", "again", "-o", "compared", "--json", "--all", "--fail-on",
                  "any", "--quiet", "--tolerance", "*=0", "--tolerance", "pricing_residual=0"});
  const json comparison = json::parse(said.out).at("comparisons").at(0);
  if (comparison.at("figures").empty()) return "nothing was compared";
  for (const json& figure : comparison.at("figures")) {
    // Missing in every replication of both is as good as equal.
    const json& size = figure.at("difference");
    if (figure.at("verdict") != "identical" || !(size.is_null() || size == 0.0))
      return figure.dump();
    if (size.is_null() && (figure.at("base_n") != 0 || figure.at("other_n") != 0))
      return figure.dump();
  }
  return holds;
}

std::string look_at_removed_partnerships() {
  const Workplace place;
  const Words deals = {"ms-sk-hynix-memory", "ms-lg-appliances", "ms-skt-cloud-5g"};
  for (const auto& deal : deals) {
    place.folder().write("with.toml", fmt::format("extends = \"{}\"\n[[partnership]]\nid = \"{}\"\n"
                                                  "start = \"2024Q4\"\nprobability = 1\n",
                                                  summit, deal));
    place.folder().write("without.toml",
                         fmt::format("extends = \"with.toml\"\n[[partnership]]\nid = \"{}\"\n"
                                     "enabled = false\n",
                                     deal));
    const auto others_before = [&](std::string_view line) {
      return field_of(line, 1) < "2024Q4" && line.find(deal) == std::string_view::npos;
    };
    const auto others_after = [&](std::string_view line) {
      return field_of(line, 1) >= "2024Q4" && line.find(deal) == std::string_view::npos;
    };
    const auto with = place.run("with.toml", "with");
    const auto without = place.run("without.toml", "without");
    const auto before = keep_lines(with, others_before);
    if (count_lines(before) == 0) return "no quarter is before the start";
    const auto difference = first_difference(before, keep_lines(without, others_before));
    if (!difference.empty()) return deal + ": " + difference;
    const auto later =
        first_difference(keep_lines(with, others_after), keep_lines(without, others_after));
    if (later.empty()) return deal + " has no effect from its start on either";
  }
  return holds;
}

std::string look_at_lone_replications() {
  const Workplace place;
  for (const auto* representation : {&as_types, &as_agents}) {
    auto batch = place.run(summit, "batch", {*representation});
    batch.erase("summary.csv");  // of all replications
    for (int k = 0; k < Workplace::replications; ++k) {
      auto alone =
          place.run(summit, "alone", {*representation, {"--replication", fmt::to_string(k)}});
      alone.erase("summary.csv");
      const auto its_own = [&](std::string_view line) {
        return field_of(line, 0) == fmt::to_string(k);
      };
      const auto expected = keep_lines(batch, its_own);
      if (count_lines(expected) == 0) return fmt::format("replication {} is not in the batch", k);
      const auto difference = first_difference(expected, alone);
      if (!difference.empty()) return fmt::format("replication {}: {}", k, difference);
    }
  }
  return holds;
}

}  // namespace entente::reference
