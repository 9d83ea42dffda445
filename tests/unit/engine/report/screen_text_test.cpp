#include "engine/report/screen_text.hpp"

#include "tests/catch.hpp"

using namespace entente;

TEST_CASE("text is cut and filled by characters, not by bytes", "[unit]") {
  CHECK(report::width("é→▁a") == 4);
  CHECK(report::fit("éééé", 4) == "éééé");
  CHECK(report::fit("ééééé", 4) == "ééé…");
  CHECK(report::padded("é", 3) == "é  ");
  CHECK(report::padded("abc", 3) == "abc ");
  CHECK(report::fit("a\033[1m\nb", 9) == "a [1m b");
}

TEST_CASE("bold is for terminals with colour", "[unit]") {
  CHECK(report::bold("a", {}) == "a");
  CHECK(report::bold("a", {.colour = true}) == "\033[1ma\033[0m");
}

TEST_CASE("where only ASCII is known every character becomes one of it", "[unit]") {
  const std::vector<std::string> lines = {"é 1 → 2…", "▁▂▃▄▅▆▇█─"};
  CHECK(report::screen_text(lines, {}) == "é 1 → 2…\n▁▂▃▄▅▆▇█─\n");
  CHECK(report::screen_text(lines, {.unicode = false}) == "? 1 > 2~\n.,:;+*#@-\n");
}

TEST_CASE("an amount has three figures", "[unit]") {
  CHECK(report::amount(1.234) == "1.23");
  CHECK(report::amount(-12.34) == "-12.3");
  CHECK(report::amount(123.4) == "123");
}
