// Three representations of one population agree: counts have the distribution of agents whose
// tastes are the cells', and the mean of both goes to types as they become many.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/unit/engine/population/individual_choice.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente;
using namespace entente::population;

namespace {

constexpr std::uint32_t quarters = 4;
constexpr Activity activity{0.4, 0.1};

/// Two types who mind the price more and less; all like what they hold.
Offer offer_of_two() {
  Offer offer;
  offer.common = Eigen::Vector2d(1.4, 0.9);
  offer.price = Eigen::Vector2d(-0.8, -0.5);
  offer.characteristic.resize(2, 0);
  offer.price_spread = 0.4;
  offer.normaliser = 1.08;
  offer.inertia = 0.6;
  offer.nesting = 0.5;
  return offer;
}

Offer without_the_first() {
  Offer offer = offer_of_two();
  offer.common[0] = -std::numeric_limits<double>::infinity();
  return offer;
}

TasteDesign design_of_two() {
  return test::taste_design({2}, false);
}

/// A tenth are new every quarter.
Population market_of(Representation representation, std::uint64_t consumers, const Draws& draws) {
  Population population;
  population.cells = {2, 2, true};
  population.representation = representation;
  population.holding.resize(6);
  population.holding << 0.30, 0.15, 0.05, 0.20, 0.15, 0.15;
  population.choice_stream = stream_name("choice", "widget");
  population.lottery_stream = stream_name("lottery", "widget");
  if (representation == Representation::counts) seat_counts(population, consumers);
  if (representation == Representation::agents)
    recruit(population, design_of_two(), consumers, draws);
  return population;
}

/// Rows: first, second, outside; columns: cells.
Eigen::ArrayXXd probabilities(const Offer& offer, const Cells& cells) {
  const TasteDesign design = design_of_two();
  Eigen::ArrayXXd probability(3, cells.count());
  for (Eigen::Index cell = 0; cell < cells.count(); ++cell) {
    probability.col(cell) =
        test::choice_probability(offer, {design.node(cells.type_of(cell), 0)}, cells.held_by(cell))
            .array();
  }
  return probability;
}

/// What a few quarters come to: holdings by cell, then the last quarter's purchases by product and
/// those who stay with each. sold_out: there is nothing of the first product.
Eigen::VectorXd history(Representation representation, std::uint64_t consumers, std::uint32_t seed,
                        bool sold_out) {
  const Draws draws{seed, 0};
  Population population = market_of(representation, consumers, draws);
  Offer offer = offer_of_two();
  offer.without = sold_out ? WithoutPurchase::keeps : WithoutPurchase::gives_up;
  Offer left = without_the_first();
  left.without = offer.without;
  const Eigen::ArrayXXd probability = probabilities(offer, population.cells);
  const Eigen::ArrayXXd again = probabilities(left, population.cells);
  Eigen::ArrayXXd served = Eigen::ArrayXXd::Ones(6, 2);
  served.col(0).setZero();
  Eigen::VectorXd outcome(10);
  for (std::uint32_t quarter = 0; quarter < quarters; ++quarter) {
    Purchases purchases;
    if (representation == Representation::agents) {
      purchases = choose_by_agents(population, activity, offer, draws, quarter);
      if (sold_out) {
        choose_again_by_agents(population, purchases, served.row(0).matrix().transpose(), left,
                               draws, quarter, 1);
      }
    } else {
      purchases = choose(population, activity, probability, draws, quarter);
      if (sold_out) choose_again(population, purchases, served, again, draws, quarter, 1);
    }
    outcome.segment(6, 2) = purchases.by_product();
    outcome.tail(2) = inactive_by_product(population, activity, purchases);
    settle(population, activity, purchases, offer.without);
  }
  outcome.head(6) = population.holding;
  return outcome;
}

/// Mean of outcomes over seeds, and the covariances of what is left.
struct Moments {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance;
};

Moments moments(Representation representation, std::uint64_t consumers, int seeds, bool sold_out) {
  Eigen::MatrixXd outcomes(10, seeds);
  for (int seed = 0; seed < seeds; ++seed) {
    // Agents and counts must not share their luck, or the tests below could not fail honestly.
    const auto own =
        static_cast<std::uint32_t>(2 * seed) + (representation == Representation::agents ? 1U : 0U);
    outcomes.col(seed) = history(representation, consumers, own, sold_out);
  }
  Moments result;
  result.mean = outcomes.rowwise().mean();
  const Eigen::MatrixXd off = outcomes.colwise() - result.mean;
  result.covariance = off * off.transpose() / (seeds - 1.0);
  return result;
}

/// Slope of the log of the root mean square distance from the limit by the log of the number, over
/// numbers of consumers; and how far the points lie from the line of slope -1/2.
struct Approach {
  double slope = 0.0;
  double worst = 0.0;
};

Approach approach(Representation representation, const std::vector<std::uint64_t>& numbers,
                  std::uint32_t seeds) {
  const Eigen::VectorXd limit = history(Representation::types, 0, 0, false);
  const auto count = static_cast<Eigen::Index>(numbers.size());
  Eigen::ArrayXd x(count);
  Eigen::ArrayXd y(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const std::uint64_t consumers = numbers[static_cast<std::size_t>(i)];
    double squares = 0.0;
    for (std::uint32_t seed = 0; seed < seeds; ++seed)
      squares += (history(representation, consumers, seed, false) - limit).squaredNorm();
    x[i] = std::log(static_cast<double>(consumers));
    y[i] = 0.5 * std::log(squares / seeds);
  }
  x -= x.mean();
  y -= y.mean();
  return {(x * y).sum() / (x * x).sum(), (y + 0.5 * x).abs().maxCoeff()};
}

}  // namespace

