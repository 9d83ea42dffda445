#include "engine/cli/command_line.hpp"

#include <sstream>

#include "tests/catch.hpp"

using namespace entente;
using entente::test::contains;

namespace {

struct Answer {
  int code = 0;
  std::string out;
  std::string err;
};

Answer type(const std::vector<std::string>& words) {
  std::ostringstream out;
  std::ostringstream err;
  const cli::Terminal terminal{out, err, false, false, false};
  const int code = cli::run_command_line(words, {}, terminal);
  return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("help and version are data and succeed", "[unit]") {
  for (const auto& words : {std::vector<std::string>{"--help"}, {"-h"}, {"help"}}) {
    const auto answer = type(words);
    CHECK(answer.code == 0);
    CHECK_THAT(answer.out, contains("run ") && contains("check ") && contains("Exit codes"));
    CHECK(answer.out.find("document") == std::string::npos);
    CHECK(answer.err.empty());
  }
  CHECK(type({"--version"}).out.starts_with("entente "));
  CHECK(type({"run", "--version"}).out == type({"--version"}).out);
  CHECK_THAT(type({"run", "--help"}).out, contains("--threads") && contains("SCENARIO"));
  CHECK(type({"help", "run"}).out == type({"run", "--help"}).out);
  CHECK(type({"document", "--help"}).code == 0);
}

TEST_CASE("every command has help that fits a terminal's needs", "[unit]") {
  for (const auto& command : cli::all_commands()) {
    const auto answer = type({command.name, "--help"});
    INFO(command.name);
    CHECK(answer.code == 0);
    CHECK_THAT(answer.out, contains(command.summary));
    for (const auto& option : command.options)
      CHECK_THAT(answer.out, contains("--" + option.name));
  }
}

TEST_CASE("faults of the command line end with 2 and a way out", "[unit]") {
  struct Row {
    std::vector<std::string> words;
    std::string says;
  };
  const std::vector<Row> rows = {{{}, "Usage: entente COMMAND"},
                                 {{"rum", "a.toml"}, "did you mean 'run'?"},
                                 {{"frobnicate"}, "unknown command 'frobnicate'"},
                                 {{"--threads", "2"}, "a command comes first"},
                                 {{"run"}, "run needs SCENARIO"},
                                 {{"check"}, "check needs SCENARIO"},
                                 {{"run", "a.toml", "--thread", "2"}, "did you mean '--threads'?"},
                                 {{"run", "a.toml", "--threads", "two"}, "saw 'two'"},
                                 {{"run", "a.toml", "--threads", "0"}, "from 1 to 1024, saw '0'"},
                                 {{"run", "a.toml", "--seed", "-5"}, "saw '-5'"},
                                 {{"run", "a.toml", "--seed", "1e3"}, "saw '1e3'"},
                                 {{"run", "a.toml", "--seed"}, "--seed needs a value"},
                                 {{"run", "a.toml", "a.toml"}, "is named twice"},
                                 {{"run", "a.toml", "b/a.toml"}, "has the same name"},
                                 {{"list", "one", "two"}, "takes no argument 'two'"},
                                 {{"schema", "x"}, "takes no argument 'x'"},
                                 {{"new", "name-without-ending"}, "ends in .toml"},
                                 {{"document", "/nonexistent"}, "is not a checkout"}};
  for (const auto& row : rows) {
    const auto answer = type(row.words);
    INFO(answer.err);
    CHECK(answer.code == 2);
    CHECK_THAT(answer.err, contains(row.says));
    CHECK(answer.out.empty());
  }
}

TEST_CASE("a count may be open where a command can do with that", "[unit]") {
  CHECK_THAT(type({"run", "--replications", "many", "a.toml"}).err,
             contains("from 0 to 4294967295 or 'auto', saw 'many'"));
  CHECK_THAT(type({"run", "--replications", "auto", "a.toml"}).err, contains("a.toml: error:"));
  CHECK_THAT(type({"run", "--threads", "auto", "a.toml"}).err, contains("to 1024, saw 'auto'"));
  const auto compared = type({"compare", "--replications", "auto", "a.toml", "b.toml"});
  CHECK(compared.code == 2);
  CHECK_THAT(compared.err, contains("--replications auto is for `entente run`"));
  const auto tested = type({"backtest", "--observed", "x", "--replications", "auto", "a.toml"});
  CHECK(tested.code == 2);
  CHECK_THAT(tested.err, contains("--replications auto is for `entente run`"));
  CHECK_THAT(type({"check", "--replications", "auto", "a.toml"}).err, contains("saw 'auto'"));
}

TEST_CASE("an option takes one value each time, so that a scenario may follow", "[unit]") {
  // Both scenarios arrive: the fault is about the pair, not about a missing one.
  const auto answer =
      type({"run", "--set", "run.seed=1", "a.toml", "--set", "run.quarters=2", "a.toml"});
  CHECK_THAT(answer.err, contains("a.toml: is named twice"));
}
