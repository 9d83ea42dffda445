#include "engine/output/text_hash.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace entente::output {

// Boost is here already and keeps this function's result fixed by a standard; a cryptographic
// library would be one more package for a name that nobody gains from forging.
std::string text_hash(std::string_view text) {
  const boost::uuids::name_generator_sha1 generate(boost::uuids::ns::oid());
  return to_string(generate(std::string(text)));
}

}  // namespace entente::output
