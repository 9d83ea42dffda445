#include <filesystem>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente::test;

TEST_CASE("a report is one file that holds all it shows", "[cli]") {
  const TemporaryFolder place;
  place.write("deal.toml", "extends = \"" + shipped("microsoft-lg-appliances.toml") +
                               "\"\ntitle = \"A <script>alert(1)</script> & a deal\"\n");
  const auto run = [&](const std::string& scenario, const std::string& folder) {
    return run_program(place.path(), {"run", scenario, "--set", "run.quarters=6", "--replications",
                                      "6", "--allow-extends-anywhere", "-o", folder});
  };
  REQUIRE(run("deal.toml", "deal").code == 0);
  REQUIRE(run(shipped("baseline.toml"), "base").code == 0);
  const auto ended = run_program(place.path(), {"report", "base", "deal", "-o", "out/deal.html"});
  INFO(ended.err);
  REQUIRE(ended.code == 0);
  const std::string page = place.read("out/deal.html");
  CHECK(page.size() < 1'000'000);
  CHECK_THAT(page, contains("A &lt;script&gt;alert(1)&lt;/script&gt; &amp; a deal"));
  CHECK_THAT(page, !contains("<script>alert(1)"));
  CHECK_THAT(page, !contains("http://") || !contains("src=\"http"));
  CHECK_THAT(page, contains("\"id\":\"appliances\",\"hhi\""));

  REQUIRE(run_program(place.path(), {"report", "deal", "--quiet"}).code == 0);
  CHECK(std::filesystem::exists(place.path() / "deal.html"));
}

TEST_CASE("an attribution beside the run is drawn, and refused when it is broken", "[cli]") {
  const TemporaryFolder place;
  REQUIRE(run_program(place.path(), {"run", shipped("microsoft-lg-appliances.toml"), "--set",
                                     "run.quarters=6", "--replications", "1", "-o", "deal"})
              .code == 0);
  const auto report = [&] { return run_program(place.path(), {"report", "deal", "-o", "p.html"}); };
  REQUIRE(report().code == 0);
  CHECK_THAT(place.read("p.html"), !contains("Which deal did it"));

  const std::string start =
      "table,entity,series,step,deal,mean,standard_error,low,high\n"
      "firms,lg</script><script>,profit_usd_bn,without,,1,,,\nfirms,lg</script><script>,"
      "profit_usd_bn,with,,3,,,\nfirms,lg</script><script>,profit_usd_bn,deal,";
  place.write("deal/attribution.csv", start + "ms-lg-appliances,2,,,\n");
  const auto ended = report();
  INFO(ended.err);
  REQUIRE(ended.code == 0);
  const auto page = place.read("p.html");
  CHECK_THAT(page, contains("Which deal did it") && contains("accounts for most: +2"));
  CHECK_THAT(page, !contains("lg</script>"));

  place.write("deal/attribution.csv", start + "ms-lg-appliances,1,,,\n");
  CHECK(report().code == 2);
  CHECK_THAT(report().err, contains("attribution.csv:2") && contains("do not add up"));
  place.write("deal/attribution.csv", start + "no-such-deal,2,,,\n");
  CHECK(report().code == 2);
  CHECK_THAT(report().err, contains("no-such-deal"));
}

TEST_CASE("runs of any shape can be reported, broken ones are faults", "[cli]") {
  const TemporaryFolder place;
  const auto run = [&](const std::string& scenario, const char* quarters, const char* replications,
                       const std::string& folder) {
    return run_program(place.path(),
                       {"run", shipped(scenario), "--set", std::string("run.quarters=") + quarters,
                        "--replications", replications, "-o", folder})
        .code;
  };
  REQUIRE(run("microsoft-lg-appliances.toml", "6", "4", "deal") == 0);
  REQUIRE(run("baseline.toml", "1", "1", "point") == 0);
  const auto report = [&](const std::string& first, const std::string& second) {
    return run_program(place.path(), {"report", first, second, "-o", "p.html"});
  };
  CHECK(report("point", "deal").code == 0);
  CHECK_THAT(place.read("p.html"), contains("whose luck is another"));
  CHECK(report("deal", "point").code == 0);
  CHECK(run_program(place.path(), {"report", "point", "-o", "p.html"}).code == 0);
  CHECK_THAT(place.read("p.html"), contains("No deal formed in any"));

  auto firms = place.read("deal/firms.csv");
  place.write("deal/firms.csv", firms.replace(firms.find("profit_usd_bn"), 13, "gain"));
  const auto lacking = report("deal", "point");
  CHECK(lacking.code == 2);
  CHECK_THAT(lacking.err, contains("deal/firms.csv:1") && contains("'profit_usd_bn'"));
  place.write("point/manifest.json", "{");
  CHECK(run_program(place.path(), {"report", "point"}).code == 2);
}

