#include "engine/population/alternative_table.hpp"

#include <cmath>
#include <limits>

#include "tests/unit/engine/population/individual_choice.hpp"

using namespace entente;
using namespace entente::population;

namespace {

constexpr double never_sold = -std::numeric_limits<double>::infinity();

Individuals individuals_with(const std::vector<int>& nodes, bool individual = true) {
  const TasteDesign design = test::taste_design(nodes, individual);
  return make_individuals(
      design, std::vector<std::size_t>(static_cast<std::size_t>(design.node.rows()), 999), {});
}

Offer three_products() {
  Offer offer;
  offer.common = Eigen::Vector3d(1.0, never_sold, -0.5);
  offer.price = Eigen::Vector3d(-2.0, -1.0, -0.25);
  offer.characteristic.resize(3, 1);
  offer.characteristic << 0.5, 0.0, 1.0;
  offer.price_spread = 0.4;
  offer.normaliser = std::exp(0.25);
  offer.nesting = 0.5;
  offer.inertia = 0.5 * std::log(3.0);
  return offer;
}

}  // namespace

// In powers of 2 within the nest: times 1/(0.5·ln 2).
TEST_CASE("rows are what is on offer, in powers of 2 within the nest", "[unit]") {
  const double scale = 2.0 / std::log(2.0);
  const AlternativeTable table(three_products(), individuals_with({3, 1}));
  const Alternatives among = table.of_stratum(0);
  REQUIRE(among.count == 2);
  REQUIRE(table.count() == 2);
  const double rows[2][3] = {{1.0, -2.0, 0.5}, {-0.5, -0.25, 1.0}};
  for (std::size_t row = 0; row < 2; ++row) {
    for (std::size_t k = 0; k < 3; ++k) {
      const auto value = static_cast<float>(rows[row][k] * scale);
      CHECK(among.row[3 * row + k] == Approx(value).epsilon(1e-6));
      const AlternativeColumns columns = table.columns();
      const float* const column[3] = {columns.common, columns.price, columns.characteristic};
      CHECK(column[k][row] == among.row[3 * row + k]);
      CHECK(column[k][2] == 0.0F);
    }
  }
  CHECK(among.place_of[0] == 0);
  CHECK(among.place_of[1] == 2);  // nowhere
  CHECK(among.place_of[2] == 1);
  CHECK(among.place_of[3] == 2);
  CHECK(among.product_at[0] == 0);
  CHECK(among.product_at[1] == 2);
  CHECK(among.product_at[2] == 3);
  CHECK_FALSE(among.all_on_offer);
  CHECK(among.stored);
  CHECK(among.bounded);
  CHECK(among.kept == Approx(2.0).epsilon(1e-6));
  CHECK(among.bonus == Approx(1.58496250072116).epsilon(1e-6));
  CHECK(among.sensitivity_spread == Approx(0.4 / std::log(2.0)).epsilon(1e-6));
  CHECK(among.sensitivity_shift == Approx(-0.25 / std::log(2.0)).epsilon(1e-6));
}

TEST_CASE("where all are alike the price is part of what is common", "[unit]") {
  Offer offer = three_products();
  offer.characteristic.resize(3, 0);
  const AlternativeTable table(offer, individuals_with({}));
  CHECK(table.of_stratum(0).row[0] == Approx(-1.0 * 2.0 / std::log(2.0)).epsilon(1e-6));
  CHECK(table.of_stratum(0).row[1] == Approx(-0.75 * 2.0 / std::log(2.0)).epsilon(1e-6));
}

TEST_CASE("tastes of a type are its node, own tastes have none", "[unit]") {
  const Individuals types = individuals_with({3, 2}, false);
  const AlternativeTable table(three_products(), types);
  for (Eigen::Index stratum = 0; stratum < 6; ++stratum) {
    const Alternatives among = table.of_stratum(stratum);
    CHECK_FALSE(among.stored);
    CHECK(among.centre[0] == static_cast<float>(types.node(stratum, 0)));
    CHECK(among.centre[1] == static_cast<float>(types.node(stratum, 1)));
  }
  const AlternativeTable own(three_products(), individuals_with({3, 2}));
  CHECK(own.of_stratum(4).centre[0] == 0.0F);
}

// 110 in powers of 2 is a utility of 76.25; here a nest halves it.
TEST_CASE("utilities are bounded with the tastes and the bonus there may be", "[unit]") {
  const Individuals alike = individuals_with({});
  const Individuals types = individuals_with({3, 2}, false);  // tastes up to √3 and 1
  const auto bounded = [](const Offer& offer, const Individuals& individuals) {
    return AlternativeTable(offer, individuals).of_stratum(0).bounded;
  };
  Offer offer;
  offer.nesting = 0.5;
  offer.common = Eigen::Vector2d(0.0, -38.0);
  offer.price = Eigen::Vector2d::Zero();
  offer.characteristic.resize(2, 0);
  CHECK(bounded(offer, alike));
  offer.inertia = 0.2;
  CHECK_FALSE(bounded(offer, alike));
  offer.inertia = 0.0;
  offer.common[1] = -38.2;
  CHECK_FALSE(bounded(offer, alike));
  offer.common[1] = -36.0;
  offer.characteristic = Eigen::MatrixXd::Constant(2, 1, 2.0);
  CHECK(bounded(offer, types));
  offer.characteristic.setConstant(-2.2);
  CHECK_FALSE(bounded(offer, types));
  offer.characteristic.setZero();
  offer.price.setConstant(-2.0);
  CHECK(bounded(offer, types));
  offer.price_spread = 0.1;  // a multiplier of 1.19
  CHECK_FALSE(bounded(offer, types));
  const AlternativeTable large(offer, types);
  CHECK(large.of_stratum(0).kept == 0.0F);
}

TEST_CASE("bounds serve plain logit among many products and two tastes at most", "[unit]") {
  const Individuals two = individuals_with({3, 1});
  const auto serves = [](const Offer& offer, const Individuals& individuals) {
    return AlternativeTable(offer, individuals).may_use_bounds();
  };
  CHECK(serves(test::make_offer(12, 2), two));
  CHECK_FALSE(serves(test::make_offer(11, 2), two));
  Offer offer = test::make_offer(13, 2);
  offer.common[4] = never_sold;
  CHECK(serves(offer, two));
  offer.common[5] = never_sold;
  CHECK_FALSE(serves(offer, two));
  offer = test::make_offer(12, 2);
  offer.nesting = 0.9;
  CHECK_FALSE(serves(offer, two));
  offer = test::make_offer(12, 2);
  offer.common[0] = -90.0;
  CHECK_FALSE(serves(offer, two));
  CHECK_FALSE(serves(test::make_offer(12, 3), individuals_with({2, 1, 1})));
  CHECK(serves(test::make_offer(12, 0), individuals_with({})));
}
