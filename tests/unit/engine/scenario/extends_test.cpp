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
