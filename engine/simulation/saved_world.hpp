#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "engine/population/random_stream.hpp"
#include "engine/simulation/state/world.hpp"

namespace entente::simulation {

/// Bytes that are no world, or one of another shape.
class DamagedWorld : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The state of a world as bytes, in this machine's order of them, for the same version of the
/// program. The economy is not among them, nor what of consumers never changes.
std::string save_world(const World& world);

/// How many bytes that takes, more or less, at any time of a run that starts so.
double saved_bytes(const World& start);

/// The state again. `start` is quarter 0 of the same replication of an economy that may have other
/// deals and events than the saved one: those are matched by id, and the others stand as they do
/// before they start. Throws DamagedWorld.
World recall_world(World start, std::string_view bytes, const population::Draws& draws);

}  // namespace entente::simulation
