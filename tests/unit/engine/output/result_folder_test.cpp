#include "engine/output/result_folder.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente::output;
using entente::test::TemporaryFolder;
using Names = std::vector<std::string>;

namespace fs = std::filesystem;

namespace {

const std::string manifest = R"({"program": "entente", "files": ["a.csv", "b.csv"]})";

void write_text(ResultFolder& folder, const std::string& name, const std::string& text) {
  folder.write(name, [&](const TextSink& sink) { sink(text); });
}

void write_results(const fs::path& target, const std::string& text) {
  ResultFolder folder(target, {"a.csv", "b.csv", "manifest.json"});
  write_text(folder, "a.csv", text);
  write_text(folder, "b.csv", text);
  write_text(folder, "manifest.json", manifest);
  folder.commit();
}

}  // namespace

TEST_CASE("results appear at once, with their parents, and leave nothing beside", "[unit]") {
  const TemporaryFolder place;
  {
    ResultFolder folder(place.path() / "deep/run", {"a.csv", "manifest.json"});
    write_text(folder, "a.csv", "1\n");
    CHECK_FALSE(fs::exists(place.path() / "deep/run"));
    write_text(folder, "manifest.json", manifest);
    folder.commit();
  }
  CHECK(place.names("deep") == Names{"run"});
  CHECK(place.names("deep/run") == Names{"a.csv", "manifest.json"});
  CHECK(place.read("deep/run/a.csv") == "1\n");
}

TEST_CASE("a complete file becomes a result, whatever file system it is on", "[unit]") {
  const TemporaryFolder place;
  // Most machines keep shared memory on a file system of its own, where names cannot be linked.
  const TemporaryFolder beside;
  const fs::path shared = "/dev/shm";
  const fs::path elsewhere =
      fs::is_directory(shared) ? shared / beside.path().filename() : beside.path() / "file";
  const std::string text = std::string(3'000'000, 'x') + "the end";
  for (const fs::path& file : {elsewhere, place.path() / "ready"}) {
    std::ofstream(file, std::ios::binary) << text;
    {
      ResultFolder folder(place.path() / "run", {"a.csv", "manifest.json"});
      CHECK_THROWS_AS(folder.adopt("b.csv", file), std::logic_error);  // not announced
      folder.adopt("a.csv", file);
      write_text(folder, "manifest.json", R"({"program": "entente", "files": ["a.csv"]})");
      folder.commit();
    }
    CHECK((place.read("run/a.csv") == text));
    fs::remove(file);
    CHECK((place.read("run/a.csv") == text));
  }
  ResultFolder folder(place.path() / "run", {"a.csv", "manifest.json"});
  CHECK_THROWS_AS(folder.adopt("a.csv", place.path() / "nowhere"), WriteFailure);
}

TEST_CASE("a folder stays locked until its writer is done with what lies beside it", "[unit]") {
  const TemporaryFolder place;
  {
    ResultFolder folder(place.path() / "run", {"a.csv", "manifest.json"});
    write_text(folder, "a.csv", "1\n");
    write_text(folder, "manifest.json", manifest);
    folder.commit();
    CHECK_THROWS_AS(ResultFolder(place.path() / "run", {"a.csv", "manifest.json"}), FolderRefused);
  }
  CHECK_NOTHROW(ResultFolder(place.path() / "run", {"a.csv", "manifest.json"}));
}

TEST_CASE("without a commit nothing is left, not even made parents", "[unit]") {
  const TemporaryFolder place;
  {
    ResultFolder folder(place.path() / "deep/er/run", {"a.csv", "manifest.json"});
    write_text(folder, "a.csv", "1\n");
  }
  CHECK(place.names().empty());
}

TEST_CASE("an empty folder takes results and a trailing slash is nothing special", "[unit]") {
  const TemporaryFolder place;
  fs::create_directory(place.path() / "run");
  write_results(place.path() / "run/", "1");
  CHECK(place.read("run/a.csv") == "1");
  CHECK(place.names() == Names{"run"});
}

