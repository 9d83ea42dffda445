#include "engine/scenario/quarter_date.hpp"

#include <algorithm>

namespace entente::scenario {

std::optional<QuarterDate> parse_quarter(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 6 || text[4] != 'Q' || text[5] < '1' || text[5] > '4' ||
      !std::all_of(text.begin(), text.begin() + 4, is_digit)) {
    return std::nullopt;
  }
  int year = 0;
  for (const char digit : text.substr(0, 4))
    year = 10 * year + (digit - '0');
  if (year < 1900 || year > 2200) return std::nullopt;
  return QuarterDate{4 * year + (text[5] - '1')};
}

std::string to_text(QuarterDate date) {
  return std::to_string(date.year()) + "Q" + std::to_string(date.quarter_of_year() + 1);
}

}  // namespace entente::scenario
