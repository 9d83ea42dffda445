// Experiments whose sign an industry analyst knows beforehand, each in the regime in which it
// holds.

#include <cmath>
#include <string>
#include <vector>

#include "engine/market/failure.hpp"
#include "engine/market/pricing.hpp"
#include "engine/simulation/markets/posted_market.hpp"
#include "tests/catch.hpp"
#include "tests/contract/baseline_world.hpp"

using namespace entente;
using namespace entente::test;
using simulation::Index;

namespace {

Index product(const Step& step, const std::string& id) {
  return step.world.economy->find_product(id).value();
}

/// Share of a market's revenue, fraction.
double revenue_share(const Step& step, const std::string& id) {
  const Index p = product(step, id);
  const auto& economy = *step.world.economy;
  const auto& market =
      economy
          .markets[static_cast<std::size_t>(economy.products[static_cast<std::size_t>(p)].market)];
  return step.quarter.revenue[p] /
         step.quarter.revenue.segment(market.first, market.products()).sum();
}

std::vector<Step> run(std::vector<std::string> sets, const std::string& more = {},
                      int quarters = 12) {
  sets.emplace_back("run.shocks=off");
  return run_quarters(build(read_baseline(more, sets)), quarters);
}

/// Memory is short: makers want large stocks, and no supplier expands. Packaging is not.
const std::vector<std::string> memory_binds = {"resource.packaging.growth=1",
                                               "product.hbm-sk-hynix.capacity_growth=0",
                                               "product.hbm-samsung.capacity_growth=0",
                                               "product.hbm-micron.capacity_growth=0",
                                               "product.hbm-sk-hynix.capacity_response=0",
                                               "product.hbm-samsung.capacity_response=0",
                                               "product.hbm-micron.capacity_response=0",
                                               "market.hbm.learning_rate=0"};

std::vector<std::string> with(std::vector<std::string> sets, const std::vector<std::string>& more) {
  sets.insert(sets.end(), more.begin(), more.end());
  return sets;
}

}  // namespace

// Regime: memory binds, packaging is slack, both suppliers are qualified at the largest buyer.
TEST_CASE("doubling the leader's memory capacity lowers memory prices and its rival's profit",
          "[property]") {
  const std::string both_qualified =
      "[[link]]\nid = \"samsung-to-nvidia\"\nqualified = [\"hbm3\", \"hbm3e\", \"hbm4\"]\n";
  const auto tight = run(memory_binds, both_qualified, 8);
  const auto doubled =
      run(with(memory_binds, {"product.hbm-sk-hynix.capacity=112.8"}), both_qualified, 8);
  const Index leader = product(tight[0], "hbm-sk-hynix");
  const Index rival = product(tight[0], "hbm-samsung");
  REQUIRE(tight[7].quarter.orders[leader] > tight[7].world.capacity[leader]);
  CHECK(doubled[7].quarter.price[leader] < tight[7].quarter.price[leader]);
  CHECK(doubled[7].quarter.profit[rival] < tight[7].quarter.profit[rival]);
}

// Regime: none needed; the rival has capacity to serve the buyer.
TEST_CASE("qualifying a supplier at the largest buyer moves memory share to it", "[property]") {
  const auto hazards = [](const std::string& hazard) {
    return "[[link]]\nid = \"samsung-to-nvidia\"\nqualification = [{ generation = \"hbm3\", hazard "
           "= " +
           hazard + " }, { generation = \"hbm3e\", hazard = " + hazard + " }]\n";
  };
  const auto barred = run({}, hazards("0"));
  const auto qualified = run({}, hazards("1"));
  CHECK(revenue_share(qualified[0], "hbm-samsung") ==
        Approx(revenue_share(barred[0], "hbm-samsung")).epsilon(1e-12));
  CHECK(revenue_share(qualified[8], "hbm-samsung") >
        revenue_share(barred[8], "hbm-samsung") + 0.02);
  CHECK(revenue_share(qualified[8], "hbm-sk-hynix") < revenue_share(barred[8], "hbm-sk-hynix"));
}

