#pragma once

#include <string>
#include <vector>

namespace entente::test {

/// How far a figure may be from the golden one: another compiler may move the last digits, also of
/// a small difference of large numbers, as orders that were not served are.
constexpr double relative_tolerance = 1e-9;
constexpr double absolute_tolerance = 1e-10;

/// What differs between two CSV texts of one table, a line each, naming row, column and both
/// values. The first `key_columns` columns name a row and are compared as text, like the header;
/// the others are numbers, or empty cells, which only equal empty cells.
std::vector<std::string> compare_csv(const std::string& golden, const std::string& actual,
                                     std::size_t key_columns);

}  // namespace entente::test
