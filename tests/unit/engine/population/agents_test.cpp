#include "engine/population/agents.hpp"

#include <numeric>

#include "engine/market/demand.hpp"
#include "tests/unit/engine/population/individual_choice.hpp"

using namespace entente;
using namespace entente::population;

namespace {

constexpr Draws draws{11, 2};
constexpr Activity everyone{1.0, 0.0};
constexpr double never_sold = -std::numeric_limits<double>::infinity();

/// A market and the nodes of its consumers' tastes.
struct Case {
  const char* name;
  Eigen::Index products;
  std::vector<int> nodes;
  bool individual = true;
  double nesting = 1.0;
  double inertia = 0.0;
  bool outside_good = true;
  bool some_withdrawn = false;
  bool bounds = false;  // the path it takes
};

Offer offer_of(const Case& market) {
  Offer offer = test::make_offer(market.products, market.nodes.size());
  offer.nesting = market.nesting;
  offer.inertia = market.inertia;
  offer.outside_good = market.outside_good;
  if (market.some_withdrawn) {
    for (Eigen::Index j = 0; j < market.products; j += 3)
      offer.common[j] = never_sold;
  }
  return offer;
}

}  // namespace

// Everyone's own probabilities in double are the law; groups by product held and tastes.
TEST_CASE("individuals choose as their own nested logit says", "[unit]") {
  const std::vector<Case> cases = {
      {"alike", 4, {}},
      {"alike, nested and used to what they have", 4, {}, true, 0.3, 0.8},
      {"price", 3, {5}},
      {"price, types", 3, {3}, false, 0.5, 1.0},
      {"price and one more", 5, {3, 2}, true, 1.0, 0.7},
      {"price and one more, nested", 5, {3, 1}, true, 0.3, 0.7},
      {"two more", 6, {2, 1, 2}, true, 1.0, 1.2},
      {"two more, types", 6, {2, 2, 2}, false, 0.6, 0.5},
      {"four more", 3, {2, 1, 1, 1, 2}, true, 0.4, 0.3},
      {"everyone buys", 4, {3, 1}, true, 1.0, 1.0, false},
      {"everyone buys, nested", 4, {3}, true, 0.5, 0.4, false},
      {"some withdrawn", 7, {3, 1}, true, 1.0, 1.0, true, true},
      {"some withdrawn, nested, everyone buys", 7, {3, 1}, true, 0.4, 0.3, false, true},
      {"as many as bounds serve", 12, {5, 1}, true, 1.0, 1.0, true, false, true},
      {"one fewer", 11, {5, 1}, true, 1.0, 1.0, true, false, false},
      {"twelve, nested", 12, {5, 1}, true, 0.7, 1.0, true, false, false},
      {"bounds, alike", 14, {}, true, 1.0, 1.0, true, false, true},
      {"bounds, price", 14, {3}, true, 1.0, 0.5, true, false, true},
      {"bounds, types", 14, {3, 2}, false, 1.0, 1.5, true, false, true},
      {"bounds, everyone buys", 14, {3, 1}, true, 1.0, 1.0, false, false, true},
      {"bounds, some withdrawn", 20, {3, 1}, true, 1.0, 1.0, true, true, true},
      {"bounds, more than two registers", 45, {3, 1}, true, 1.0, 1.5, true, false, true},
      {"three tastes", 14, {2, 1, 1}, true, 1.0, 0.5, true, false, false},
  };
  for (const Case& market : cases) {
    CAPTURE(market.name);
    Population population =
        test::recruit_evenly(market.products, market.nodes, market.individual, 300000, draws);
    const Offer offer = offer_of(market);
    const Purchases purchases = choose_by_agents(population, everyone, offer, draws, 3);
    CHECK(purchases.left.sum() == 300000);
    test::check_choices(population, purchases, offer);
    CHECK((purchases.by_bounds > 0) == market.bounds);
    if (market.bounds) CHECK(purchases.by_bounds > 250000);
  }
}

