#include <cctype>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "engine/experiment/backtest/observed_series.hpp"

namespace entente::experiment {

namespace {

std::string lower_case(std::string text) {
  for (char& letter : text)
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return text;
}

/// "million lines" is a million and "lines"; "EB" is one and "EB".
std::pair<double, std::string> split_scale(const std::string& unit) {
  static const std::map<std::string, double> scales = {
      {"thousand", 1e3}, {"k", 1e3},  {"million", 1e6}, {"mn", 1e6},
      {"m", 1e6},        {"bn", 1e9}, {"billion", 1e9}};
  std::istringstream words(lower_case(unit));
  double scale = 1.0;
  std::string noun;
  bool first = true;
  for (std::string word; words >> word; first = false) {
    const auto found = first ? scales.find(word) : scales.end();
    if (found != scales.end()) {
      scale = found->second;
    } else {
      noun += (noun.empty() ? "" : " ") + word;
    }
  }
  return {scale, noun};
}

}  // namespace

double model_units_in(const std::string& unit, simulation::Measure measure,
                      const simulation::Market& market) {
  static const std::map<std::string, double> money = {{"usd bn", 1.0},       {"usd billion", 1.0},
                                                      {"usd m", 1e-3},       {"usd mn", 1e-3},
                                                      {"usd million", 1e-3}, {"usd", 1e-9}};
  const std::string plain = lower_case(unit);
  if (simulation::is_share(measure)) return plain == "percent" || plain == "%" ? 1.0 : 0.0;
  if (measure == simulation::Measure::revenue) {
    const auto found = money.find(plain);
    return found == money.end() ? 0.0 : found->second;
  }
  if (plain == lower_case(market.unit)) return 1.0;
  const auto [scale, noun] = split_scale(unit);
  const std::set<std::string> nouns = {"", simulation::name_of(measure),
                                       split_scale(market.unit).second};
  const bool fits = nouns.contains(noun) && (scale > 1.0 || !noun.empty());
  return fits ? scale / market.units_per_quantity : 0.0;
}

}  // namespace entente::experiment
