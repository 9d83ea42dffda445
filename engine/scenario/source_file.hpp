#pragma once

#include <cstdint>
#include <string>

namespace entente::scenario {

/// The text of a file, or why there is none.
struct SourceText {
  std::string text = {};
  std::string problem = {};  // "does not exist"; empty when the text was read
  std::string seen = {};     // "104857600 bytes", may be empty
  std::string hint = {};     // a file of nearly that name, may be empty
};

/// Reads a regular file of at most `limit` bytes; a larger one is refused unread.
SourceText read_source(const std::string& file, std::uint64_t limit);

}  // namespace entente::scenario
