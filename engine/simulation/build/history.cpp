#include "engine/simulation/build/history.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "engine/simulation/state/measure.hpp"

namespace entente::simulation {

using scenario::Entry;
using scenario::Faults;
using scenario::Type;

namespace {

bool sells_there(const Economy& economy, Index firm, Index market) {
  return std::ranges::any_of(economy.products, [&](const Product& product) {
    return product.firm == firm && product.market == market;
  });
}

void check_points(const Entry& entry, const Economy& economy, bool share, Faults& faults) {
  constexpr double whole = 100.0;
  std::set<scenario::QuarterDate> seen;
  for (const scenario::Record& point : entry.records("points")) {
    const scenario::QuarterDate quarter = point.quarter("quarter");
    if (quarter > economy.start) {
      faults.push_back(point.fault("quarter", "a history ends at quarter 0",
                                   "a quarter up to " + to_text(economy.start), to_text(quarter)));
    }
    if (!seen.insert(quarter).second) {
      faults.push_back(point.fault("quarter", "the quarter is given twice", {}, to_text(quarter)));
    }
    if (share && point.number("value") > whole) {
      faults.push_back(point.fault("value", "a share above the whole", "at most 100 percent"));
    }
  }
}

}  // namespace

scenario::Table history_table() {
  return {
      .name = "history",
      .meaning = "A series as observed up to quarter 0, for the naive forecasts of a back-test.",
      .fields = {
          {.key = "market",
           .type = Type::reference,
           .meaning = "Market it is of.",
           .required = true,
           .refers_to = {"market"}},
          {.key = "series",
           .type = Type::choice,
           .meaning = "What was observed: a share in percent, revenue in USD bn, lines or units in "
                      "the market's unit.",
           .required = true,
           .choices = measure_names()},
          {.key = "entity",
           .type = Type::reference,
           .meaning = "Firm it is of; none: the market.",
           .refers_to = {"firm"}},
          {.key = "points",
           .type = Type::records,
           .meaning = "Observations, in any order.",
           .required = true,
           .fields = {{.key = "quarter",
                       .type = Type::quarter,
                       .meaning = "Calendar quarter, up to quarter 0.",
                       .required = true},
                      {.key = "value",
                       .type = Type::number,
                       .meaning = "Value in the unit of the series.",
                       .required = true,
                       .minimum = 0},
                      {.key = "source",
                       .type = Type::text,
                       .meaning = "Where the figure is from.",
                       .default_value = "\"\""}}},
      }};
}

scenario::Table branch_table() {
  return {.name = "branch",
          .meaning = "An event by which a back-test shows the forecasts of a market apart.",
          .fields = {
              {.key = "market",
               .type = Type::reference,
               .meaning = "Market whose series it splits.",
               .required = true,
               .refers_to = {"market"}},
              {.key = "link",
               .type = Type::reference,
               .meaning = "The event: this supplier is qualified at this buyer.",
               .required = true,
               .refers_to = {"link"}},
              {.key = "meaning",
               .type = Type::text,
               .meaning = "The event in words.",
               .default_value = "\"\""},
          }};
}

void check_history(const scenario::Scenario& scenario, const Economy& economy, Faults& faults) {
  std::set<std::tuple<std::string, std::string, std::string>> seen;
  for (const Entry& entry : scenario.all("history")) {
    const Index market = *economy.find_market(entry.text("market"));
    const Measure measure = *find_measure(entry.text("series"));
    const std::string firm = entry.has("entity") ? entry.text("entity") : std::string{};
    // Whether a market's goods are free is known after calibration only; the series is unused then.
    if (!has_measure(economy.markets[static_cast<std::size_t>(market)].share_of, false, measure)) {
      faults.push_back(entry.fault("series", "the market has no such series",
                                   "a series that fits its share_of, which is " +
                                       economy.markets[static_cast<std::size_t>(market)].share_of,
                                   entry.text("series")));
    }
    if (is_share(measure) && firm.empty()) {
      faults.push_back(entry.fault("series", "a share needs an entity"));
    }
    if (!firm.empty() && !sells_there(economy, *economy.find_firm(firm), market)) {
      faults.push_back(entry.fault("entity", "the firm sells nothing in this market"));
    }
    if (!seen.insert({entry.text("market"), entry.text("series"), firm}).second) {
      faults.push_back(entry.fault("series", "the series has another history"));
    }
    check_points(entry, economy, is_share(measure), faults);
  }
}

}  // namespace entente::simulation
