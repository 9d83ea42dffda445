#include "models/all.hpp"

#include "models/appliances/appliances.hpp"
#include "models/chips/chips.hpp"
#include "models/telecom/telecom.hpp"

namespace entente::models {

std::vector<simulation::Model> all() {
  return {chips(), telecom(), appliances()};
}

}  // namespace entente::models