TEST_CASE("a folder of ours is replaced and keeps what the user put there", "[unit]") {
  const TemporaryFolder place;
  write_results(place.path() / "run", "old");
  place.write("run/notes.txt", "mine");
  place.write("run/plots/one.svg", "also mine");
  fs::permissions(place.path() / "run", fs::perms::owner_all | fs::perms::group_read);
  {
    ResultFolder folder(place.path() / "run", {"a.csv", "manifest.json"});
    write_text(folder, "a.csv", "new");
    write_text(folder, "manifest.json", R"({"program": "entente", "files": ["a.csv"]})");
    CHECK(place.read("run/a.csv") == "old");
    folder.commit();
  }
  CHECK(place.names() == Names{"run"});
  CHECK(place.names("run") == Names{"a.csv", "manifest.json", "notes.txt", "plots"});  // no b.csv
  CHECK(place.read("run/a.csv") == "new");
  CHECK(place.read("run/plots/one.svg") == "also mine");
  CHECK(fs::status(place.path() / "run").permissions() ==
        (fs::perms::owner_all | fs::perms::group_read));
}

TEST_CASE("a folder that is replaced stays whole when the new results fail", "[unit]") {
  const TemporaryFolder place;
  write_results(place.path() / "run", "old");
  {
    ResultFolder folder(place.path() / "run", {"a.csv", "manifest.json"});
    write_text(folder, "a.csv", "new");
  }
  CHECK(place.names() == Names{"run"});
  CHECK(place.read("run/a.csv") == "old");
}

TEST_CASE("what entente did not write is refused and not touched", "[unit]") {
  const TemporaryFolder place;
  place.write("foreign/thesis.txt", "years of work");
  place.write("file", "text");
  CHECK_THROWS_AS(write_results(place.path() / "foreign", "1"), FolderRefused);
  CHECK_THROWS_WITH(write_results(place.path() / "foreign", "1"),
                    entente::test::contains("did not write"));
  CHECK_THROWS_WITH(write_results(place.path() / "file", "1"),
                    entente::test::contains("is a file"));
  CHECK_THROWS_AS(write_results(place.path() / "file/below", "1"), FolderRefused);
  CHECK_THROWS_AS(write_results("/", "1"), FolderRefused);
  CHECK(place.names() == Names{"file", "foreign"});
  CHECK(place.read("foreign/thesis.txt") == "years of work");

  // A user's file under a name that this run would write, which the former run did not.
  write_results(place.path() / "run", "old");
  place.write("run/c.csv", "mine");
  CHECK_THROWS_WITH(ResultFolder(place.path() / "run", {"c.csv", "manifest.json"}),
                    entente::test::contains("c.csv: was not written by entente"));
  CHECK(place.read("run/c.csv") == "mine");
}

TEST_CASE("a file that appears in an empty target during the run is not lost", "[unit]") {
  const TemporaryFolder place;
  fs::create_directory(place.path() / "run");
  {
    ResultFolder folder(place.path() / "run", {"manifest.json"});
    write_text(folder, "manifest.json", manifest);
    place.write("run/late.txt", "mine");
    CHECK_THROWS_AS(folder.commit(), WriteFailure);
  }
  CHECK(place.names() == Names{"run"});
  CHECK(place.names("run") == Names{"late.txt"});
}

TEST_CASE("a file that takes the name of a result during the run is kept and told", "[unit]") {
  const TemporaryFolder place;
  const auto target = place.path() / "run";
  {
    ResultFolder folder(target, {"a.csv", "manifest.json"});
    write_text(folder, "a.csv", "1\n");
    write_text(folder, "manifest.json", R"({"program": "entente", "files": ["a.csv"]})");
    folder.commit();
  }
  ResultFolder folder(target, {"a.csv", "b.csv", "manifest.json"});
  write_text(folder, "a.csv", "2\n");
  write_text(folder, "b.csv", "2\n");
  write_text(folder, "manifest.json", manifest);
  place.write("run/b.csv", "mine");
  CHECK_THROWS_AS(folder.commit(), WriteFailure);
  CHECK(place.read("run/b.csv") == "2\n");
  CHECK(place.read(".run.entente-partial/b.csv") == "mine");
}

