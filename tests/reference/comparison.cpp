#include "tests/reference/comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

namespace entente::reference {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 5> prose = {"note", "convention", "description", "timing",
                                                   "must_not"};

/// Stored numbers that are themselves less exact than the tolerance of their case, by the end of
/// their path without the positions in arrays. README.md says why.
struct Inexact {
  std::string_view key;
  double relative;
};
constexpr std::array<Inexact, 2> inexact = {{
    {"soc_max_scaled_eigenvalue", 1e-8},
    {"deviation/price", 1e-8},
}};

/// The path without the positions in arrays at its end.
std::string_view without_positions(std::string_view path) {
  for (;;) {
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos || slash + 1 == path.size()) return path;
    const std::string_view last = path.substr(slash + 1);
    if (last.find_first_not_of("0123456789") != std::string_view::npos) return path;
    path = path.substr(0, slash);
  }
}

class Walk {
 public:
  Walk(const Tolerance& tolerance, Comparison& found) : tolerance_(tolerance), found_(found) {}

  void compare(const json& expected, const json& seen, const std::string& path) {
    if (expected.is_object()) {
      compare_object(expected, seen, path);
    } else if (expected.is_array()) {
      compare_array(expected, seen, path);
    } else if (expected.is_number()) {
      ++found_.values;
      if (!seen.is_number()) return fail(path, expected, seen);
      compare_number(expected, seen, path);
    } else {
      ++found_.values;
      if (expected != seen) fail(path, expected, seen);
    }
  }

 private:
  void compare_object(const json& expected, const json& seen, const std::string& path) {
    if (!seen.is_object()) return fail(path, expected, seen);
    for (const auto& [key, value] : expected.items()) {
      if (value.is_string() && std::ranges::find(prose, key) != prose.end()) continue;
      const std::string inner = path + '/' + key;
      if (seen.contains(key)) {
        compare(value, seen.at(key), inner);
      } else {
        found_.failures.push_back({inner, value.dump(), "nothing"});
      }
    }
  }

  void compare_array(const json& expected, const json& seen, const std::string& path) {
    if (!seen.is_array()) return fail(path, expected, seen);
    if (expected.size() != seen.size()) {
      const auto entries = [](const json& array) {
        return std::to_string(array.size()) + " entries";
      };
      found_.failures.push_back({path, entries(expected), entries(seen)});
      return;
    }
    for (std::size_t i = 0; i < expected.size(); ++i)
      compare(expected[i], seen[i], path + '/' + std::to_string(i));
  }

  void compare_number(const json& expected, const json& seen, const std::string& path) {
    const double a = seen.get<double>();
    const double b = expected.get<double>();
    const double relative = relative_tolerance(path);
    // Written so that a number that is not finite fails.
    const bool agrees = std::isfinite(a) && std::isfinite(b) &&
                        std::abs(a - b) <= tolerance_.absolute + relative * std::abs(b);
    double error = std::abs(a - b) / std::max(std::abs(b), floor());
    if (!std::isfinite(error)) error = std::numeric_limits<double>::infinity();
    const bool worst = error > found_.worst_relative_error;
    if (worst) {
      found_.worst_relative_error = error;
      found_.worst_path = path;
    }
    if (agrees) return;
    fail(path, expected, seen);
    if (worst)
      std::rotate(found_.failures.begin(), found_.failures.end() - 1, found_.failures.end());
  }

  double relative_tolerance(std::string_view path) const {
    const std::string_view end = without_positions(path);
    for (const auto& [key, relative] : inexact) {
      if (end.ends_with(key)) return std::max(relative, tolerance_.relative);
    }
    return tolerance_.relative;
  }

  /// Below this a number's absolute tolerance is the wider one.
  double floor() const {
    if (!(tolerance_.relative > 0.0)) return std::numeric_limits<double>::min();
    return std::max(tolerance_.absolute / tolerance_.relative, std::numeric_limits<double>::min());
  }

  void fail(const std::string& path, const json& expected, const json& seen) {
    const bool infinite = seen.is_number() && !std::isfinite(seen.get<double>());
    found_.failures.push_back({path, expected.dump(), infinite ? "not finite" : seen.dump()});
  }

  const Tolerance& tolerance_;
  Comparison& found_;
};

}  // namespace

Comparison compare(const json& expected, const json& seen, const Tolerance& tolerance,
                   const std::string& root) {
  Comparison found;
  Walk(tolerance, found).compare(expected, seen, root);
  return found;
}

void compare_deviation_gains(const json& expected, const json& seen, Comparison& found) {
  if (!expected.is_object()) return;
  for (const auto& [key, value] : expected.items()) {
    if (!key.starts_with("global_deviation_gain_")) continue;
    ++found.values;
    const double stored = value.get<double>();
    const json gain = seen.is_object() && seen.contains(key) ? seen.at(key) : json();
    const bool agrees = gain.is_number() && (gain.get<double>() > 0.0) == (stored > 0.0) &&
                        gain.get<double>() >= (1.0 - 1e-8) * stored;
    if (!agrees) found.failures.push_back({"checks/" + key, value.dump(), gain.dump()});
  }
}

void compare_loosely(const json& expected, const json& seen, double tolerance, Comparison& found) {
  if (!expected.is_object()) return;
  const Comparison loose = compare(expected, seen, {0.0, tolerance}, "loose");
  found.values += loose.values;
  found.failures.insert(found.failures.end(), loose.failures.begin(), loose.failures.end());
}

}  // namespace entente::reference
