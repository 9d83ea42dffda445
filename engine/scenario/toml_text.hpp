#pragma once

#include <string>
#include <string_view>

namespace entente::scenario {

/// Shortest decimal text that reads back as the same number: "0.1", "5", "1e+20", "inf", "nan".
std::string shortest_number(double value);

/// The same, but always a TOML float: "5.0".
std::string toml_float(double value);

/// `text` as a TOML basic string, quotes included; control characters are escaped.
std::string toml_string(std::string_view text);

/// A key as TOML wants it: bare where it may be, else quoted.
std::string toml_key(std::string_view key);

}  // namespace entente::scenario
