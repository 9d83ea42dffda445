// Individuals with keyed taste shocks choose otherwise only where utilities make them, and so a
// counterfactual differs from its baseline by little chance.

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <tbb/global_control.h>
#include <vector>

#include "bench/reference_market.hpp"
#include "engine/population/agents.hpp"
#include "tests/catch.hpp"
#include "tests/contract/baseline_world.hpp"

using namespace entente;
using namespace entente::population;

namespace {

constexpr Eigen::Index products = 6;
constexpr double never = -std::numeric_limits<double>::infinity();
constexpr Draws any_draws{4, 2};
constexpr std::uint32_t any_quarter = 3;
constexpr Activity some_active{0.5, 0.1};

/// Two strata of consumers who differ in price sensitivity and one taste more.
Population make_population(std::uint64_t agents) {
  Population population;
  population.cells = {2, products, true};
  population.representation = Representation::agents;
  population.holding = Eigen::VectorXd::Constant(population.cells.count(), 0.5 / (products + 1));
  population.choice_stream = stream_name("choice", "widget");
  population.lottery_stream = stream_name("lottery", "widget");
  TasteDesign design;
  design.node = Eigen::MatrixXd::Zero(2, 2);
  design.node.col(0) << -0.7979, 0.7979;
  design.below = Eigen::MatrixXd::Zero(2, 2);
  design.above = design.below;
  design.below(1, 0) = design.above(0, 0) = 0.5;
  recruit(population, design, agents, any_draws);
  return population;
}

Offer any_offer(std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  Offer offer;
  offer.common.resize(products);
  offer.price.resize(products);
  offer.characteristic.resize(products, 1);
  for (Eigen::Index j = 0; j < products; ++j) {
    offer.common[j] = uniform(random);
    offer.price[j] = -0.5 - 0.4 * uniform(random);
    offer.characteristic(j, 0) = uniform(random);
    offer.shock_stream.push_back(stream_name("taste shock", std::to_string(j)));
  }
  offer.shock_stream.push_back(stream_name("outside taste shock", "widget"));
  offer.price_spread = 0.5;
  offer.inertia = 0.5 * (1.0 + uniform(random));
  offer.nesting = random() % 3 == 0 ? 1.0 : 0.6 + 0.39 * uniform(random);
  offer.outside_good = random() % 4 != 0;
  return offer;
}

/// Decisions of all individuals in order.
std::vector<std::uint16_t> choices_of(const Purchases& purchases) {
  std::vector<std::uint16_t> choices;
  for (const Decisions& decisions : purchases.decisions)
    choices.insert(choices.end(), decisions.choice.begin(),
                   decisions.choice.begin() + static_cast<std::ptrdiff_t>(decisions.count));
  return choices;
}

std::vector<std::uint16_t> choices_at(Population population, const Offer& offer) {
  return choices_of(choose_by_agents(population, some_active, offer, any_draws, any_quarter));
}

}  // namespace

TEST_CASE("only those who chose a product leave it when it gets worse", "[property]") {
  const Population population = make_population(20000);
  std::mt19937 random(21);
  for (int market = 0; market < 20; ++market) {
    Offer offer = any_offer(random);
    const auto before = choices_at(population, offer);
    const auto worse = static_cast<Eigen::Index>(random() % products);
    if (market % 2 == 0) {
      offer.price[worse] *= 1.3;
    } else {
      offer.common[worse] -= 0.2;
    }
    const auto after = choices_at(population, offer);
    REQUIRE(before.size() == after.size());
    int left = 0;
    int others = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i] == after[i]) continue;
      (before[i] == worse ? left : others) += 1;
    }
    CAPTURE(market, worse, offer.nesting);
    CHECK(left > 0);
    CHECK(others == 0);
  }
}

