#include "engine/output/manifest.hpp"

#include <filesystem>
#include <fstream>

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