TEST_CASE("several runs are laid over the first, and told apart", "[cli]") {
  const TemporaryFolder place;
  const auto run = [&](const std::string& scenario, const std::string& folder) {
    return run_program(place.path(), {"run", shipped(scenario), "--set", "run.quarters=6",
                                      "--replications", "6", "-o", folder})
        .code;
  };
  REQUIRE(run("baseline.toml", "base") == 0);
  REQUIRE(run("microsoft-lg-appliances.toml", "one") == 0);
  REQUIRE(run("microsoft-lg-appliances.toml", "two") == 0);
  auto manifest = place.read("two/manifest.json");
  const std::string none = "\"failed\": []";
  REQUIRE(manifest.find(none) != std::string::npos);
  manifest.replace(manifest.find(none), none.size(),
                   "\"failed\": [{\"replication\": 6, \"message\": \"no <root>\"}]");
  place.write("two/manifest.json", manifest);

  const auto ended = run_program(place.path(), {"report", "base", "one", "two"});
  INFO(ended.err);
  REQUIRE(ended.code == 0);
  CHECK_THAT(ended.err, contains("wrote base-vs-one-vs-two.html"));
  const auto page = place.read("base-vs-one-vs-two.html");
  CHECK(page.size() < 1'000'000);
  CHECK_THAT(page, contains("<h1>2 runs against") && contains("(one)</h2>") &&
                       contains("(two)</h2>") && !contains("(base)</h3>"));
  CHECK_THAT(page, contains("1 of 7 replications of") &&
                       contains("Replication 6 failed: no &lt;root&gt;"));
}

TEST_CASE("runs that nothing can be said of together are refused", "[cli]") {
  const TemporaryFolder place;
  for (const std::string folder : {"early", "late"}) {
    REQUIRE(run_program(place.path(), {"run", shipped("baseline.toml"), "--set", "run.quarters=1",
                                       "--replications", "1", "-o", folder})
                .code == 0);
  }
  for (const auto* table : {"late/products.csv", "late/markets.csv", "late/firms.csv"}) {
    auto text = place.read(table);
    for (auto at = text.find("2024Q"); at != std::string::npos; at = text.find("2024Q", at))
      text.replace(at, 2, "30");
    place.write(table, text);
  }
  const auto report = [&](std::vector<std::string> runs) {
    runs.insert(runs.begin(), "report");
    return run_program(place.path(), runs);
  };
  const auto apart = report({"early", "late"});
  CHECK(apart.code == 2);
  CHECK_THAT(apart.err, contains("late") && contains("'early'"));
  const auto twice = report({"early", "late", "./early/"});
  CHECK(twice.code == 2);
  CHECK_THAT(twice.err, contains("./early/") && contains("is named twice"));
  CHECK(report({"a", "b", "c", "d", "e", "f", "g"}).code == 2);
  CHECK_THAT(report({"a", "b", "c", "d", "e", "f", "g"}).err, contains("takes no argument 'g'"));
  CHECK_FALSE(std::filesystem::exists(place.path() / "early-vs-late.html"));
}

TEST_CASE("what is no run cannot be reported", "[cli]") {
  const TemporaryFolder place;
  place.write("empty/text", "");
  const auto ended = run_program(place.path(), {"report", "empty", "-o", "page.html"});
  CHECK(ended.code == 2);
  CHECK_THAT(ended.err, contains("empty"));
  CHECK_FALSE(std::filesystem::exists(place.path() / "page.html"));
  CHECK(run_program(place.path(), {"report", "nowhere"}).code == 2);
}
