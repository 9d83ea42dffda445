#include <bit>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/contract/baseline_world.hpp"

using namespace entente;
using namespace entente::test;

namespace {

/// Every value of a replication by table, entity, quarter and series; partnerships aside.
std::map<std::string, double> values_by_key(const simulation::World& world,
                                            std::uint64_t replication, int quarters) {
  const auto tables = result_tables(world);
  const auto results = simulate(world, replication, quarters);
  std::map<std::string, double> values;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    if (tables[t].name == "partnerships") continue;
    std::size_t place = 0;
    for (int quarter = 0; quarter < quarters; ++quarter) {
      for (const auto& row : tables[t].rows) {
        std::string key = tables[t].name + " " + std::to_string(quarter);
        for (const std::string& part : row)
          key += " " + part;
        for (const auto& series : tables[t].series) {
          values[key + " " + series.name] = results.tables[t].values[place++];
        }
      }
    }
  }
  return values;
}

/// Whether every value of `before` is in `after` with the same bits; names the first that is not.
std::string first_difference(const std::map<std::string, double>& before,
                             const std::map<std::string, double>& after) {
  for (const auto& [key, value] : before) {
    const auto found = after.find(key);
    if (found == after.end()) return key + " is gone";
    if (std::bit_cast<std::uint64_t>(found->second) != std::bit_cast<std::uint64_t>(value)) {
      return key + ": " + std::to_string(value) + " became " + std::to_string(found->second);
    }
  }
  return {};
}

constexpr int quarters = 10;

const std::map<std::string, double>& baseline_values(std::uint64_t replication) {
  static const auto first = values_by_key(build(read_baseline()), 0, quarters);
  static const auto second = values_by_key(build(read_baseline()), 7, quarters);
  return replication == 0 ? first : second;
}

void check_same_as_baseline(const std::string& more) {
  const auto world = build(read_baseline(more));
  for (const std::uint64_t replication : {0u, 7u}) {
    CHECK(first_difference(baseline_values(replication),
                           values_by_key(world, replication, quarters)) == "");
  }
}

std::string deal(const std::string& effect, const std::string& more = {}) {
  return "[[partnership]]\nid = \"small-deal\"\nparties = [\"samsung\", \"microsoft\", \"skt\", "
         "\"lg\"]\nkind = \"supply\"\nstart = \"2024Q2\"\ndissolution = 0\n" +
         more + "effect = [{ " + effect + " }]\n";
}

}  // namespace

TEST_CASE("an unrelated firm changes no other value", "[property]") {
  check_same_as_baseline(
      "[[firm]]\nid = \"aaa-bystander\"\nname = \"Bystander\"\n"
      "[[firm]]\nid = \"mmm-bystander\"\nname = \"Bystander\"\n"
      "[[firm]]\nid = \"zzz-bystander\"\nname = \"Bystander\"\n");
}

TEST_CASE("a partnership with probability 0 changes no other value", "[property]") {
  check_same_as_baseline(
      deal("type = \"cost\", product = \"appliance-lg\", change = -0.3", "probability = 0\n"));
}

// An effect of size zero has nothing to say, whatever its type.
TEST_CASE("a partnership whose effect has no size changes no other value", "[property]") {
  for (const char* effect :
       {"type = \"cost\", product = \"appliance-lg\", change = 0",
        "type = \"quality\", product = \"phone-samsung\", willingness_to_pay = 0",
        "type = \"supply_terms\", supplier = \"hbm-samsung\", discount = 0, price_cap = 1e6",
        "type = \"reserve_capacity\", supplier = \"hbm-samsung\", partner = \"microsoft\", share = "
        "0",
        "type = \"qualification\", supplier = \"hbm-samsung\", buyer = \"gpu-nvidia\", hazard = 0",
        "type = \"spillover\", product = \"phone-samsung\", partner_product = \"phone-apple\", "
        "rate = 0",
        "type = \"embed\", product = \"copilot\", partner_product = \"phone-samsung\", points = 0",
        "type = \"bundle\", product = \"mobile-skt-5g\", partner_product = \"cloud-microsoft\", "
        "discount "
        "= 0",
        "type = \"exclusive\", supplier = \"hbm-samsung\", rivals = [\"naver\"]",
        "type = \"equity\", partner = \"samsung\", firm = \"lg\", share = 0",
        "type = \"pool\", products = [\"mobile-skt-5g\"], scale = 1, change = 0"}) {
    CAPTURE(effect);
    check_same_as_baseline(deal(effect));
  }
}

TEST_CASE("a deal changes nothing before it starts", "[property]") {
  const auto world =
      build(read_baseline("[[partnership]]\nid = \"late\"\nparties = [\"lg\", "
                          "\"microsoft\"]\nkind = \"supply\"\nstart = \"2025Q1\"\n"
                          "effect = [{ type = \"cost\", product = \"appliance-lg\", "
                          "change = -0.1 }]\n"));
  auto before = values_by_key(world, 0, 4);
  std::map<std::string, double> baseline = values_by_key(build(read_baseline()), 0, 4);
  CHECK(first_difference(baseline, before) == "");
  CHECK(first_difference(baseline_values(0), values_by_key(world, 0, quarters)) != "");
}
