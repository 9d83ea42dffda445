#pragma once

#include <string>
#include <string_view>

namespace entente::report {

/// A text as it stands between tags or in a quoted attribute of HTML.
std::string html_text(std::string_view text);

/// JSON as it stands in a script element: nothing in it can end the element or open a comment. The
/// JSON says the same, for < > & and U+2028/9 stand in its strings alone.
std::string script_json(std::string_view json);

/// The bytes that hexadecimal digits say, in base64 (RFC 4648), as a Content-Security-Policy takes
/// a script's hash. Throws std::invalid_argument when they are no whole bytes.
std::string base64_of_hex(std::string_view digits);

}  // namespace entente::report
