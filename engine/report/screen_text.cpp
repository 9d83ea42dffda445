#include "engine/report/screen_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/core.h>
#include <string_view>
#include <utility>

namespace entente::report {

namespace {

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

bool is_ascii(char byte) {
  return static_cast<unsigned char>(byte) < 0x80U;
}

constexpr std::array<std::pair<std::string_view, char>, 11> substitutes = {{{"▁", '.'},
                                                                            {"▂", ','},
                                                                            {"▃", ':'},
                                                                            {"▄", ';'},
                                                                            {"▅", '+'},
                                                                            {"▆", '*'},
                                                                            {"▇", '#'},
                                                                            {"█", '@'},
                                                                            {"─", '-'},
                                                                            {"→", '>'},
                                                                            {"…", '~'}}};

std::string in_ascii(std::string_view text) {
  std::string ascii;
  while (!text.empty()) {
    std::size_t bytes = 1;
    while (bytes < text.size() && continues_character(text[bytes]))
      ++bytes;
    const auto character = text.substr(0, bytes);
    const auto* const found =
        std::ranges::find(substitutes, character, &std::pair<std::string_view, char>::first);
    ascii += is_ascii(text.front())       ? text.front()
             : found != substitutes.end() ? found->second
                                          : '?';
    text.remove_prefix(bytes);
  }
  return ascii;
}

}  // namespace

std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return !continues_character(byte); }));
}

std::string plain(std::string text) {
  for (char& byte : text) {
    if (static_cast<unsigned char>(byte) < 0x20U || byte == 0x7F) byte = ' ';
  }
  return text;
}

std::string fit(std::string text, std::size_t columns) {
  text = plain(std::move(text));
  if (width(text) <= columns) return text;
  std::size_t bytes = 0;
  for (std::size_t seen = 0; bytes < text.size(); ++bytes) {
    if (!continues_character(text[bytes]) && seen++ + 1 == columns) break;
  }
  return text.substr(0, bytes) + "…";
}

std::string padded(const std::string& text, std::size_t columns) {
  return text + std::string(columns > width(text) ? columns - width(text) : 1, ' ');
}

std::string amount(double value) {
  const double size = std::abs(value);
  return fmt::format("{:.{}f}", value, size < 10.0 ? 2 : size < 100.0 ? 1 : 0);
}

std::string bold(const std::string& text, const ScreenStyle& style) {
  return style.colour ? "\033[1m" + text + "\033[0m" : text;
}

std::string screen_text(const std::string& text, const ScreenStyle& style) {
  return style.unicode ? text : in_ascii(text);
}

std::string screen_text(const std::vector<std::string>& lines, const ScreenStyle& style) {
  std::string text;
  for (const auto& line : lines)
    text += line + '\n';
  return screen_text(text, style);
}

}  // namespace entente::report
