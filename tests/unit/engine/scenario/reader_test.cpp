#include "engine/scenario/reader.hpp"

#include <stdexcept>

#include "sample.hpp"
#include "tests/catch.hpp"

using namespace entente::scenario;
using entente::test::sample_schema;
using entente::test::sample_text;
using entente::test::TemporaryFolder;

namespace {

Scenario read(const std::string& file, const ReadOptions& options = {}) {
  ReadResult result = read_scenario(file, sample_schema(), options);
  for (const Fault& fault : result.faults)
    UNSCOPED_INFO(to_text(fault));
  REQUIRE(result.faults.empty());
  REQUIRE(result.scenario.has_value());
  return *result.scenario;
}

}  // namespace

TEST_CASE("a scenario reads with values, defaults and places", "[unit]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("sample.toml", sample_text());
  const Scenario scenario = read(file);
  CHECK(scenario.file == file);
  CHECK(scenario.title == "Sample");
  CHECK(scenario.description == "Two firms and a deal");

  const Record& run = scenario.single("run");
  CHECK(run.integer("quarters") == 8);
  CHECK(to_text(run.quarter("start")) == "2024Q1");
  CHECK(run.is_default("start"));
  CHECK_FALSE(run.is_default("quarters"));
  CHECK(run.flag("paired"));
  CHECK(run.location("quarters").line == 5);
  CHECK(run.location("start").line == 4);  // a default is placed at its table

  REQUIRE(scenario.all("firm").size() == 2);
  CHECK(scenario.all("firm")[0].id == "alpha");  // ordered by id, not as written
  CHECK(scenario.all("firm")[1].id == "beta");
  CHECK(scenario.find("firm", "beta")->path() == "firm.beta");
  CHECK(scenario.find("firm", "gamma") == nullptr);
  CHECK(scenario.find("firm", "alp") == nullptr);
  CHECK(scenario.find("nothing", "gamma") == nullptr);

  const Entry& market = *scenario.find("market", "widget");
  CHECK(market.number("price") == 12.5);
  CHECK(market.figure("price").mark == "B");
  CHECK(market.figure("price").source == "a list");
  CHECK(market.figure("price").note == "mean");
  CHECK(market.number("growth") == 1.0);  // an integer where a number is expected

  const Entry& pact = *scenario.find("partnership", "pact");
  CHECK(pact.list("parties") == std::vector<std::string>{"alpha", "beta"});
  CHECK(pact.text("market") == "widget");
  REQUIRE(pact.records("effect").size() == 2);
  const Record& effect = pact.records("effect")[1];
  CHECK(effect.path() == "partnership.pact.effect[1]");
  CHECK(effect.number("share") == 0.25);
  CHECK(effect.is_default("share"));
  CHECK(effect.location("type").line == 24);
}

TEST_CASE("asking for a key wrongly is a programming mistake", "[unit]") {
  const TemporaryFolder folder;
  const Scenario scenario = read(folder.write("sample.toml", sample_text()));
  const Entry& beta = *scenario.find("firm", "beta");
  CHECK_FALSE(beta.has("name"));
  CHECK(beta.number_or("size", 3.0) == 3.0);
  CHECK(beta.list("parties").empty());
  CHECK(beta.records("effect").empty());
  CHECK_THROWS_AS(beta.text("name"), std::logic_error);
  CHECK_THROWS_AS(scenario.single("run").text("quarters"), std::logic_error);
  CHECK_THROWS_AS(scenario.single("firm"), std::logic_error);
}

TEST_CASE("a fault made of a record points at the value", "[unit]") {
  const TemporaryFolder folder;
  const Scenario scenario = read(folder.write("sample.toml", sample_text()));
  const Fault fault = scenario.find("partnership", "pact")->fault("probability", "too high");
  CHECK(fault.location.line == 23);
  CHECK(fault.location.column == 15);
  CHECK(fault.key_path == "partnership.pact.probability");
}

