#include "engine/report/terminal.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <optional>
#include <vector>

#include "engine/experiment/deals.hpp"
#include "engine/experiment/summary.hpp"

namespace entente::report {

namespace {

using experiment::Outcome;
using experiment::TableView;

constexpr std::size_t name_columns = 18;
constexpr std::size_t revenue_columns = 27;
constexpr std::size_t index_columns = 28;
constexpr std::size_t shown_products = 3;

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return !continues_character(byte); }));
}

// At most so many characters, never half of one; control characters of a title become blanks.
std::string fit(std::string text, std::size_t columns) {
  for (char& byte : text) {
    if (static_cast<unsigned char>(byte) < 0x20U || byte == 0x7F) byte = ' ';
  }
  if (width(text) <= columns) return text;
  std::size_t bytes = 0;
  for (std::size_t seen = 0; bytes < text.size(); ++bytes) {
    if (!continues_character(text[bytes]) && seen++ + 1 == columns) break;
  }
  return text.substr(0, bytes) + "…";
}

// A text that is too long still keeps a blank from the next.
std::string padded(const std::string& text, std::size_t columns) {
  return text + std::string(columns > width(text) ? columns - width(text) : 1, ' ');
}

std::string bold(const std::string& text, const ScreenStyle& style) {
  return style.colour ? "\033[1m" + text + "\033[0m" : text;
}

// Three figures are what a screen can use; the CSVs have them all.
std::string amount(double value) {
  const double size = std::abs(value);
  return fmt::format("{:.{}f}", value, size < 10.0 ? 2 : size < 100.0 ? 1 : 0);
}

// An index that starts at 100 needs a decimal less than a strength from 0 to 1.
std::string index(double value) {
  return fmt::format("{:.{}f}", value, std::abs(value) < 10.0 ? 2 : 1);
}
std::string concentration(double value) {
  return fmt::format("{:.0f}", value);
}
std::string percent(double value) {
  return fmt::format("{:.1f}", value);
}

using NumberText = std::string (*)(double);

// "3.10 → 12.4 [11.9, 12.8]"; empty when the series is not there.
std::string course(const TableView& view, std::size_t entity, std::string_view name,
                   NumberText text) {
  const auto series = view.series(name);
  if (!series || view.quarters() == 0) return {};
  const auto first = experiment::compute_statistics(view.present(0, entity, *series));
  const auto last =
      experiment::compute_statistics(view.present(view.quarters() - 1, entity, *series));
  if (first.count == 0 && last.count == 0) return {};
  std::string line = (first.count > 0 ? text(first.mean) : "none") + " → " +
                     (last.count > 0 ? text(last.mean) : "none");
  if (last.count > 1 && text(last.q10) != text(last.q90)) {
    line += " [" + text(last.q10) + ", " + text(last.q90) + "]";
  }
  return line;
}

std::vector<std::string> deal_lines(const Outcome& outcome, std::size_t limit,
                                    const ScreenStyle& style) {
  const auto deals = experiment::deal_outcomes(outcome);
  if (deals.empty()) return {};
  std::vector<std::string> lines = {"", bold(padded("Deals", 44) + padded("kind", 20) +
                                                 padded("formed", 16) + "strength at the end",
                                             style)};
  const std::size_t shown = deals.size() > limit ? limit - 1 : deals.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& deal = deals[i];
    const auto formed = fmt::format("{} of {}", deal.formed, outcome.results->replications());
    const auto strength = deal.final_strength ? index(*deal.final_strength) : std::string("-");
    lines.push_back("  " + padded(fit(deal.id, 40), 42) + padded(fit(deal.kind, 18), 20) +
                    padded(formed, 16) + strength);
  }
  if (shown < deals.size()) {
    lines.push_back(fmt::format("  and {} more, in partnerships.csv", deals.size() - shown));
  }
  return lines;
}

