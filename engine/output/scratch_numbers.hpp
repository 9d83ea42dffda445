#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "engine/output/file_writer.hpp"

namespace entente::output {

/// Numbers on the disk that are needed only while the program runs. Their file has no name, so
/// nothing of it is left, however the process ends. All of it may be used from several threads, as
/// long as no two touch the same numbers.
class ScratchNumbers {
 public:
  /// On the disk of `folder`, which must be there. Throws WriteFailure.
  explicit ScratchNumbers(const std::filesystem::path& folder);

  /// Puts them from place `first` on. Throws WriteFailure, as on a full disk.
  void write(std::uint64_t first, std::span<const double> values) const;

  /// Takes them from place `first` on. Throws WriteFailure, also where none were put.
  void read(std::uint64_t first, std::span<double> values) const;

 private:
  std::filesystem::path folder_;
  FileDescriptor file_;
};

}  // namespace entente::output
