#include "bad_input.hpp"
#include "tests/catch.hpp"

using entente::test::BadInput;
using entente::test::what_is_said;

namespace {

// Missing keys, ids, references, and tables in the wrong form.
const std::vector<BadInput> cases = {
    {"a missing key", R"([run]
mode = 'types'
)",
     R"(
scenario.toml:1:1: error: missing key
  run.quarters
  expected an integer from 1 to 400 (quarters)
)"},
    {"a missing key of an entry", R"(run.quarters = 1
[[partnership]]
id = 'pact'
)",
     R"(
scenario.toml:2:1: error: missing key
  partnership.pact.parties
  expected an array of ids of firm
)"},
    {"a missing key of a record", R"(run.quarters = 1
[[partnership]]
id = 'pact'
parties = []
effect = [ { share = 1 } ]
)",
     R"(
scenario.toml:5:12: error: missing key
  partnership.pact.effect[0].type
  expected one of "cost", "quality"
)"},
    {"a missing table", R"(title = 'x'
)",
     R"(
scenario.toml: error: missing key
  run.quarters
  expected an integer from 1 to 400 (quarters)
)"},
    {"a duplicate id", R"(run.quarters = 1
[[firm]]
id = 'alpha'
[[firm]]
id = 'alpha'
)",
     R"(
scenario.toml:5:6: error: the id is taken
  firm.alpha.id
  expected an id once in a file, saw "alpha"
  the first is the entry at line 2
)"},
    {"an entry without an id", R"(run.quarters = 1
[[firm]]
name = 'Alpha'
)",
     R"(
scenario.toml:2:1: error: an entry without an id
  firm[0].id
  expected lower-case letters, digits and hyphens, as in "alpha-2"
)"},
    {"an id with capitals", R"(run.quarters = 1
[[firm]]
id = 'Alpha One'
)",
     R"(
scenario.toml:3:6: error: not a valid id
  firm[0].id
  expected lower-case letters, digits and hyphens, as in "alpha-2", saw "Alpha One"
)"},
    {"an id that is a number", R"(run.quarters = 1
[[firm]]
id = 5
)",
     R"(
scenario.toml:3:6: error: wrong type
  firm[0].id
  expected lower-case letters, digits and hyphens, as in "alpha-2", saw the integer 5
)"},
    {"a dangling reference", R"(run.quarters = 1
[[market]]
id = 'widget'
[[partnership]]
id = 'pact'
parties = []
market = 'wigdet'
)",
     R"(
scenario.toml:7:10: error: no entry of that id
  partnership.pact.market
  expected the id of an entry of market, saw "wigdet"
  did you mean 'widget'? known: widget
)"},
    {"a dangling reference in an array", R"(run.quarters = 1
[[firm]]
id = 'alpha'
[[partnership]]
id = 'pact'
parties = ['alpha', 'gamma']
)",
     R"(
scenario.toml:6:21: error: no entry of that id
  partnership.pact.parties[1]
  expected the id of an entry of firm, saw "gamma"
  known: alpha
)"},
    {"a dangling reference in a record", R"(run.quarters = 1
[[partnership]]
id = 'pact'
parties = []
effect = [ { type = 'cost', market = 'widget' } ]
)",
     R"(
scenario.toml:5:38: error: no entry of that id
  partnership.pact.effect[0].market
  expected the id of an entry of market, saw "widget"
)"},
    {"a reference to a disabled entry", R"(run.quarters = 1
[[firm]]
id = 'alpha'
enabled = false
[[partnership]]
id = 'pact'
parties = ['alpha']
)",
     R"(
scenario.toml:7:12: error: refers to an entry that is disabled
  partnership.pact.parties[0]
  expected the id of an entry of firm, saw "alpha"
  switch it on with enabled = true, or this one off
)"},
    {"an id listed twice", R"(run.quarters = 1
[[firm]]
id = 'alpha'
[[partnership]]
id = 'pact'
parties = ['alpha', 'alpha']
)",
     R"(
scenario.toml:6:21: error: listed twice
  partnership.pact.parties[1]
  saw "alpha"
)"},
    {"a fault in a disabled entry", R"(run.quarters = 1
[[partnership]]
id = 'pact'
enabled = false
probability = 2
)",
     R"(
scenario.toml:5:15: error: out of bounds
  partnership.pact.probability
  expected a number from 0 to 1 (fraction), saw 2
)"},
    {"a table written as entries", R"([[run]]
quarters = 1
)",
     R"(
scenario.toml:1:3: error: 'run' is one table, not a list
  run
  expected one table [run], saw an array of 1 element
  write [run] once instead of [[run]]
)"},
    {"a table written as a value", R"(run = 5
)",
     R"(
scenario.toml:1:1: error: 'run' is one table, not a list
  run
  expected one table [run], saw the integer 5
)"},
    {"entries written as one table", R"(run.quarters = 1
[firm]
id = 'alpha'
)",
     R"(
scenario.toml:2:2: error: 'firm' is a list of entries, not one table
  firm
  expected entries [[firm]] with an id each, saw a table
  write [[firm]]
)"},
    {"entries written as named tables", R"(run.quarters = 1
[firm.alpha]
name = 'Alpha'
)",
     R"(
scenario.toml:2:2: error: 'firm' is a list of entries, not one table
  firm
  expected entries [[firm]] with an id each, saw a table
  write [[firm]] and id = "alpha" instead of [firm.alpha]
)"},
    {"entries written as values", R"(run.quarters = 1
firm = [ 1 ]
)",
     R"(
scenario.toml:2:10: error: wrong type
  firm[0]
  expected a table with an id, saw the integer 1
)"},
    {"a control character", R"(run.quarters = 1
[[firm]]
id = 'alpha'
name = "a\u0007b"
)",
     R"(
scenario.toml:4:8: error: the text holds a control character
  firm.alpha.name
  expected a text, saw "a\u0007b"
)"},
    {"several faults of one table", R"([run]
quarters = 0
mode = 3
start = 'x'
)",
     R"(
scenario.toml:2:12: error: out of bounds
  run.quarters
  expected an integer from 1 to 400 (quarters), saw 0
scenario.toml:3:8: error: wrong type
  run.mode
  expected one of "agents", "types", saw the integer 3
scenario.toml:4:9: error: not a quarter from 1900Q1 to 2200Q4
  run.start
  expected a quarter such as "2024Q1", saw "x"
)"},
};

}  // namespace

TEST_CASE("what is wrong with keys, ids, references and tables is said in full", "[unit]") {
  for (const BadInput& each : cases) {
    CAPTURE(each.name);
    CHECK(what_is_said(each.text) == each.said);
  }
}