// The products with the largest shares at the end, in one line; empty when none is recorded.
std::string product_line(const Outcome& outcome, const std::string& market) {
  const auto view = TableView::find(outcome, "products");
  if (!view || view->quarters() == 0) return {};
  const auto market_key = view->key("market");
  const auto product_key = view->key("product");
  const auto share = view->series("share_percent");
  if (!market_key || !product_key || !share) return {};

  std::vector<std::pair<double, std::size_t>> largest;  // minus share, so that ties keep the order
  for (std::size_t e = 0; e < view->entities(); ++e) {
    if (view->table().rows[e][*market_key] != market) continue;
    const auto last =
        experiment::compute_statistics(view->present(view->quarters() - 1, e, *share));
    if (last.count > 0) largest.emplace_back(-last.mean, e);
  }
  std::sort(largest.begin(), largest.end());
  std::string line;
  for (std::size_t i = 0; i < std::min(shown_products, largest.size()); ++i) {
    const auto entity = largest[i].second;
    const auto first = experiment::compute_statistics(view->present(0, entity, *share));
    line += (i > 0 ? ", " : "") + view->table().rows[entity][*product_key] + " " +
            (first.count > 0 ? percent(first.mean) : "0.0") + " → " + percent(-largest[i].first) +
            "%";
  }
  return line;
}

std::vector<std::string> market_lines(const Outcome& outcome, std::size_t limit,
                                      const ScreenStyle& style) {
  const auto view = TableView::find(outcome, "markets");
  const auto key = view ? view->key("market") : std::nullopt;
  if (!key || view->entities() == 0) return {};
  std::vector<std::string> lines = {
      "", bold(padded("Markets", name_columns) + padded("revenue, USD bn", revenue_columns) +
                   padded("price index", index_columns) + "HHI",
               style)};
  for (std::size_t e = 0; e < view->entities(); ++e) {
    const auto& market = view->table().rows[e][*key];
    const auto products = product_line(outcome, market);
    const std::size_t rest = view->entities() - e;
    if (lines.size() + (products.empty() ? 1 : 2) + (rest > 1 ? 1 : 0) > limit + 2) {
      lines.push_back(fmt::format("  and {} more, in markets.csv", rest));
      break;
    }
    auto line = "  " + padded(fit(market, name_columns - 3), name_columns - 2) +
                padded(course(*view, e, "revenue_usd_bn", amount), revenue_columns) +
                padded(course(*view, e, "price_index", index), index_columns) +
                course(*view, e, "hhi", concentration);
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(fit(line, style.columns));
    if (!products.empty()) lines.push_back(fit("    " + products, style.columns));
  }
  return lines;
}

}  // namespace

std::string run_screen(const RunFacts& facts, const Outcome& outcome, const ScreenStyle& style) {
  // Title, facts, folder, two headings each with a blank, legend; redraws and why it stopped where
  // there is that.
  const std::size_t frame =
      (facts.parameter_redraws > 0 ? 9 : 8) + (facts.stopping.empty() ? 0 : 1);
  constexpr std::size_t fewest_market_lines = 16;
  const std::size_t room = style.lines > frame ? style.lines - frame : 2;
  const std::size_t replications = outcome.results->replications();

  std::vector<std::string> lines = {bold(fit(facts.title, style.columns), style)};
  lines.push_back(
      fit(fmt::format("{} quarters {} to {}, {} replication{}, {}, {:.1f} s on {} thread{}",
                      outcome.quarters, facts.first_quarter, facts.last_quarter, replications,
                      replications == 1 ? "" : "s", facts.representation, facts.seconds,
                      facts.threads, facts.threads == 1 ? "" : "s"),
          style.columns));
  if (facts.parameter_redraws > 0) {
    lines.push_back(
        fit(fmt::format("{} draw{} of parameters had an infeasible quarter 0 and "
                        "{} drawn anew",
                        facts.parameter_redraws, facts.parameter_redraws == 1 ? "" : "s",
                        facts.parameter_redraws == 1 ? "was" : "were"),
            style.columns));
  }
  if (!facts.stopping.empty()) lines.push_back(fit(facts.stopping, style.columns));
  const auto deals = deal_lines(
      outcome, std::max<std::size_t>(2, room - std::min(room - 2, fewest_market_lines)), style);
  const std::size_t deals_shown = deals.empty() ? 0 : deals.size() - 2;
  const auto markets = market_lines(outcome, room - std::min(room - 2, deals_shown), style);
  lines.insert(lines.end(), deals.begin(), deals.end());
  lines.insert(lines.end(), markets.begin(), markets.end());
  if (!markets.empty() && replications > 1) {
    lines.emplace_back(
        "  (mean in the first → last quarter [10% and 90% quantile]; largest products' "
        "share)");
  }
  lines.push_back(fit("Results: " + facts.folder, style.columns));

  std::string screen;
  for (const auto& line : lines)
    screen += line + '\n';
  return screen;
}

}  // namespace entente::report