TEST_CASE("what is new on offer moves only those who choose it", "[property]") {
  const Population population = make_population(20000);
  std::mt19937 random(22);
  for (int market = 0; market < 20; ++market) {
    const Offer offer = any_offer(random);
    const auto entrant = static_cast<Eigen::Index>(random() % products);
    Offer without = offer;
    without.common[entrant] = never;
    const auto before = choices_at(population, without);
    const auto after = choices_at(population, offer);
    int joined = 0;
    int others = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i] == after[i]) continue;
      (after[i] == entrant ? joined : others) += 1;
    }
    CAPTURE(market, entrant, offer.nesting);
    CHECK(joined > 0);
    CHECK(others == 0);
  }
}

// Tastes and shocks of an individual do not hang together with whether it is active.
TEST_CASE("who is active at a lower hazard chooses the same at a higher one", "[property]") {
  std::mt19937 random(23);
  const Offer offer = any_offer(random);
  Population few = make_population(20000);
  Population many = few;
  const auto before = choose_by_agents(few, {0.2, 0.0}, offer, any_draws, any_quarter);
  const auto after = choose_by_agents(many, {0.6, 0.0}, offer, any_draws, any_quarter);
  for (std::size_t b = 0; b < before.decisions.size(); ++b) {
    std::size_t k = 0;
    for (std::size_t i = 0; i < before.decisions[b].count; ++i) {
      const std::uint32_t agent = before.decisions[b].agent[i];
      while (k < after.decisions[b].count && after.decisions[b].agent[k] != agent)
        ++k;
      REQUIRE(k < after.decisions[b].count);
      REQUIRE(after.decisions[b].choice[k] == before.decisions[b].choice[i]);
    }
  }
}

// P(k after j) = [P(k without j) − P(k)]/P(j): beside a nest more than P(k without j).
TEST_CASE("whom a lottery leaves without takes its next best", "[property]") {
  const Population population = make_population(20000);
  std::mt19937 random(24);
  for (int market = 0; market < 10; ++market) {
    const Offer offer = any_offer(random);
    const auto short_of = static_cast<Eigen::Index>(random() % products);
    Offer left = offer;
    left.common[short_of] = never;
    const auto wanted = choices_at(population, offer);
    const auto next_best = choices_at(population, left);
    Population rationed = population;
    auto purchases = choose_by_agents(rationed, some_active, offer, any_draws, any_quarter);
    Eigen::VectorXd served = Eigen::VectorXd::Ones(products);
    served[short_of] = market % 2 == 0 ? 0.4 : 0.0;
    choose_again_by_agents(rationed, purchases, served, left, any_draws, any_quarter, 1);
    const auto got = choices_of(purchases);
    std::ptrdiff_t losers = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      if (got[i] == wanted[i]) continue;
      ++losers;
      CHECK(wanted[i] == short_of);
      CHECK(got[i] == next_best[i]);
    }
    const std::ptrdiff_t buyers = std::ranges::count(wanted, short_of);
    CHECK(losers == buyers - static_cast<std::ptrdiff_t>(
                                 std::floor(served[short_of] * static_cast<double>(buyers))));
  }
}

TEST_CASE("choices by shocks do not depend on threads", "[property]") {
  const Population population = make_population(200000);
  std::mt19937 random(25);
  const Offer offer = any_offer(random);
  const auto with = [&](std::size_t threads) {
    const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
    return choices_at(population, offer);
  };
  CHECK(with(1) == with(4));
}

namespace {

/// One more product, first in order, which nobody has yet.
const char* const entrant = R"([[firm]]
id = "a-firm"
name = "Entrant"
pricing = "share_markup"
price_adjustment = 0.5
[[product]]
id = "a-product"
market = "reference"
firm = "a-firm"
price = 1.8
unit_cost = 0.8
mean_utility = -0.9
base_share = 0
characteristics = [{ taste = "quality", value = 1.2 }]
)";

struct Counterfactual {
  std::string name;
  std::string more;
  std::vector<std::string> sets;
};

using Shares = Eigen::Array<double, 20, 1>;

