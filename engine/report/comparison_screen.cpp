#include "engine/report/comparison_screen.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string_view>

#include "engine/report/sparkline.hpp"

namespace entente::report {

namespace {

using experiment::FigureDifference;
using experiment::Finding;

constexpr std::size_t most_lines = 20;
constexpr std::size_t most_series = 14;
constexpr std::size_t course_cells = 24;
constexpr std::size_t most_absences = 6;

std::string joined(const std::vector<std::string>& words, const char* separator) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : separator) + word;
  return text;
}

std::string number(double value) {
  return std::isnan(value) ? "none" : fmt::format("{:.4g}", value);
}

std::string certainty(const FigureDifference& figure) {
  const auto& difference = figure.difference;
  switch (figure.verdict) {
    case Finding::exact:
      return "exact";
    case Finding::identical:
      return "identical";
    case Finding::untested:
      return "too few replications to test";
    case Finding::existence:
      return fmt::format("a value in {} and {} replications", difference.base_count,
                         difference.other_count);
    case Finding::significant:
    case Finding::noise:
      break;
  }
  std::string text = std::isnan(difference.low)
                         ? std::string()
                         : fmt::format("[{:+.4g}, {:+.4g}] ", difference.low, difference.high);
  text += figure.p_holm < 0.001 ? "p < 0.001" : fmt::format("p = {:.3f}", figure.p_holm);
  if (!std::isnan(difference.equivalence_p) && difference.equivalence_p <= 0.05)
    text += ", within the margin";
  return text;
}

std::string figure_line(const FigureDifference& figure) {
  const auto& difference = figure.difference;
  const auto relative = std::isnan(difference.relative)
                            ? std::string()
                            : fmt::format("{:+.1f}%", 100.0 * difference.relative);
  const auto change =
      std::isnan(difference.mean) ? std::string() : fmt::format("{:+.4g}", difference.mean);
  return fmt::format("    {:<7} {:>9} → {:<9} {:>10} {:>9}  {}", figure.quarter,
                     number(difference.base_mean), number(difference.other_mean), change, relative,
                     certainty(figure));
}

bool is_shown(Finding verdict, bool paired, bool all) {
  if (all) return true;
  if (verdict == Finding::untested || verdict == Finding::existence) return paired;
  return verdict == Finding::exact || verdict == Finding::significant;
}

/// The figures of one series of one entity: those to show, and by quarter what the course is.
struct ShownSeries {
  std::vector<const FigureDifference*> figures;
  std::map<std::string, double> differences;  // no difference is 0, no answer is NaN
};

using SeriesKey = std::array<std::string_view, 3>;  // table, entity, series

SeriesKey key_of(const FigureDifference& figure) {
  return {figure.table, figure.entity, figure.series};
}

bool by_quarter(const FigureDifference* left, const FigureDifference* right) {
  return left->quarter < right->quarter;
}

std::string course(const ShownSeries& series) {
  std::vector<double> differences;
  differences.reserve(series.differences.size());
  for (const auto& [quarter, difference] : series.differences)
    differences.push_back(difference);
  const bool any = std::ranges::any_of(differences, [](double difference) {
    return std::isfinite(difference) && difference != 0.0;
  });
  return any ? difference_sparkline(differences, course_cells) : std::string();
}

void add_series(const ShownSeries& series, const ScreenStyle& style,
                std::vector<std::string>& lines) {
  const auto& first = *series.figures.front();
  const auto bars = course(series);
  const std::size_t name_columns = style.columns - std::min(style.columns, course_cells + 3);
  const auto name = fit(first.entity + " " + first.series, name_columns);
  lines.push_back("  " + (bars.empty() ? name : padded(name, name_columns + 1) + bars));
  for (const auto* figure : series.figures)
    lines.push_back(figure_line(*figure));
}

/// Series by their largest difference, which alone is shown unless all are.
void add_figures(const experiment::RunComparison& comparison, bool all, const ScreenStyle& style,
                 std::vector<std::string>& lines) {
  std::map<SeriesKey, std::size_t> place;
  std::set<SeriesKey> left;
  std::vector<ShownSeries> shown;
  for (const auto& figure : comparison.figures) {
    if (!is_shown(figure.verdict, comparison.paired, all)) continue;
    const auto key = key_of(figure);
    const auto found = place.find(key);
    if (found != place.end()) {
      if (all) shown[found->second].figures.push_back(&figure);
    } else if (all || shown.size() < most_series) {
      place.emplace(key, shown.size());
      shown.push_back({{&figure}, {}});
    } else {
      left.insert(key);
    }
  }
  for (const auto& figure : comparison.figures) {
    const auto found = place.find(key_of(figure));
    if (found == place.end() || figure.quarter == "total") continue;
    shown[found->second].differences[figure.quarter] =
        figure.verdict == Finding::identical ? 0.0 : figure.difference.mean;
  }
  for (auto& series : shown) {
    std::ranges::sort(series.figures, by_quarter);
    add_series(series, style, lines);
  }
  if (!left.empty())
    lines.push_back(fmt::format("  and {} more series, in comparison.csv", left.size()));
}

