#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/contract/baseline_world.hpp"

using namespace entente;
using namespace entente::test;
using simulation::Index;

namespace {

std::string deal(const std::string& parties, const std::string& effect) {
  return "[[partnership]]\nid = \"small-deal\"\nparties = [" + parties +
         "]\nkind = \"supply\"\nstart = \"2024Q2\"\ndissolution = 0\neffect = [{ " + effect +
         " }]\n";
}

Index product(const Step& step, const std::string& id) {
  return step.world.economy->find_product(id).value();
}

double link_value(const Step& step, const std::string& id, const Eigen::VectorXd& values) {
  const auto& links = step.world.economy->links;
  for (std::size_t l = 0; l < links.size(); ++l) {
    if (links[l].id == id) return values[static_cast<Index>(l)];
  }
  throw std::out_of_range(id);
}

double price(const Step& step, const std::string& id) {
  return step.quarter.price[product(step, id)];
}
double quantity(const Step& step, const std::string& id) {
  return step.quarter.quantity[product(step, id)];
}
double transfers(const Step& step, const std::string& firm) {
  return step.quarter.firm_transfers[step.world.economy->find_firm(firm).value()];
}

/// Part of an account's use that goes to a product.
double use(const Step& step, const std::string& account, const std::string& id) {
  const auto& economy = *step.world.economy;
  const Index p = product(step, id);
  const auto m = static_cast<std::size_t>(economy.products[static_cast<std::size_t>(p)].market);
  const auto& market = economy.markets[m];
  const Index a = economy.find_account(account).value();
  for (std::size_t cell = 0; cell < market.accounts.size(); ++cell) {
    if (market.accounts[cell] != a) continue;
    const auto row = step.quarter.purchases[m].flow.row(static_cast<Index>(cell));
    return row[p - market.first] / row.sum();
  }
  throw std::out_of_range(account);
}

struct Target {
  std::string name;
  std::function<double(const Step&)> value;
  int sign;  // of the first-order change
};

/// One small partnership and what it must move.
struct EffectCase {
  std::string name;
  std::string parties;
  std::string effect;
  std::size_t quarter;  // in which to look; the deal starts in quarter 1
  std::vector<Target> targets;
  std::vector<std::string> sets;  // of both runs: the regime in which the sign holds
};

std::vector<EffectCase> effect_cases() {
  const auto at = [](auto read, const std::string& id) {
    return [read, id](const Step& step) { return read(step, id); };
  };
  return {
      {"cost",
       "\"lg\", \"microsoft\"",
       "type = \"cost\", product = \"appliance-lg\", change = -0.05",
       1,
       {{"price", at(price, "appliance-lg"), -1},
        {"quantity", at(quantity, "appliance-lg"), 1},
        {"rival", at(quantity, "appliance-whirlpool"), -1}},
       {}},
      {"quality",
       "\"samsung\", \"microsoft\"",
       "type = \"quality\", product = \"phone-samsung\", willingness_to_pay = 0.05",
       1,
       {{"quantity", at(quantity, "phone-samsung"), 1}, {"rival", at(quantity, "phone-apple"), -1}},
       {}},
      {"supply_terms",
       "\"sk-hynix\", \"nvidia\"",
       "type = \"supply_terms\", supplier = \"hbm-sk-hynix\", buyer = \"gpu-nvidia\", logit_shift "
       "= "
       "0.3",
       1,
       {{"contract price",
         [](const Step& s) { return link_value(s, "sk-hynix-to-nvidia", s.quarter.link_price); },
         -1},
        {"buyer's cost",
         [](const Step& s) { return s.quarter.marginal_cost[product(s, "gpu-nvidia")]; }, -1}},
       {}},
      {"supply_terms of an account",
       "\"samsung\", \"microsoft\"",
       "type = \"supply_terms\", supplier = \"ssd-samsung\", account = \"ssd-microsoft\", "
       "logit_shift = 0.3",
       1,
       {{"contract price",
         [](const Step& s) {
           return link_value(s, "ssd-samsung-to-ssd-microsoft", s.quarter.link_price);
         },
         -1},
        {"what it buys there",
         [](const Step& s) {
           return link_value(s, "ssd-samsung-to-ssd-microsoft", s.quarter.link_volume);
         },
         1},
        {"what it buys elsewhere",
         [](const Step& s) {
           return link_value(s, "ssd-sk-hynix-to-ssd-microsoft", s.quarter.link_volume);
         },
         -1},
        {"its cloud's cost",
         [](const Step& s) { return s.quarter.marginal_cost[product(s, "cloud-microsoft")]; }, -1}},
       {}},
      {"reserve_capacity for an account",
       "\"samsung\", \"microsoft\"",
       "type = \"reserve_capacity\", supplier = \"ssd-samsung\", partner = \"microsoft\", share "
       "= 0.3",
       1,
       {{"partner's drives",
         [](const Step& s) {
           return link_value(s, "ssd-samsung-to-ssd-microsoft", s.quarter.link_volume);
         },
         1},
        {"others' drives",
         [](const Step& s) {
           return link_value(s, "ssd-samsung-to-ssd-others", s.quarter.link_volume);
         },
         -1}},
       {"product.ssd-samsung.capacity=18.2", "run.shocks=off"}},
      // Supply stands still while demand grows, so that HBM binds and is rationed.
      {"reserve_capacity",
       "\"sk-hynix\", \"microsoft\"",
       "type = \"reserve_capacity\", supplier = \"hbm-sk-hynix\", partner = \"microsoft\", share = "
       "0.3",
       1,
       {{"partner's chips",
         [](const Step& s) {
           return s.quarter
               .account_delivered[*s.world.economy->find_account("accelerators-microsoft")];
         },
         1},
        {"reserved",
         [](const Step& s) { return link_value(s, "sk-hynix-to-nvidia", s.quarter.link_reserved); },
         1}},
       {"product.hbm-sk-hynix.capacity=52.5", "product.hbm-sk-hynix.capacity_growth=0",
        "product.hbm-micron.capacity_growth=0", "resource.packaging.growth=0.5", "run.shocks=off",
        "input.hbm-in-nvidia.lead=0", "input.hbm-in-nvidia.cover=0",
        "input.hbm-in-nvidia.initial_cover=0"}},
      {"qualification",
       "\"samsung\", \"nvidia\"",
       "type = \"qualification\", supplier = \"hbm-samsung\", buyer = \"gpu-nvidia\", hazard = 1",
       1,
       {{"access next quarter",
         [](const Step& s) {
           return link_value(s, "samsung-to-nvidia", s.next.link_access.rowwise().sum());
         },
         1}},
       {"link.samsung-to-nvidia.qualification_hazard=0"}},
      {"spillover",
       "\"apple\", \"samsung\"",
       "type = \"spillover\", product = \"phone-apple\", partner_product = \"phone-samsung\", rate "
       "= "
       "0.5",
       1,
       {{"receiver's quality",
         [](const Step& s) { return s.next.quality[product(s, "phone-samsung")]; }, 1}},
       {"product.phone-apple.quality_drift=0.05"}},
      {"embed, installed base",
       "\"microsoft\", \"samsung\"",
       "type = \"embed\", product = \"copilot\", partner_product = \"phone-samsung\", points = 15, "
       "willingness_to_pay = 0.02, reach = \"installed_base\"",
       1,
       {{"use", [](const Step& s) { return use(s, "use-on-galaxy", "copilot"); }, 1},
        {"host", at(quantity, "phone-samsung"), 1}},
       {}},
      {"embed, new devices",
       "\"microsoft\", \"samsung\"",
       "type = \"embed\", product = \"copilot\", partner_product = \"phone-samsung\", points = 15",
       3,
       {{"use", [](const Step& s) { return use(s, "use-on-galaxy", "copilot"); }, 1}},
       {}},
      {"bundle",
       "\"skt\", \"microsoft\"",
       "type = \"bundle\", product = \"mobile-skt-5g\", partner_product = "
       "\"cloud-korea-microsoft\", "
       "discount = "
       "0.1, split = 0.5",
       1,
       {{"quantity", at(quantity, "mobile-skt-5g"), 1},
        {"seller receives", at(transfers, "skt"), 1},
        {"partner pays", at(transfers, "microsoft"), -1}},
       {}},
      {"exclusive",
       "\"sk-hynix\", \"amd\"",
       "type = \"exclusive\", supplier = \"hbm-sk-hynix\", rivals = [\"nvidia\"]",
       1,
       {{"link",
         [](const Step& s) { return link_value(s, "sk-hynix-to-nvidia", s.quarter.link_volume); },
         -1}},
       {}},
      {"equity",
       "\"samsung\", \"lg\"",
       "type = \"equity\", partner = \"samsung\", firm = \"lg\", share = 0.3",
       1,
       {{"holder's price", at(price, "appliance-samsung"), 1},
        {"held firm's quantity", at(quantity, "appliance-lg"), 1}},
       {}},
      {"pool",
       "\"skt\", \"singtel\"",
       "type = \"pool\", products = [\"mobile-skt-5g\"], scale = 40, willingness_to_pay = 0.005, "
       "change = "
       "-0.01",
       1,
       {{"quantity", at(quantity, "mobile-skt-5g"), 1},
        {"cost", [](const Step& s) { return s.quarter.marginal_cost[product(s, "mobile-skt-5g")]; },
         -1}},
       {}},
      {"launch",
       "\"samsung\", \"microsoft\"",
       "type = \"launch\", product = \"mach-samsung\"",
       1,
       {{"quantity", at(quantity, "mach-samsung"), 1}, {"rival", at(quantity, "gpu-amd"), -1}},
       {}},
      // Of what NVIDIA can make, so that it binds.
      {"capacity",
       "\"sk-hynix\", \"samsung\"",
       "type = \"capacity\", product = \"hbm-sk-hynix\", change = -0.9",
       1,
       {{"quantity", at(quantity, "hbm-sk-hynix"), -1}, {"rival", at(quantity, "hbm-micron"), 1}},
       {}},
      {"demand",
       "\"skt\", \"kt\"",
       "type = \"demand\", market = \"smartphones\", change = 0.1",
       1,
       {{"quantity", at(quantity, "phone-samsung"), 1}, {"rival", at(quantity, "phone-apple"), 1}},
       {}},
      {"ban",
       "\"nvidia\", \"amd\"",
       "type = \"ban\", products = [\"gpu-nvidia\"], accounts = [\"accelerators-tencent\"]",
       1,
       {{"the account's chips",
         [](const Step& s) {
           return s.quarter
               .account_delivered[*s.world.economy->find_account("accelerators-tencent")];
         },
         -1}},
       {}},
      {"subsidy",
       "\"lg\", \"samsung\"",
       "type = \"subsidy\", products = [\"appliance-lg\"], discount = 0.1",
       1,
       {{"quantity", at(quantity, "appliance-lg"), 1},
        {"rival", at(quantity, "appliance-whirlpool"), -1}},
       {}},
  };
}

}  // namespace

