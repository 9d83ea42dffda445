#include <sys/stat.h>
#include <unistd.h>

#include "bad_input.hpp"
#include "tests/catch.hpp"

using entente::test::BadInput;
using entente::test::contains;
using entente::test::sample_text;
using entente::test::TemporaryFolder;
using entente::test::what_is_said;
namespace fs = std::filesystem;

namespace {

// Each stands beside base.toml, circle.toml (which extends it) and the folder `folder`.
const std::vector<BadInput> cases = {
    {"a syntax error", "[run]\nquarters = \n",
     R"(
scenario.toml:2:12: error: not valid TOML: error while parsing key-value pair: expected value, saw '\n'
)"},
    {"a key given twice", "[run]\nquarters = 1\nquarters = 2\n",
     R"(
scenario.toml:3:12: error: not valid TOML: error while parsing key-value pair: cannot redefine existing integer 'quarters'
)"},
    {"an integer that overflows", "run.quarters = 9223372036854775808\n",
     R"(
scenario.toml:1:35: error: not valid TOML: error while parsing decimal integer: '9223372036854775808' is not representable in 64 bits
)"},
    {"invalid UTF-8", "# caf\303\251\ntitle = \"\303\251\377\"\n",
     R"(
scenario.toml:2:11: error: not valid UTF-8
  saw the byte 0xFF
  save the file as UTF-8
)"},
    {"a NUL byte", std::string("title = \"a\000b\"\n", 14),
     R"(
scenario.toml:1:11: error: the text holds a NUL byte
  a scenario is a text file
)"},
    {"UTF-16", std::string("\377\376[\000r\000", 6),
     R"(
scenario.toml:1:1: error: not valid UTF-8
  saw the byte 0xFF
  save the file as UTF-8
)"},
    {"an empty file", "",
     R"(
scenario.toml: error: the file has no content
  start with `entente new`, or with a line such as extends = "baseline.toml"
)"},
    {"nothing but comments", "# later\n\n",
     R"(
scenario.toml: error: the file has no content
  start with `entente new`, or with a line such as extends = "baseline.toml"
)"},
    {"extends of a missing file", "extends = 'bsae.toml'\n",
     R"(
scenario.toml:1:11: error: the extended file 'bsae.toml' does not exist
  extends
  did you mean 'base.toml'?
)"},
    {"extends of a folder", "extends = 'folder'\n",
     R"(
scenario.toml:1:11: error: the extended file 'folder' is a directory
  extends
)"},
    {"extends of itself", "extends = 'scenario.toml'\n",
     R"(
scenario.toml:1:11: error: the scenarios extend each other in a circle
  extends
  saw scenario.toml → scenario.toml
)"},
    {"extends in a circle", "# one\nextends = 'circle.toml'\n",
     R"(
circle.toml:1:11: error: the scenarios extend each other in a circle
  extends
  saw scenario.toml → circle.toml → scenario.toml
)"},
    {"extends of no text", "run.quarters = 1\nextends = 3\n",
     R"(
scenario.toml:2:11: error: wrong type
  extends
  expected a text or an array of texts, saw the integer 3
  write it in quotes
)"},
    {"extends of an empty text", "extends = ''\n",
     R"(
scenario.toml:1:11: error: names no file
  extends
  expected a path such as "baseline.toml", saw ""
)"},
    {"extends of a far file", "extends = '../../etc/passwd'\n",
     R"(
scenario.toml:1:11: error: the extended file lies outside of the scenario's folder
  extends
  expected a file below '.' or a shipped scenario, saw "../../etc/passwd"
  --allow-extends-anywhere lifts this limit
)"},
};

}  // namespace

TEST_CASE("a file that cannot be read or followed says why", "[unit]") {
  for (const BadInput& each : cases) {
    CAPTURE(each.name);
    CHECK(what_is_said(each.text) == each.said);
  }
}

TEST_CASE("what is no file to read is refused by what it is", "[unit]") {
  const TemporaryFolder folder;
  folder.write("alpha.toml", "title = 'x'\n");
  fs::create_symlink("loop.toml", folder.path() / "loop.toml");
  REQUIRE(mkfifo((folder.path() / "pipe.toml").c_str(), 0600) == 0);
  CHECK(what_is_said(folder, ".") == "\n.: error: the file is a directory\n");
  CHECK(what_is_said(folder, "alhpa.toml") ==
        "\nalhpa.toml: error: the file does not exist\n  did you mean 'alpha.toml'?\n");
  CHECK(what_is_said(folder, "none/alpha.toml") ==
        "\nnone/alpha.toml: error: the file does not exist\n");
  CHECK(what_is_said(folder, "loop.toml") ==
        "\nloop.toml: error: the file cannot be read\n"
        "  saw Too many levels of symbolic links\n");
  CHECK(what_is_said(folder, "pipe.toml") ==
        "\npipe.toml: error: the file is not a regular file\n");
}

