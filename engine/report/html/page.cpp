#include "engine/report/html/page.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "engine/report/html/assets.hpp"
#include "engine/report/html/chart_data.hpp"
#include "engine/report/html/deal_network.hpp"
#include "engine/report/html/escape.hpp"
#include "engine/report/html/largest_changes.hpp"

namespace entente::report {

namespace {

constexpr std::size_t shown_of_series = 3;

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

/// The largest change of each series among those that are as certain as asked, as a list of HTML;
/// empty without any.
std::string largest_of_each(const std::vector<Change>& changes, bool certain) {
  std::string items;
  const Change* last = nullptr;
  for (const auto& change : changes) {
    if (change.certain != certain || !is_visible(change)) continue;
    if (last && last->series == change.series) continue;
    items += fmt::format("<li>{} (95% interval of the change {:+.3g} to {:+.3g})</li>\n",
                         html_text(sentence(change)), change.low, change.high);
    last = &change;
  }
  return items.empty() ? items : "<ul>\n" + items + "</ul>\n";
}

/// What the deals changed; when nothing is beyond chance, what they may have.
std::string summary(const Contrast& contrast, const std::vector<Change>& changes) {
  std::string text = "<p>" + html_text(contrast.words) + "</p>\n";
  if (!contrast.without) return text;
  const auto sure = largest_of_each(changes, true);
  if (!sure.empty()) {
    return text + "<p>The largest changes beyond chance, on average over the quarters:</p>\n" +
           sure;
  }
  const auto unsure = largest_of_each(changes, false);
  text += "<p>No change worth telling is beyond chance.";
  if (unsure.empty()) return text + "</p>\n";
  return text +
         " The largest estimates, on average over the quarters; more replications would "
         "tell:</p>\n" +
         unsure;
}

std::string changes_section(const Contrast& contrast, const std::vector<Change>& changes) {
  if (!contrast.without) return {};
  std::string rows;
  std::string series;
  std::size_t shown = 0;
  for (const auto& change : changes) {
    if (change.series != series) shown = 0;
    series = change.series;
    if (!is_visible(change) || ++shown > shown_of_series) continue;
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{:.4g}</td><td>{:.4g}</td><td>{:+.3g}</td>"
        "<td>{:+.3g} to {:+.3g}</td><td>{}</td><td>{}</td></tr>\n",
        html_text(change.subject), change.without, change.with, change.difference, change.low,
        change.high, html_text(change.unit), change.certain ? "beyond chance" : "may be chance");
  }
  if (rows.empty()) return {};
  return "<section><h2>Largest changes</h2>\n<p>Means over all quarters; at most three of a kind, "
         "the surest first. Beyond chance is judged at 5% for all figures of this page together; "
         "an "
         "interval is of its figure alone.</p>\n<div class=\"wide\" tabindex=\"0\">"
         "<table><caption>Largest changes</caption><thead><tr><th scope=\"col\">What</th><th "
         "scope=\"col\">Without</th>"
         "<th scope=\"col\">With</th><th scope=\"col\">Change</th><th scope=\"col\">95% "
         "interval</th><th scope=\"col\">Unit</th><th scope=\"col\">How "
         "sure</th></tr></thead><tbody>\n" +
         rows + "</tbody></table></div></section>\n";
}

std::string deals_section(const ReportedRun& run, std::size_t histories) {
  const auto parties = read_parties(run.record.scenario_text);
  if (parties.empty()) return {};
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
        html_text(deal.id), html_text(deal.kind), html_text(names), deal.formed, histories);
  }
  return "<section><h2>The deals</h2>\n" + deal_network(parties) +
         "\n<div class=\"wide\" tabindex=\"0\"><table><caption>Deals and how often they "
         "formed</caption><thead><tr><th scope=\"col\">Deal</th><th "
         "scope=\"col\">Kind</th><th scope=\"col\">Parties</th><th scope=\"col\">Formed in "
         "histories</th></tr></thead><tbody>\n" +
         rows + "</tbody></table></div></section>\n";
}

std::string run_section(const ReportedRun& run) {
  const auto& record = run.record;
  return fmt::format(
      "<h3>{}</h3>\n<p>entente {}, seed {}, scenario {} with hash {}. Made by</p>\n"
      "<pre>{}</pre>\n<details><summary>The scenario as "
      "resolved</summary><pre>{}</pre></details>\n",
      html_text(record.title), html_text(record.version), record.seed,
      html_text(record.scenario_file), html_text(record.scenario_hash), html_text(record.command),
      html_text(record.scenario_text));
}

}  // namespace

std::string report_page(const ReportedRun& run, const ReportedRun* base) {
  const auto contrast = make_contrast(run, base);
  const auto changes = compute_changes(contrast);
  const auto histories = run.tables.empty() ? 0 : run.tables.front().replications.size();
  std::string page = head(run.record.title);
  page += fmt::format("<body>\n<header><h1>{}</h1>\n{}</header>\n<main>\n",
                      html_text(run.record.title), summary(contrast, changes));
  page += changes_section(contrast, changes) + deals_section(run, histories);
  if (!run.attributions.empty()) {
    page += "<section id=\"attribution\"><h2>Which deal did it</h2></section>\n";
  }
  page +=
      "<section id=\"firms\"><h2>Profits</h2></section>\n<section id=\"markets\"></section>\n"
      "<noscript><p>The charts need JavaScript, which this browser has switched "
      "off.</p></noscript>\n<section><h2>How to reproduce it</h2>\n";
  page += run_section(run);
  if (base) page += run_section(*base);
  page += "</section>\n</main>\n<script type=\"application/json\" id=\"data\">" +
          script_json(chart_data(contrast, changes)) + "</script>\n";
  return page + script(chart_library()) + script(page_script()) + "</body>\n</html>\n";
}

}  // namespace entente::report
