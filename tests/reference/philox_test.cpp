#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "engine/population/random_stream.hpp"
#include "tests/catch.hpp"

using entente::population::Draws;

namespace {

std::uint32_t from_hex(const std::string& word) {
  return static_cast<std::uint32_t>(std::stoul(word, nullptr, 16));
}

}  // namespace

// Known answers of Philox4x32-10 (Salmon et al. 2011); the first three come with Random123.
TEST_CASE("a block of draws is Philox4x32-10 of (seed, replication) at (stream, quarter, number)",
          "[reference]") {
  std::ifstream file(ENTENTE_SOURCE_DIR "/tests/reference/experiments/rng-philox4x32-10.json");
  const nlohmann::json known = nlohmann::json::parse(file);
  REQUIRE(known.at("cases").size() == 8);
  for (const auto& known_case : known.at("cases")) {
    const auto counter = known_case.at("counter").get<std::vector<std::string>>();
    const auto key = known_case.at("key").get<std::vector<std::string>>();
    const Draws draws{from_hex(key.at(0)), from_hex(key.at(1))};
    const std::uint64_t stream =
        std::uint64_t{from_hex(counter.at(1))} << 32 | from_hex(counter.at(0));
    const auto words = draws.block(stream, from_hex(counter.at(2)), from_hex(counter.at(3)));
    std::istringstream expected(known_case.at("out").get<std::string>());
    for (const std::uint32_t word : words) {
      std::string hex;
      REQUIRE(expected >> hex);
      CHECK(word == from_hex(hex));
    }
  }
}
