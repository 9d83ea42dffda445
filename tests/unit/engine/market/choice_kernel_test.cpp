#include "engine/market/choice_kernel.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <hwy/targets.h>
#include <limits>
#include <random>
#include <vector>

#include "engine/market/cell_shares.hpp"
#include "engine/market/elementary.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

/// Runs `work` once with each instruction set that this processor has and the kernels know.
template <typename Work>
int for_each_instruction_set(const Work& work) {
  int count = 0;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    work();
    ++count;
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return count;
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

struct Market {
  Eigen::VectorXd nesting;
  Eigen::VectorXi nest;
  CellArray base;
  CellArray sensitivity;
  Eigen::VectorXd price;
};

/// 21 cells (the last block is not full), 7 products in three nests, some of them out of reach.
Market make_market() {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> uniform(-3.0, 3.0);
  Market market;
  market.nesting = Eigen::Vector3d(0.2, 1.0, 0.7);
  market.nest.resize(7);
  market.nest << 0, 1, 2, 2, 0, 0, 1;
  market.price.resize(7);
  market.base.resize(21, 7);
  market.sensitivity.resize(21, 1);
  for (Eigen::Index c = 0; c < 21; ++c) {
    market.sensitivity(c) = 2.0 + 0.3 * uniform(random);
    for (Eigen::Index j = 0; j < 7; ++j)
      market.base(c, j) = uniform(random) * 5.0;
  }
  for (double& price : market.price)
    price = 1.0 + 0.2 * uniform(random);
  market.base(3, 2) = -std::numeric_limits<double>::infinity();
  market.base(4, 1) = -900.0;
  market.base(5, 6) = 800.0;
  market.base(6, 0) = -712.0;
  return market;
}

CellShares choose(const Market& market) {
  CellShares shares;
  shares.set_structure(market.nesting, market.nest, true, 21, 7);
  shares.evaluate(market.base, market.sensitivity, market.price);
  return shares;
}

}  // namespace

TEST_CASE("vector exp and log have the bits of the scalar ones on every instruction set",
          "[unit]") {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::vector<double> exponents{0.0,    -0.0,   -1e-320, -1.0,
                                -708.0, -708.5, -720.0,  -745.1,
                                -745.2, -746.0, -1e300,  -std::numeric_limits<double>::infinity()};
  std::vector<double> above_one{1.0, std::nextafter(1.0, 2.0), 1.4142135623730951, 2.0, 1e308};
  std::vector<double> not_negative{0.0, 1e-320, 1e-17, 1e-16, 0.3, 1.0, 1e300};
  while (exponents.size() < 4000)
    exponents.push_back(-std::pow(10.0, 22.0 * uniform(random) - 18.0));
  while (above_one.size() < 4000)
    above_one.push_back(1.0 + std::pow(10.0, 30.0 * uniform(random) - 16.0));
  while (not_negative.size() < 4000)
    not_negative.push_back(std::pow(10.0, 40.0 * uniform(random) - 20.0));
  std::vector<double> result(4000);
  const int sets = for_each_instruction_set([&] {
    compute_exp(exponents.data(), result.data(), result.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
      INFO("exp(" << exponents[i] << ")");
      CHECK(same_bits(result[i], deterministic_exp(exponents[i])));
    }
    compute_log(above_one.data(), result.data(), result.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
      INFO("log(" << above_one[i] << ")");
      CHECK(same_bits(result[i], deterministic_log(above_one[i])));
    }
    compute_log1p(not_negative.data(), result.data(), result.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
      INFO("log1p(" << not_negative[i] << ")");
      CHECK(same_bits(result[i], deterministic_log1p(not_negative[i])));
    }
  });
  CHECK(sets >= 2);
}

