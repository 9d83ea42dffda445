#pragma once

#include <string_view>

namespace entente::report {

/// A file that the build put into the program, with the SHA-256 of its bytes in hexadecimal.
struct Asset {
  std::string_view text;
  std::string_view sha256;
};

Asset chart_library();  // Chart.js, from the system's package
Asset page_script();    // engine/report/assets/page.js
Asset page_style();     // engine/report/assets/page.css

}  // namespace entente::report
