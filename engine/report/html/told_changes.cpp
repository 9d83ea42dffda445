#include "engine/report/html/told_changes.hpp"

#include <fmt/core.h>

#include "engine/report/html/escape.hpp"
#include "engine/report/html/number_text.hpp"

namespace entente::report {

namespace {

constexpr std::size_t shown_of_series = 3;

std::string item(const Change& change) {
  return fmt::format("<li>{} (95% interval of the change {} to {})</li>\n",
                     html_text(sentence(change)), change_text(change.low, 3),
                     change_text(change.high, 3));
}

/// The largest changes, one a series, as items of an HTML list.
struct Largest {
  std::string sure;
  std::string unsure;  // of series in which nothing visible is sure
};

Largest largest_of_each(const std::vector<Change>& changes) {
  Largest largest;
  const Change* last = nullptr;
  for (const auto& change : changes) {
    // Within a series the certain ones come first.
    if (!is_visible(change) || (last && last->series == change.series)) continue;
    (change.certain ? largest.sure : largest.unsure) += item(change);
    last = &change;
  }
  return largest;
}

/// At most so many of a series; empty without any.
std::string rows_of(const std::vector<Change>& changes) {
  std::string rows;
  std::string series;
  std::size_t shown = 0;
  for (const auto& change : changes) {
    if (change.series != series) shown = 0;
    series = change.series;
    if (!is_visible(change) || ++shown > shown_of_series) continue;
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{} to {}</td>"
        "<td>{}</td></tr>\n",
        html_text(change.subject), change_text(change.difference, 3), html_text(change.unit),
        number_text(change.without, 4), number_text(change.with, 4), change_text(change.low, 3),
        change_text(change.high, 3), change.certain ? "beyond chance" : "may be chance");
  }
  return rows;
}

}  // namespace

std::string told_changes(const Contrast& contrast, const std::vector<Change>& changes) {
  std::string text = "<p>" + html_text(contrast.words) + "</p>\n";
  if (!contrast.without) return text;
  const auto [sure, unsure] = largest_of_each(changes);
  text += sure.empty()
              ? "<p>No change worth telling is beyond chance.</p>\n"
              : "<p>The largest changes beyond chance, on average over the quarters:</p>\n<ul>\n" +
                    sure + "</ul>\n";
  if (unsure.empty()) return text;
  return text +
         "<p>The largest estimates that may be chance; more replications would tell:</p>\n<ul>\n" +
         unsure + "</ul>\n";
}

std::string changes_table(const Contrast& contrast, const std::vector<Change>& changes) {
  const auto rows = rows_of(changes);
  if (rows.empty()) return {};
  return fmt::format(
             "<div class=\"wide\" tabindex=\"0\"><table><caption>From “{}” to “{}”</caption>"
             "<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Change</th><th "
             "scope=\"col\">Unit</th><th scope=\"col\">From</th><th scope=\"col\">To</th><th "
             "scope=\"col\">95% interval</th><th scope=\"col\">How sure</th></tr></thead><tbody>\n",
             html_text(contrast.without->label), html_text(contrast.with.label)) +
         rows + "</tbody></table></div>\n";
}

}  // namespace entente::report
