#include "engine/population/shock_kernel.hpp"

#include <Random123/philox.h>
#include <array>
#include <cmath>
#include <hwy/targets.h>
#include <limits>
#include <memory>
#include <random>
#include <vector>

#include "engine/population/agents.hpp"
#include "engine/population/alternative_table.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/population/chi_square.hpp"

using namespace entente;
using namespace entente::population;

namespace {

constexpr double never = -std::numeric_limits<double>::infinity();
constexpr DrawKey any_key{11, 3, 0, 0, 5};

/// An offer of J products with utilities of −1 to 1, and individuals with D tastes to go with it.
struct Market {
  Offer offer;
  Individuals individuals;
  std::vector<std::uint32_t> taste;
  alignas(64) float scratch[32 * 32];
};

std::unique_ptr<Market> make_market(Eigen::Index products, Eigen::Index tastes, double nesting) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  auto market = std::make_unique<Market>();
  Offer& offer = market->offer;
  offer.common.resize(products);
  offer.price.resize(products);
  offer.characteristic.resize(products, std::max<Eigen::Index>(tastes - 1, 0));
  for (Eigen::Index j = 0; j < products; ++j) {
    offer.common[j] = uniform(random);
    offer.price[j] = -0.3 - 0.2 * uniform(random);
    for (double& value : offer.characteristic.row(j))
      value = uniform(random);
    offer.shock_stream.push_back(stream_name("taste shock", std::to_string(j)));
  }
  offer.shock_stream.push_back(stream_name("outside taste shock", "widget"));
  offer.price_spread = 0.5;
  offer.normaliser = 1.1;
  offer.inertia = 0.8;
  offer.nesting = nesting;
  Individuals& individuals = market->individuals;
  individuals.tastes = static_cast<std::size_t>(tastes);
  individuals.node = Eigen::MatrixXd::Zero(1, tastes);
  individuals.largest = Eigen::VectorXd::Constant(tastes, 6.4);
  if (tastes > 0) individuals.taste.emplace_back();  // tells that they are stored
  return market;
}

/// Deciders 0 to count − 1 with any tastes and products held; every seventh is new.
std::unique_ptr<Deciders> make_deciders(Market& market, std::size_t count) {
  std::mt19937 random(9);
  std::uniform_int_distribution<std::uint32_t> any_held(
      0, static_cast<std::uint32_t>(market.offer.common.size()));
  std::uniform_int_distribution<int> any_taste(-3 * 4096, 3 * 4096);
  const auto draw_taste = [&] { return static_cast<std::uint16_t>(any_taste(random)); };
  auto deciders = std::make_unique<Deciders>();
  deciders->count = count;
  deciders->words = (market.individuals.tastes + 1) / 2;
  market.taste.assign((deciders->words + 1) * Deciders::room, 0);
  deciders->taste = market.taste.data();
  for (std::uint32_t i = 0; i < count; ++i) {
    deciders->word[i] = i;
    deciders->place_held[i] = i | any_held(random) << 16U;
    if (i % 7 == 0) deciders->place_held[i] |= Deciders::newcomer;
    for (std::size_t w = 0; w < deciders->words; ++w)
      market.taste[w * Deciders::room + i] =
          static_cast<std::uint32_t>(draw_taste()) << 16U | draw_taste();
  }
  return deciders;
}

std::vector<std::uint16_t> choose(Market& market, const Deciders& deciders) {
  const AlternativeTable table(market.offer, market.individuals);
  std::vector<std::uint16_t> choice(deciders.count + vector_padding);
  choose_by_shocks(any_key, table.of_stratum(0), deciders, market.scratch, choice.data());
  choice.resize(deciders.count);
  return choice;
}

