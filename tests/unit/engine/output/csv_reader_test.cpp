#include "engine/output/csv_reader.hpp"

#include <sstream>

#include "tests/catch.hpp"

using namespace entente;
using Fields = std::vector<std::string>;

TEST_CASE("quotes, line ends, empty fields and blank lines are read as RFC 4180 has them",
          "[unit]") {
  const auto csv = output::read_csv(
      "\xEF\xBB\xBF"
      "a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\n,\nlast,\"\"");
  CHECK(csv.flaw.empty());
  REQUIRE(csv.records.size() == 4);
  CHECK(csv.records[0].fields == Fields{"a", "b"});
  CHECK(csv.records[1].fields == Fields{"1", "x, \"y\"\nz"});
  CHECK(csv.records[1].line == 2);
  CHECK(csv.records[2].fields == Fields{"", ""});
  CHECK(csv.records[2].line == 5);
  CHECK(csv.records[3].fields == Fields{"last", ""});
}

TEST_CASE("what is no CSV is told with its line", "[unit]") {
  const auto open = output::read_csv("a,b\n1,\"never\nends");
  CHECK(open.flaw == "a quote that is not closed");
  CHECK(open.flaw_line == 2);
  CHECK(open.records.size() == 1);
  CHECK(output::read_csv("a,b\n\n1,x\"y\n").flaw_line == 3);
  CHECK(output::read_csv("\"a\"b,c\n").flaw == "text after the closing quote of a field");
  CHECK(output::read_csv("").records.empty());
}

TEST_CASE("a file is read in pieces of any size as at once", "[unit]") {
  const std::string mark = "\xEF\xBB\xBF";  // which is text anywhere but at the start
  const std::vector<std::string> texts = {mark + "a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\n,\nlast,\"\"",
                                          "a\n" + mark + "b\n",
                                          "a,b\n1,\"never\nends",
                                          "a,b\n1,2\n\n1,x\"y\n3,4\n",
                                          "a\n\"b\"\n\"c\"d\n",
                                          ""};
  for (const std::string& text : texts) {
    const auto whole = output::read_csv(text);
    for (std::size_t piece = 1; piece < text.size() + 3; ++piece) {
      std::istringstream stream(text);
      std::vector<output::CsvRecord> records;
      const auto csv = output::read_csv_records(
          stream, [&](output::CsvRecord&& record) { records.push_back(std::move(record)); }, piece);
      CHECK(csv.flaw == whole.flaw);
      CHECK(csv.flaw_line == whole.flaw_line);
      REQUIRE(records.size() == whole.records.size());
      for (std::size_t r = 0; r < records.size(); ++r) {
        CHECK(records[r].fields == whole.records[r].fields);
        CHECK(records[r].line == whole.records[r].line);
      }
    }
  }
}