TEST_CASE("hundreds of products are chosen by the same law", "[unit]") {
  for (const double nesting : {1.0, 0.5}) {
    Population population = test::recruit_evenly(600, {3, 1}, true, 120000, draws);
    Offer offer = test::make_offer(600, 2);
    offer.common.array() -= 4.0;
    offer.nesting = nesting;
    const Purchases purchases = choose_by_agents(population, everyone, offer, draws, 3);
    CAPTURE(nesting);
    CHECK((purchases.by_bounds > 0) == (nesting == 1.0));
    test::ChoiceScores scores(2, 601);
    test::for_each_decision(
        population, purchases,
        [&](std::size_t agent, Eigen::Index stratum, Eigen::Index held, Eigen::Index choice) {
          const auto tastes = test::tastes_of(*population.individuals, stratum, agent);
          scores.add(tastes[1] > 0.0 ? 1 : 0, test::choice_probability(offer, tastes, held),
                     choice);
        });
    scores.check();
  }
}

// Utilities of ±150 are beyond what a float's power of 2 holds; a bonus of 149 makes up for them.
TEST_CASE("the largest utilities and bonuses keep their differences", "[unit]") {
  for (const double nesting : {1.0, 0.4}) {
    for (const double level : {-150.0, 150.0}) {
      Population population = test::recruit_evenly(4, {3, 1}, true, 200000, draws);
      Offer offer = test::make_offer(4, 2);
      offer.nesting = nesting;
      offer.common.array() += level;
      offer.inertia = level < 0.0 ? 149.0 : 0.5;
      CAPTURE(nesting, level);
      test::check_choices(population, choose_by_agents(population, everyone, offer, draws, 3),
                          offer);
      offer.outside_good = false;
      offer.inertia = 1.0;
      test::check_choices(population, choose_by_agents(population, everyone, offer, draws, 4),
                          offer);
    }
  }
  // Small utilities, but a bonus whose power has no float either.
  Population population = test::recruit_evenly(3, {}, true, 50000, draws);
  Offer offer = test::make_offer(3, 0);
  offer.inertia = 95.0;
  test::check_choices(population, choose_by_agents(population, everyone, offer, draws, 3), offer);
  // Weights that a float holds, but not their product with that of the bonus.
  offer.common.array() += 60.0;
  offer.inertia = 40.0;
  test::check_choices(population, choose_by_agents(population, everyone, offer, draws, 4), offer);
}

TEST_CASE("where nothing is on offer all go without", "[unit]") {
  for (const bool outside_good : {true, false}) {
    Population population = test::recruit_evenly(3, {3}, true, 5000, draws);
    Offer offer = test::make_offer(3, 1);
    offer.common.setConstant(never_sold);
    offer.outside_good = outside_good;
    const Purchases purchases = choose_by_agents(population, everyone, offer, draws, 0);
    CHECK(purchases.flow == Eigen::RowVector4d(0.0, 0.0, 0.0, 1.0));
  }
}

// The law of the engine's own cells, for one case: what the reference above is must be that.
TEST_CASE("types of agents follow the probabilities of cells", "[unit]") {
  Offer offer = test::make_offer(4, 2);
  offer.nesting = 0.3;
  offer.inertia = 0.7;
  offer.common[2] = never_sold;
  const TasteDesign design = test::taste_design({3, 2}, false);
  market::Demand demand;
  demand.price_term = market::PriceTerm::linear;
  demand.nesting[0] = offer.nesting;
  demand.weight = Eigen::VectorXd::Ones(30);
  demand.price_sensitivity.resize(30);
  demand.utility.resize(4, 30);
  const Cells cells{6, 4, true};
  for (Eigen::Index cell = 0; cell < 30; ++cell) {
    const Eigen::Index type = cells.type_of(cell);
    demand.price_sensitivity[cell] =
        std::exp(offer.price_spread * design.node(type, 0)) / offer.normaliser;
    demand.utility.col(cell) =
        (offer.common + design.node(type, 1) * offer.characteristic.col(0)).array();
    if (cells.held_by(cell) < 4) demand.utility(cells.held_by(cell), cell) += offer.inertia;
  }
  const market::Choice choice = market::compute_choice(demand, -offer.price);
  Population population = test::recruit_evenly(4, {3, 2}, false, 400000, draws);
  const Purchases purchases = choose_by_agents(population, everyone, offer, draws, 1);
  test::ChoiceScores scores(30, 5);
  test::for_each_decision(
      population, purchases,
      [&](std::size_t /*agent*/, Eigen::Index stratum, Eigen::Index held, Eigen::Index chosen) {
        const Eigen::Index cell = cells.of(stratum, held);
        Eigen::VectorXd probability(5);
        probability.head(4) = choice.cell_share.col(cell).matrix();
        probability[4] = 1.0 - probability.head(4).sum();
        scores.add(cell, probability, chosen);
      });
  scores.check();
}