/// The same once more from the definitions, in double precision and by another's Philox.
struct Plain {
  static std::array<double, 2> uniforms(std::uint64_t stream, std::uint32_t number) {
    const auto words = r123::Philox4x32_R<7>{}(
        {{static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32U),
          any_key.quarter, number}},
        {{any_key.seed, any_key.replication}});
    return {((words[0] >> 1U) + 0.5) * 0x1p-31, ((words[1] >> 1U) + 0.5) * 0x1p-31};
  }
  static double shock(double u) { return -std::log(-std::log(u)); }
  static double part_of_nest(double u, double nesting) {
    const double turn = std::acos(-1.0) * nesting;
    return std::log(std::sin(turn * u) / std::sin(turn * (1.0 - u))) / nesting;
  }
  /// Utility over λ of product j, or J the outside good, to decider i.
  static double value(const Market& market, const Deciders& deciders, std::size_t i,
                      Eigen::Index j) {
    const Offer& offer = market.offer;
    const auto u = uniforms(offer.shock_stream[static_cast<std::size_t>(j)], deciders.word[i]);
    if (j == offer.common.size()) {
      if (!offer.outside_good) return never;
      const double part = offer.nesting < 1.0 ? part_of_nest(u[1], offer.nesting) : 0.0;
      return shock(u[0]) - part;
    }
    const auto taste = [&](std::size_t k) {
      const std::uint32_t word = market.taste[k / 2 * Deciders::room + i];
      return static_cast<std::int16_t>(k % 2 == 0 ? word & 0xffffU : word >> 16U) * 0x1p-12;
    };
    double utility = offer.common[j];
    const std::size_t tastes = market.individuals.tastes;
    const double multiplier =
        tastes == 0 ? 1.0 : std::exp(offer.price_spread * taste(0)) / offer.normaliser;
    utility += multiplier * offer.price[j];
    for (std::size_t k = 1; k < tastes; ++k)
      utility += taste(k) * offer.characteristic(j, static_cast<Eigen::Index>(k) - 1);
    const bool is_new = (deciders.place_held[i] & Deciders::newcomer) != 0;
    if (!is_new && deciders.place_held[i] >> 16U == j) utility += offer.inertia;
    return utility / offer.nesting + shock(u[0]);
  }
};

template <typename Work>
void for_each_instruction_set(const Work& work) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    work();
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace

// Where single precision chooses otherwise, the two are all but equally good.
TEST_CASE("each decider takes what is best by shocks of its own", "[unit]") {
  for (const Eigen::Index tastes : {0, 1, 2, 3, 5}) {
    for (const double nesting : {1.0, 0.4}) {
      const auto market = make_market(9, tastes, nesting);
      market->offer.common[4] = never;
      market->offer.outside_good = tastes != 3;
      const auto deciders = make_deciders(*market, 999);
      const auto choice = choose(*market, *deciders);
      std::vector<int> seen(10, 0);
      for (std::size_t i = 0; i < deciders->count; ++i) {
        double best = never;
        for (Eigen::Index j = 0; j <= 9; ++j)
          best = std::max(best, Plain::value(*market, *deciders, i, j));
        CAPTURE(tastes, nesting, i, choice[i]);
        REQUIRE(choice[i] != 4);
        CHECK(Plain::value(*market, *deciders, i, choice[i]) > best - 2e-5);
        ++seen[choice[i]];
      }
      CHECK((seen[0] > 0 && seen[8] > 0 && (seen[9] > 0) == market->offer.outside_good));
    }
  }
}

TEST_CASE("choices by shocks have the same bits on every instruction set", "[unit]") {
  for (const Eigen::Index tastes : {0, 2, 5}) {
    const auto market = make_market(9, tastes, 0.4);
    const auto deciders = make_deciders(*market, 999);
    const auto expected = choose(*market, *deciders);
    for_each_instruction_set([&] { CHECK(choose(*market, *deciders) == expected); });
  }
}

TEST_CASE("if nothing is on offer all take the outside good", "[unit]") {
  const auto market = make_market(3, 2, 0.4);
  market->offer.common.setConstant(never);
  const auto deciders = make_deciders(*market, 20);
  CHECK(choose(*market, *deciders) == std::vector<std::uint16_t>(20, 3));
}

