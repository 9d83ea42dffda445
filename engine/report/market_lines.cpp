#include "engine/report/market_lines.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/core.h>
#include <optional>
#include <string_view>

#include "engine/experiment/summary.hpp"
#include "engine/report/sparkline.hpp"

namespace entente::report {

namespace {

using experiment::Outcome;
using experiment::Statistics;
using experiment::TableView;

constexpr std::size_t name_columns = 20;
constexpr std::size_t indent = 4;
constexpr std::size_t gap = 2;
constexpr std::size_t shown_products = 3;
constexpr std::size_t fewest_cells = 8;
constexpr std::size_t most_cells = 24;

using NumberText = std::string (*)(double);

// An index that starts at 100 needs a decimal less than one that starts at 1.
std::string index(double value) {
  return fmt::format("{:.{}f}", value, std::abs(value) < 10.0 ? 2 : 1);
}

std::string whole(double value) {
  return fmt::format("{:.0f}", value);
}

/// A series that the table shows, in the order in which they give up their range.
struct ShownSeries {
  const char* name;
  const char* heading;
  NumberText text;
};
constexpr std::array<ShownSeries, 3> shown_series = {{{"revenue_usd_bn", "revenue, USD bn", amount},
                                                      {"price_index", "price index", index},
                                                      {"hhi", "HHI", whole}}};

/// One series of one market: its statistics by quarter; none when it was not recorded.
using Course = std::vector<Statistics>;
using MarketCourses = std::array<Course, shown_series.size()>;

std::vector<MarketCourses> courses(const TableView& view) {
  std::vector<MarketCourses> markets(view.entities());
  std::vector<std::optional<std::size_t>> shown_as(view.table().series.size());
  for (std::size_t s = 0; s < shown_series.size(); ++s) {
    if (const auto column = view.series(shown_series[s].name)) shown_as[*column] = s;
  }
  experiment::visit_statistics(
      view, [&](std::size_t series) { return shown_as[series].has_value(); },
      [&](std::size_t /*quarter*/, std::size_t market, std::size_t series,
          const Statistics& statistics) {
        markets[market][*shown_as[series]].push_back(statistics);
      });
  return markets;
}

// "3.10 → 12.4 [11.9, 12.8]"; empty when the series is not there.
std::string ends(const Course& course, NumberText text, bool range) {
  if (course.empty() || (course.front().count == 0 && course.back().count == 0)) return {};
  const auto& last = course.back();
  std::string line = (course.front().count > 0 ? text(course.front().mean) : "none") + " → " +
                     (last.count > 0 ? text(last.mean) : "none");
  if (range && last.count > 1 && text(last.q10) != text(last.q90))
    line += " [" + text(last.q10) + ", " + text(last.q90) + "]";
  return line;
}

std::string bars(const Course& course, std::size_t cells) {
  std::vector<double> means;
  means.reserve(course.size());
  for (const auto& statistics : course)
    means.push_back(statistics.mean);
  return sparkline(means, cells);
}

/// What the columns have room for: how many of the series show their range, how long the bars are.
struct Layout {
  std::size_t ranges = 0;
  std::size_t cells = 0;
  std::array<std::size_t, shown_series.size()> numbers = {};  // columns of "first → last [range]"

  std::size_t columns(std::size_t series) const {
    const std::size_t heading = width(shown_series[series].heading);
    return std::max(heading, numbers[series] + (cells > 0 ? cells + 1 : 0)) + gap;
  }
};

Layout chosen_layout(const std::vector<MarketCourses>& markets, std::size_t quarters,
                     const ScreenStyle& style) {
  const std::size_t wanted = quarters > 1 ? std::min(quarters, most_cells) : 0;
  Layout layout;
  for (const std::size_t ranges : {shown_series.size(), shown_series.size() - 1, std::size_t{0}}) {
    layout = {ranges, 0, {}};
    std::size_t taken = indent + gap * (shown_series.size() - 1);
    for (std::size_t s = 0; s < shown_series.size(); ++s) {
      for (const auto& market : markets) {
        layout.numbers[s] =
            std::max(layout.numbers[s], width(ends(market[s], shown_series[s].text, s < ranges)));
      }
      taken += layout.numbers[s] + (wanted > 0 ? 1 : 0);
    }
    const std::size_t room =
        style.columns > taken ? (style.columns - taken) / shown_series.size() : 0;
    layout.cells = std::min(wanted, room);
    if (layout.cells >= std::min(wanted, fewest_cells) && style.columns >= taken) break;
  }
  return layout;
}

std::string course_line(const MarketCourses& market, const Layout& layout) {
  std::string line(indent, ' ');
  for (std::size_t s = 0; s < shown_series.size(); ++s) {
    auto cell = ends(market[s], shown_series[s].text, s < layout.ranges);
    if (const auto drawn = bars(market[s], layout.cells); !cell.empty() && !drawn.empty())
      cell = padded(drawn, layout.cells + 1) + cell;
    line += padded(cell, layout.columns(s));
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

// The products with the largest shares at the end, as many as there is room for.
std::string product_line(const Outcome& outcome, const std::string& market, std::size_t columns) {
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
  std::ranges::sort(largest);
  std::string line;
  for (std::size_t i = 0; i < std::min(shown_products, largest.size()); ++i) {
    const auto entity = largest[i].second;
    const auto first = experiment::compute_statistics(view->present(0, entity, *share));
    const auto product = fmt::format("{}{} {:.1f} → {:.1f}%", i > 0 ? ", " : "",
                                     view->table().rows[entity][*product_key],
                                     first.count > 0 ? first.mean : 0.0, -largest[i].first);
    if (i > 0 && width(line) + width(product) > columns) break;
    line += product;
  }
  return line;
}

std::string heading_line(const Layout& layout) {
  std::string line(indent, ' ');
  for (std::size_t s = 0; s < shown_series.size(); ++s)
    line += padded(shown_series[s].heading, layout.columns(s));
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string legend(const Layout& layout, bool ranges) {
  std::string text = layout.cells > 0 ? "the course of the mean; its first → last quarter"
                                      : "mean in the first → last quarter";
  if (ranges && layout.ranges > 0) text += " [10% and 90% quantile]";
  return "  (" + text + ")";
}

}  // namespace

std::vector<std::string> market_lines(const Outcome& outcome, std::size_t limit,
                                      const ScreenStyle& style) {
  const auto view = TableView::find(outcome, "markets");
  const auto key = view ? view->key("market") : std::nullopt;
  if (!key || view->entities() == 0 || view->quarters() == 0) return {};
  const auto markets = courses(*view);
  const auto layout = chosen_layout(markets, view->quarters(), style);

  std::vector<std::string> lines = {
      bold(padded("Markets", name_columns) + "largest products' shares", style),
      bold(fit(heading_line(layout), style.columns), style)};
  for (std::size_t e = 0; e < markets.size(); ++e) {
    const std::size_t rest = markets.size() - e;
    // The legend follows, and what is left out if more does.
    if (lines.size() + 2 + 1 + (rest > 1 ? 1 : 0) > limit) {
      lines.push_back(fmt::format("  and {} more, in markets.csv", rest));
      break;
    }
    const auto& market = view->table().rows[e][*key];
    const auto name = padded(fit(market, name_columns - 3), name_columns - 2);
    const auto room = style.columns - std::min(style.columns, name_columns);
    lines.push_back("  " + bold(name, style) + fit(product_line(outcome, market, room), room));
    lines.push_back(fit(course_line(markets[e], layout), style.columns));
  }
  lines.push_back(legend(layout, view->replications() > 1));
  return lines;
}

}  // namespace entente::report
