#include "engine/experiment/ensemble/ensemble.hpp"

#include <atomic>
#include <chrono>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>

#include "engine/output/file_writer.hpp"
#include "tests/catch.hpp"

using namespace entente;
using experiment::EnsembleOptions;

namespace {

// Later replications finish first, so that an order of completion would show.
void wait(std::size_t place) {
  std::this_thread::sleep_for(std::chrono::microseconds(200 - 2 * place));
}

std::vector<std::uint64_t> first(std::size_t count) {
  std::vector<std::uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

}  // namespace

TEST_CASE("every unit is run once, whatever the threads", "[unit]") {
  for (const int threads : {1, 2, 7}) {
    std::vector<std::atomic<int>> runs(50);
    const auto work = [&](std::size_t place) {
      wait(place);
      ++runs[place];
    };
    CHECK(experiment::run_units(first(50), work, {threads, nullptr, {}}).empty());
    for (const auto& count : runs)
      REQUIRE(count == 1);
  }
}

TEST_CASE("more threads than processors really run at once", "[unit]") {
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  experiment::run_units(first(24),
                        [&](std::size_t) {
                          const int now = ++inside;
                          for (int seen = most;
                               seen < now && !most.compare_exchange_weak(seen, now);)
                            continue;
                          std::this_thread::sleep_for(std::chrono::milliseconds(20));
                          --inside;
                        },
                        {3, nullptr, {}});
  CHECK(most <= 3);
  CHECK(most >= 2);
}

TEST_CASE("progress counts every unit once", "[unit]") {
  std::vector<std::size_t> seen;
  EnsembleOptions options{4, nullptr, [&](std::size_t done, std::size_t all) {
                            CHECK(all == 30);
                            seen.push_back(done);
                          }};
  experiment::run_units(first(30), wait, options);
  REQUIRE(seen.size() == 30);
  for (std::size_t i = 0; i < 30; ++i)
    CHECK(seen[i] == i + 1);
}

TEST_CASE("failed replications are listed after all others ran", "[unit]") {
  std::atomic<int> ran{0};
  const auto fragile = [&](std::size_t place) {
    ++ran;
    if (place % 4 == 1) throw std::runtime_error("no price at " + std::to_string(place));
  };
  std::vector<std::uint64_t> replications = first(10);
  for (auto& replication : replications)
    replication += 100;
  auto failures = experiment::run_units(replications, fragile, {2, nullptr, {}});
  CHECK(ran == 10);
  REQUIRE(failures.size() == 3);
  CHECK(failures[0].replication == 101);
  CHECK(failures[2].replication == 109);
  CHECK(failures[2].message == "no price at 9");
  const experiment::EnsembleFailure failure(std::move(failures), 10);
  CHECK(std::string(failure.what()) == "3 of 10 replications failed");
}

TEST_CASE("a raised flag ends the run without starting further units", "[unit]") {
  std::atomic<bool> cancelled{false};
  std::atomic<int> ran{0};
  const auto stops_itself = [&](std::size_t) {
    if (++ran == 3) cancelled = true;
  };
  CHECK_THROWS_AS(experiment::run_units(first(1000), stops_itself, {1, &cancelled, {}}),
                  experiment::Cancelled);
  CHECK(ran == 3);
}

TEST_CASE("a disk that fails ends the run without starting further units", "[unit]") {
  int ran = 0;
  const auto breaks = [&](std::size_t) {
    if (++ran == 3) throw output::WriteFailure("disk full");
  };
  CHECK_THROWS_AS(experiment::run_units(first(1000), breaks, {1, nullptr, {}}),
                  output::WriteFailure);
  CHECK(ran == 3);
}