// What is left of the word that made one active must be uniform, for newcomers and for others.
TEST_CASE("the active and the newcomers choose by the same law", "[unit]") {
  for (const Eigen::Index products : {5, 14}) {
    Population population = test::recruit_evenly(products, {3, 1}, true, 1'000'000, draws);
    Offer offer = test::make_offer(products, 2);
    offer.inertia = 1.0;
    const Activity activity{0.1, 0.04};
    const Purchases purchases = choose_by_agents(population, activity, offer, draws, 2);
    const auto active = static_cast<double>(purchases.left.sum());
    const double share = 0.04 + 0.96 * 0.1;
    CHECK(std::abs(active - 1e6 * share) < 4.5 * std::sqrt(1e6 * share * (1.0 - share)));
    CHECK(purchases.flow.sum() == Approx(active / 1e6).epsilon(1e-14));
    CHECK(purchases.chosen.sum() == purchases.left.sum());
    test::check_choices(population, purchases, offer);
    // Of newcomers alone: they hold nothing.
    test::ChoiceScores scores(1, products + 1);
    double newcomers = 0.0;
    for (std::size_t b = 0; b < purchases.decisions.size(); ++b) {
      const AgentBlock& block = population.individuals->blocks[b];
      const Decisions& decisions = purchases.decisions[b];
      for (std::size_t i = 0; i < decisions.count; ++i) {
        if ((decisions.agent[i] & Deciders::newcomer) == 0) continue;
        newcomers += 1.0;
        const auto tastes =
            test::tastes_of(*population.individuals, block.stratum,
                            block.begin + (decisions.agent[i] & Deciders::place_mask));
        scores.add(0, test::choice_probability(offer, tastes, products), decisions.choice[i]);
      }
    }
    scores.check();
    CHECK(std::abs(newcomers - 4e4) < 4.5 * std::sqrt(4e4 * 0.96));
  }
}

TEST_CASE("nobody is active where nobody may be", "[unit]") {
  Population population = test::recruit_evenly(3, {3}, true, 5000, draws);
  const LargeArray<std::uint16_t> held = population.held;
  Purchases purchases = choose_by_agents(population, {0.0, 0.0}, test::make_offer(3, 1), draws, 0);
  CHECK(purchases.flow.isZero());
  settle(population, {0.0, 0.0}, purchases, WithoutPurchase::keeps);
  CHECK(std::equal(held.begin(), held.begin() + 5000, population.held.begin()));
}

