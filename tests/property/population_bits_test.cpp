// Individuals choose the same, bit for bit, whatever the processor's instructions and however many
// threads there are.

#include <cstring>
#include <hwy/targets.h>
#include <tbb/global_control.h>

#include "tests/unit/engine/population/individual_choice.hpp"

using namespace entente;
using namespace entente::population;

namespace {

/// One market of each path through the kernels.
struct Path {
  Eigen::Index products;
  std::vector<int> nodes;
  double nesting = 1.0;
  double level = 0.0;  // of utilities
  bool individual = true;
};

const std::vector<Path>& paths() {
  static const std::vector<Path> all = {
      {3, {}},
      {5, {3, 2}, 0.4},
      {4, {2, 1, 2}},
      {3, {2, 1, 1, 1, 2}, 0.7},
      {4, {3, 1}, 0.5, 160.0},
      {14, {}},
      {14, {3, 2}},
      {20, {3}},
      {45, {3, 1}},
      {16, {3, 1}, 1.0, 0.0, false},
      {230, {2, 1}, 0.6},
  };
  return all;
}

template <class T>
void append(const T* values, std::size_t count, std::vector<std::uint8_t>& bytes) {
  const std::size_t before = bytes.size();
  bytes.resize(before + count * sizeof(T));
  std::memcpy(bytes.data() + before, values, count * sizeof(T));
}

/// Everything that three quarters leave behind, with newcomers, a bonus and a shortage.
std::vector<std::uint8_t> history(const Path& path) {
  const Draws draws{5, 1};
  constexpr std::uint64_t agents = 100'003;
  Population population =
      test::recruit_evenly(path.products, path.nodes, path.individual, agents, draws);
  Offer offer = test::make_offer(path.products, path.nodes.size());
  offer.nesting = path.nesting;
  offer.inertia = 0.9;
  offer.common.array() += path.level;
  const Activity activity{0.31, 0.03};
  std::vector<std::uint8_t> bytes;
  for (const auto& words : population.individuals->taste)
    append(words.data(), agents, bytes);
  for (std::uint32_t quarter = 0; quarter < 3; ++quarter) {
    offer.without = quarter % 2 == 0 ? WithoutPurchase::keeps : WithoutPurchase::gives_up;
    Purchases purchases = choose_by_agents(population, activity, offer, draws, quarter);
    Eigen::VectorXd served = Eigen::VectorXd::Ones(path.products);
    served[quarter] = 0.37;
    Offer left = offer;
    left.common[quarter] = -std::numeric_limits<double>::infinity();
    choose_again_by_agents(population, purchases, served, left, draws, quarter, 1);
    for (const Decisions& decisions : purchases.decisions) {
      append(decisions.agent.data(), decisions.count, bytes);
      append(decisions.choice.data(), decisions.count, bytes);
    }
    append(purchases.flow.data(), static_cast<std::size_t>(purchases.flow.size()), bytes);
    append(&purchases.by_bounds, 1, bytes);
    settle(population, activity, purchases, offer.without);
    append(population.held.data(), agents, bytes);
    append(population.count.data(), static_cast<std::size_t>(population.count.size()), bytes);
  }
  return bytes;
}

}  // namespace

TEST_CASE("agents have the same bits on every instruction set", "[property]") {
  for (const Path& path : paths()) {
    const std::vector<std::uint8_t> reference = history(path);
    CAPTURE(path.products, path.nodes.size(), path.nesting);
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
      hwy::SetSupportedTargetsForTest(target);
      hwy::GetChosenTarget().Update(hwy::SupportedTargets());
      const std::vector<std::uint8_t> bytes = history(path);
      hwy::SetSupportedTargetsForTest(0);
      hwy::GetChosenTarget().Update(hwy::SupportedTargets());
      CAPTURE(hwy::TargetName(target));
      CHECK(bytes == reference);
    }
  }
}

TEST_CASE("agents have the same bits on one thread and on several", "[property]") {
  for (const Path& path : paths()) {
    std::vector<std::vector<std::uint8_t>> runs;
    for (const std::size_t threads : {1UL, 2UL, 5UL}) {
      const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
      runs.push_back(history(path));
    }
    CAPTURE(path.products, path.nodes.size(), path.nesting);
    CHECK(runs[1] == runs[0]);
    CHECK(runs[2] == runs[0]);
  }
}
