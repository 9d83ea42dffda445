#pragma once

#include <cstdint>

namespace entente::population {

/// Everything of a draw's key but its number: the key and three words of the counter of Philox.
struct DrawKey {
  std::uint32_t seed = 0;
  std::uint32_t replication = 0;
  std::uint32_t stream_low = 0;
  std::uint32_t stream_high = 0;
  std::uint32_t quarter = 0;
};

/// Individuals' draws take Philox4x32-7: the fewest rounds with which it passes BigCrush (Salmon et
/// al. 2011, table 2). Firms' draws take ten.
inline constexpr int philox_rounds = 7;
inline constexpr std::uint32_t philox_first_factor = 0xD2511F53U;
inline constexpr std::uint32_t philox_second_factor = 0xCD9E8D57U;
inline constexpr std::uint32_t philox_first_step = 0x9E3779B9U;
inline constexpr std::uint32_t philox_second_step = 0xBB67AE85U;

}  // namespace entente::population
