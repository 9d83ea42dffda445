#include "engine/experiment/ensemble.hpp"

#include <atomic>
#include <chrono>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>

#include "tests/catch.hpp"

using namespace entente;
using experiment::EnsembleOptions;

namespace {

// Later replications finish first, so that an order of completion would show.
output::Results unit(std::uint64_t replication) {
  std::this_thread::sleep_for(std::chrono::microseconds(200 - 2 * replication));
  return {{{{static_cast<double>(replication * replication)}}}};
}

std::vector<std::uint64_t> first(std::size_t count) {
  std::vector<std::uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

}  // namespace

TEST_CASE("results stand in the order of the replications for any threads", "[unit]") {
  for (const int threads : {1, 2, 7}) {
    const auto results = experiment::run_ensemble(first(50), unit, {threads, nullptr, {}});
    REQUIRE(results.size() == 50);
    for (std::size_t i = 0; i < 50; ++i) {
      REQUIRE(results[i].tables[0].values[0] == static_cast<double>(i * i));
    }
  }
  const auto one = experiment::run_ensemble({17}, unit, {2, nullptr, {}});
  CHECK(one[0].tables[0].values[0] == 289.0);
}

TEST_CASE("more threads than processors really run at once", "[unit]") {
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  experiment::run_ensemble(first(24),
                           [&](std::uint64_t) {
                             const int now = ++inside;
                             for (int seen = most;
                                  seen < now && !most.compare_exchange_weak(seen, now);)
                               continue;
                             std::this_thread::sleep_for(std::chrono::milliseconds(20));
                             --inside;
                             return output::Results{};
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
  experiment::run_ensemble(first(30), unit, options);
  REQUIRE(seen.size() == 30);
  for (std::size_t i = 0; i < 30; ++i)
    CHECK(seen[i] == i + 1);
}

TEST_CASE("failed replications are listed after all others ran", "[unit]") {
  std::atomic<int> ran{0};
  const auto fragile = [&](std::uint64_t replication) {
    ++ran;
    if (replication % 4 == 1)
      throw std::runtime_error("no price at " + std::to_string(replication));
    return output::Results{};
  };
  try {
    experiment::run_ensemble(first(10), fragile, {2, nullptr, {}});
    FAIL("a failed replication went unnoticed");
  } catch (const experiment::EnsembleFailure& failure) {
    CHECK(ran == 10);
    CHECK(std::string(failure.what()) == "3 of 10 replications failed");
    REQUIRE(failure.failures.size() == 3);
    CHECK(failure.failures[0].replication == 1);
    CHECK(failure.failures[2].replication == 9);
    CHECK(failure.failures[2].message == "no price at 9");
  }
}

TEST_CASE("a raised flag ends the run without starting further units", "[unit]") {
  std::atomic<bool> cancelled{false};
  std::atomic<int> ran{0};
  const auto stops_itself = [&](std::uint64_t) {
    if (++ran == 3) cancelled = true;
    return output::Results{};
  };
  CHECK_THROWS_AS(experiment::run_ensemble(first(1000), stops_itself, {1, &cancelled, {}}),
                  experiment::Cancelled);
  CHECK(ran == 3);
}