// Regime: makers hold no stock of memory to live on, and memory, not packaging, is what they lack.
TEST_CASE("shutting a memory supplier raises accelerator prices", "[property]") {
  const std::string outage =
      "[[event]]\nid = \"shutdown\"\nname = \"Shutdown\"\nstart = \"2024Q3\"\neffect = [{ type = "
      "\"capacity\", product = \"hbm-sk-hynix\", change = -0.9 }]\n";
  std::vector<std::string> sets;
  for (const char* input : {"nvidia", "amd", "tpu", "trainium", "gaudi", "maia"}) {
    for (const char* key : {"initial_cover", "cover"})
      sets.push_back("input.hbm-in-" + std::string(input) + "." + key + "=0.5");
  }
  const auto open = run(sets, {}, 6);
  const auto shut = run(sets, outage, 6);
  const Index gpu = product(open[0], "gpu-nvidia");
  CHECK(shut[1].quarter.price[gpu] == Approx(open[1].quarter.price[gpu]).epsilon(1e-9));
  CHECK(shut[4].quarter.price[gpu] > 1.02 * open[4].quarter.price[gpu]);
  CHECK(shut[4].quarter.quantity[gpu] < open[4].quarter.quantity[gpu]);
}

// Regime: the default reaches new devices only.
TEST_CASE("an embedded assistant gains use as devices are replaced, sooner where sooner",
          "[property]") {
  const std::string embed =
      "[[partnership]]\nid = \"default\"\nparties = [\"microsoft\", \"samsung\"]\nkind = "
      "\"integration\"\nstart = \"2024Q2\"\ndissolution = 0\neffect = [{ type = \"embed\", product "
      "= "
      "\"copilot\", partner_product = \"phone-samsung\", points = 15 }]\n";
  const auto gain = [&](const std::vector<std::string>& sets, std::size_t quarter) {
    const auto without = run(sets, {}, 10);
    const auto embedded = run(sets, embed, 10);
    const Index assistant = product(without[0], "copilot");
    return embedded[quarter].quarter.quantity[assistant] /
               without[quarter].quarter.quantity[assistant] -
           1.0;
  };
  const std::vector<std::string> fast = {"market.smartphones.turnover=0.28"};
  CHECK(gain({}, 1) == Approx(0.0).margin(1e-12));  // no device has been bought with it yet
  CHECK(gain({}, 3) > 0.0);
  CHECK(gain({}, 8) > gain({}, 3));
  CHECK(gain(fast, 3) > gain({}, 3));
}

// Regime: two rivals in one market of posted prices, no control.
TEST_CASE("a bigger stake in a rival raises the holder's price", "[property]") {
  const auto price = [&](const std::string& share) {
    const auto steps =
        run({},
            "[[partnership]]\nid = \"stake\"\nparties = [\"samsung\", \"xiaomi\"]\n"
            "kind = \"equity\"\nstart = \"2024Q2\"\ndissolution = 0\neffect = [{ type "
            "= \"equity\", partner = \"samsung\", firm = \"xiaomi\", share = " +
                share + " }]\n",
            2);
    return steps[1].quarter.price[product(steps[1], "phone-samsung")];
  };
  const double none = price("0.0001");
  const double small = price("0.1");
  const double large = price("0.3");
  CHECK(small > none);
  CHECK(large > small);
}

// Regime: preferences and costs held, so that only what buyers can turn to changes.
TEST_CASE("without the outside good every seller asks more", "[property]") {
  const auto world = build(read_baseline({}, {"run.shocks=off"}));
  const Step step = run_quarters(world, 1)[0];
  const auto& economy = *step.world.economy;
  int markets = 0;
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const auto& market = economy.markets[m];
    if (market.free || market.pricing != simulation::PricingKind::posted) continue;
    if (market.outside_share <= 0.0) continue;
    const auto posted = describe_posted_market(step.world, step.quarter, static_cast<Index>(m));
    const auto start = step.quarter.price.segment(market.first, market.products());
    auto captive = posted.demand;
    captive.outside_good = false;
    const auto with_outside =
        market::compute_bertrand_prices(posted.demand, posted.supply, start).price;
    Eigen::VectorXd without;
    try {
      without = market::compute_bertrand_prices(captive, posted.supply, start).price;
    } catch (const market::MarketFailure&) {
      continue;  // some buyers have one seller alone, who could ask anything
    }
    ++markets;
    for (Index j = 0; j < market.products(); ++j) {
      const bool sets_price =
          std::isnan(posted.supply.price_fixed[j]) && (posted.demand.utility.row(j) > -1e300).any();
      CAPTURE(market.id, j);
      if (sets_price) CHECK(without[j] > with_outside[j]);
    }
  }
  CHECK(markets >= 3);
}
