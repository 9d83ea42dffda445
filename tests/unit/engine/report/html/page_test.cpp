#include "engine/report/html/page.hpp"

#include <algorithm>

#include "engine/report/html/deal_network.hpp"
#include "engine/report/html/largest_changes.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/report/html/sample_values.hpp"

using namespace entente;
using entente::test::contains;
using report::ReportedRun;
using test::run_with;

namespace {

std::vector<report::Change> changes_of(const ReportedRun& run, const ReportedRun& base) {
  return report::compute_changes({report::make_contrast(run, &base)}).front();
}

}  // namespace

TEST_CASE("what changes in every history alike is certain and told first", "[unit]") {
  const ReportedRun base = run_with("Base", 2.0, 0.0);
  const ReportedRun run = run_with("Deal", 3.5, 5.0);
  const auto contrast = report::make_contrast(run, &base);
  CHECK(contrast.paired);
  const auto changes = report::compute_changes({contrast}).front();
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].entity == "alpha");
  CHECK(changes[0].certain);
  CHECK(report::sentence(changes[0]) ==
        "the quarterly profit of alpha rose by 1.5 USD bn, from 2 to 3.5");
  CHECK_FALSE(changes[1].certain);  // 0, 5, 0, 0
  CHECK(changes[1].difference == Approx(1.25));
  CHECK(changes_of(base, base).empty());
}

TEST_CASE("a run of another seed is not set against it history by history", "[unit]") {
  ReportedRun base = run_with("Base", 2.0, 0.0);
  base.record.seed = 2;
  const ReportedRun run = run_with("Deal", 3.5, 5.0);
  CHECK_FALSE(report::make_contrast(run, &base).paired);
  CHECK_THAT(report::make_contrast(run, &base).words, contains("whose luck is another"));
}

TEST_CASE("a page says what changed, forbids connections and keeps text text", "[unit]") {
  const ReportedRun base = run_with("Base", 2.0, 0.0);
  const ReportedRun run = run_with("</title><script>alert(1)</script>", 3.5, 5.0);
  const std::string page = report::report_page({base, run});
  CHECK_THAT(page, contains("the quarterly profit of alpha rose by 1.5 USD bn"));
  CHECK_THAT(page, contains("default-src 'none'; script-src 'sha256-"));
  CHECK_THAT(page, contains("<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>"));
  CHECK_THAT(page, !contains("<script>alert(1)"));
}

TEST_CASE("quarters that one side alone has are no change", "[unit]") {
  ReportedRun run = run_with("Deal", 2.0, 0.0);
  auto& firms = run.tables.front();
  // Alpha grows in the second quarter, on both sides alike; the base ends before.
  test::fill(firms, {2.0, 2.0, 2.0, 2.0, 9.0, 9.0, 9.0, 9.0, 10.0, 10.0, 9.0, 12.0, 10.0, 10.0, 9.0,
                     12.0});
  ReportedRun base = run_with("Base", 2.0, 0.0);
  base.tables.front().quarters = {"2024Q1"};
  test::fill(base.tables.front(), {2.0, 2.0, 2.0, 2.0, 10.0, 10.0, 9.0, 12.0});
  CHECK(changes_of(run, base).empty());
  CHECK(changes_of(base, run).empty());
}

TEST_CASE("sides that share no draws are told by their own means", "[unit]") {
  ReportedRun base = run_with("Base", 2.0, 0.0);
  base.record.seed = 2;
  const auto changes = changes_of(run_with("Deal", 3.5, 0.0), base);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].without == 2.0);
  CHECK(changes[0].with == 3.5);
  CHECK(changes[0].difference == 1.5);
}

TEST_CASE("without a base the histories without a deal are the other side", "[unit]") {
  ReportedRun run = run_with("Deal", 2.0, 0.0);
  run.tables.push_back(
      {"partnerships", {{"active", "", ""}}, {0, 1, 2, 3}, {"2024Q1"}, {"pact"}, {}, {}});
  test::fill(run.tables.back(), {0.0, 1.0, 0.0, 1.0});
  const auto contrast = report::make_contrast(run, nullptr);
  CHECK(contrast.with.replications == std::vector<std::uint64_t>{1, 3});
  REQUIRE(contrast.without);
  CHECK(contrast.without->replications == std::vector<std::uint64_t>{0, 2});
  CHECK_FALSE(contrast.paired);
  CHECK(contrast.with.values("firms", "beta", "profit_usd_bn", "2024Q1") ==
        std::vector<double>{10.0, 12.0});
  const ReportedRun base = run_with("Base", 2.0, 0.0);
  CHECK(report::make_contrast(run, &base).without->replications ==
        std::vector<std::uint64_t>{1, 3});
}

