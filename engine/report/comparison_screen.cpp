#include "engine/report/comparison_screen.hpp"

#include <cmath>
#include <fmt/format.h>
#include <set>

namespace entente::report {

namespace {

using experiment::FigureDifference;
using experiment::Finding;

constexpr std::size_t most_lines = 20;
constexpr std::size_t most_absences = 6;

// Titles and cells come from files; control characters must not reach a terminal.
std::string plain(std::string text) {
  for (char& byte : text) {
    if (static_cast<unsigned char>(byte) < 0x20U || byte == 0x7F) byte = ' ';
  }
  return text;
}

std::string bold(const std::string& text, const ScreenStyle& style) {
  return style.colour ? "\033[1m" + text + "\033[0m" : text;
}

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
  return fmt::format("  {:<46} {:<7} {:>9} → {:<9} {:>10} {:>9}  {}",
                     plain(figure.entity + " " + figure.series), figure.quarter,
                     number(difference.base_mean), number(difference.other_mean), change, relative,
                     certainty(figure));
}

bool is_shown(Finding verdict, bool paired, bool all) {
  if (all) return true;
  if (verdict == Finding::untested || verdict == Finding::existence) return paired;
  return verdict == Finding::exact || verdict == Finding::significant;
}

void add_figures(const experiment::RunComparison& comparison, bool all,
                 std::vector<std::string>& lines) {
  std::set<std::string> series;
  std::size_t shown = 0;
  std::size_t left = 0;
  for (const auto& figure : comparison.figures) {
    if (!is_shown(figure.verdict, comparison.paired, all)) continue;
    const bool is_new =
        series.insert(figure.table + '\n' + figure.entity + '\n' + figure.series).second;
    if (!all && !is_new) continue;
    if (all || shown < most_lines) {
      lines.push_back(figure_line(figure));
      ++shown;
    } else {
      ++left;
    }
  }
  if (left > 0) lines.push_back(fmt::format("  and {} more series, in comparison.csv", left));
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

std::string together(const std::vector<std::string>& lines) {
  std::string screen;
  for (const auto& line : lines)
    screen += line + '\n';
  return screen;
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
  add_figures(comparison, all, lines);
  return together(lines);
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
  return together(lines);
}

}  // namespace entente::report
