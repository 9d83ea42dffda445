#pragma once

#include <string>

namespace entente::report {

/// A number for readers, rounded to so many significant digits and never in powers of ten:
/// 0.0000706.
std::string number_text(double value, int digits);

/// The same of a change, with its sign: +1.2, -0.04.
std::string change_text(double value, int digits);

}  // namespace entente::report