TEST_CASE("each effect moves its target the way it should", "[property]") {
  for (const EffectCase& effect : effect_cases()) {
    CAPTURE(effect.name);
    const int quarters = static_cast<int>(effect.quarter) + 1;
    const auto with = run_quarters(
        build(read_baseline(deal(effect.parties, effect.effect), effect.sets)), quarters);
    const auto without = run_quarters(build(read_baseline({}, effect.sets)), quarters);
    for (const Target& target : effect.targets) {
      const double before = target.value(without[effect.quarter]);
      const double after = target.value(with[effect.quarter]);
      CAPTURE(target.name, before, after);
      CHECK(target.sign * (after - before) > 1e-9 * (1e-3 + std::abs(before)));
      // Nothing happens before the deal.
      CHECK(target.value(with[0]) == target.value(without[0]));
    }
  }
}

TEST_CASE("an event does what a deal of the same effect does", "[property]") {
  for (const EffectCase& effect : effect_cases()) {
    for (const char* neutral :
         {"cost", "quality", "qualification", "launch", "capacity", "demand", "ban", "subsidy"}) {
      if (effect.name != neutral) continue;
      CAPTURE(effect.name);
      const std::string event = "[[event]]\nid = \"small-deal\"\nstart = \"2024Q2\"\neffect = [{ " +
                                effect.effect + " }]\n";
      const auto deal_steps =
          run_quarters(build(read_baseline(deal(effect.parties, effect.effect), effect.sets)), 4);
      const auto event_steps = run_quarters(build(read_baseline(event, effect.sets)), 4);
      CHECK(deal_steps[3].quarter.quantity == event_steps[3].quarter.quantity);
      CHECK(deal_steps[3].quarter.price == event_steps[3].quarter.price);
      CHECK(deal_steps[3].quarter.profit == event_steps[3].quarter.profit);
    }
  }
}

