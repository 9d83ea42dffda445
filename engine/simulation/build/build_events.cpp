#include "engine/simulation/build/build_entities.hpp"
#include "engine/simulation/build/check_effects.hpp"

namespace entente::simulation {

using scenario::Entry;
using scenario::Faults;

void read_dates(const Entry& entry, const std::string& what, const Economy& economy, Event& event,
                Faults& faults) {
  const scenario::QuarterDate end = economy.start + economy.quarters;
  const scenario::QuarterDate start = entry.quarter("start");
  if (start < economy.start || start >= end) {
    faults.push_back(entry.fault("start", "the date is outside the horizon",
                                 to_text(economy.start) + " to " + to_text(end + -1),
                                 to_text(start)));
  }
  event.start = start - economy.start;
  if (!entry.has("end")) return;
  event.end = entry.quarter("end") - economy.start;
  if (event.end <= event.start) {
    faults.push_back(entry.fault("end", what + " must end after it starts",
                                 "a quarter after " + to_text(start),
                                 to_text(entry.quarter("end"))));
  }
}

void build_events(const scenario::Scenario& scenario, Economy& economy, Faults& faults) {
  for (const Entry& entry : scenario.all("event")) {
    Event event;
    event.id = entry.id;
    read_dates(entry, "an event", economy, event, faults);
    event.probability = entry.number("probability");
    event.ramp = static_cast<int>(entry.integer("ramp"));
    const std::size_t faults_before = faults.size();
    event.effects = read_effects(entry, EffectOf::event, economy, faults);
    if (faults.size() == faults_before) check_effects(entry, economy, event, faults);
    economy.events.push_back(std::move(event));
  }
}

}  // namespace entente::simulation
