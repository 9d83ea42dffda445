#include "engine/cli/progress.hpp"

#include <sstream>

#include "tests/catch.hpp"

using namespace entente;
using entente::test::contains;

TEST_CASE("progress tells how far, how fast and how long still", "[unit]") {
  double now = 100.0;
  std::ostringstream stream;
  cli::Progress progress(stream, "a.toml", [&] { return now; });
  progress.show(1, 50);
  CHECK(stream.str().empty());  // no time has gone by
  now += 2.0;
  progress.show(10, 50);
  CHECK_THAT(stream.str(), contains("a.toml: 10 of 50 replications, 5.0 a second, 8 s left"));
}

TEST_CASE("what an interrupted run finished says nothing of the pace", "[unit]") {
  double now = 0.0;
  std::ostringstream stream;
  cli::Progress progress(stream, "a.toml", [&] { return now; });
  now += 4.0;
  progress.show(81, 89);  // the first of this process, after 80 of another
  CHECK_THAT(stream.str(), contains("81 of 89 replications, 15 a minute, 32 s left"));
  now += 2.0;
  progress.show(83, 89);
  CHECK_THAT(stream.str(), contains("83 of 89 replications, 30 a minute, 12 s left"));
}

TEST_CASE("progress rewrites its line, seldom, and wipes it in the end", "[unit]") {
  double now = 0.0;
  std::ostringstream stream;
  {
    cli::Progress progress(stream, "a", [&] { return now; });
    now += 1.0;
    progress.show(1, 9);
    const auto shown = stream.str();
    CHECK(shown.starts_with("\r\033[K"));
    now += 0.05;
    progress.show(2, 9);
    CHECK(stream.str() == shown);
  }
  CHECK(stream.str().ends_with("\r\033[K"));
}

TEST_CASE("durations and rates are told in fitting units", "[unit]") {
  CHECK(cli::duration_text(11.2) == "12 s");
  CHECK(cli::duration_text(185) == "3 min 5 s");
  CHECK(cli::duration_text(7800) == "2 h 10 min");
  CHECK(cli::rate_text(123.4) == "123 a second");
  CHECK(cli::rate_text(1.0) == "1.0 a second");
  CHECK(cli::rate_text(0.25) == "15 a minute");
  CHECK(cli::rate_text(0.01) == "36 an hour");
}
