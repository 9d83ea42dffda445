#include "bad_input.hpp"
#include "tests/catch.hpp"

using entente::test::BadInput;
using entente::test::what_is_said;

namespace {

// One fault each, in the order of unknown keys, types, bounds, numbers, choices.
const std::vector<BadInput> cases = {
    {"unknown key", R"([run]
quarters = 1
quaters = 2
)",
     R"(
scenario.toml:3:1: error: unknown key
  run.quaters
  did you mean 'quarters'? known: start, quarters, paired, mode
)"},
    {"unknown key at the top", R"(titel = 'x'
run.quarters = 1
)",
     R"(
scenario.toml:1:1: error: unknown key
  titel
  did you mean 'title'? known: extends, title, description, run, market, firm, partnership
)"},
    {"title below a table", R"([run]
quarters = 1
title = 'x'
)",
     R"(
scenario.toml:3:1: error: unknown key
  run.title
  'title' belongs above the first table of the file
)"},
    {"unknown table", R"(run.quarters = 1
[[firms]]
id = 'alpha'
)",
     R"(
scenario.toml:2:3: error: unknown table
  firms
  did you mean 'firm'? known: run, market, firm, partnership
)"},
    {"unknown key of a record", R"(run.quarters = 1
[[partnership]]
id = 'pact'
parties = []
effect = [ { type = 'cost', shrae = 1 } ]
)",
     R"(
scenario.toml:5:29: error: unknown key
  partnership.pact.effect[0].shrae
  did you mean 'share'? known: type, market, share
)"},
    {"unknown key of a figure", R"(run.quarters = 1
[[market]]
id = 'widget'
price = { value = 1, sorce = 'x' }
)",
     R"(
scenario.toml:4:22: error: unknown key
  market.widget.price.sorce
  did you mean 'source'? known: value, mark, source, note, low, high, together
)"},
    {"half a range", R"(run.quarters = 1
[[market]]
id = 'widget'
price = { value = 1, low = 0.5 }
)",
     R"(
scenario.toml:4:9: error: half a range
  market.widget.price
  expected both low and high, or neither, saw low = 0.5, value = 1, high = none
)"},
    {"a range beside its value", R"(run.quarters = 1
[[market]]
id = 'widget'
price = { value = 1, low = 2, high = 3 }
)",
     R"(
scenario.toml:4:9: error: the range does not hold the value
  market.widget.price
  expected low <= value <= high, saw low = 2, value = 1, high = 3
)"},
    {"a range out of bounds", R"(run.quarters = 1
[[market]]
id = 'widget'
price = { value = 1, low = -2, high = 3 }
)",
     R"(
scenario.toml:4:28: error: out of bounds
  market.widget.price.low
  expected a number above 0 (USD), saw -2
)"},
    {"a name of a common draw that is no name", R"(run.quarters = 1
[[market]]
id = 'widget'
price = { value = 1, mark = 'A', together = 'all prices' }
)",
     R"(
scenario.toml:4:45: error: not a valid name
  market.widget.price.together
  expected lower-case letters, digits and hyphens, as in "alpha-2", saw "all prices"
)"},
    {"a text for an integer", R"(run.quarters = 'eight'
)",
     R"(
scenario.toml:1:16: error: wrong type
  run.quarters
  expected an integer from 1 to 400 (quarters), saw the text "eight"
)"},
    {"a number in quotes", R"(run.quarters = '8'
)",
     R"(
scenario.toml:1:16: error: wrong type
  run.quarters
  expected an integer from 1 to 400 (quarters), saw the text "8"
  write the number without quotes
)"},
    {"a float for an integer", R"(run.quarters = 8.0
)",
     R"(
scenario.toml:1:16: error: wrong type
  run.quarters
  expected an integer from 1 to 400 (quarters), saw the number 8.0
  write 8
)"},
    {"a text for a boolean", R"([run]
quarters = 1
paired = 'true'
)",
     R"(
scenario.toml:3:10: error: wrong type
  run.paired
  expected true or false, saw the text "true"
  write it without quotes
)"},
    {"a number for a text", R"(run.quarters = 1
[[firm]]
id = 'alpha'
name = 5
)",
     R"(
scenario.toml:4:8: error: wrong type
  firm.alpha.name
  expected a text, saw the integer 5
  write it in quotes
)"},
    {"an array for a number", R"(run.quarters = 1
[[market]]
id = 'widget'
growth = [1, 2]
)",
     R"(
scenario.toml:4:10: error: wrong type
  market.widget.growth
  expected a number, saw an array of 2 elements
)"},
    {"a date for a quarter", R"([run]
quarters = 1
start = 2024-01-01
)",
     R"(
scenario.toml:3:9: error: wrong type
  run.start
  expected a quarter such as "2024Q1", saw the date 2024-01-01
)"},
    {"a month for a quarter", R"([run]
quarters = 1
start = '2024-01'
)",
     R"(
