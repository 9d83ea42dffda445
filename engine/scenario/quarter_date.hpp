#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace entente::scenario {

/// A calendar quarter, written 2024Q1.
struct QuarterDate {
  int index = 0;  // 4·year + (quarter − 1)

  int year() const { return index / 4; }
  int quarter_of_year() const { return index % 4; }  // 0 to 3
  QuarterDate operator+(int quarters) const { return {index + quarters}; }
  int operator-(QuarterDate other) const { return index - other.index; }
  auto operator<=>(const QuarterDate&) const = default;
};

/// Nothing when `text` is not of the form 2024Q1 (years 1900 to 2200).
std::optional<QuarterDate> parse_quarter(std::string_view text);
std::string to_text(QuarterDate date);

}  // namespace entente::scenario