void add_absences(const experiment::RunComparison& comparison, bool all,
                  std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < comparison.absences.size(); ++i) {
    if (!all && i == most_absences) {
      lines.push_back(fmt::format("  and {} more rows, columns or tables of one side",
                                  comparison.absences.size() - i));
      return;
    }
    const auto& absence = comparison.absences[i];
    lines.push_back(fmt::format("  {}: {} only in {}", absence.table,
                                absence.what.empty() ? "the table is" : plain(absence.what),
                                absence.only_base ? "the base" : "the other"));
  }
}

std::string run_screen(const std::string& base, const experiment::NamedComparison& named, bool all,
                       const ScreenStyle& style) {
  const auto& comparison = named.comparison;
  if (!comparison.differs() && !all) return {};
  std::vector<std::string> lines = {bold(plain(named.name) + " against " + plain(base), style),
                                    comparison.pairing};
  if (comparison.variance_reduction) {
    lines.back() += fmt::format("; pairing divides the variance by {:.3g} (median)",
                                *comparison.variance_reduction);
  }
  lines.push_back(fmt::format(
      "of {} figures {} are identical, {} differ exactly, {} significantly (5%, Holm), {} no more "
      "than noise",
      comparison.figures.size(), comparison.count(Finding::identical),
      comparison.count(Finding::exact), comparison.count(Finding::significant),
      comparison.count(Finding::noise)));
  if (const auto untested = comparison.count(Finding::untested); untested > 0)
    lines.back() += fmt::format(", {} cannot be tested", untested);
  if (const auto existence = comparison.count(Finding::existence); existence > 0)
    lines.back() += fmt::format(", {} exist in some replications of one side alone", existence);
  add_absences(comparison, all, lines);
  add_figures(comparison, all, style, lines);
  return screen_text(lines, style);
}

}  // namespace

std::string comparison_screen(const std::string& base,
                              const std::vector<experiment::NamedComparison>& comparisons, bool all,
                              const ScreenStyle& style) {
  std::string screen;
  for (const auto& named : comparisons)
    screen += run_screen(base, named, all, style);
  return screen;
}

std::string table_difference_screen(const experiment::CsvTable& base,
                                    const experiment::CsvTable& other,
                                    const std::vector<std::string>& keys,
                                    const experiment::TableDifference& difference, bool all,
                                    const ScreenStyle& style) {
  if (!difference.differs() && !all) return {};
  std::vector<std::string> lines = {
      bold(plain(other.file) + " against " + plain(base.file), style),
      fmt::format("rows by {}; {} cells differ, {} are equal", plain(joined(keys, ", ")),
                  difference.changed.size(), difference.equal.size())};
  const std::size_t limit = all ? std::string::npos : most_lines;
  std::size_t left = 0;
  const auto add = [&](const std::string& line) {
    if (lines.size() < limit) {
      lines.push_back("  " + plain(line));
    } else {
      ++left;
    }
  };
  for (const auto& column : difference.columns_only_base)
    add("column only in the base: " + column);
  for (const auto& column : difference.columns_only_other)
    add("column only in the other: " + column);
  for (const auto& row : difference.rows_only_base)
    add("row only in the base: " + joined(row, ", "));
  for (const auto& row : difference.rows_only_other)
    add("row only in the other: " + joined(row, ", "));
  for (const auto* const cells : {&difference.changed, &difference.equal}) {
    if (cells == &difference.equal && !all) continue;
    for (const auto& cell : *cells) {
      const auto change = std::isnan(cell.difference) || cell.difference == 0.0
                              ? std::string()
                              : fmt::format("  {:+.4g}", cell.difference);
      add(joined(cell.keys, ", ") + "  " + cell.column + ": " + cell.base + " → " + cell.other +
          change);
    }
  }
  if (left > 0) lines.push_back(fmt::format("  and {} more; --all shows them", left));
  return screen_text(lines, style);
}

}  // namespace entente::report
