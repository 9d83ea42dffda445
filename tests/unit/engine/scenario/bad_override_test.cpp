#include "bad_input.hpp"
#include "tests/catch.hpp"

using entente::test::BadInput;
using entente::test::sample_text;
using entente::test::TemporaryFolder;
using entente::test::what_is_said;

namespace {

// Each is one --set over the fault-free base.toml.
const std::vector<BadInput> cases = {
    {"run.quarters", "run.quarters=0",
     R"(
--set: error: out of bounds
  run.quarters
  expected an integer from 1 to 400 (quarters), saw 0
)"},
    {"run.quarter", "run.quarter=5",
     R"(
--set: error: unknown key
  run.quarter
  did you mean 'quarters'? known: start, quarters, paired, mode
)"},
    {"runs.quarters", "runs.quarters=5",
     R"(
--set: error: unknown table
  runs.quarters
  did you mean 'run'? known: run, market, firm, partnership
)"},
    {"run", "run=5",
     R"(
--set: error: names a table, not a key
  run
  expected run.<key>
  known: start, quarters, paired, mode
)"},
    {"run.quarters", "run.quarters=many",
     R"(
--set: error: wrong type
  run.quarters
  expected an integer from 1 to 400 (quarters), saw "many"
)"},
    {"market.widget", "market.widget=1",
     R"(
--set: error: names an entry, not a key
  market.widget
  expected market.<id>.<key>
  known: price, name, growth
)"},
    {"partnership.probability", "partnership.probability=0.5",
     R"(
--set: error: names no entry
  partnership.probability
  expected partnership.<id>.<key>
  known: pact
)"},
    {"market.wigdet.price", "market.wigdet.price=3",
     R"(
--set: error: no entry of that id
  market.wigdet.price
  expected the id of an entry of market, saw "wigdet"
  did you mean 'widget'? known: widget
)"},
    {"market.widget.prise", "market.widget.prise=3",
     R"(
--set: error: unknown key
  market.widget.prise
  did you mean 'price'? known: enabled, price, name, growth
)"},
    {"partnership.pact.effect[0].share", "partnership.pact.effect[0].share=1",
     R"(
--set: error: can only be set whole
  partnership.pact.effect[0].share
  expected an array of tables such as [ { … } ]
  partnership.pact.effect=VALUE replaces it
)"},
    {"partnership.pact.effect.share", "partnership.pact.effect.share=1",
     R"(
--set: error: can only be set whole
  partnership.pact.effect.share
  expected an array of tables such as [ { … } ]
  partnership.pact.effect=VALUE replaces it
)"},
    {"partnership.pact.parties", "partnership.pact.parties=[alpha]",
     R"(
--set: error: not valid TOML: error while parsing value: could not determine value type
  partnership.pact.parties
  expected an array of ids of firm, saw "[alpha]"
  texts in it need quotes, and the whole its own for the shell: --set 'partnership.pact.parties=…'
)"},
    {"partnership.pact.parties", "partnership.pact.parties=['alpha', 'gamma']",
     R"(
--set: error: no entry of that id
  partnership.pact.parties[1]
  expected the id of an entry of firm, saw "gamma"
  known: alpha, beta
)"},
    {"market.widget.price.value", "market.widget.price.value=3",
     R"(
--set: error: can only be set whole
  market.widget.price.value
  expected a number above 0 (USD), alone or as { value = … }
  market.widget.price=NUMBER sets it, without its source
)"},
    {"market.widget.price", "market.widget.price={ mark = 'A' }",
     R"(
--set: error: missing key
  market.widget.price.value
  expected a number above 0 (USD)
)"},
    {"firm.alpha.id", "firm.alpha.id=gamma",
     R"(
--set: error: an id cannot be set
  firm.alpha.id
)"},
    {"firm.alpha.enabled", "firm.alpha.enabled=False",
     R"(
--set: error: wrong type
  firm.alpha.enabled
  expected true or false, saw "False"
)"},
    {"firm.alpha.enabled", "firm.alpha.enabled=false",
     R"(
base.toml:21:12: error: refers to an entry that is disabled
  partnership.pact.parties[0]
  expected the id of an entry of firm, saw "alpha"
  switch it on with enabled = true, or this one off
)"},
    {"extends", "extends=other.toml",
     R"(
--set: error: cannot be set
  extends
  write extends in a scenario file
)"},
    {"title", "title=5",
     R"(
--set: error: wrong type
  title
  expected a text, saw the integer 5
  write it in quotes
)"},
    {"titel", "titel=5",
     R"(
--set: error: unknown key
  titel
  did you mean 'title'? known: title, description, run, market, firm, partnership
)"},
    {"quarters", "quarters",
     R"(
--set: error: an override without '='
  expected key.path=value, saw "quarters"
)"},
    {"run.start", "run.start=2024",
     R"(
--set: error: wrong type
  run.start
  expected a quarter such as "2024Q1", saw the integer 2024
)"},
    {"market.widget.growth", "market.widget.growth=nan",
     R"(
--set: error: not a finite number
  market.widget.growth
  expected a number, saw nan
)"},
    {"title", "title=\377",
     R"(
--set: error: not valid UTF-8
  saw the byte 0xFF
)"},
};

}  // namespace

TEST_CASE("a wrong --set says why and changes nothing", "[unit]") {
  const TemporaryFolder folder;
  folder.write("base.toml", sample_text());
  for (const BadInput& each : cases) {
    CAPTURE(each.text);
    CHECK(what_is_said(folder, "base.toml", {.sets = {each.text}}) == each.said);
  }
}