// Means differ by √(2v/S); a sample covariance of normal numbers has variance (v_i v_j + c²)/S.
// 10 means and 55 covariances, four times: 4.5 deviations are passed by chance once in 500 tests.
// Where the first product is sold out its holdings may be nobody's: then both must agree on that.
TEST_CASE("counts have the means and covariances of agents of the same types", "[property]") {
  constexpr int seeds = 4000;
  for (const std::uint64_t consumers : {60ULL, 600ULL}) {
    for (const bool sold_out : {false, true}) {
      const Moments counts = moments(Representation::counts, consumers, seeds, sold_out);
      const Moments agents = moments(Representation::agents, consumers, seeds, sold_out);
      for (Eigen::Index i = 0; i < counts.mean.size(); ++i) {
        CAPTURE(consumers, sold_out, i);
        const double own = counts.covariance(i, i);
        REQUIRE((own > 0.0 || (sold_out && i == 6)));
        CHECK(std::abs(counts.mean[i] - agents.mean[i]) <=
              4.5 * std::sqrt((own + agents.covariance(i, i)) / seeds));
        for (Eigen::Index j = 0; j <= i; ++j) {
          const double both = counts.covariance(i, j);
          const double error =
              std::sqrt(2.0 * (own * counts.covariance(j, j) + both * both) / seeds);
          CHECK(std::abs(both - agents.covariance(i, j)) <= 4.5 * error);
        }
      }
    }
  }
}

// The root mean square of ten outcomes over 100 seeds is known to 5%, so a slope over twelve
// decades to 0.003; whole consumers and floors weigh 1/N.
TEST_CASE("counts go to types as the root of their number", "[property]") {
  const Approach found =
      approach(Representation::counts,
               {1000, 1'000'000, 1'000'000'000, 1'000'000'000'000, 1'000'000'000'000'000}, 100);
  CHECK(std::abs(found.slope + 0.5) < 0.01);
  CHECK(found.worst < 0.25);
}

// Over three decades the slope is known to 0.015.
TEST_CASE("agents go to types as the root of their number", "[property]") {
  const Approach found = approach(Representation::agents, {1000, 10'000, 100'000, 1'000'000}, 60);
  CHECK(std::abs(found.slope + 0.5) < 0.05);
  CHECK(found.worst < 0.25);
}

TEST_CASE("another market changes nobody's draws", "[property]") {
  const std::vector<std::string> sets = {"population.representation=counts",
                                         "population.agents=1000000"};
  const std::string more =
      "[[market]]\nid = \"amulet\"\nname = \"Amulets\"\nmodel = \"plain\"\ndemand = \"durable\"\n"
      "unit = \"million amulets\"\nunits_per_quantity = 1e6\nsize = 10\nown_elasticity = -3\n"
      "own_elasticity_of = \"amulet-alpha\"\noutside_share = 0.5\nturnover = 0.1\ninertia = 1\n"
      "[[product]]\nid = \"amulet-alpha\"\nmarket = \"amulet\"\nfirm = \"alpha\"\nshare = 60\n"
      "price = 10\n"
      "[[product]]\nid = \"amulet-beta\"\nmarket = \"amulet\"\nfirm = \"beta\"\nshare = 40\n"
      "price = 12\n";
  const auto before = test::run_quarters(test::build_small({}, sets), 6);
  const auto after = test::run_quarters(test::build_small(more, sets), 6);
  for (std::size_t t = 0; t < before.size(); ++t) {
    for (const char* id : {"gadget", "plan", "widget", "guide"}) {
      const auto old_place = static_cast<std::size_t>(test::market(before[t].world, id));
      const auto new_place = static_cast<std::size_t>(test::market(after[t].world, id));
      REQUIRE(new_place == old_place + 1);
      CAPTURE(id, t);
      CHECK(before[t].quarter.purchases[old_place].choosing ==
            after[t].quarter.purchases[new_place].choosing);
    }
  }
}
