#include "engine/report/html/page.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "engine/report/html/assets.hpp"
#include "engine/report/html/chart_data.hpp"
#include "engine/report/html/deal_network.hpp"
#include "engine/report/html/escape.hpp"
#include "engine/report/html/largest_changes.hpp"
#include "engine/report/html/overlay.hpp"
#include "engine/report/html/scenario_difference.hpp"
#include "engine/report/html/told_changes.hpp"

namespace entente::report {

namespace {

constexpr std::size_t shown_failures = 5;

std::string script(const Asset& asset) {
  return fmt::format("<script>{}</script>\n", asset.text);
}

std::string head(const std::string& title) {
  const auto hash = [](const Asset& asset) {
    return "'sha256-" + base64_of_hex(asset.sha256) + "'";
  };
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src {} "
      "{}; style-src 'unsafe-inline'; img-src data:\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n",
      hash(chart_library()), hash(page_script()), html_text(title), page_style().text);
}

std::size_t histories_of(const ReportedRun& run) {
  return all_replications(run).size();
}

std::string page_title(const std::vector<ReportedRun>& runs) {
  if (runs.size() <= 2) return runs.back().label;
  return fmt::format("{} runs against {}", runs.size() - 1, runs.front().label);
}

std::string told_failures(const ReportedRun& run) {
  const auto failed = run.record.failures.size();
  if (failed == 0) return {};
  return fmt::format(
      "<p>{} of {} replications of “{}” failed and are in no figure; why, stands at the end.</p>\n",
      failed, failed + histories_of(run), html_text(run.label));
}

std::string header(const std::vector<ReportedRun>& runs, const Overlay& overlay,
                   const std::vector<std::vector<Change>>& changes) {
  std::string text = "<header><h1>" + html_text(page_title(runs)) + "</h1>\n";
  for (std::size_t i = 0; i < overlay.contrasts.size(); ++i) {
    const auto& contrast = overlay.contrasts[i];
    if (overlay.contrasts.size() > 1) text += "<h2>" + html_text(contrast.with.label) + "</h2>\n";
    text += told_changes(contrast, changes[i]);
  }
  for (const auto& run : runs)
    text += told_failures(run);
  if (!overlay.words.empty()) text += "<p>" + html_text(overlay.words) + "</p>\n";
  return text + "</header>\n";
}

std::string changes_section(const Overlay& overlay,
                            const std::vector<std::vector<Change>>& changes) {
  std::string tables;
  for (std::size_t i = 0; i < overlay.contrasts.size(); ++i)
    tables += changes_table(overlay.contrasts[i], changes[i]);
  if (tables.empty()) return {};
  return "<section><h2>Largest changes</h2>\n<p>Means over all quarters; at most three of a kind, "
         "the surest first. Beyond chance is judged at 5% for all figures of this page together; "
         "an interval is of its figure alone.</p>\n" +
         tables + "</section>\n";
}

std::string deals_of(const ReportedRun& run) {
  const auto parties = read_parties(run.record.scenario_text);
  std::string rows;
  for (const auto& deal : run.record.deals) {
    std::string names;
    const auto found = std::ranges::find(parties, deal.id, &DealParties::deal);
    if (found != parties.end()) {
      for (const auto& party : found->parties)
        names += (names.empty() ? "" : ", ") + party;
    }
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{} of {}</td></tr>\n",
        html_text(deal.id), html_text(deal.kind), html_text(names), deal.formed, histories_of(run));
  }
  if (rows.empty()) return {};
  return deal_network(parties) +
         fmt::format(
             "\n<div class=\"wide\" tabindex=\"0\"><table><caption>Deals of “{}” and how "
             "often they formed</caption><thead><tr><th scope=\"col\">Deal</th><th "
             "scope=\"col\">Kind</th><th scope=\"col\">Parties</th><th "
             "scope=\"col\">Formed in histories</th></tr></thead><tbody>\n",
             html_text(run.label)) +
         rows + "</tbody></table></div>\n";
}

std::string deals_section(const std::vector<ReportedRun>& runs) {
  std::string text;
  for (const auto& run : runs) {
    const auto deals = deals_of(run);
    if (deals.empty()) continue;
    if (runs.size() > 1) text += "<h3>" + html_text(run.label) + "</h3>\n";
    text += deals;
  }
  return text.empty() ? text : "<section><h2>The deals</h2>\n" + text + "</section>\n";
}

std::string failures_of(const ReportedRun& run) {
  const auto& failures = run.record.failures;
  if (failures.empty()) return {};
  std::string items;
  for (std::size_t i = 0; i < std::min(failures.size(), shown_failures); ++i) {
    items += fmt::format("<li>Replication {} failed: {}</li>\n", failures[i].replication,
                         html_text(failures[i].message));
  }
  if (failures.size() > shown_failures)
    items += fmt::format("<li>{} more failed</li>\n", failures.size() - shown_failures);
  return "<ul>\n" + items + "</ul>\n";
}

std::string folded(const std::string& title, const std::string& text) {
  return fmt::format("<details><summary>{}</summary><pre>{}</pre></details>\n", html_text(title),
                     html_text(text));
}

/// The whole scenario of the base; of another run what differs, as the rest would fill the page
/// with what the reader has seen.
std::string scenario_of(const ReportedRun& run, const ReportedRun& base) {
  if (&run == &base) return folded("The scenario as resolved", run.record.scenario_text);
  const auto difference = scenario_difference(base.record.scenario_text, run.record.scenario_text);
  if (difference.only_base.empty() && difference.only_other.empty())
    return "<p>The scenario as resolved is that of the base.</p>\n";
  return "<p>The scenario as resolved is that of the base but for these entries; "
         "<code>manifest.json</code> of the run has all of it.</p>\n" +
         folded("Entries of this run alone", difference.only_other) +
         folded("Entries of the base alone", difference.only_base);
}

std::string run_section(const ReportedRun& run, const ReportedRun& base) {
  const auto& record = run.record;
  return fmt::format(
             "<h3>{}</h3>\n<p>entente {}, seed {}, scenario {} with hash {}. Made by</p>\n"
             "<pre>{}</pre>\n",
             html_text(run.label), html_text(record.version), record.seed,
             html_text(record.scenario_file), html_text(record.scenario_hash),
             html_text(record.command)) +
         failures_of(run) + scenario_of(run, base);
}

}  // namespace

std::string report_page(std::vector<ReportedRun> runs) {
  label_runs(runs);
  const auto overlay = make_overlay(runs);
  const auto changes = compute_changes(overlay.contrasts);
  std::string page = head(page_title(runs)) + "<body>\n" + header(runs, overlay, changes) +
                     "<main>\n" + changes_section(overlay, changes) + deals_section(runs);
  if (std::ranges::any_of(overlay.contrasts, [](const Contrast& contrast) {
        return !contrast.with.run->attributions.empty();
      })) {
    page += "<section id=\"attribution\"><h2>Which deal did it</h2></section>\n";
  }
  page +=
      "<section id=\"firms\"><h2>Profits</h2></section>\n<section id=\"markets\"></section>\n"
      "<noscript><p>The charts need JavaScript, which this browser has switched "
      "off.</p></noscript>\n<section><h2>How to reproduce it</h2>\n";
  for (const auto& run : runs)
    page += run_section(run, runs.front());
  page += "</section>\n</main>\n<script type=\"application/json\" id=\"data\">" +
          script_json(chart_data(overlay, changes)) + "</script>\n";
  return page + script(chart_library()) + script(page_script()) + "</body>\n</html>\n";
}

}  // namespace entente::report
