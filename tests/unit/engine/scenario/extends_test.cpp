#include "engine/scenario/extends.hpp"

#include "sample.hpp"
#include "tests/catch.hpp"

using namespace entente::scenario;
using entente::test::sample_schema;
using entente::test::sample_text;
using entente::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

Faults faults_of(const std::string& file, const ReadOptions& options = {}) {
  return read_scenario(file, sample_schema(), options).faults;
}

/// A scenario that changes the sample's market.
std::string deal(const std::string& keys, const std::string& extends = "'base.toml'") {
  return "extends = " + extends + "\n[[market]]\nid = 'widget'\n" + keys + "\n";
}

Scenario read(const TemporaryFolder& folder, const std::string& text) {
  ReadResult result = read_scenario(folder.write("child.toml", text), sample_schema(), {});
  for (const Fault& fault : result.faults)
    UNSCOPED_INFO(to_text(fault));
  REQUIRE(result.scenario);
  return *std::move(result.scenario);
}

const Entry& widget(const Scenario& scenario) {
  return *scenario.find("market", "widget");
}

}  // namespace

TEST_CASE("sixteen links of extends are read, a seventeenth is refused", "[unit]") {
  const TemporaryFolder folder;
  std::string last = folder.write("s0.toml", sample_text());
  for (int i = 1; i <= 17; ++i) {
    last = folder.write("s" + std::to_string(i) + ".toml",
                        "extends = 's" + std::to_string(i - 1) + ".toml'\n");
    const Faults faults = faults_of(last);
    CAPTURE(i);
    REQUIRE(faults.size() == (i <= 16 ? 0 : 1));
    if (i > 16) {
      CHECK(faults[0].message == "the chain of extends is too long");
      CHECK(faults[0].location.file == (folder.path() / "s1.toml").string());
    }
  }
}

TEST_CASE("a file outside of the scenario's folder is refused, flag aside", "[unit]") {
  const TemporaryFolder folder;
  folder.write("outside.toml", sample_text());
  const std::string child = folder.write("in/child.toml", "extends = '../outside.toml'\n");
  const Faults faults = faults_of(child);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].message == "the extended file lies outside of the scenario's folder");
  CHECK(faults_of(child, {.allow_extends_anywhere = true}).empty());
}

TEST_CASE("a symbolic link is no way out of the folder", "[unit]") {
  const TemporaryFolder folder;
  const std::string outside = folder.write("outside.toml", sample_text());
  const std::string child = folder.write("in/child.toml", "extends = 'link.toml'\n");
  fs::create_symlink(outside, folder.path() / "in" / "link.toml");
  const Faults faults = faults_of(child);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].message == "the extended file lies outside of the scenario's folder");
}

TEST_CASE("a folder whose name only begins alike is outside", "[unit]") {
  const TemporaryFolder folder;
  folder.write("in-other/base.toml", sample_text());
  const std::string child = folder.write("in/child.toml", "extends = '../in-other/base.toml'\n");
  CHECK(faults_of(child).size() == 1);
}

TEST_CASE("a shipped scenario is found by name and by path", "[unit]") {
  const TemporaryFolder folder;
  const std::string base = folder.write("shipped/base.toml", "extends = 'more/root.toml'\n");
  folder.write("shipped/more/root.toml", sample_text());
  const ReadOptions options{.shipped_folder = (folder.path() / "shipped").string()};
  CHECK(faults_of(folder.write("mine/a.toml", "extends = 'base.toml'\n"), options).empty());
  CHECK(faults_of(folder.write("mine/b.toml", "extends = '" + base + "'\n"), options).empty());
  CHECK(faults_of(folder.write("mine/c.toml", "extends = '../shipped/base.toml'\n"), options)
            .empty());
  CHECK(faults_of((folder.path() / "mine/c.toml").string()).size() == 1);
}

TEST_CASE("a circle of extends is found through links too", "[unit]") {
  const TemporaryFolder folder;
  const std::string a = folder.write("a.toml", "extends = 'sub/link.toml'\n");
  fs::create_directory(folder.path() / "sub");
  fs::create_symlink(a, folder.path() / "sub" / "link.toml");
  const Faults faults = faults_of(a);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].message == "the scenarios extend each other in a circle");
}

TEST_CASE("a file with a syntax error does not hide the faults of its base", "[unit]") {
  const TemporaryFolder folder;
  folder.write("base.toml", "[run]\nquarters = 0\n");
  const std::string child =
      folder.write("child.toml", "# a child\nextends = 'base.toml'   # of it\n[run\nmode = 1\n");
  const Faults faults = faults_of(child);
  REQUIRE(faults.size() == 2);
  CHECK(faults[0].message == "out of bounds");
  CHECK_THAT(faults[1].message, entente::test::contains("not valid TOML"));
}

TEST_CASE("the extends of a file with a syntax error keeps its place", "[unit]") {
  const TemporaryFolder folder;
  const Faults faults = faults_of(folder.write("a.toml", "# one\n  extends = 'none.toml'\n= 3\n"));
  REQUIRE(faults.size() == 2);
  CHECK(faults[0].key_path == "extends");
  CHECK(faults[0].location.line == 2);
  CHECK(faults[0].location.column == 13);
  CHECK(faults[1].location.line == 3);
}

