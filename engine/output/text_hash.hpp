#pragma once

#include <string>
#include <string_view>

namespace entente::output {

/// Identifies a text: its name-based UUID, version 5 (RFC 4122: 122 bits of SHA-1), in the OID
/// namespace. It tells scenarios apart, not forgeries. Any UUID tool gives the same, for instance
/// Python's uuid.uuid5(uuid.NAMESPACE_OID, text).
std::string text_hash(std::string_view text);

}  // namespace entente::output
