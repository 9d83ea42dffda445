#include <algorithm>
#include <numeric>

#include "sample.hpp"
#include "tests/catch.hpp"

using namespace entente::scenario;
using entente::test::sample_schema;
using entente::test::sample_text;
using entente::test::TemporaryFolder;

namespace {

std::string canonical(const std::string& file, const ReadOptions& options = {}) {
  const ReadResult result = read_scenario(file, sample_schema(), options);
  for (const Fault& fault : result.faults)
    UNSCOPED_INFO(to_text(fault));
  REQUIRE(result.scenario.has_value());
  return result.scenario->canonical_text();
}

}  // namespace

TEST_CASE("the canonical text is as worked out by hand", "[unit]") {
  const TemporaryFolder folder;
  CHECK(canonical(folder.write("sample.toml", sample_text())) == R"(title = "Sample"
description = "Two firms and a deal"

[[firm]]
id = "alpha"
name = "Alpha"

[[firm]]
id = "beta"

[[market]]
id = "widget"
growth = 1.0
price = { value = 12.5, mark = "B", source = "a list", note = "mean" }

[[partnership]]
id = "pact"
effect = [{ share = 0.05, type = "cost" }, { market = "widget", share = 0.25, type = "quality" }]
market = "widget"
parties = ["alpha", "beta"]
probability = 0.15

[run]
mode = "types"
paired = true
quarters = 8
start = "2024Q1"
)");
}

TEST_CASE("the canonical text is a scenario that means the same", "[unit]") {
  const TemporaryFolder folder;
  const std::string text = canonical(folder.write("sample.toml", sample_text()));
  const ReadResult again = read_scenario_text(text, "resolved", sample_schema());
  REQUIRE(again.faults.empty());
  CHECK(again.scenario->canonical_text() == text);
  CHECK(again.scenario->file == "resolved");
  // What was left out before is written now, and is the default still.
  const Record& run = again.scenario->single("run");
  for (const char* key : {"paired", "mode", "start"}) {
    INFO(key);
    CHECK(run.is_default(key));
    CHECK_FALSE(run.slots_.find(key)->second.from_default);
  }
  CHECK_FALSE(run.is_default("quarters"));
  // In records too: one share is the default, the other is not.
  const auto& effects = again.scenario->find("partnership", "pact")->records("effect");
  CHECK_FALSE(effects.at(0).is_default("share"));
  CHECK(effects.at(1).is_default("share"));

  const ReadResult wrong = read_scenario_text("title = ", "resolved", sample_schema());
  REQUIRE(wrong.faults.size() == 1);
  CHECK(wrong.faults[0].location.file == "resolved");
}

TEST_CASE("the meaning of a value does not depend on where its numbers come from", "[unit]") {
  CHECK(meaning_text(Figure{.value = 2, .mark = "B", .source = "a list", .note = "mean"}) ==
        meaning_text(Figure{.value = 2, .mark = "B"}));
  CHECK(meaning_text(Figure{.value = 2, .mark = "B"}) != meaning_text(Figure{.value = 2}));
  CHECK(meaning_text(Figure{.value = 2, .low = 1, .high = 3}) != meaning_text(Figure{.value = 2}));
  Record record;
  record.slots_["share"] = {Figure{.value = 0.5, .source = "one"}};
  Record other;
  other.slots_["share"] = {Figure{.value = 0.5, .source = "another"}};
  CHECK(meaning_text(std::vector{record}) == meaning_text(std::vector{other}));
}

TEST_CASE("the canonical text has a figure's range and its common draw", "[unit]") {
  const TemporaryFolder folder;
  const std::string text = canonical(
      folder.write("sample.toml", sample_text()),
      {.sets = {"market.widget.price={ value = 2, together = 'all', high = 3, low = 1 }"}});
  CHECK_THAT(text, entente::test::contains(
                       "price = { value = 2.0, low = 1.0, high = 3.0, together = \"all\" }"));
}

TEST_CASE("the canonical text is itself a scenario with that canonical text", "[property]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("sample.toml", sample_text());
  for (const char* value : {"0.1", "1e300", "5e-324", "1", "-0.0", "123456789.123"}) {
    const std::string first =
        canonical(file, {.sets = {std::string("market.widget.growth=") + value,
                                  "firm.alpha.name=\"quote \\\" slash \\\\ tab \\t line \\n é\""}});
    CHECK(canonical(folder.write("again.toml", first)) == first);
  }
}

TEST_CASE("reading twice gives the same text", "[property]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("sample.toml", sample_text());
  CHECK(canonical(file) == canonical(file));
}

TEST_CASE("the order of entries in the file does not matter", "[property]") {
  const TemporaryFolder folder;
  std::vector<std::string> blocks = {
      "[run]\nquarters = 3\n", "[[firm]]\nid = \"alpha\"\n", "[[firm]]\nid = \"beta\"\n",
      "[[market]]\nid = \"widget\"\nprice = 1\n",
      "[[partnership]]\nid = \"pact\"\nparties = [\"beta\", \"alpha\"]\n"};
  const auto text = [&] { return std::accumulate(blocks.begin(), blocks.end(), std::string{}); };
  const std::string expected = canonical(folder.write("order.toml", text()));
  int orders = 0;
  std::sort(blocks.begin(), blocks.end());
  do {
    CHECK(canonical(folder.write("order.toml", text())) == expected);
    ++orders;
  } while (std::next_permutation(blocks.begin(), blocks.end()));
  CHECK(orders == 120);
}

TEST_CASE("an empty child changes nothing", "[property]") {
  const TemporaryFolder folder;
  const std::string base = folder.write("base.toml", sample_text());
  std::string last = "base.toml";
  for (int depth = 1; depth <= 16; ++depth) {
    const std::string name = "child" + std::to_string(depth) + ".toml";
    const std::string child = folder.write(name, "extends = \"" + last + "\"\n");
    CHECK(canonical(child) == canonical(base));
    last = name;
  }
}

TEST_CASE("a value that differs by the last bit gives another text", "[property]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("sample.toml", sample_text());
  CHECK(canonical(file, {.sets = {"market.widget.growth=0.1"}}) !=
        canonical(file, {.sets = {"market.widget.growth=0.10000000000000002"}}));
}
