#include "engine/output/journal.hpp"

#include <cstring>
#include <mutex>
#include <sqlite3.h>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/output/file_writer.hpp"
#include "engine/output/folder_lock.hpp"
#include "engine/output/text_hash.hpp"

namespace entente::output {

namespace {

/// A prepared statement, finalised at the end of its scope.
class Statement {
 public:
  Statement(sqlite3* database, const char* text) {
    sqlite3_prepare_v2(database, text, -1, &statement_, nullptr);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement(Statement&&) = delete;
  Statement& operator=(Statement&&) = delete;

  sqlite3_stmt* get() const { return statement_; }
  bool row() { return sqlite3_step(statement_) == SQLITE_ROW; }
  bool done() { return sqlite3_step(statement_) == SQLITE_DONE; }

  void bind(int place, std::int64_t value) { sqlite3_bind_int64(statement_, place, value); }
  void bind(int place, const std::string& value) {
    sqlite3_bind_text(statement_, place, value.data(), static_cast<int>(value.size()),
                      SQLITE_STATIC);
  }
  void bind_bytes(int place, const std::string& bytes) {
    sqlite3_bind_blob64(statement_, place, bytes.data(), bytes.size(), SQLITE_STATIC);
  }
  void bind(int place, const std::vector<double>& values) {
    sqlite3_bind_blob64(statement_, place, values.data(), values.size() * sizeof(double),
                        SQLITE_STATIC);
  }
  std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string text(int column) const {
    const auto* bytes = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

/// Of what a branch goes on from: its results would not show that a bit of it is wrong.
std::string hash_of(const JournalEntry& entry) {
  std::string_view values;
  if (!entry.values.empty()) {
    values = {reinterpret_cast<const char*>(entry.values.data()),
              entry.values.size() * sizeof(double)};
  }
  return text_hash(text_hash(entry.state) + text_hash(values));
}

}  // namespace

struct Journal::Database {
  std::filesystem::path file;
  sqlite3* handle = nullptr;
  sqlite3_blob* blob = nullptr;  // the last that was read
  std::mutex mutex;              // statements and blobs are one thread's at a time

  ~Database() {
    sqlite3_blob_close(blob);
    sqlite3_close(handle);
  }
  bool run(const char* text) const {
    return sqlite3_exec(handle, text, nullptr, nullptr, nullptr) == SQLITE_OK;
  }
  std::string said() const { return file.string() + ": " + sqlite3_errmsg(handle); }
  [[noreturn]] void fail() const { throw WriteFailure(said()); }
};

/// Takes back what was written in its scope unless that is committed.
class Journal::Transaction {
 public:
  explicit Transaction(const Database& database) : database_(database) {
    if (!database_.run("BEGIN IMMEDIATE")) database_.fail();
  }
  ~Transaction() {
    if (open_) database_.run("ROLLBACK");
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction(Transaction&&) = delete;
  Transaction& operator=(Transaction&&) = delete;

  void commit() {
    if (!database_.run("COMMIT")) database_.fail();
    open_ = false;
  }

 private:
  const Database& database_;
  bool open_ = true;
};

Journal::Journal(const std::filesystem::path& file, const std::string& identity)
    : database_(std::make_unique<Database>()) {
  Database& database = *database_;
  database.file = file;
  std::error_code none;
  const bool begun = std::filesystem::file_size(file, none) > 0 && !none;
  if (sqlite3_open(file.c_str(), &database.handle) != SQLITE_OK) database.fail();
  sqlite3_extended_result_codes(database.handle, 1);
  // Before anything is written: another run's journal stays as it is. Nor is a new one looked into,
  // which would settle its page size.
  if (begun) {
    Statement known(database.handle, "SELECT identity FROM run");
    if (known.row() && known.text(0) != identity) {
      throw FolderRefused(
          file.string() +
          ": is of another scenario, seed, version of entente or quarter of saved states; run "
          "without --resume to start anew");
    }
  }
  // Written by one process, under the folder's lock. The log is merged rarely: each unit is some
  // hundred kilobytes, and a journal lives as long as its run. Results are read from one unit to
  // the next, for which a larger cache takes memory and saves no time.
  constexpr auto set_up =
      "PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
      "PRAGMA wal_autocheckpoint=2000; PRAGMA cache_size=-1000;"
      "CREATE TABLE IF NOT EXISTS run(identity TEXT NOT NULL);"
      "CREATE TABLE IF NOT EXISTS unit(number INTEGER PRIMARY KEY, failure TEXT NOT NULL,"
      " redraws INTEGER NOT NULL, branched INTEGER NOT NULL, data BLOB NOT NULL);"
      "CREATE TABLE IF NOT EXISTS state(number INTEGER PRIMARY KEY, hash TEXT NOT NULL,"
      " data BLOB NOT NULL);";
  if (!database.run(set_up)) {
    if (sqlite3_errcode(database.handle) == SQLITE_NOTADB)
      throw FolderRefused(database.said() + "; remove it, or run without --resume");
    database.fail();
  }
  Statement known(database.handle, "SELECT identity FROM run");
  if (known.row()) return;
  Statement begin(database.handle, "INSERT INTO run VALUES(?)");
  begin.bind(1, identity);
  if (!begin.done()) database.fail();
}

Journal::Journal(const std::filesystem::path& file) : database_(std::make_unique<Database>()) {
  Database& database = *database_;
  database.file = file;
  if (sqlite3_open_v2(file.c_str(), &database.handle, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
    throw FolderRefused(database.said());
  Statement known(database.handle,
                  "SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM unit),"
                  " (SELECT count(*) FROM state)");
  if (!known.row() || known.number(0) != 1) {
    throw FolderRefused(file.string() + ": is damaged, or no file of states that entente saved");
  }
}

Journal::~Journal() = default;

void Journal::remove(const std::filesystem::path& file) {
  std::error_code ignored;
  for (const char* suffix : {"-journal", "-wal", "-shm", ""})
    std::filesystem::remove(file.string() + suffix, ignored);
}

std::string Journal::identity() const {
  const std::lock_guard lock(database_->mutex);
  Statement known(database_->handle, "SELECT identity FROM run");
  return known.row() ? known.text(0) : std::string();
}

std::vector<JournalEntry> Journal::entries() const {
  const std::lock_guard lock(database_->mutex);
  Statement rows(database_->handle,
                 "SELECT number, failure, redraws, branched FROM unit ORDER BY number");
  std::vector<JournalEntry> entries;
  while (rows.row()) {
    entries.push_back({static_cast<std::uint64_t>(rows.number(0)),
                       rows.text(1),
                       rows.number(2),
                       {},
                       rows.number(3) != 0,
                       {}});
  }
  return entries;
}

void Journal::add(const JournalEntry& entry) {
  const std::string hash = entry.state.empty() ? std::string() : hash_of(entry);
  const std::lock_guard lock(database_->mutex);
  // An open blob holds the log at what it was, so that it could only grow.
  sqlite3_blob_close(std::exchange(database_->blob, nullptr));
  Transaction transaction(*database_);
  if (!entry.state.empty()) {
    Statement keep(database_->handle, "INSERT OR REPLACE INTO state VALUES(?, ?, ?)");
    keep.bind(1, static_cast<std::int64_t>(entry.unit));
    keep.bind(2, hash);
    keep.bind_bytes(3, entry.state);
    if (!keep.done()) database_->fail();
  }
  Statement insert(database_->handle, "INSERT OR REPLACE INTO unit VALUES(?, ?, ?, ?, ?)");
  insert.bind(1, static_cast<std::int64_t>(entry.unit));
  insert.bind(2, entry.failure);
  insert.bind(3, entry.redraws);
  insert.bind(4, entry.branched ? std::int64_t{1} : std::int64_t{0});
  insert.bind(5, entry.values);
  if (entry.values.empty()) sqlite3_bind_zeroblob(insert.get(), 5, 0);
  if (!insert.done()) database_->fail();
  transaction.commit();
}

void Journal::read(std::uint64_t unit, std::size_t first, std::span<double> values) const {
  const std::lock_guard lock(database_->mutex);
  const auto row = static_cast<sqlite3_int64>(unit);
  const int opened =
      database_->blob == nullptr
          ? sqlite3_blob_open(database_->handle, "main", "unit", "data", row, 0, &database_->blob)
          : sqlite3_blob_reopen(database_->blob, row);
  if (opened != SQLITE_OK ||
      sqlite3_blob_read(database_->blob, values.data(), static_cast<int>(values.size_bytes()),
                        static_cast<int>(first * sizeof(double))) != SQLITE_OK) {
    const std::string said = database_->said();
    sqlite3_blob_close(std::exchange(database_->blob, nullptr));
    throw WriteFailure(said);
  }
}

std::optional<JournalEntry> Journal::read_with_state(std::uint64_t unit) const {
  const std::lock_guard lock(database_->mutex);
  Statement row(
      database_->handle,
      "SELECT unit.redraws, unit.data, state.data, hash FROM unit JOIN state USING (number)"
      " WHERE number = ?");
  row.bind(1, static_cast<std::int64_t>(unit));
  if (!row.row()) {
    if (sqlite3_errcode(database_->handle) != SQLITE_DONE) database_->fail();
    return std::nullopt;
  }
  JournalEntry entry{unit, {}, row.number(0), {}, false, row.text(2)};
  const std::string values = row.text(1);
  entry.values.resize(values.size() / sizeof(double));
  if (!values.empty())
    std::memcpy(entry.values.data(), values.data(), entry.values.size() * sizeof(double));
  if (hash_of(entry) != row.text(3)) {
    throw WriteFailure(database_->file.string() + ": replication " + std::to_string(unit) +
                       " is damaged; run the saved scenario again with --save-state");
  }
  return entry;
}

void Journal::close_log() {
  const std::lock_guard lock(database_->mutex);
  sqlite3_blob_close(std::exchange(database_->blob, nullptr));
  if (!database_->run("PRAGMA wal_checkpoint(TRUNCATE)")) database_->fail();
  Statement mode(database_->handle, "PRAGMA journal_mode=DELETE");
  if (!mode.row() || mode.text(0) != "delete") database_->fail();
}

}  // namespace entente::output
