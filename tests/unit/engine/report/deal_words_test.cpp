#include "engine/report/deal_words.hpp"

#include "tests/catch.hpp"

using namespace entente;
using scenario::Entry;
using scenario::Figure;
using scenario::Record;

namespace {

void set(Record& record, const std::string& key, scenario::Value value, bool from_default = false) {
  record.slots_[key] = {std::move(value), {}, from_default};
}

}  // namespace

TEST_CASE("a partnership is told in words", "[unit]") {
  Record reserve;
  set(reserve, "type", std::string("reserve_capacity"));
  set(reserve, "supplier", std::string("alpha-widget"));
  set(reserve, "partner", std::string("beta"));
  set(reserve, "share", Figure{0.05, "C", "", ""});
  set(reserve, "take_or_pay", true);
  set(reserve, "decay", 0.0, true);
  Record terms;
  set(terms, "type", std::string("supply_terms"));
  set(terms, "supplier", std::string("alpha-widget"));
  Record unheard;
  set(unheard, "type", std::string("something_new"));
  set(unheard, "size", 2.5);

  Entry deal;
  deal.id = "alpha-beta";
  set(deal, "kind", std::string("supply"));
  set(deal, "parties", std::vector<std::string>{"alpha", "beta", "gamma"});
  set(deal, "start", *scenario::parse_quarter("2024Q3"));
  set(deal, "probability", Figure{0.15, "", "", ""});
  set(deal, "ramp", std::int64_t{4});
  set(deal, "effect", std::vector<Record>{reserve, terms, unheard});
  CHECK(
      report::deal_words(deal) ==
      "alpha-beta\n"
      "  supply between alpha, beta and gamma, from 2024Q3, formed with probability 0.15, at full "
      "strength after 4 quarters\n"
      "  - reserves 0.05 of the capacity of alpha-widget for beta (take_or_pay true)\n"
      "  - improves the terms on which every buyer buys from alpha-widget\n"
      "  - something_new (size 2.5)\n");
}

TEST_CASE("values read as one would write them", "[unit]") {
  CHECK(report::value_text(true) == "true");
  CHECK(report::value_text(std::int64_t{-3}) == "-3");
  CHECK(report::value_text(0.1) == "0.1");
  CHECK(report::value_text(std::string("alpha")) == "\"alpha\"");
  CHECK(report::value_text(std::vector<std::string>{"a", "b"}) == "[\"a\", \"b\"]");
  CHECK(report::value_text(*scenario::parse_quarter("2025Q4")) == "2025Q4");
}

TEST_CASE("an event is told in words", "[unit]") {
  Record ban;
  set(ban, "type", std::string("ban"));
  set(ban, "products", std::vector<std::string>{"alpha-widget", "beta-widget"});
  set(ban, "buyers", std::vector<std::string>{"gamma-gadget"});
  Record outage;
  set(outage, "type", std::string("capacity"));
  set(outage, "market", std::string("widget"));
  set(outage, "change", Figure{-0.3, "D", "", ""});

  Entry event;
  event.id = "rule";
  set(event, "name", std::string("A rule"));
  set(event, "start", *scenario::parse_quarter("2024Q4"));
  set(event, "end", *scenario::parse_quarter("2025Q4"));
  set(event, "probability", Figure{0.5, "", "", ""});
  set(event, "effect", std::vector<Record>{ban, outage});
  CHECK(report::event_words(event) ==
        "rule: A rule\n"
        "  event, from 2024Q4 until 2025Q4, with probability 0.5\n"
        "  - keeps alpha-widget and beta-widget from gamma-gadget\n"
        "  - changes the capacity of widget by -0.3\n");
}
