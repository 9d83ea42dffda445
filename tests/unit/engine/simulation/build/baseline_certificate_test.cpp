#include "engine/simulation/build/baseline_certificate.hpp"

#include "tests/catch.hpp"

using namespace entente;
using simulation::BaselineCertificate;
using test::contains;

TEST_CASE("a certificate that holds needs no words", "[unit]") {
  BaselineCertificate certificate;
  certificate.market = "phones";
  CHECK(simulation::describe_certificate(certificate).empty());
}

TEST_CASE("a certificate that fails names market, product, gain and price", "[unit]") {
  BaselineCertificate certificate;
  certificate.market = "phones";
  certificate.product = "phone-a";
  certificate.gain = 0.25;
  certificate.price = 640.0;
  const std::string text = simulation::describe_certificate(certificate);
  CHECK_THAT(text, contains("market 'phones'"));
  CHECK_THAT(text, contains("'phone-a' would gain 25% at a price of 640"));
}

TEST_CASE("a search that was not possible says why", "[unit]") {
  BaselineCertificate certificate;
  certificate.market = "phones";
  certificate.not_certified = "η must exceed 1";
  CHECK_THAT(simulation::describe_certificate(certificate), contains("η must exceed 1"));
}
