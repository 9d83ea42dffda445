#include "engine/output/column_dictionary.hpp"

#include "tests/catch.hpp"

using namespace entente::output;

TEST_CASE("every column has a line with its unit and meaning", "[unit]") {
  ResultTable table;
  table.name = "firms";
  table.meaning = "One row a firm.";
  table.keys = {{"firm", "text", "Id of the firm."}};
  table.series = {{"profit_usd_bn", "USD bn", "Revenue less cost | transfers apart."}};
  CHECK(column_dictionary({table}) ==
        "## `firms.csv`\n\n"
        "One row a firm.\n\n"
        "| column | unit | meaning |\n"
        "|---|---|---|\n"
        "| `replication` | count | Number of the replication, from 0. |\n"
        "| `quarter` | text | Calendar quarter, as in 2024Q1. |\n"
        "| `firm` | text | Id of the firm. |\n"
        "| `profit_usd_bn` | USD bn | Revenue less cost \\| transfers apart. |\n");
}
