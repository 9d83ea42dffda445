#include "engine/scenario/source_file.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <system_error>
#include <vector>

#include "engine/scenario/diagnostic.hpp"

namespace entente::scenario {
namespace {

namespace fs = std::filesystem;

/// A scenario of nearly that name in the same folder, if there is one.
std::string nearby_file(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end;
       each.increment(error)) {
    if (each->path().extension() == ".toml") names.push_back(each->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  // Compared without the ending that all share, or any two short names would be near.
  std::vector<std::string> stems;
  stems.reserve(names.size());
  for (const std::string& name : names)
    stems.push_back(fs::path(name).stem().string());
  const std::string nearest = nearest_name(file.stem().string(), stems);
  return nearest.empty() ? std::string{} : (file.parent_path() / (nearest + ".toml")).string();
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t megabyte = 1u << 20;
  return bytes % megabyte == 0 && bytes > 0 ? fmt::format("{} MB", bytes / megabyte)
                                            : fmt::format("{} bytes", bytes);
}

}  // namespace

SourceText read_source(const std::string& file, std::uint64_t limit) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found) {
    const std::string nearest = nearby_file(file);
    return {.problem = "does not exist",
            .hint = nearest.empty() ? std::string{} : "did you mean '" + nearest + "'?"};
  }
  if (error) return {.problem = "cannot be read", .seen = error.message()};
  if (fs::is_directory(status)) return {.problem = "is a directory"};
  // A pipe or a device could block for ever or never end.
  if (!fs::is_regular_file(status)) return {.problem = "is not a regular file"};
  const std::uint64_t size = fs::file_size(file, error);
  if (error) return {.problem = "cannot be read", .seen = error.message()};
  if (size > limit) {
    return {.problem = "is larger than " + size_text(limit), .seen = fmt::format("{} bytes", size)};
  }
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    return {.problem = "cannot be read", .seen = std::generic_category().message(errno)};
  }
  SourceText source;
  source.text.resize(size);  // what a file grows by after this is not read
  stream.read(source.text.data(), static_cast<std::streamsize>(size));
  if (stream.bad()) {
    return {.problem = "cannot be read", .seen = std::generic_category().message(errno)};
  }
  source.text.resize(static_cast<std::size_t>(stream.gcount()));
  return source;
}

}  // namespace entente::scenario
