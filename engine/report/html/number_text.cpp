#include "engine/report/html/number_text.hpp"

#include <cmath>
#include <fmt/core.h>

namespace entente::report {

std::string number_text(double value, int digits) {
  auto short_text = fmt::format("{:.{}g}", value, digits);
  const auto power = short_text.find('e');
  if (power == std::string::npos) return short_text;
  // The exponent of the rounded number: 0.0999996 has that of 0.1.
  const int exponent = std::stoi(short_text.substr(power + 1));
  const auto mantissa = short_text.substr(0, power);
  const auto point = mantissa.find('.');
  const int decimals =
      (point == std::string::npos ? 0 : static_cast<int>(mantissa.size() - point - 1)) - exponent;
  return fmt::format("{:.{}f}", std::stod(short_text), decimals > 0 ? decimals : 0);
}

std::string change_text(double value, int digits) {
  const auto text = number_text(value, digits);
  return text.starts_with('-') || std::isnan(value) ? text : "+" + text;
}

}  // namespace entente::report
