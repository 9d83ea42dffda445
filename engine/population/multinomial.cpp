#include "engine/population/multinomial.hpp"

#include "engine/population/binomial.hpp"

namespace entente::population {

Counts draw_multinomial(std::int64_t trials, const Eigen::Ref<const Eigen::ArrayXd>& weight,
                        const Draws& draws, std::uint64_t stream, std::uint32_t quarter) {
  Counts counts = Counts::Zero(weight.size());
  // Summed from the end, so that the last outcome with weight has probability 1 to the bit.
  Eigen::ArrayXd remaining = weight;
  for (Eigen::Index outcome = weight.size() - 2; outcome >= 0; --outcome)
    remaining[outcome] += remaining[outcome + 1];
  for (Eigen::Index outcome = 0; outcome < weight.size() && trials > 0; ++outcome) {
    KeyedGenerator generator(draws, substream(stream, static_cast<std::uint64_t>(outcome)),
                             quarter);
    counts[outcome] = draw_binomial(trials, weight[outcome] / remaining[outcome], generator);
    trials -= counts[outcome];
  }
  return counts;
}

}  // namespace entente::population
