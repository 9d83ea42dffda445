#include "engine/report/html/escape.hpp"

#include <stdexcept>

#include "tests/catch.hpp"

using namespace entente::report;

TEST_CASE("text stays text between tags and in attributes", "[unit]") {
  CHECK(html_text("<b> \"you\" & 'me' µ") == "&lt;b&gt; &quot;you&quot; &amp; &#39;me&#39; µ");
}

TEST_CASE("JSON cannot leave its script element", "[unit]") {
  CHECK(script_json("{\"t\":\"</script><!-- & \xE2\x80\xA8\xE2\x80\xA9 µ\"}") ==
        "{\"t\":\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029 µ\"}");
}

TEST_CASE("hexadecimal bytes in base64", "[unit]") {
  // RFC 4648, section 10: "", f, fo, foo, foob.
  CHECK(base64_of_hex("").empty());
  CHECK(base64_of_hex("66") == "Zg==");
  CHECK(base64_of_hex("666f") == "Zm8=");
  CHECK(base64_of_hex("666f6f") == "Zm9v");
  CHECK(base64_of_hex("666f6f62") == "Zm9vYg==");
  CHECK(base64_of_hex("fbff") == "+/8=");
  CHECK_THROWS_AS(base64_of_hex("6"), std::invalid_argument);
  CHECK_THROWS_AS(base64_of_hex("6g"), std::invalid_argument);
}