TEST_CASE("a folder that has the name of a former result is the user's", "[unit]") {
  const TemporaryFolder place;
  const auto target = place.path() / "run";
  write_results(target, "1\n");
  fs::remove(target / "b.csv");
  place.write("run/b.csv/mine", "mine");
  {
    ResultFolder folder(target, {"a.csv", "manifest.json"});
    write_text(folder, "a.csv", "2\n");
    write_text(folder, "manifest.json", manifest);
    folder.commit();
  }
  CHECK(place.read("run/b.csv/mine") == "mine");
  CHECK(place.names() == Names{"run"});
}

TEST_CASE("the folder one is in is refused", "[unit]") {
  const TemporaryFolder place;
  const auto former = fs::current_path();
  fs::create_directory(place.path() / "run");
  fs::current_path(place.path() / "run");
  CHECK_THROWS_WITH(ResultFolder(".", {"manifest.json"}),
                    entente::test::contains("is the folder you are in"));
  fs::current_path(former);
  CHECK(place.names() == Names{"run"});
}

TEST_CASE("a symbolic link is followed", "[unit]") {
  const TemporaryFolder place;
  fs::create_directory(place.path() / "real");
  fs::create_directory_symlink("real", place.path() / "link");
  write_results(place.path() / "link", "1");
  CHECK(fs::is_symlink(place.path() / "link"));
  CHECK(place.read("real/a.csv") == "1");
}

TEST_CASE("two runs on one folder: the second is told", "[unit]") {
  const TemporaryFolder place;
  const ResultFolder first(place.path() / "run", {"a.csv", "manifest.json"});
  CHECK_THROWS_WITH(ResultFolder(place.path() / "run", {"a.csv", "manifest.json"}),
                    entente::test::contains("another entente is writing here"));
  const ResultFolder beside(place.path() / "other", {"a.csv", "manifest.json"});
}

TEST_CASE("what a killed process left is cleared, and the user's files come back", "[unit]") {
  const TemporaryFolder place;
  write_results(place.path() / "run", "new");

  SECTION("killed while writing") {
    place.write(".run.entente-partial/a.csv", "half");
    place.write(".run.entente-lock", "");
    CHECK(place.names().size() == 3);
    write_results(place.path() / "run", "newer");
  }
  SECTION("killed after the swap, before the former folder was cleared") {
    place.write(".run.entente-partial/a.csv", "old");
    place.write(".run.entente-partial/manifest.json", manifest);
    place.write(".run.entente-partial/notes.txt", "mine");
    write_results(place.path() / "run", "newer");
    CHECK(place.read("run/notes.txt") == "mine");
  }
  SECTION("killed between the two steps of a file system without a swap") {
    fs::rename(place.path() / "run", place.path() / ".run.entente-aside");
    place.write(".run.entente-aside/notes.txt", "mine");
    write_results(place.path() / "run", "newer");
    CHECK(place.read("run/notes.txt") == "mine");
  }
  CHECK(place.names() == Names{"run"});
  CHECK(place.read("run/a.csv") == "newer");
}

TEST_CASE("a full disk is told by path and reason", "[unit]") {
  const TemporaryFolder place;
  // A limit on file sizes fails a write as a full disk does; only a child may live with it.
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int code = 1;
    try {
      write_results(place.path() / "run", std::string(5000, 'x'));
    } catch (const WriteFailure& failure) {
      const std::string message = failure.what();
      code = message.find("a.csv: cannot be written: File too large") != std::string::npos ? 0 : 2;
    }
    ::_exit(code);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(place.names().empty());
}

TEST_CASE("files must be announced and the manifest must be the last", "[unit]") {
  const TemporaryFolder place;
  ResultFolder folder(place.path() / "run", {"a.csv", "manifest.json"});
  CHECK_THROWS_AS(write_text(folder, "b.csv", ""), std::logic_error);
  CHECK_THROWS_AS(write_text(folder, "manifest.json", ""), std::logic_error);
  CHECK_THROWS_AS(folder.commit(), std::logic_error);
}

TEST_CASE("a file is replaced whole or not at all", "[unit]") {
  const TemporaryFolder place;
  place.write("page.md", "old");
  replace_file(place.path() / "page.md", "new");
  CHECK(place.read("page.md") == "new");
  CHECK_THROWS_AS(replace_file(place.path() / "absent/page.md", "new"), WriteFailure);
  CHECK(place.names() == Names{"page.md"});
}
