#include "engine/experiment/ensemble/replication_start.hpp"

#include <fmt/format.h>

#include "engine/experiment/ensemble/parameter_draws.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::experiment {

ReplicationStart::ReplicationStart(const scenario::Scenario& scenario,
                                   const simulation::World& world,
                                   const std::vector<simulation::Model>& models)
    : scenario_(scenario),
      world_(world),
      models_(models),
      schema_(simulation::full_schema(models)),
      drawn_(scenario.single("run").text("parameters") == "drawn") {}

simulation::World ReplicationStart::world(std::uint64_t replication, std::int64_t& redraws) const {
  if (!drawn_) return world_;
  const population::Draws draws{world_.economy->seed, static_cast<std::uint32_t>(replication)};
  scenario::Faults faults;
  // Scenarios that extend one another share the draws of an attempt. Where only one of them finds
  // an attempt infeasible, their pair of this replication is broken: ranges should keep that rare.
  for (std::uint32_t attempt = 0; attempt < most_attempts; ++attempt) {
    ParameterDraw draw = draw_parameters(scenario_, schema_, draws, attempt);
    faults = std::move(draw.faults);
    if (faults.empty()) {
      simulation::BuildResult built = simulation::build_world(draw.scenario, models_);
      if (built.world) return std::move(*built.world);
      faults = std::move(built.faults);
    }
    ++redraws;
  }
  throw InfeasibleParameters(fmt::format(
      "none of {} draws of the parameters has a feasible quarter 0; narrow their ranges. The last: "
      "{}",
      most_attempts, faults.empty() ? std::string("no reason given") : to_text(faults.front())));
}

}  // namespace entente::experiment