TEST_CASE("a file of 100 MB is refused unread, one of just 8 MB is read", "[unit]") {
  const TemporaryFolder folder;
  folder.write("large.toml", "");
  fs::resize_file(folder.path() / "large.toml", 100u << 20);
  CHECK(what_is_said(folder, "large.toml") ==
        "\nlarge.toml: error: the file is larger than 8 MB\n  saw 104857600 bytes\n");
  const std::string text = "run.quarters = 1\n#";
  folder.write("just.toml", text + std::string((8u << 20) - text.size(), 'x'));
  CHECK(what_is_said(folder, "just.toml") == "\n");
}

TEST_CASE("a file that may not be read says so", "[unit]") {
  if (geteuid() == 0) {
    SUCCEED("root may read everything");
    return;
  }
  const TemporaryFolder folder;
  fs::permissions(folder.write("secret.toml", "title = 'x'\n"), fs::perms::none);
  CHECK(what_is_said(folder, "secret.toml") ==
        "\nsecret.toml: error: the file cannot be read\n  saw Permission denied\n");
}

TEST_CASE("a relative path reads as the same file", "[unit]") {
  const TemporaryFolder folder;
  folder.write("base.toml", sample_text());
  const fs::path child = folder.write("child.toml", "extends = 'base.toml'\n");
  const fs::path lost = folder.write("lost.toml", "extends = 'nowhere.toml'\n");
  const auto read = [](const fs::path& file) {
    return entente::scenario::read_scenario(fs::relative(file).string(),
                                            entente::test::sample_schema(), {});
  };
  CHECK(read(child).faults.empty());
  REQUIRE(read(lost).faults.size() == 1);
  CHECK_THAT(read(lost).faults[0].message, entente::test::contains("does not exist"));
}

TEST_CASE("nesting without end is refused before it can exhaust the stack", "[unit]") {
  const std::size_t many = 1'000'000;
  CHECK(what_is_said("a = " + std::string(many, '[')) ==
        "\nscenario.toml:1:37: error: more than 32 brackets inside each other\n");
  std::string tables = "a = ";
  std::string dotted = "a";
  for (std::size_t i = 0; i < many; ++i) {
    tables += "{a=";
    dotted += ".a";
  }
  CHECK_THAT(what_is_said(tables), contains("more than 32 brackets inside each other"));
  CHECK(what_is_said(dotted + " = 1\n") ==
        "\nscenario.toml:1:34: error: a dotted key of more than 16 parts\n");
  CHECK_THAT(what_is_said("[" + dotted + "]\n"), contains("a dotted key of more than 16 parts"));
  // The depth hides behind strings in each of their forms.
  for (const char* before : {"x = '#'\n", "x = \"\\\"#\"\n", "x = '\'\'a\'\'\'\'\'\n",
                             "x = \"\"\"\\\"\"\"\"\"\n", "# '\n", "x = ''\n"}) {
    CAPTURE(before);
    CHECK_THAT(what_is_said(before + dotted), contains("a dotted key of more than 16 parts"));
  }
}

TEST_CASE("quotes just before the closing three do not open another text", "[unit]") {
  const std::string deep(1'000'000, '[');
  for (const char* before : {"x = [\"\"\"a\"\"\"\", ", "x = ['''a''''', "}) {
    CAPTURE(before);
    CHECK_THAT(what_is_said(before + deep), contains("more than 32 brackets inside each other"));
  }
}

TEST_CASE("brackets and dots inside texts and comments do not count", "[unit]") {
  const std::string deep = std::string(100, '[') + std::string(100, '.');
  CHECK(what_is_said("title = '" + deep + "' # " + deep + "\ndescription = \"\"\"\n\\\"" + deep +
                     "\"\"\"\nrun.quarters = 1\n") == "\n");
}

TEST_CASE("a syntax error before the deep place comes first", "[unit]") {
  CHECK_THAT(what_is_said("a = = 1\nb = " + std::string(100, '[')), contains("scenario.toml:1:5"));
}

TEST_CASE("of very many faults the first thousand are listed", "[unit]") {
  std::string text = "run.quarters = 1\n";
  for (int i = 0; i < 5000; ++i)
    text += "[[firm]]\n";
  const TemporaryFolder folder;
  const auto result = entente::scenario::read_scenario(folder.write("many.toml", text),
                                                       entente::test::sample_schema(), {});
  REQUIRE(result.faults.size() == 1001);
  CHECK(result.faults[0].message == "more than 1000 faults; the others are not listed");
  CHECK_FALSE(result.scenario.has_value());
}

TEST_CASE("an array of more elements than any scenario has is refused", "[unit]") {
  std::string text = "run.quarters = 1\n[[partnership]]\nid = 'pact'\nparties = [";
  for (int i = 0; i < 10'001; ++i)
    text += "'a',";
  CHECK_THAT(what_is_said(text + "]\n"),
             contains("too many elements") && contains("an array of 10001 elements"));
}
