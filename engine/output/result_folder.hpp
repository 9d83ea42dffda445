#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/output/file_writer.hpp"
#include "engine/output/folder_lock.hpp"

namespace entente::output {

/// A result folder in the making. Files go to a hidden folder beside the target, on the same file
/// system; `commit` puts all of them under the final name at once. Without a commit nothing
/// changes.
///
/// The target may be absent (its parents are made), empty, or a folder that this program wrote:
/// then its results are replaced and whatever else the user keeps there stays.
class ResultFolder {
 public:
  /// Takes the lock, clears what a killed process left, and makes the hidden folder. `files` are
  /// the names to be written, manifest.json among them. Throws FolderRefused for a place that
  /// cannot or must not take results.
  ResultFolder(const std::filesystem::path& target, std::vector<std::string> files);
  /// Removes the hidden folder unless committed, and gives the lock back.
  ~ResultFolder();
  ResultFolder(const ResultFolder&) = delete;
  ResultFolder& operator=(const ResultFolder&) = delete;
  ResultFolder(ResultFolder&&) = delete;
  ResultFolder& operator=(ResultFolder&&) = delete;

  /// Writes one of the announced files. manifest.json must be the last: a hidden folder without it
  /// is known to be unfinished. Throws WriteFailure.
  void write(const std::string& name, const Fill& fill);

  /// Makes a file that is complete one of the announced: under a second name, or a copy where files
  /// have but one. Throws WriteFailure.
  void adopt(const std::string& name, const std::filesystem::path& file);

  /// Where what is finished of these results may be kept meanwhile: beside the folder, and not
  /// removed with it.
  std::filesystem::path journal_file() const;

  /// The hidden folder, for what is needed until the commit and has no name by then.
  const std::filesystem::path& hidden_folder() const { return partial_; }

  /// Puts the complete results under the final name. Throws WriteFailure.
  void commit();

 private:
  void count_written(const std::string& name);
  void recover();
  void refuse_foreign_content() const;
  void clear_replaced() const;

  std::filesystem::path target_;
  std::filesystem::path partial_;
  std::vector<std::string> files_;
  std::vector<std::filesystem::path> made_parents_;  // innermost first, removed if nothing came
  std::unique_ptr<FolderLock> lock_;
  std::size_t written_ = 0;
  bool committed_ = false;
};

}  // namespace entente::output