/// Shares among all consumers after some quarters.
Shares shares_after(int quarters, const std::string& shocks, std::uint32_t seed,
                    const Counterfactual& counterfactual) {
  std::vector<std::string> sets = counterfactual.sets;
  sets.push_back("population.taste_shocks=" + shocks);
  for (int j = 0; j < 20; ++j)
    sets.push_back((j < 10 ? "product.product-00" : "product.product-0") + std::to_string(j) +
                   ".base_share=5");
  const auto world = bench::build_reference_market(
      {.consumers = 5000, .seed = seed, .more = counterfactual.more, .sets = sets});
  const auto last = test::run_quarters(world, quarters + 1).back();
  return last.world.holders[0] * last.world.base_share.tail<20>().array();
}

/// Variance of the change of a share, mean over products: with the same luck, and with other luck.
struct Noise {
  double paired = 0.0;
  double unpaired = 0.0;
};

Noise noise_of(int quarters, const std::string& shocks, const Counterfactual& counterfactual) {
  constexpr int seeds = 40;
  Eigen::Array<double, 20, seeds> baseline;
  Eigen::Array<double, 20, seeds> changed;
  for (int seed = 0; seed < seeds; ++seed) {
    const auto luck = static_cast<std::uint32_t>(seed);
    baseline.col(seed) = shares_after(quarters, shocks, luck, {});
    changed.col(seed) = shares_after(quarters, shocks, luck, counterfactual);
  }
  const auto variance = [](const Eigen::Array<double, 20, seeds>& difference) {
    const Eigen::Array<double, 20, seeds> off = difference.colwise() - difference.rowwise().mean();
    return off.square().sum() / (20.0 * (seeds - 1));
  };
  Eigen::Array<double, 20, seeds> other_luck;
  other_luck << baseline.rightCols<1>(), baseline.leftCols<seeds - 1>();
  return {variance(changed - baseline), variance(changed - other_luck)};
}

}  // namespace

// In the first quarter nothing but the counterfactual itself moves choices; later consumers hold
// other products and sellers ask other prices.
TEST_CASE("a difference between scenarios with keyed shocks has little noise", "[property]") {
  // Quarter 0's utility is 0.3 ln(1/20 + 0.0001) = −0.898.
  const Counterfactual better{"better", {}, {"product.product-010.mean_utility=-0.85"}};
  const Counterfactual entry{"entry", entrant, {}};
  for (const Counterfactual& counterfactual : {better, entry}) {
    for (const int quarters : {1, 8}) {
      const Noise keyed = noise_of(quarters, "keyed", counterfactual);
      const Noise integrated = noise_of(quarters, "integrated", counterfactual);
      CAPTURE(counterfactual.name, quarters, keyed.paired, keyed.unpaired, integrated.paired,
              integrated.unpaired);
      CHECK(keyed.unpaired > (quarters == 1 ? 80.0 : 6.0) * keyed.paired);
      CHECK(integrated.paired > 2.0 * keyed.paired);
    }
  }
}

// What nine nodes a taste miss of the integral is below the error of individuals.
TEST_CASE("individuals with keyed shocks buy what types expect", "[property]") {
  constexpr double consumers = 400000.0;
  const auto run = [&](const std::string& representation, const std::string& shocks) {
    const auto world =
        bench::build_reference_market({.consumers = static_cast<std::uint64_t>(consumers),
                                       .representation = representation,
                                       .price_types = 9,
                                       .taste_types = 9,
                                       .sets = {"population.taste_shocks=" + shocks}});
    return test::run_quarters(world, 6).back();
  };
  const auto types = run("types", "integrated");
  const auto agents = run("agents", "keyed");
  for (Eigen::Index j = 0; j < 20; ++j) {
    const double expected = types.world.holders[0] * types.world.base_share[j];
    const double seen = agents.world.holders[0] * agents.world.base_share[j];
    CAPTURE(j, expected, seen);
    CHECK(std::abs(seen - expected) < 4.5 * std::sqrt(expected * (1.0 - expected) / consumers));
  }
}
