#include "engine/output/manifest.hpp"

#include <filesystem>
#include <fstream>
#include <functional>

#include "engine/output/text_hash.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente::output;

TEST_CASE("the hash of a text is its version-5 UUID", "[unit]") {
  // Python: uuid.uuid5(uuid.NAMESPACE_OID, "") and (…, "run.seed = 1\n").
  CHECK(text_hash("") == "0a68eb57-c88a-5f34-9e9d-27f85e68af4f");
  CHECK(text_hash("run.seed = 1\n") == "bd34dbb1-cf3e-5145-b169-16b2aedd55f8");
}

TEST_CASE("a manifest says what made the results, in a fixed order", "[unit]") {
  Manifest manifest;
  manifest.version = "1.2.3";
  manifest.scenario_text = "title = \"é\"\n";
  manifest.seed = 18446744073709551615U;
  manifest.replications = {4};
  manifest.convergence = {8, 1e-12};
  manifest.nash_certificates = {{"phones", 0.25}, {"cars", std::nullopt}};
  manifest.choice_paths = {{"phones", "all weights"}};
  manifest.deals = {{"alpha-beta", "supply", 1}};
  manifest.files = {"products.csv"};
  const auto text = to_json(manifest);
  CHECK(text.starts_with("{\n  \"program\": \"entente\",\n  \"version\": \"1.2.3\""));
  CHECK_THAT(text, entente::test::contains("\"resolved\": \"title = \\\"é\\\"\\n\""));
  CHECK_THAT(text, entente::test::contains("\"seed\": 18446744073709551615"));
  CHECK_THAT(text, entente::test::contains("\"replications\": 1,\n  \"first_replication\": 4"));
  CHECK_THAT(text, entente::test::contains("\"worst_pricing_residual\": 1e-12"));
  CHECK_THAT(text, entente::test::contains("\"market\": \"phones\",\n      \"gain\": 0.25"));
  CHECK_THAT(text, entente::test::contains("\"market\": \"cars\",\n      \"gain\": null"));
  CHECK_THAT(text, entente::test::contains("\"path\": \"all weights\""));
  CHECK_THAT(text, entente::test::contains("\"formed\": 1"));
  CHECK_THAT(text, entente::test::contains("\"units_reused\": 0"));
  manifest.convergence.worst_pricing_residual.reset();
  CHECK_THAT(to_json(manifest), entente::test::contains("\"worst_pricing_residual\": null"));
}

TEST_CASE("a manifest says why a run of open length stopped", "[unit]") {
  Manifest manifest;
  CHECK_THAT(to_json(manifest), !entente::test::contains("\"stopping\""));
  manifest.stopping = Manifest::Stopping{};
  auto& stopping = *manifest.stopping;
  stopping.confidence = 0.95;
  stopping.minimum = 20;
  stopping.look_ahead = 5;
  stopping.most = 900;
  stopping.series = {{"markets.hhi", 0.05, true}, {"firms.profit_usd_bn", 2.5, false}};
  const auto before = to_json(manifest);
  CHECK_THAT(before, entente::test::contains("\"series\": \"markets.hhi\",\n"
                                             "        \"size\": 0.05,\n"
                                             "        \"relative\": true"));
  CHECK_THAT(before, entente::test::contains("\"met\": false,\n    \"widest\": null,\n"
                                             "    \"needed\": null"));
  stopping.met = true;
  stopping.widest = {"markets.hhi", "phones", "2030Q4", 31, 4000.0, 190.5};
  stopping.needed = 1234;
  const auto text = to_json(manifest);
  CHECK_THAT(text, entente::test::contains("\"entity\": \"phones\",\n      \"quarter\": \"2030Q4\""
                                           ",\n      \"n\": 31,\n      \"mean\": 4000.0,\n"
                                           "      \"half_width\": 190.5"));
  CHECK_THAT(text, entente::test::contains("\"needed\": 1234"));
  CHECK_THAT(text, entente::test::contains("\"most\": 900"));
}

TEST_CASE("a run of open length is known by its rule, its journal by the scenario", "[unit]") {
  Manifest manifest;
  manifest.replications = {0, 1, 2};
  CHECK(journal_identity(manifest) == run_identity(manifest));
  const auto given = run_identity(manifest);
  manifest.stopping = Manifest::Stopping{};
  manifest.stopping->series = {{"markets.hhi", 0.05, true}};
  const auto open = run_identity(manifest);
  const auto journal = journal_identity(manifest);
  CHECK(open != given);
  CHECK(journal != given);
  // How many came of it does not matter, what was asked does.
  manifest.replications.push_back(3);
  manifest.stopping->met = true;
  CHECK(run_identity(manifest) == open);
  for (const auto& change : std::vector<std::function<void(Manifest::Stopping&)>>{
           [](auto& stopping) { stopping.series[0].size = 0.04; },
           [](auto& stopping) { stopping.series[0].relative = false; },
           [](auto& stopping) { stopping.series[0].name = "markets.quantity"; },
           [](auto& stopping) { stopping.most = 77; }, [](auto& stopping) { stopping.minimum = 7; },
           [](auto& stopping) { stopping.look_ahead = 7; },
           [](auto& stopping) { stopping.confidence = 0.9; }}) {
    Manifest other = manifest;
    change(*other.stopping);
    CHECK(run_identity(other) != open);
    CHECK(journal_identity(other) == journal);
  }
  manifest.seed = 5;
  CHECK(journal_identity(manifest) != journal);
}

TEST_CASE("a manifest with broken UTF-8 in the command is still written", "[unit]") {
  Manifest manifest;
  manifest.command = "entente run \xff.toml";
  CHECK_THAT(to_json(manifest), entente::test::contains("entente run "));
}

TEST_CASE("only this program's manifest makes a folder its own", "[unit]") {
  const entente::test::TemporaryFolder folder;
  CHECK_FALSE(read_result_files(folder.path()));
  folder.write("manifest.json", "{\"program\": \"another\"}");
  CHECK_FALSE(read_result_files(folder.path()));
  folder.write("manifest.json", "not json");
  CHECK_FALSE(read_result_files(folder.path()));
  folder.write("manifest.json", "[1, 2]");
  CHECK_FALSE(read_result_files(folder.path()));

  // Names that lead out of the folder are never taken for its files.
  folder.write("manifest.json",
               R"({"program": "entente", "files": ["a.csv", "../b", "", ".", "..", "c/d", 3]})");
  CHECK(*read_result_files(folder.path()) == std::vector<std::string>{"a.csv", "manifest.json"});
}