scenario.toml:3:9: error: not a quarter from 1900Q1 to 2200Q4
  run.start
  expected a quarter such as "2024Q1", saw "2024-01"
)"},
    {"a quarter too early", R"([run]
quarters = 1
start = '1899Q4'
)",
     R"(
scenario.toml:3:9: error: not a quarter from 1900Q1 to 2200Q4
  run.start
  expected a quarter such as "2024Q1", saw "1899Q4"
)"},
    {"a text for an array of ids", R"(run.quarters = 1
[[firm]]
id = 'alpha'
[[partnership]]
id = 'pact'
parties = 'alpha'
)",
     R"(
scenario.toml:6:11: error: wrong type
  partnership.pact.parties
  expected an array of ids of firm, saw the text "alpha"
  write ["alpha"]
)"},
    {"a number in an array of ids", R"(run.quarters = 1
[[partnership]]
id = 'pact'
parties = [3]
)",
     R"(
scenario.toml:4:12: error: wrong type
  partnership.pact.parties[0]
  expected the id of an entry of firm, saw the integer 3
  write it in quotes
)"},
    {"a table for an array of records", R"(run.quarters = 1
[[partnership]]
id = 'pact'
parties = []
effect = { type = 'cost' }
)",
     R"(
scenario.toml:5:10: error: wrong type
  partnership.pact.effect
  expected an array of tables such as [ { … } ], saw a table
  write it as [ { … } ]
)"},
    {"a number in an array of records", R"(run.quarters = 1
[[partnership]]
id = 'pact'
parties = []
effect = [ 5 ]
)",
     R"(
scenario.toml:5:12: error: wrong type
  partnership.pact.effect[0]
  expected a table such as { … }, saw the integer 5
)"},
    {"below the minimum", R"(run.quarters = 0
)",
     R"(
scenario.toml:1:16: error: out of bounds
  run.quarters
  expected an integer from 1 to 400 (quarters), saw 0
)"},
    {"above the maximum", R"(run.quarters = 1
[[partnership]]
id = 'pact'
parties = []
probability = 1.4
)",
     R"(
scenario.toml:5:15: error: out of bounds
  partnership.pact.probability
  expected a number from 0 to 1 (fraction), saw 1.4
)"},
    {"at an excluded bound", R"(run.quarters = 1
[[market]]
id = 'widget'
price = 0
)",
     R"(
scenario.toml:4:9: error: out of bounds
  market.widget.price
  expected a number above 0 (USD), alone or as { value = … }, saw 0
)"},
    {"out of bounds in a figure", R"(run.quarters = 1
[[market]]
id = 'widget'
price = { value = -2.5 }
)",
     R"(
scenario.toml:4:19: error: out of bounds
  market.widget.price.value
  expected a number above 0 (USD), saw -2.5
)"},
    {"out of bounds in a record", R"(run.quarters = 1
[[partnership]]
id = 'pact'
parties = []
effect = [ { type = 'cost' }, { type = 'cost', share = 2 } ]
)",
     R"(
scenario.toml:5:56: error: out of bounds
  partnership.pact.effect[1].share
  expected a number from 0 to 1 (fraction), saw 2
)"},
    {"NaN", R"(run.quarters = 1
[[market]]
id = 'widget'
growth = nan
)",
     R"(
scenario.toml:4:10: error: not a finite number
  market.widget.growth
  expected a number, saw nan
)"},
    {"infinity", R"(run.quarters = 1
[[market]]
id = 'widget'
growth = -inf
)",
     R"(
scenario.toml:4:10: error: not a finite number
  market.widget.growth
  expected a number, saw -inf
)"},
    {"a choice misspelt", R"([run]
quarters = 1
mode = 'agent'
)",
     R"(
scenario.toml:3:8: error: not one of the choices
  run.mode
  expected one of "agents", "types", saw "agent"
  did you mean 'agents'?
)"},
    {"a mark beyond D", R"(run.quarters = 1
[[market]]
id = 'widget'
price = { value = 1, mark = 'E' }
)",
     R"(
scenario.toml:4:29: error: not one of the choices
  market.widget.price.mark
  expected one of "A", "B", "C", "D", saw "E"
)"},
    {"a figure without a value", R"(run.quarters = 1
[[market]]
id = 'widget'
price = { mark = 'A' }
)",
     R"(
scenario.toml:4:9: error: missing key
  market.widget.price.value
  expected a number above 0 (USD)
)"},
};

}  // namespace

TEST_CASE("what is wrong with a key or a value is said in full", "[unit]") {
  for (const BadInput& each : cases) {
    CAPTURE(each.name);
    CHECK(what_is_said(each.text) == each.said);
  }
}
