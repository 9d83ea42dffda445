#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace entente::output {

/// One record of a CSV text with the line it starts on, counted from 1.
struct CsvRecord {
  int line = 0;
  std::vector<std::string> fields;
};

struct CsvText {
  std::vector<CsvRecord> records;  // up to the flaw; lines without a character are left out
  std::string flaw;                // empty when the text is a CSV
  int flaw_line = 0;
};

/// Hands over each record as it is read, for texts that would not fit memory; no more of them is in
/// it than `piece` bytes or two records. The result has the flaw and no records. Throws what `take`
/// throws.
CsvText read_csv_records(std::istream& stream, const std::function<void(CsvRecord&&)>& take,
                         std::size_t piece = std::size_t{1} << 20U);

/// Splits a CSV (RFC 4180): comma, double quotes, LF or CRLF; a byte order mark is passed over.
CsvText read_csv(std::string_view text);

}  // namespace entente::output
