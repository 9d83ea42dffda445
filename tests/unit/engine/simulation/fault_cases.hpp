#pragma once

#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

namespace entente::test {

/// Something a user might write over the small world, and what the answer must say.
struct FaultCase {
  std::string name;
  std::string more;               // TOML merged over the small world
  std::vector<std::string> sets;  // key.path=value
  std::string message;            // part of the fault
  std::string key_path;
};

inline std::string pact(const std::string& id, const std::string& parties,
                        const std::string& effect) {
  return "[[partnership]]\nid = \"" + id + "\"\nparties = [" + parties +
         "]\nkind = \"supply\"\nstart = \"2024Q2\"\neffect = [{ " + effect + " }]\n";
}

inline const std::string alpha_beta = "\"alpha\", \"beta\"";

/// The faults of reading or, if that succeeds, of building.
inline scenario::Faults faults_of(const FaultCase& fault) {
  auto read = read_small(fault.more, fault.sets);
  if (!read.scenario) return read.faults;
  return simulation::build_world(*read.scenario, plain_models()).faults;
}

inline void check_cases(const std::vector<FaultCase>& cases) {
  for (const FaultCase& fault : cases) {
    const scenario::Faults faults = faults_of(fault);
    CAPTURE(fault.name, to_text(faults));
    bool said = false;
    for (const scenario::Fault& seen : faults) {
      said = said || (seen.message.find(fault.message) != std::string::npos &&
                      seen.key_path == fault.key_path);
    }
    CHECK(said);
  }
}

}  // namespace entente::test
