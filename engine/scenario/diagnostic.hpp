#pragma once

#include <string>
#include <vector>

namespace entente::scenario {

/// Where a value was written. Line and column count from 1; 0 is unknown (a whole file, or --set).
struct Location {
  std::string file = {};  // as the user would name it, or "--set"
  int line = 0;
  int column = 0;
};

/// One fault of the user's input, complete enough to mend it without reading code.
struct Fault {
  Location location = {};
  std::string message = {};   // what is wrong, lower case, no full stop
  std::string key_path = {};  // partnership.pact.probability, empty for a whole file
  std::string expected = {};  // "a number from 0 to 1", may be empty
  std::string seen = {};      // "1.4", may be empty
  std::string hint = {};      // "did you mean 'probability'? known: …", may be empty
};

using Faults = std::vector<Fault>;

/// `file:line:column: error: message`, then indented lines for key path, expected and seen, hint.
std::string to_text(const Fault& fault);

/// The candidate nearest to `word` by edit distance when it is near enough to be meant, else empty.
std::string nearest_name(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace entente::scenario