TEST_CASE("agents are seated by largest remainder, whatever they like", "[unit]") {
  Population population;
  population.cells = {1, 2, true};
  population.holding = Eigen::Vector3d(0.5, 0.3, 0.2);
  population.representation = Representation::agents;
  recruit(population, test::taste_design({}, true), 7, draws);  // 3.5, 2.1, 1.4: the half goes up
  CHECK(population.count == Counts(Eigen::Vector<std::int64_t, 3>(4, 2, 1)));
  CHECK(test::recount(population) == population.count);
  // Every bin of like tastes has its part of the holders of each product, in whole ones.
  population = test::recruit_evenly(4, {3, 1}, true, 500'000, draws);
  CHECK(test::recount(population) == population.count);
  for (const AgentBin& bin : population.individuals->bins) {
    Eigen::Vector<double, 5> held = Eigen::Vector<double, 5>::Zero();
    for (std::size_t agent = bin.begin; agent < bin.begin + bin.count; ++agent)
      held[population.held[agent]] += 1.0;
    REQUIRE((held.array() - 0.2 * static_cast<double>(bin.count)).abs().maxCoeff() < 2.0);
  }
}

// What agents hold, one by one, is what the tables count, after every quarter; and everyone holds
// what the rule says.
TEST_CASE("tables of what is held agree with a recount in every quarter", "[unit]") {
  for (const Eigen::Index products : {4, 15}) {
    for (const auto rule : {WithoutPurchase::keeps, WithoutPurchase::gives_up}) {
      Population population = test::recruit_evenly(products, {3, 2}, true, 70001, draws);
      Offer offer = test::make_offer(products, 2);
      offer.inertia = 1.0;
      offer.without = rule;
      const Activity activity{0.3, 0.05};
      for (std::uint32_t quarter = 0; quarter < 6; ++quarter) {
        const LargeArray<std::uint16_t> before = population.held;
        Purchases purchases = choose_by_agents(population, activity, offer, draws, quarter);
        Eigen::VectorXd served = Eigen::VectorXd::Ones(products);
        served[1] = 0.4;
        Offer left = offer;
        left.common[1] = never_sold;
        choose_again_by_agents(population, purchases, served, left, draws, quarter, 1);
        const Eigen::VectorXd bought = purchases.by_product();
        const Eigen::VectorXd staying = inactive_by_product(population, activity, purchases);
        std::vector<bool> decided(70001, false);
        for (std::size_t b = 0; b < purchases.decisions.size(); ++b) {
          const AgentBlock& block = population.individuals->blocks[b];
          const Decisions& decisions = purchases.decisions[b];
          for (std::size_t i = 0; i < decisions.count; ++i) {
            const std::uint32_t word = decisions.agent[i];
            const std::size_t agent = block.begin + (word & Deciders::place_mask);
            REQUIRE(word >> 16U == before[agent]);
            decided[agent] = true;
            const bool keeps = rule == WithoutPurchase::keeps && decisions.choice[i] == products &&
                               (word & Deciders::newcomer) == 0;
            REQUIRE(population.held[agent] == (keeps ? before[agent] : decisions.choice[i]));
          }
        }
        for (std::size_t agent = 0; agent < decided.size(); ++agent) {
          if (!decided[agent]) REQUIRE(population.held[agent] == before[agent]);
        }
        settle(population, activity, purchases, rule);
        REQUIRE(population.count == test::recount(population));
        REQUIRE(population.count.sum() == 70001);
        REQUIRE(population.holding.sum() == Approx(1.0).epsilon(1e-14));
        if (rule == WithoutPurchase::keeps) continue;
        // Who holds a product stayed with it or bought it.
        for (Eigen::Index j = 0; j < products; ++j) {
          double holding = 0.0;
          for (Eigen::Index type = 0; type < population.cells.types; ++type)
            holding += population.holding[population.cells.of(type, j)];
          REQUIRE(staying[j] + bought[j] == Approx(holding).epsilon(1e-12));
        }
      }
    }
  }
}

TEST_CASE("a shortage moves only those it leaves without", "[unit]") {
  for (const Eigen::Index products : {5, 16}) {
    Population population = test::recruit_evenly(products, {3, 1}, true, 300'000, draws);
    Offer offer = test::make_offer(products, 2);
    offer.inertia = 0.8;
    Purchases purchases = choose_by_agents(population, {0.6, 0.1}, offer, draws, 1);
    const std::vector<Decisions> wanted = purchases.decisions;
    const CountTable before = purchases.chosen;
    Eigen::VectorXd served = Eigen::VectorXd::Ones(products);
    served[0] = 0.25;
    served[3] = 0.0;
    Offer left = offer;
    left.common[0] = left.common[3] = never_sold;
    choose_again_by_agents(population, purchases, served, left, draws, 1, 1);
    std::vector<double> orders(static_cast<std::size_t>(products), 0.0);
    std::vector<double> got(orders.size(), 0.0);
    test::ChoiceScores scores(products + 1, products + 1);
    for (std::size_t b = 0; b < wanted.size(); ++b) {
      const AgentBlock& block = population.individuals->blocks[b];
      for (std::size_t i = 0; i < wanted[b].count; ++i) {
        const auto first = wanted[b].choice[i];
        const auto last = purchases.decisions[b].choice[i];
        REQUIRE(wanted[b].agent[i] == purchases.decisions[b].agent[i]);
        if (first != 0 && first != 3) {
          REQUIRE(last == first);
          continue;
        }
        orders[first] += 1.0;
        if (last == first) {
          got[first] += 1.0;
          continue;
        }
        REQUIRE(last != 0);
        REQUIRE(last != 3);
        const std::uint32_t word = wanted[b].agent[i];
        const Eigen::Index held =
            (word & Deciders::newcomer) != 0 ? products : static_cast<Eigen::Index>(word >> 16U);
        const auto tastes = test::tastes_of(*population.individuals, block.stratum,
                                            block.begin + (word & Deciders::place_mask));
        scores.add(held, test::choice_probability(left, tastes, held), last);
      }
    }
    // Whole agents, never more than their part.
    CHECK(got[0] == std::floor(0.25 * orders[0] + 1e-9));
    CHECK(orders[3] > 1000.0);
    CHECK(got[3] == 0.0);
    scores.check();
    CHECK(purchases.chosen.sum() == before.sum());
    CHECK(static_cast<double>(purchases.chosen.col(0).sum()) == got[0]);
  }
}

TEST_CASE("who is served with less is served with more, and by chance", "[unit]") {
  const Population start = test::recruit_evenly(3, {3}, true, 60000, draws);
  const Offer offer = test::make_offer(3, 1);
  Offer left = offer;
  left.common.setConstant(never_sold);
  const auto chosen_with = [&](double served) {
    Population population = start;
    Purchases purchases = choose_by_agents(population, everyone, offer, draws, 0);
    choose_again_by_agents(population, purchases, Eigen::Vector3d::Constant(served), left, draws, 0,
                           1);
    std::vector<Eigen::Index> choice(60000);
    test::for_each_decision(
        population, purchases,
        [&](std::size_t agent, Eigen::Index, Eigen::Index, Eigen::Index j) { choice[agent] = j; });
    return choice;
  };
  const auto all = chosen_with(1.0);
  const auto less = chosen_with(0.3);
  const auto more = chosen_with(0.6);
  double wanting = 0.0;
  double served_of_first = 0.0;
  double wanting_of_first = 0.0;
  for (std::size_t agent = 0; agent < all.size(); ++agent) {
    if (less[agent] < 3) REQUIRE(more[agent] == less[agent]);
    if (all[agent] == 3) continue;
    wanting += 1.0;
    if (agent >= 30000) continue;
    wanting_of_first += 1.0;
    served_of_first += less[agent] < 3 ? 1.0 : 0.0;
  }
  // Places in the queue do not go by number: half of the consumers get half of what there is.
  CHECK(wanting > 10000.0);
  CHECK(std::abs(served_of_first - 0.3 * wanting_of_first) <
        4.5 * std::sqrt(0.21 * wanting_of_first));
}

TEST_CASE("a larger hazard keeps everyone active who was", "[unit]") {
  const Population start = test::recruit_evenly(3, {3}, true, 30000, draws);
  const auto active_with = [&](double hazard) {
    Population population = start;
    const Purchases purchases =
        choose_by_agents(population, {hazard, 0.0}, test::make_offer(3, 1), draws, 1);
    std::vector<bool> active(30000, false);
    test::for_each_decision(
        population, purchases,
        [&](std::size_t agent, Eigen::Index, Eigen::Index, Eigen::Index) { active[agent] = true; });
    return active;
  };
  const auto low = active_with(0.2);
  const auto high = active_with(0.4);
  for (std::size_t agent = 0; agent < low.size(); ++agent) {
    if (low[agent]) REQUIRE(high[agent]);
  }
  CHECK(std::count(high.begin(), high.end(), true) > 10000);
}

TEST_CASE("agents do not choose by probabilities of cells", "[unit]") {
  const Population population = test::recruit_evenly(3, {}, true, 1000, draws);
  CHECK_THROWS_AS(choose(population, everyone, Eigen::ArrayXXd::Constant(4, 4, 0.25), draws, 0),
                  std::logic_error);
}