TEST_CASE("a default in devices in use moves its points at once, in new ones with a lag",
          "[property]") {
  const std::string embed =
      "type = \"embed\", product = \"copilot\", partner_product = \"phone-samsung\", points = 15";
  const std::string parties = "\"microsoft\", \"samsung\"";
  const auto at_once =
      run_quarters(build(read_baseline(deal(parties, embed + ", reach = \"installed_base\""))), 2);
  const auto slowly = run_quarters(build(read_baseline(deal(parties, embed))), 6);
  const auto none = run_quarters(build(read_baseline()), 2);
  const auto on_galaxy = [](const Step& step) { return use(step, "use-on-galaxy", "copilot"); };
  CHECK(on_galaxy(at_once[1]) - on_galaxy(none[1]) == Approx(0.15).margin(0.01));
  CHECK(on_galaxy(slowly[1]) == on_galaxy(none[1]));
  double before = on_galaxy(slowly[1]);
  for (std::size_t t = 2; t < 6; ++t) {
    CHECK(on_galaxy(slowly[t]) > before + 0.002);
    before = on_galaxy(slowly[t]);
  }
  CHECK(before < on_galaxy(at_once[1]));
}

TEST_CASE("one account's terms lower the cost of its own firm's product alone", "[property]") {
  const auto costs = [](const std::string& more) {
    return run_quarters(build(read_baseline(more)), 2)[1].quarter.marginal_cost;
  };
  const auto without = costs({});
  const auto with = costs(deal("\"samsung\", \"microsoft\"",
                               "type = \"supply_terms\", supplier = \"ssd-samsung\", account = "
                               "\"ssd-microsoft\", discount = 0.1"));
  const auto step = run_quarters(build(read_baseline()), 1)[0];
  // 47.4% of 2.5 GB, at 10% off, over a life of 20 quarters.
  const double price = 0.0975;
  CHECK(without[product(step, "cloud-microsoft")] - with[product(step, "cloud-microsoft")] ==
        Approx(0.474 * 2.5 * 0.1 * price / 20.0).epsilon(0.05));
  CHECK(with[product(step, "cloud-amazon")] ==
        Approx(without[product(step, "cloud-amazon")]).epsilon(1e-9));
}

TEST_CASE("an exclusive deal's rival gets nothing more from the supplier", "[property]") {
  const auto steps = run_quarters(
      build(read_baseline(deal("\"sk-hynix\", \"amd\"",
                               "type = \"exclusive\", supplier = \"hbm-sk-hynix\", rivals = "
                               "[\"nvidia\"]"))),
      6);
  for (std::size_t t = 1; t < 6; ++t) {
    CHECK(link_value(steps[t], "sk-hynix-to-nvidia", steps[t].quarter.link_volume) == 0.0);
  }
}
