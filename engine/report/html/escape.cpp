#include "engine/report/html/escape.hpp"

#include <charconv>
#include <cstdint>
#include <stdexcept>

namespace entente::report {

namespace {

constexpr std::string_view line_separator = "\xE2\x80\xA8";       // U+2028
constexpr std::string_view paragraph_separator = "\xE2\x80\xA9";  // U+2029

}  // namespace

std::string html_text(std::string_view text) {
  std::string safe;
  for (const char letter : text) {
    switch (letter) {
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '&':
        safe += "&amp;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += letter;
    }
  }
  return safe;
}

std::string script_json(std::string_view json) {
  std::string safe;
  while (!json.empty()) {
    if (json.starts_with(line_separator) || json.starts_with(paragraph_separator)) {
      safe += json.starts_with(line_separator) ? "\\u2028" : "\\u2029";
      json.remove_prefix(line_separator.size());
      continue;
    }
    switch (json.front()) {
      case '<':
        safe += "\\u003c";
        break;
      case '>':
        safe += "\\u003e";
        break;
      case '&':
        safe += "\\u0026";
        break;
      default:
        safe += json.front();
    }
    json.remove_prefix(1);
  }
  return safe;
}

std::string base64_of_hex(std::string_view digits) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::uint32_t pending = 0;
  int bits = 0;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    std::uint8_t byte = 0;
    const auto pair = digits.substr(at, 2);
    const auto read = std::from_chars(pair.data(), pair.data() + pair.size(), byte, 16);
    if (pair.size() != 2 || read.ec != std::errc{} || read.ptr != pair.data() + 2) {
      throw std::invalid_argument("no hexadecimal bytes: " + std::string(digits));
    }
    pending = (pending << 8U) | byte;
    for (bits += 8; bits >= 6; bits -= 6)
      text += letters[(pending >> static_cast<unsigned>(bits - 6)) & 63U];
  }
  if (bits > 0) text += letters[(pending << static_cast<unsigned>(6 - bits)) & 63U];
  while (text.size() % 4 != 0)
    text += '=';
  return text;
}

}  // namespace entente::report
