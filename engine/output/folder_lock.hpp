#pragma once

#include <filesystem>
#include <stdexcept>

#include "engine/output/file_writer.hpp"

namespace entente::output {

/// The place the user named cannot take results: the message says why and what to do.
class FolderRefused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Keeps other processes of this program out of one result folder. The lock is the system's (flock)
/// and ends with the process, however that ends; the lock file stands beside the folder and is
/// removed at the end of the scope.
class FolderLock {
 public:
  /// Throws FolderRefused when another process holds it or the place cannot be written.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  FolderLock(FolderLock&&) = delete;
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  std::filesystem::path file_;
  FileDescriptor descriptor_;
};

}  // namespace entente::output