TEST_CASE("a syntax error in the base makes no further fault of the child", "[unit]") {
  const TemporaryFolder folder;
  folder.write("base.toml", "[[firm]\n");
  const std::string child = folder.write("child.toml", R"(extends = "base.toml"
[[partnership]]
id = "pact"
parties = ["alpha", "beta"]
probability = 2
)");
  const Faults faults = faults_of(child, {.sets = {"firm.alpha.name=x", "firm.alpha.nme=x"}});
  REQUIRE(faults.size() == 3);
  CHECK(faults[0].key_path == "firm.alpha.nme");
  CHECK(faults[1].location.file == (folder.path() / "base.toml").string());
  CHECK(faults[2].key_path == "partnership.pact.probability");
}

TEST_CASE("the faults of all files and of --set come together, by file, line and column",
          "[unit]") {
  const TemporaryFolder folder;
  folder.write("base.toml", sample_text() + "colour = 1\nparts = 2\n");
  const std::string child = folder.write(
      "child.toml", "extends = 'base.toml'\ntitel = 'x'\n[run]\nquarters = 0\nstart = 'soon'\n");
  const Faults faults = faults_of(child, {.sets = {"run.mode=fast"}});
  std::vector<std::string> paths;
  for (const Fault& fault : faults)
    paths.push_back(fault.key_path);
  CHECK(paths == std::vector<std::string>{"run.mode", "partnership.pact.colour",
                                          "partnership.pact.parts", "titel", "run.quarters",
                                          "run.start"});
}

TEST_CASE("of several extended files the later one holds, and the file itself over all", "[unit]") {
  const TemporaryFolder folder;
  folder.write("base.toml", sample_text());  // growth 1
  folder.write("one.toml", deal("growth = 2\nname = 'One'\nprice = 20"));
  folder.write("two.toml", deal("growth = 3\nname = 'Two'"));
  const Scenario one_two = read(folder, "extends = ['one.toml', 'two.toml']\n");
  CHECK(widget(one_two).number("growth") == 3);
  CHECK(widget(one_two).text("name") == "Two");
  CHECK(widget(one_two).number("price") == 20);
  const Scenario two_one = read(folder, "extends = ['two.toml', 'one.toml']\n");
  CHECK(widget(two_one).number("growth") == 2);
  CHECK(widget(two_one).text("name") == "One");
  const Scenario over = read(folder, deal("growth = 4", "['one.toml', 'two.toml']"));
  CHECK(widget(over).number("growth") == 4);
  CHECK(widget(over).text("name") == "Two");
}

TEST_CASE("a base that several extended files share counts once, before all of them", "[unit]") {
  const TemporaryFolder folder;
  folder.write("base.toml", sample_text());  // growth 1, price 12.5
  folder.write("one.toml", deal("growth = 2"));
  folder.write("two.toml", deal("price = 30"));
  folder.write("both.toml", "extends = ['one.toml', 'two.toml']\n");
  for (const std::string extends :
       {"['one.toml', 'two.toml']", "['two.toml', 'one.toml']", "['two.toml', 'both.toml']",
        "['one.toml', 'base.toml', 'two.toml', 'one.toml']", "['./both.toml', 'base.toml']"}) {
    CAPTURE(extends);
    const Scenario scenario = read(folder, "extends = " + extends + "\n");
    CHECK(widget(scenario).number("growth") == 2);
    CHECK(widget(scenario).number("price") == 30);
  }
}

TEST_CASE("a circle through one of several extended files is found", "[unit]") {
  const TemporaryFolder folder;
  folder.write("base.toml", sample_text());
  folder.write("two.toml", "# the second\nextends = ['base.toml', 'child.toml']\n");
  const std::string child = folder.write("child.toml", "extends = ['base.toml', 'two.toml']\n");
  const Faults faults = faults_of(child);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].message == "the scenarios extend each other in a circle");
  CHECK(faults[0].location.file == (folder.path() / "two.toml").string());
  CHECK(faults[0].location.line == 2);
  CHECK(faults[0].location.column == 25);
  CHECK(faults[0].seen == child + " → " + (folder.path() / "two.toml").string() + " → " + child);
}

TEST_CASE("an extended file that is no text is a wrong type at its own place", "[unit]") {
  const TemporaryFolder folder;
  folder.write("base.toml", sample_text());
  for (const auto& [element, seen] : {std::pair<std::string, std::string>{"3", "the integer 3"},
                                      {"true", "the boolean true"},
                                      {"['base.toml']", "an array of 1 element"},
                                      {"{ file = 'base.toml' }", "a table"}}) {
    CAPTURE(element);
    const Faults faults =
        faults_of(folder.write("child.toml", "extends = ['base.toml', " + element + "]\n"));
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].message == "wrong type");
    CHECK(faults[0].key_path == "extends[1]");
    CHECK(faults[0].location.line == 1);
    CHECK(faults[0].location.column == 25);
    CHECK(faults[0].seen == seen);
  }
}

TEST_CASE("the faults of all extended files come together", "[unit]") {
  const TemporaryFolder folder;
  folder.write("base.toml", sample_text());
  folder.write("one.toml", deal("growth = 'fast'"));
  folder.write("two.toml", deal("prise = 3"));
  const Faults faults = faults_of(folder.write(
      "child.toml", "extends = ['one.toml', 'absent.toml', 'two.toml', '']\ntitel = 'x'\n"));
  std::vector<std::string> found;
  for (const Fault& fault : faults) {
    found.push_back(fs::path(fault.location.file).filename().string() + " " + fault.key_path);
  }
  CHECK(found == std::vector<std::string>{"child.toml extends", "child.toml extends",
                                          "child.toml titel", "one.toml market.widget.growth",
                                          "two.toml market.widget.prise"});
}
