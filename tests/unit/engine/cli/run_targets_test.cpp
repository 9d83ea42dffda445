#include "engine/cli/run_targets.hpp"

#include "engine/cli/progress.hpp"
#include "tests/catch.hpp"

using namespace entente;
using Folders = std::vector<std::filesystem::path>;

TEST_CASE("each scenario has its own folder", "[unit]") {
  CHECK(cli::run_targets({"some/alpha.toml"}, "").folders == Folders{"results/alpha"});
  CHECK(cli::run_targets({"some/alpha.toml"}, "out").folders == Folders{"out"});
  CHECK(cli::run_targets({"alpha.toml", "beta.v2.toml"}, "out").folders ==
        Folders{"out/alpha", "out/beta.v2"});
  CHECK(cli::run_targets({"alpha.toml", "beta.toml"}, "").folders ==
        Folders{"results/alpha", "results/beta"});
}

TEST_CASE("two scenarios never share a folder", "[unit]") {
  CHECK_THAT(cli::run_targets({"a.toml", "b.toml", "a.toml"}, "out").fault,
             test::contains("a.toml: is named twice"));
  CHECK_THAT(cli::run_targets({"a.toml", "other/a.toml"}, "").fault,
             test::contains("other/a.toml: has the same name as a.toml"));
}

TEST_CASE("time left is told in the two largest units", "[unit]") {
  CHECK(cli::duration_text(0.2) == "1 s");
  CHECK(cli::duration_text(59) == "59 s");
  CHECK(cli::duration_text(185) == "3 min 5 s");
  CHECK(cli::duration_text(7800) == "2 h 10 min");
}
