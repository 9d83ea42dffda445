#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "engine/output/csv.hpp"

namespace entente::output {

/// The machine could not write: the message names the path and the system's reason.
class WriteFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An open file descriptor, closed at the end of its scope.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number = -1) : number_(number) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const { return number_; }
  bool valid() const { return number_ >= 0; }
  /// Closes and returns false when the system reports a late write error (errno is set).
  bool close();

 private:
  int number_;
};

/// Fills a text into a sink.
using Fill = std::function<void(const TextSink&)>;

/// Creates `path` (which must not exist), fills it and brings it to the disk. Throws WriteFailure.
void write_new_file(const std::filesystem::path& path, const Fill& fill);

/// Replaces `path` by a complete new text or leaves it as it was. Throws WriteFailure.
void replace_file(const std::filesystem::path& path, std::string_view text);

/// Brings the names in a folder to the disk. Throws WriteFailure.
void sync_folder(const std::filesystem::path& folder);

/// "PATH: WHAT: the system's words for errno".
std::string system_message(const std::filesystem::path& path, const std::string& what);

}  // namespace entente::output
