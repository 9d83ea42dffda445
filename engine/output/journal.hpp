#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace entente::output {

/// One unit of work that is finished: its values, or why it has none.
struct JournalEntry {
  std::uint64_t unit = 0;
  std::string failure;         // empty: it has values
  std::int64_t redraws = 0;    // of its parameters
  std::vector<double> values;  // empty for a failure
  bool branched = false;       // began with a saved state
  std::string state = {};      // bytes to branch from, where they are wanted; else empty
};

/// Finished units of a run on the disk (SQLite, write-ahead log): what is in it survives the
/// process, however that ends. A unit is in it whole or not at all.
class Journal {
 public:
  /// Opens the journal at `file`, or begins one. `identity` says of which run it is. Throws
  /// FolderRefused when the file is the journal of another run or none at all, and WriteFailure.
  Journal(const std::filesystem::path& file, const std::string& identity);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  Journal(Journal&&) = delete;
  Journal& operator=(Journal&&) = delete;

  /// Opens a journal that is closed, to read it alone. Throws FolderRefused when it is none.
  explicit Journal(const std::filesystem::path& file);

  /// Files of a journal: those that a killed process may leave.
  static void remove(const std::filesystem::path& file);

  /// Of which run it is.
  std::string identity() const;

  /// Everything but the values and the state, by unit.
  std::vector<JournalEntry> entries() const;

  /// Adds a unit; from any thread. Throws WriteFailure, as on a full disk.
  void add(const JournalEntry& entry);

  /// Values [first, first + values.size()) of a unit. Throws WriteFailure when they cannot be read.
  void read(std::uint64_t unit, std::size_t first, std::span<double> values) const;

  /// A unit with its values and its state; nothing where it has no state. Throws WriteFailure when
  /// they are not what was added.
  std::optional<JournalEntry> read_with_state(std::uint64_t unit) const;

  /// Brings everything into the one file, which may then be copied. Reading goes on. Throws
  /// WriteFailure.
  void close_log();

 private:
  struct Database;
  class Transaction;
  std::unique_ptr<Database> database_;
};

}  // namespace entente::output
