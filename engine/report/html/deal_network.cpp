#include "engine/report/html/deal_network.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "engine/report/html/escape.hpp"
#include "engine/scenario/document.hpp"

namespace entente::report {

namespace {

constexpr int row_height = 34;
constexpr int width = 460;
constexpr int firm_edge = 150;  // where names of firms end and lines begin
constexpr int deal_edge = 270;  // where lines end and names of deals begin

std::string text_of(const scenario::Node* node) {
  const auto* text = node ? std::get_if<std::string>(&node->content) : nullptr;
  return text ? *text : std::string{};
}

int row_place(std::size_t row, std::size_t rows, std::size_t most) {
  const auto shift = static_cast<int>(most - rows) * row_height / 2;
  return static_cast<int>(row) * row_height + row_height / 2 + shift;
}

}  // namespace

std::vector<DealParties> read_parties(const std::string& scenario_text) {
  std::vector<DealParties> deals;
  const auto parsed = scenario::parse_document(scenario_text, "scenario");
  if (!parsed.root) return deals;
  const auto* entries = scenario::member(*parsed.root, "partnership");
  const auto* array = entries ? std::get_if<scenario::Node::Array>(&entries->content) : nullptr;
  if (!array) return deals;
  for (const auto& entry : *array) {
    DealParties deal{text_of(scenario::member(entry, "id")), {}};
    const auto* parties = scenario::member(entry, "parties");
    if (const auto* names =
            parties ? std::get_if<scenario::Node::Array>(&parties->content) : nullptr) {
      for (const auto& name : *names)
        deal.parties.push_back(text_of(&name));
    }
    deals.push_back(std::move(deal));
  }
  return deals;
}

std::string deal_network(const std::vector<DealParties>& deals) {
  if (deals.empty()) return {};
  std::vector<std::string> firms;
  for (const auto& deal : deals) {
    for (const auto& party : deal.parties) {
      if (std::ranges::find(firms, party) == firms.end()) firms.push_back(party);
    }
  }
  const auto most = std::max(firms.size(), deals.size());
  std::string lines;
  std::string names;
  for (std::size_t row = 0; row < firms.size(); ++row) {
    names += fmt::format("<text x=\"{}\" y=\"{}\" class=\"firm\">{}</text>", firm_edge - 10,
                         row_place(row, firms.size(), most) + 5, html_text(firms[row]));
  }
  for (std::size_t row = 0; row < deals.size(); ++row) {
    const int end = row_place(row, deals.size(), most);
    names += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>", deal_edge + 10, end + 5,
                         html_text(deals[row].deal));
    names += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"5\"/>", deal_edge, end);
    for (const auto& party : deals[row].parties) {
      const auto firm = static_cast<std::size_t>(std::ranges::find(firms, party) - firms.begin());
      lines += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", firm_edge,
                           row_place(firm, firms.size(), most), deal_edge, end);
    }
  }
  return fmt::format(
      "<svg class=\"network\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Firms and the deals "
      "they are party to; the table below says the same\">{}{}</svg>",
      width, static_cast<int>(most) * row_height, lines, names);
}

}  // namespace entente::report