// The rarest of four million uniforms, 2^-22 from their ends, where 24 bits of a number near 1
// would leave an error of a quarter. One product, bought up to a utility known in double precision.
TEST_CASE("shocks are exact at both ends of their uniforms", "[unit]") {
  constexpr double rare = 0x1p-17;
  constexpr double step = 4e-5;
  for (const double nesting : {1.0, 0.4}) {
    const auto market = make_market(1, 0, nesting);
    const auto deciders = make_deciders(*market, 1);
    deciders->place_held[0] = Deciders::newcomer;
    market->offer.price.setZero();
    market->offer.inertia = 0.0;
    int found = 0;
    for (std::uint32_t number = 0; number < 1U << 22U; ++number) {
      const auto inside = Plain::uniforms(market->offer.shock_stream[0], number);
      const auto outside = Plain::uniforms(market->offer.shock_stream[1], number);
      double nearest = 1.0;
      for (const double u : {inside[0], outside[0], outside[1]})
        nearest = std::min({nearest, u, 1.0 - u});
      if (nearest > rare) continue;
      ++found;
      const double part = nesting < 1.0 ? Plain::part_of_nest(outside[1], nesting) : 0.0;
      const double even = Plain::shock(outside[0]) - part - Plain::shock(inside[0]);
      deciders->word[0] = number;
      CAPTURE(nesting, number, nearest, even);
      market->offer.common[0] = nesting * (even + step);
      CHECK(choose(*market, *deciders)[0] == 0);
      market->offer.common[0] = nesting * (even - step);
      CHECK(choose(*market, *deciders)[0] == 1);
    }
    CHECK(found > 100);
  }
}

// P(j) = P(inside) e^(V_j/λ)/D, P(inside) = D^λ/(1 + D^λ), by the product held.
TEST_CASE("choices by shocks follow nested logit", "[unit]") {
  for (const double nesting : {1.0, 0.7, 0.4, 0.1}) {
    for (const bool outside_good : {true, false}) {
      const auto market = make_market(4, 0, nesting);
      Offer& offer = market->offer;
      offer.outside_good = outside_good;
      Eigen::MatrixXd seen = Eigen::MatrixXd::Zero(5, 5);
      const auto deciders = make_deciders(*market, 4000);
      for (std::uint32_t part = 0; part < 50; ++part) {
        for (std::uint32_t i = 0; i < 4000; ++i) {
          deciders->word[i] = part * 4000 + i;
          deciders->place_held[i] = i % 5 << 16U;
        }
        const auto choice = choose(*market, *deciders);
        for (std::size_t i = 0; i < choice.size(); ++i)
          ++seen(deciders->place_held[i] >> 16U, choice[i]);
      }
      for (Eigen::Index held = 0; held <= 4; ++held) {
        Eigen::ArrayXd utility = (offer.common + offer.price).array();
        if (held < 4) utility[held] += offer.inertia;
        const Eigen::ArrayXd weight = (utility / nesting).exp();
        const double appeal = std::pow(weight.sum(), nesting);
        const double inside = outside_good ? appeal / (1.0 + appeal) : 1.0;
        std::vector<double> expected;
        std::vector<double> observed;
        for (Eigen::Index j = 0; j <= 4; ++j) {
          const double probability = j < 4 ? inside * weight[j] / weight.sum() : 1.0 - inside;
          expected.push_back(probability * seen.row(held).sum());
          observed.push_back(seen(held, j));
        }
        if (!outside_good) {
          CHECK(observed.back() == 0.0);
          expected.pop_back();
          observed.pop_back();
        }
        CAPTURE(nesting, outside_good, held);
        CHECK(std::abs(test::chi_square_score(observed, expected)) < 4.0);
      }
    }
  }
}
