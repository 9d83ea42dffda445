#include "engine/output/csv_reader.hpp"

#include <algorithm>
#include <istream>
#include <utility>

namespace entente::output {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

class CsvReader {
 public:
  explicit CsvReader(const std::function<void(CsvRecord&&)>& take) : take_(take) {}

  /// Whole records: the first, or those after what was read before.
  void read(std::string_view text) {
    rest_ = text;
    if (line_ == 1 && rest_.starts_with(byte_order_mark))
      rest_.remove_prefix(byte_order_mark.size());
    while (!rest_.empty() && csv_.flaw.empty())
      read_record();
  }

  const CsvText& csv() const { return csv_; }

 private:
  void read_record() {
    CsvRecord record{line_, {}};
    while (csv_.flaw.empty()) {
      record.fields.push_back(rest_.starts_with('"') ? quoted_field() : plain_field());
      if (!rest_.starts_with(',')) break;
      rest_.remove_prefix(1);
    }
    if (!csv_.flaw.empty()) return;
    if (rest_.starts_with('\r')) rest_.remove_prefix(1);
    if (rest_.starts_with('\n')) rest_.remove_prefix(1);
    ++line_;
    if (record.fields.size() > 1 || !record.fields.front().empty()) {
      take_(std::move(record));
    }
  }

  std::string plain_field() {
    std::size_t end = rest_.find_first_of(",\n\"");
    if (end != std::string_view::npos && rest_[end] == '"') {
      flaw("a quote inside a field that does not start with one");
    }
    if (end == std::string_view::npos) end = rest_.size();
    std::string field(rest_.substr(0, end));
    rest_.remove_prefix(end);
    if (field.ends_with('\r')) field.pop_back();
    return field;
  }

  std::string quoted_field() {
    const int start = line_;
    rest_.remove_prefix(1);
    std::string field;
    while (!rest_.empty()) {
      const char character = rest_.front();
      rest_.remove_prefix(1);
      if (character == '\n') ++line_;
      if (character != '"') {
        field += character;
      } else if (rest_.starts_with('"')) {
        field += '"';
        rest_.remove_prefix(1);
      } else {
        const bool ends = rest_.empty() || rest_.front() == ',' || rest_.front() == '\n' ||
                          rest_.starts_with("\r\n");
        if (!ends) flaw("text after the closing quote of a field");
        return field;
      }
    }
    line_ = start;
    flaw("a quote that is not closed");
    return field;
  }

  void flaw(const char* what) {
    csv_.flaw = what;
    csv_.flaw_line = line_;
  }

  std::string_view rest_;
  const std::function<void(CsvRecord&&)>& take_;
  int line_ = 1;
  CsvText csv_;
};

/// Up to where a text that begins with a record has whole ones: its last line end outside quotes.
std::size_t end_of_records(std::string_view text) {
  std::size_t end = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '\n' && !quoted) end = i + 1;
  }
  return end;
}

}  // namespace

CsvText read_csv_records(std::istream& stream, const std::function<void(CsvRecord&&)>& take,
                         std::size_t piece) {
  CsvReader reader(take);
  std::string text;
  while (stream && reader.csv().flaw.empty()) {
    // At least as much as is there, or one record without an end would be looked through over and
    // over.
    const std::size_t kept = text.size();
    text.resize(kept + std::max(piece, kept));
    stream.read(text.data() + kept, static_cast<std::streamsize>(text.size() - kept));
    text.resize(kept + static_cast<std::size_t>(stream.gcount()));
    const std::size_t end = stream ? end_of_records(text) : text.size();
    reader.read(std::string_view(text).substr(0, end));
    text.erase(0, end);
  }
  return reader.csv();
}

CsvText read_csv(std::string_view text) {
  std::vector<CsvRecord> records;
  const std::function<void(CsvRecord &&)> take = [&](CsvRecord&& record) {
    records.push_back(std::move(record));
  };
  CsvReader reader(take);
  reader.read(text);
  CsvText csv = reader.csv();
  csv.records = std::move(records);
  return csv;
}

}  // namespace entente::output
