#include "engine/output/journal.hpp"

#include <array>
#include <csignal>
#include <limits>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "engine/experiment/ensemble/journaled_ensemble.hpp"
#include "engine/experiment/ensemble/result_store.hpp"
#include "engine/output/file_writer.hpp"
#include "engine/output/folder_lock.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente;
using output::Journal;
using output::JournalEntry;

TEST_CASE("a journal gives back what was put in, also to the next who opens it", "[unit]") {
  const test::TemporaryFolder place;
  const auto file = place.path() / "journal";
  {
    Journal journal(file, "a run");
    journal.add({7, "", 2, {1.5, -0.0, std::numeric_limits<double>::infinity(), 4.25}});
    journal.add({3, "no root", 0, {}});
  }
  const Journal journal(file, "a run");
  const auto entries = journal.entries();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].unit == 3);
  CHECK(entries[0].failure == "no root");
  CHECK(entries[1].unit == 7);
  CHECK(entries[1].failure.empty());
  CHECK(entries[1].redraws == 2);
  std::array<double, 2> part{};
  journal.read(7, 2, part);
  CHECK(part == std::array{std::numeric_limits<double>::infinity(), 4.25});
  CHECK_THROWS_AS(journal.read(7, 3, part), output::WriteFailure);  // one value is left there
  CHECK_THROWS_AS(journal.read(4, 0, part), output::WriteFailure);
  journal.read(7, 0, part);  // a failed reading does not spoil the next
  CHECK(part[0] == 1.5);
  CHECK(std::signbit(part[1]));
}

TEST_CASE("a closed journal has the states of its units in one file, to be read alone", "[unit]") {
  const test::TemporaryFolder place;
  const auto file = place.path() / "journal";
  const std::string state("\0bytes\xff", 7);
  {
    Journal journal(file, "a run");
    journal.add({4, "", 1, {0.5, 2.5}, false, state});
    journal.add({5, "", 0, {3.5}});
    journal.close_log();
    CHECK(place.names() == std::vector<std::string>{"journal"});
    CHECK(journal.read_with_state(4)->state == state);  // reading goes on
  }
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  const Journal journal(file);
  CHECK(journal.identity() == "a run");
  CHECK(journal.entries().size() == 2);
  const auto entry = journal.read_with_state(4);
  REQUIRE(entry);
  CHECK(entry->redraws == 1);
  CHECK(entry->values == std::vector{0.5, 2.5});
  CHECK(entry->state == state);
  CHECK_FALSE(journal.read_with_state(5));  // has values alone
  CHECK_FALSE(journal.read_with_state(6));
}

TEST_CASE("a journal is removed with all that SQLite keeps beside it", "[unit]") {
  const test::TemporaryFolder place;
  for (const char* name : {"journal", "journal-journal", "journal-shm", "journal-wal", "other"})
    place.write(name, "");
  Journal::remove(place.path() / "journal");
  CHECK(place.names() == std::vector<std::string>{"other"});
}

TEST_CASE("a closed journal of another run stays as it is", "[unit]") {
  const test::TemporaryFolder place;
  {
    Journal journal(place.path() / "journal", "a run");
    journal.add({4, "", 0, {0.5}, true, "state"});
    journal.close_log();
  }
  const auto before = place.read("journal");
  CHECK(before.substr(18, 2) == std::string(2, '\1'));  // its header: no write-ahead log
  CHECK_THROWS_AS(Journal(place.path() / "journal", "another"), output::FolderRefused);
  CHECK((place.read("journal") == before));
  CHECK(Journal(place.path() / "journal").entries().at(0).branched);
}

TEST_CASE("no wrong bit of a state or of its values goes unnoticed", "[unit]") {
  const test::TemporaryFolder place;
  const auto file = place.path() / "journal";
  const std::string state = "a state of some length to be found";
  const std::vector<double> values = {1.25, 2.25, 3.25};
  {
    Journal journal(file, "a run");
    journal.add({4, "", 0, values, false, state});
    journal.close_log();
  }
  const std::string whole = place.read("journal");
  const std::string first(reinterpret_cast<const char*>(values.data()), sizeof(double));
  for (const std::string& part : {state, first}) {
    std::string damaged = whole;
    REQUIRE(whole.find(part) != std::string::npos);
    damaged[whole.find(part) + 3] ^= 1;
    place.write("damaged", damaged);
    CHECK_THROWS_AS(Journal(place.path() / "damaged").read_with_state(4), output::WriteFailure);
  }
  place.write("damaged", whole);
  CHECK(Journal(place.path() / "damaged").read_with_state(4)->state == state);
}

