#include "engine/output/file_writer.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace entente::output {

namespace {

void write_all(int file, std::string_view text, const std::filesystem::path& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw WriteFailure(system_message(path, "cannot be written"));
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (valid()) ::close(number_);
}

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

bool FileDescriptor::close() {
  return ::close(std::exchange(number_, -1)) == 0;
}

std::string system_message(const std::filesystem::path& path, const std::string& what) {
  const auto reason = std::generic_category().message(errno);
  return path.string() + ": " + what + ": " + reason;
}

void write_new_file(const std::filesystem::path& path, const Fill& fill) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.valid()) throw WriteFailure(system_message(path, "cannot be created"));
  fill([&](std::string_view text) { write_all(file.get(), text, path); });
  // Some file systems report a full disk only here.
  if (::fsync(file.get()) != 0 || !file.close()) {
    throw WriteFailure(system_message(path, "cannot be written"));
  }
}

void replace_file(const std::filesystem::path& path, std::string_view text) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const auto unfinished =
      folder / ("." + path.filename().string() + ".entente-" + std::to_string(::getpid()));
  std::error_code ignored;
  std::filesystem::remove(unfinished, ignored);
  try {
    write_new_file(unfinished, [&](const TextSink& sink) { sink(text); });
    if (::rename(unfinished.c_str(), path.c_str()) != 0) {
      throw WriteFailure(system_message(path, "cannot be replaced"));
    }
  } catch (...) {
    std::filesystem::remove(unfinished, ignored);
    throw;
  }
  sync_folder(folder);
}

void sync_folder(const std::filesystem::path& folder) {
  const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // File systems that cannot sync a directory answer EINVAL; they need no sync then.
  if (!directory.valid() || (::fsync(directory.get()) != 0 && errno != EINVAL)) {
    throw WriteFailure(system_message(folder, "cannot be brought to the disk"));
  }
}

}  // namespace entente::output
