#pragma once

// One spelling for both packaged versions of Catch2: Debian 12 has version 2, Debian 13 and
// Ubuntu 24.04 have version 3.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif

namespace entente::test {

/// Matches a string that has `part` in it; Catch2 renamed its matcher between the versions.
inline auto contains(const std::string& part) {
#if __has_include(<catch2/catch_all.hpp>)
  return Catch::Matchers::ContainsSubstring(part);
#else
  return Catch::Contains(part);
#endif
}

}  // namespace entente::test
