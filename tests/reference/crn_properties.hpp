#pragma once

#include <string>

namespace entente::reference {

// Looks at what common random numbers promise, for the case crn-properties: each runs the program
// on shipped scenarios and returns `holds`, or what it saw instead. Throws std::runtime_error where
// a run fails.

std::string look_at_equal_scenarios();
std::string look_at_bystanders();
std::string look_at_removed_partnerships();
std::string look_at_reordered_tables();
std::string look_at_lone_replications();
std::string look_at_ways_to_run();
std::string look_at_variance_reduction();

}  // namespace entente::reference