TEST_CASE("what is no closed journal is refused", "[unit]") {
  const test::TemporaryFolder place;
  CHECK_THROWS_AS(Journal(place.path() / "nowhere"), output::FolderRefused);
  place.write("text", "this is no database, though long enough to be looked at as if it were one");
  CHECK_THROWS_AS(Journal(place.path() / "text"), output::FolderRefused);
  place.write("empty", "");
  CHECK_THROWS_AS(Journal(place.path() / "empty"), output::FolderRefused);
}

TEST_CASE("a journal is one run's alone", "[unit]") {
  const test::TemporaryFolder place;
  { const Journal journal(place.path() / "journal", "a run"); }
  CHECK_THROWS_AS(Journal(place.path() / "journal", "another"), output::FolderRefused);
  Journal::remove(place.path() / "journal");
  CHECK(place.names().empty());
  { const Journal journal(place.path() / "journal", "another"); }
  place.write("text", "this is no database, though long enough to be looked at as if it were one");
  CHECK_THROWS_AS(Journal(place.path() / "text", "a run"), output::FolderRefused);
  CHECK_THROWS_AS(Journal(place.path() / "nowhere" / "journal", "a run"), output::WriteFailure);
}

TEST_CASE("what a journal has is not run again, failures included", "[unit]") {
  const test::TemporaryFolder place;
  Journal journal(place.path() / "journal", "a run");
  const auto unit = [](std::uint64_t replication) {
    JournalEntry entry;
    if (replication == 2) throw std::runtime_error("diverged");
    entry.redraws = 1;
    entry.values = {static_cast<double>(replication)};
    return entry;
  };
  const auto first = experiment::run_journaled(journal, {0, 2}, unit, {.threads = 2});
  CHECK(first.reused == 0);
  CHECK(first.replications == std::vector<std::uint64_t>{0});
  REQUIRE(first.failures.size() == 1);
  CHECK(first.failures[0].message == "diverged");

  std::vector<std::size_t> told;
  std::vector<std::uint64_t> run;
  experiment::EnsembleOptions options;
  options.progress = [&](std::size_t done, std::size_t all) {
    told.push_back(done);
    CHECK(all == 4);
  };
  const auto second = experiment::run_journaled(
      journal, {0, 1, 2, 3},
      [&](std::uint64_t replication) {
        run.push_back(replication);
        return unit(replication);
      },
      options);
  CHECK(run == std::vector<std::uint64_t>{1, 3});
  CHECK(told == std::vector<std::size_t>{3, 4});
  CHECK(second.reused == 2);
  CHECK(second.redraws == 3);
  CHECK(second.replications == std::vector<std::uint64_t>{0, 1, 3});
  CHECK(second.failures.size() == 1);
  const experiment::JournalStore store(journal, second.replications, {1});
  double value = 0.0;
  store.read(2, 0, 0, std::span(&value, 1));
  CHECK(value == 3.0);
}

TEST_CASE("a journal that cannot be written ends the run, and is no unit's failure", "[unit]") {
  const test::TemporaryFolder place;
  Journal journal(place.path() / "journal", "a run");
  CHECK_THROWS_AS(
      experiment::run_journaled(
          journal, {0, 1, 2},
          [](std::uint64_t) -> JournalEntry { throw output::WriteFailure("disk full"); }, {}),
      output::WriteFailure);
  CHECK(journal.entries().empty());
}

TEST_CASE("a unit that does not fit the disk ends the run", "[unit]") {
  const test::TemporaryFolder place;
  // A limit on file sizes fails a write as a full disk does; only a child may live with it.
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    Journal journal(place.path() / "journal", "a run");
    const rlimit limit{100000, 100000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int code = 1;
    try {
      journal.add({7, "", 0, std::vector<double>(100000, 1.0)});
    } catch (const output::WriteFailure&) {
      code = journal.entries().empty() ? 0 : 2;
    }
    ::_exit(code);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
