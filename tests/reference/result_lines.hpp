#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace entente::reference {

/// The CSVs of a result folder by name, as their lines; the first is the header.
using ResultLines = std::map<std::string, std::vector<std::string>>;

/// Throws std::runtime_error where there is no CSV, or one does not end with its line.
ResultLines read_result_lines(const std::filesystem::path& folder);

/// Headers, and the lines that are asked for.
ResultLines keep_lines(const ResultLines& results,
                       const std::function<bool(std::string_view line)>& is_kept);

/// Lines without the headers.
std::size_t count_lines(const ResultLines& results);

/// The field of a line at a position, from 0, of those without quotes.
std::string_view field_of(std::string_view line, std::size_t position);

/// Empty where both have the same bytes, else the first line that differs.
std::string first_difference(const ResultLines& expected, const ResultLines& seen);

}  // namespace entente::reference
