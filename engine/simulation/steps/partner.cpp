#include "engine/simulation/steps/partner.hpp"

namespace entente::simulation {

void form_partnerships(World& world, const population::Draws& draws) {
  const auto quarter = static_cast<std::uint32_t>(world.quarter);
  for (std::size_t k = 0; k < world.partnerships.size(); ++k) {
    const Partnership& partnership = world.economy->partnerships[k];
    PartnershipState& state = world.partnerships[k];
    using Stage = PartnershipState::Stage;
    if (state.stage == Stage::announced && world.quarter == partnership.start) {
      const auto stream = population::stream_name("formation", partnership.id);
      state.stage =
          draws.fires(partnership.probability, stream, quarter) ? Stage::active : Stage::failed;
    } else if (state.stage == Stage::active) {
      ++state.age;
      const auto stream = population::stream_name("dissolution", partnership.id);
      if (world.quarter >= partnership.end ||
          draws.fires(partnership.dissolution, stream, quarter)) {
        state.stage = Stage::dissolved;
      }
    }
  }
}

void begin_events(World& world, const population::Draws& draws) {
  const auto quarter = static_cast<std::uint32_t>(world.quarter);
  for (std::size_t e = 0; e < world.events.size(); ++e) {
    const Event& event = world.economy->events[e];
    PartnershipState& state = world.events[e];
    using Stage = PartnershipState::Stage;
    if (state.stage == Stage::announced && world.quarter == event.start) {
      const auto stream = population::stream_name("event", event.id);
      state.stage = draws.fires(event.probability, stream, quarter) ? Stage::active : Stage::failed;
    } else if (state.stage == Stage::active) {
      ++state.age;
      if (world.quarter >= event.end) state.stage = Stage::dissolved;
    }
  }
}

}  // namespace entente::simulation
