#include "engine/report/html/page.hpp"

#include <algorithm>

#include "engine/report/html/chart_data.hpp"
#include "engine/report/html/deal_network.hpp"
#include "engine/report/html/largest_changes.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/report/html/sample_values.hpp"

using namespace entente;
using entente::test::contains;
using report::ReportedRun;

namespace {

/// Profits of alpha and beta over two quarters in four histories: alpha's as told, beta's 5 more by
/// chance in one of them.
ReportedRun run_with(const std::string& title, double alpha, double luck) {
  ReportedRun run{"runs/" + title, {}, {}};
  run.record.title = title;
  run.record.seed = 1;
  experiment::SampleTable firms;
  firms.name = "firms";
  firms.series = {{"profit_usd_bn", "USD bn", ""}};
  firms.replications = {0, 1, 2, 3};
  firms.quarters = {"2024Q1", "2024Q2"};
  firms.entities = {"alpha", "beta"};
  firms.places = {0, 1, 2, 3};
  std::vector<double> values;
  for (const double draw : {10.0, 10.0 + luck, 9.0, 12.0})
    values.insert(values.end(), {alpha, alpha, draw, draw});
  const auto numbers =
      std::make_shared<const output::ScratchNumbers>(std::filesystem::temp_directory_path());
  numbers->write(0, values);
  firms.numbers = numbers;
  run.tables = {firms};
  return run;
}

}  // namespace

TEST_CASE("what changes in every history alike is certain and told first", "[unit]") {
  const ReportedRun base = run_with("Base", 2.0, 0.0);
  const ReportedRun run = run_with("Deal", 3.5, 5.0);
  const auto contrast = report::make_contrast(run, &base);
  CHECK(contrast.paired);
  const auto changes = report::compute_changes(contrast);
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].entity == "alpha");
  CHECK(changes[0].certain);
  CHECK(report::sentence(changes[0]) ==
        "the quarterly profit of alpha rose by 1.5 USD bn, from 2 to 3.5");
  CHECK_FALSE(changes[1].certain);  // 0, 5, 0, 0
  CHECK(changes[1].difference == Approx(1.25));
  CHECK(report::compute_changes(report::make_contrast(base, &base)).empty());
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
  const std::string page = report::report_page(run, &base);
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
  CHECK(report::compute_changes(report::make_contrast(run, &base)).empty());
  CHECK(report::compute_changes(report::make_contrast(base, &run)).empty());
}

TEST_CASE("sides that share no draws are told by their own means", "[unit]") {
  ReportedRun base = run_with("Base", 2.0, 0.0);
  base.record.seed = 2;
  const auto changes =
      report::compute_changes(report::make_contrast(run_with("Deal", 3.5, 0.0), &base));
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

TEST_CASE("the charts have each side's own quantiles in the order of the sides", "[unit]") {
  const ReportedRun base = run_with("Base", 2.0, 0.0);
  const ReportedRun run = run_with("Deal", 3.5, 10.0);
  const auto contrast = report::make_contrast(run, &base);
  const auto data = report::chart_data(contrast, report::compute_changes(contrast));
  CHECK_THAT(data, contains("\"sides\":[\"with the deals\",\"without\"]"));
  // Draws 9, 10, 12, 20 with, 9, 10, 10, 12 without: quantiles of type 7.
  CHECK_THAT(data, contains("{\"id\":\"beta\",\"profit_usd_bn\":[{\"low\":[9.3,9.3],\"mean\":["
                            "12.75,12.75],\"high\":[17.6,17.6]},{\"low\":[9.3,9.3],\"mean\":[10.25,"
                            "10.25],\"high\":[11.4,11.4]}]}"));
  CHECK(data.find("\"id\":\"beta\"") < data.find("\"id\":\"alpha\""));  // 2.5 against 1.5
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
  const std::string page = report::report_page(run, &base);
  CHECK_THAT(page, !contains("<script>alert(1)") && !contains("<!--"));
}

TEST_CASE("what may be chance is told as such, and what no one sees is not told", "[unit]") {
  const ReportedRun base = run_with("Base", 2.0, 0.0);
  const std::string unsure = report::report_page(run_with("Deal", 2.0, 5.0), &base);
  CHECK_THAT(unsure, contains("No change worth telling is beyond chance. The largest estimates"));
  CHECK_THAT(
      unsure,
      contains("beta rose by 1.25 USD bn, from 10.25 to 11.5 (95% interval of the change -2.73 to "
               "+5.23)</li>"));
  CHECK_THAT(unsure, contains("<td>may be chance</td>"));

  const std::string tiny = report::report_page(run_with("Deal", 2.00001, 0.0), &base);
  CHECK_THAT(tiny, contains("No change worth telling") && !contains("largest estimates"));
  CHECK_THAT(tiny, !contains("<td>beyond chance</td>"));
  CHECK_THAT(report::report_page(run_with("Deal", 1.5, 0.0), &base),
             contains("alpha fell by 0.5 USD bn, from 2 to 1.5 (95%") &&
                 contains("<td>beyond chance</td>"));
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
