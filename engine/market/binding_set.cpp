#include "engine/market/binding_set.hpp"

namespace entente::market {

void make_room(const Eigen::Ref<const Eigen::MatrixXd>& use,
               const Eigen::Ref<const Eigen::VectorXd>& shadow_price, Eigen::Index resource,
               bool one_at_a_time, std::vector<Eigen::Index>& binding) {
  const auto overlaps = [&](Eigen::Index k) { return use.row(k).dot(use.row(resource)) > 0.0; };
  if (!one_at_a_time) {
    std::erase_if(binding, overlaps);
    return;
  }
  auto cheapest = binding.end();
  for (auto k = binding.begin(); k != binding.end(); ++k) {
    if (!overlaps(*k)) continue;
    if (cheapest == binding.end() || shadow_price(*k) < shadow_price(*cheapest)) cheapest = k;
  }
  if (cheapest != binding.end()) binding.erase(cheapest);
}

}  // namespace entente::market
