#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

namespace entente::reference {

/// What is said of a statement that nothing speaks against.
inline constexpr const char* holds = "holds";

/// A statement of a case of kind `property`, and what looks whether it is so.
struct Property {
  std::string_view id;         // of the case
  std::string_view statement;  // word for word
  /// `of`: what the statement is about where the case names that, such as the size of a design.
  /// Returns `holds`, or what was seen instead; throws where nothing could be seen.
  std::string (*look)(const nlohmann::json& of);
};

/// Every statement there is a look at.
std::span<const Property> all_properties();

}  // namespace entente::reference
