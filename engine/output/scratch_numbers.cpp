#include "engine/output/scratch_numbers.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace entente::output {

namespace {

off_t byte_place(std::uint64_t first) {
  return static_cast<off_t>(first * sizeof(double));
}

}  // namespace

ScratchNumbers::ScratchNumbers(const std::filesystem::path& folder) : folder_(folder) {
  auto name = (folder / "scratch-XXXXXX").string();
  file_ = FileDescriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (!file_.valid()) throw WriteFailure(system_message(folder, "cannot be written"));
  ::unlink(name.c_str());
}

void ScratchNumbers::write(std::uint64_t first, std::span<const double> values) const {
  auto bytes = std::as_bytes(values);
  off_t place = byte_place(first);
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file_.get(), bytes.data(), bytes.size(), place);
    if (written < 0) {
      if (errno == EINTR) continue;
      throw WriteFailure(system_message(folder_, "cannot be written"));
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    place += written;
  }
}

void ScratchNumbers::read(std::uint64_t first, std::span<double> values) const {
  auto bytes = std::as_writable_bytes(values);
  off_t place = byte_place(first);
  while (!bytes.empty()) {
    const ssize_t taken = ::pread(file_.get(), bytes.data(), bytes.size(), place);
    if (taken < 0) {
      if (errno == EINTR) continue;
      throw WriteFailure(system_message(folder_, "cannot be read"));
    }
    if (taken == 0) throw WriteFailure(folder_.string() + ": its scratch file ends too early");
    bytes = bytes.subspan(static_cast<std::size_t>(taken));
    place += taken;
  }
}

}  // namespace entente::output
