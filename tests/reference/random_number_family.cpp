#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string>
#include <vector>

#include "engine/population/random_stream.hpp"
#include "tests/reference/families.hpp"

namespace entente::reference {

namespace {

std::uint32_t word(const nlohmann::json& words, std::size_t index) {
  return static_cast<std::uint32_t>(std::stoul(words.at(index).get<std::string>(), nullptr, 16));
}

}  // namespace

// Philox's key is (seed, replication), its counter (stream, quarter, number), low words first.
Answer solve_random_numbers(const nlohmann::json& inputs) {
  Answer answer;
  for (const nlohmann::json& known : inputs.at("cases")) {
    const nlohmann::json& key = known.at("key");
    const nlohmann::json& counter = known.at("counter");
    const population::Draws draws{word(key, 0), word(key, 1)};
    const std::uint64_t stream = std::uint64_t{word(counter, 1)} << 32U | word(counter, 0);
    const auto block = solve_timed(
        answer, [&] { return draws.block(stream, word(counter, 2), word(counter, 3)); },
        [](const auto&) { return 1; });
    answer.outputs.push_back(fmt::format("{:08x}", fmt::join(block, " ")));
  }
  return answer;
}

}  // namespace entente::reference
