#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace entente::report {

/// A course over time as one line of bars, `▁▂▃▄▅▆▇█` from its lowest to its highest value; at most
/// `cells` of them, each the mean of neighbouring values where there are more. A value that is
/// missing (NaN) is a blank. A course that moves by less than a thousandth of its size, which no
/// screen's figures show either, is a flat line of `▄`. Empty for fewer than two values, and where
/// none is there.
std::string sparkline(std::span<const double> values, std::size_t cells);

/// The same of differences: `─` is none, `▅▆▇█` are above and `▄▃▂▁` below, by the largest of them
/// without its sign.
std::string difference_sparkline(std::span<const double> differences, std::size_t cells);

}  // namespace entente::report