TEST_CASE("choice has the same bits on every instruction set", "[unit]") {
  const Market market = make_market();
  const CellShares first = choose(market);
  const std::vector<std::uint32_t> list{0, 1, 2, 3, 4, 5, 6};
  const ColumnList shares{first.share.data(), 7, list.data(), list.size()};
  const ColumnList within{first.within.data(), 7, list.data(), 5};
  std::vector<double> product(49);
  multiply_over_cells(3, shares, within, product.data(), 7);
  std::vector<double> sums(7);
  sum_over_cells(3, shares, market.sensitivity.data(), sums.data());
  for_each_instruction_set([&] {
    const CellShares again = choose(market);
    for (Eigen::Index c = 0; c < 21; ++c) {
      CHECK(same_bits(again.outside(c), first.outside(c)));
      CHECK(same_bits(again.logsum(c), first.logsum(c)));
      for (Eigen::Index j = 0; j < 7; ++j) {
        CHECK(same_bits(again.share(c, j), first.share(c, j)));
        CHECK(same_bits(again.within(c, j), first.within(c, j)));
      }
    }
    std::vector<double> other(49);
    multiply_over_cells(3, shares, within, other.data(), 7);
    CHECK(other == product);
    std::vector<double> other_sums(7);
    sum_over_cells(3, shares, market.sensitivity.data(), other_sums.data());
    CHECK(other_sums == sums);
  });
}

TEST_CASE("a cell's choice does not depend on its place", "[unit]") {
  const Market market = make_market();
  const CellShares whole = choose(market);
  Market alone;
  alone.nesting = market.nesting;
  alone.nest = market.nest;
  alone.price = market.price;
  for (Eigen::Index c = 0; c < 21; ++c) {
    CellShares shares;
    alone.base.resize(1, 7);
    alone.sensitivity.resize(1, 1);
    alone.sensitivity(0) = market.sensitivity(c);
    for (Eigen::Index j = 0; j < 7; ++j)
      alone.base(0, j) = market.base(c, j);
    shares.set_structure(alone.nesting, alone.nest, true, 1, 7);
    shares.evaluate(alone.base, alone.sensitivity, alone.price);
    for (Eigen::Index j = 0; j < 7; ++j)
      CHECK(same_bits(shares.share(0, j), whole.share(c, j)));
  }
}

TEST_CASE("two nests by hand", "[unit]") {
  // λ = (½, 1). First nest: V = (0, 0), D = 2, D^½ = √2; second: V = ln 2, e^V = 2. With the
  // outside good the sum is 1 + √2 + 2.
  CellShares shares;
  shares.set_structure(Eigen::Vector2d(0.5, 1.0), Eigen::Vector3i(0, 0, 1), true, 1, 3);
  CellArray base;
  base.resize(1, 3);
  base(0, 2) = std::log(2.0);
  CellArray sensitivity;
  sensitivity.resize(1, 1);
  shares.evaluate(base, sensitivity, Eigen::Vector3d::Zero());
  const double total = 3.0 + std::sqrt(2.0);
  CHECK(shares.share(0, 0) == Approx(0.5 * std::sqrt(2.0) / total));
  CHECK(shares.share(0, 1) == Approx(0.5 * std::sqrt(2.0) / total));
  CHECK(shares.share(0, 2) == Approx(2.0 / total));
  CHECK(shares.within(0, 0) == Approx(0.5));
  CHECK(shares.outside(0) == Approx(1.0 / total));
  CHECK(shares.logsum(0) == Approx(std::log(total)));
}

TEST_CASE("shares that vanish leave the logarithms of others exact", "[unit]") {
  // ln(1 + e^−40) is e^−40, which 1 + e^−40 would lose.
  CellShares shares;
  shares.set_structure(Eigen::VectorXd::Ones(1), Eigen::VectorXi(), true, 1, 1);
  CellArray base;
  base.resize(1, 1);
  base(0, 0) = -40.0;
  CellArray sensitivity;
  sensitivity.resize(1, 1);
  shares.evaluate(base, sensitivity, Eigen::VectorXd::Zero(1));
  CHECK(shares.logsum(0) == Approx(std::exp(-40.0)).epsilon(1e-14));
  base(0, 0) = -2000.0;
  shares.evaluate(base, sensitivity, Eigen::VectorXd::Zero(1));
  CHECK(shares.share(0, 0) == 0.0);
  CHECK(shares.scaled_utility(0, 0) - shares.log_normaliser(0, 0) == Approx(-2000.0));
}
