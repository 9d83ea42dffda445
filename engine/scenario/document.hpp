#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/scenario/diagnostic.hpp"

namespace entente::scenario {

/// Where a node was written; file names are shared, so that millions of nodes stay cheap.
struct Origin {
  std::shared_ptr<const std::string> file;
  int line = 0;
  int column = 0;

  Location location() const { return {file ? *file : std::string{}, line, column}; }
};

struct Node;
struct Member;

/// A TOML date or time, which no scenario key takes; kept as text for the message.
struct DateText {
  std::string text;
};

/// A TOML value with its place, free of the parser's types.
struct Node {
  using Array = std::vector<Node>;
  using Table = std::vector<Member>;  // ordered by key
  std::variant<bool, std::int64_t, double, std::string, DateText, Array, Table> content;
  Origin origin = {};
};

struct Member {
  std::string key;
  Origin key_origin;
  Node value;
};

/// The member called `key` of a table node, or nullptr.
const Node* member(const Node& table, std::string_view key);

/// What a fault shows of a node: "1.4", "\"hello\"", "an array of 3 elements".
std::string seen_text(const Node& node);

/// The same with its type: "the integer 5", "the text \"hello\"".
std::string seen_type_text(const Node& node);

struct ParsedDocument {
  std::optional<Node> root = {};    // a table; nothing when there is a fault
  std::optional<Fault> fault = {};  // the first thing that keeps the text from being TOML
};

/// Parses `text` as TOML. Refuses invalid UTF-8, NUL bytes and nesting too deep to be meant before
/// the parser sees them. Never throws for what the text says.
ParsedDocument parse_document(std::string_view text, const std::string& file);

}  // namespace entente::scenario