TEST_CASE("no text of a run becomes markup anywhere", "[unit]") {
  ReportedRun run = run_with("Deal", 3.5, 5.0);
  const std::string hostile = "</script><script>alert(1)</script><!--";
  run.record.command = run.record.scenario_file = run.record.version = hostile;
  run.record.scenario_text =
      "# " + hostile + "\n[[partnership]]\nid = \"pact\"\nparties = [\"" + hostile + "\"]\n";
  run.record.deals = {{.id = hostile, .kind = hostile}};
  run.tables.front().entities = {hostile, "beta"};
  ReportedRun base = run;
  test::fill(base.tables.front(), std::vector<double>(16, 1.0));
  base.record.title = hostile;
  base.record.scenario_text = "title = \"Base\"\n";
  base.record.failures = {{7, hostile}};
  const std::string page = report::report_page({base, run});
  CHECK_THAT(page, !contains("<script>alert(1)") && !contains("<!--"));
  const std::string alone = report::report_page({run});
  CHECK_THAT(alone, !contains("<script>alert(1)") && !contains("<!--"));
}

TEST_CASE("what may be chance is told as such, and what no one sees is not told", "[unit]") {
  const ReportedRun base = run_with("Base", 2.0, 0.0);
  const std::string unsure = report::report_page({base, run_with("Deal", 2.0, 5.0)});
  CHECK_THAT(unsure,
             contains("No change worth telling is beyond chance.</p>\n<p>The largest estimates"));
  CHECK_THAT(
      unsure,
      contains("beta rose by 1.25 USD bn, from 10.25 to 11.5 (95% interval of the change -2.73 to "
               "+5.23)</li>"));
  CHECK_THAT(unsure, contains("<td>may be chance</td>"));

  const std::string tiny = report::report_page({base, run_with("Deal", 2.00001, 0.0)});
  CHECK_THAT(tiny, contains("No change worth telling") && !contains("largest estimates"));
  CHECK_THAT(tiny, !contains("<td>beyond chance</td>"));
  CHECK_THAT(report::report_page({base, run_with("Deal", 1.5, 0.0)}),
             contains("alpha fell by 0.5 USD bn, from 2 to 1.5 (95%") &&
                 contains("<td>beyond chance</td>"));
}

TEST_CASE("a page of several runs says of each what it changes, and what failed", "[unit]") {
  const ReportedRun base = run_with("Base", 2.0, 0.0);
  ReportedRun second = run_with("Pact", 1.5, 0.0);
  second.record.scenario_text = "[[partnership]]\nid = \"pact\"\n";
  second.record.failures = {{4, "no root"}, {5, "no root"}};
  const auto page = report::report_page({base, run_with("Deal", 3.5, 0.0), second});
  CHECK_THAT(page, contains("<h1>2 runs against Base</h1>"));
  const auto rise = page.find("alpha rose by 1.5 USD bn, from 2 to 3.5");
  const auto fall = page.find("alpha fell by 0.5 USD bn, from 2 to 1.5");
  const auto heading = page.find("<h2>Pact</h2>");
  REQUIRE(fall != std::string::npos);
  CHECK(page.find("<h2>Deal</h2>") < rise);
  CHECK(rise < heading);
  CHECK(heading < fall);
  CHECK_THAT(page, contains("<caption>From “Base” to “Deal”") &&
                       contains("<caption>From “Base” to “Pact”"));
  CHECK_THAT(page, contains("2 of 6 replications of “Pact” failed") &&
                       contains("<li>Replication 4 failed: no root</li>"));
  CHECK_THAT(page, !contains("of “Deal” failed"));
  CHECK_THAT(page, contains("Entries of this run alone</summary><pre>[[partnership]]") &&
                       contains("<p>The scenario as resolved is that of the base.</p>"));
}

TEST_CASE("the network of deals has a line for each party", "[unit]") {
  const std::string svg = report::deal_network({{"one", {"alpha", "<beta>"}}, {"two", {"alpha"}}});
  std::size_t lines = 0;
  for (std::size_t at = svg.find("<line"); at != std::string::npos; at = svg.find("<line", at + 1))
    ++lines;
  CHECK(lines == 3);
  CHECK_THAT(svg, contains("&lt;beta&gt;") && !contains("<beta>"));
  CHECK(report::deal_network({}).empty());
}