TEST_CASE("a child states only what differs", "[unit]") {
  const TemporaryFolder folder;
  folder.write("base.toml", sample_text());
  const Scenario scenario = read(folder.write("child.toml", R"(extends = "base.toml"
title = "Child"

[run]
mode = "agents"

[[partnership]]
id = "pact"
effect = [ { type = "quality" } ]

[[market]]
id = "widget"
price = 20

[[firm]]
id = "gamma"
)"));
  CHECK(scenario.title == "Child");
  CHECK(scenario.description == "Two firms and a deal");
  CHECK(scenario.single("run").integer("quarters") == 8);
  CHECK(scenario.single("run").text("mode") == "agents");
  CHECK(scenario.all("firm").size() == 3);
  const Entry& pact = *scenario.find("partnership", "pact");
  CHECK(pact.number("probability") == 0.15);
  CHECK(pact.location("probability").file == (folder.path() / "base.toml").string());
  CHECK(pact.records("effect").size() == 1);  // replaced whole
  CHECK(pact.location("effect").file == (folder.path() / "child.toml").string());
  // A bare number takes the inherited provenance away.
  CHECK(scenario.find("market", "widget")->number("price") == 20.0);
  CHECK(scenario.find("market", "widget")->figure("price").source.empty());
}

TEST_CASE("enabled = false leaves an inherited entry out, and true brings it back", "[unit]") {
  const TemporaryFolder folder;
  folder.write("base.toml", sample_text());
  const std::string off = folder.write(
      "off.toml", "extends = 'base.toml'\n[[partnership]]\nid = 'pact'\nenabled = false\n");
  CHECK(read(off).all("partnership").empty());
  const std::string on = folder.write(
      "on.toml", "extends = 'off.toml'\n[[partnership]]\nid = 'pact'\nenabled = true\n");
  CHECK(read(on).all("partnership").size() == 1);
  CHECK(read(off, {.sets = {"partnership.pact.enabled=true"}}).all("partnership").size() == 1);
  CHECK(read(on, {.sets = {"partnership.pact.enabled=false"}}).all("partnership").empty());
}

TEST_CASE("a deal that is off may name a firm that is off", "[unit]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("sample.toml", sample_text());
  const Scenario scenario =
      read(file, {.sets = {"firm.beta.enabled=false", "partnership.pact.enabled=false"}});
  CHECK(scenario.all("firm").size() == 1);
}

TEST_CASE("a value of --set is read as TOML, else as a text", "[unit]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("sample.toml", sample_text());
  const Scenario scenario = read(
      file, {.sets = {"run.start=2025Q2", "run.mode = agents", "run.quarters=0x10",
                      "run.quarters=12", "title=Hello, \"world\" # one", "market.widget.name=\"5\"",
                      "market.widget.price={ value = 3, mark = 'A' }",
                      "partnership.pact.parties=['beta', 'alpha']",
                      "partnership.pact.effect=[{ type = 'cost', share = 1 }]"}});
  CHECK(to_text(scenario.single("run").quarter("start")) == "2025Q2");
  CHECK(scenario.single("run").text("mode") == "agents");
  CHECK(scenario.single("run").integer("quarters") == 12);  // the later one holds
  CHECK(scenario.single("run").location("quarters").file == "--set");
  CHECK(scenario.title == "Hello, \"world\" # one");
  CHECK(scenario.find("market", "widget")->text("name") == "5");
  CHECK(scenario.find("market", "widget")->figure("price").mark == "A");
  CHECK(scenario.find("partnership", "pact")->list("parties")[0] == "beta");
  CHECK(scenario.find("partnership", "pact")->records("effect")[0].number("share") == 1.0);
}

TEST_CASE("nothing of --set smuggles in further keys", "[unit]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("sample.toml", sample_text());
  const Scenario scenario = read(file, {.sets = {"title=1\ndescription = 'other'"}});
  CHECK(scenario.title == "1\ndescription = 'other'");
  CHECK(scenario.description == "Two firms and a deal");
}

TEST_CASE("the tables of a file may stand in any form TOML has for them", "[unit]") {
  const TemporaryFolder folder;
  const Scenario scenario = read(folder.write(
      "inline.toml", "run.quarters = 4\nfirm = [ { id = 'alpha' }, { id = 'beta' } ]\n"));
  CHECK(scenario.single("run").integer("quarters") == 4);
  CHECK(scenario.all("firm").size() == 2);
}
