#pragma once

#include <string>
#include <vector>

#include "engine/report/html/contrast.hpp"

namespace entente::report {

/// What a figure, averaged over the quarters, is with and without the deals.
struct Change {
  std::string table;
  std::string series;
  std::string entity;   // keys joined by '/'
  std::string subject;  // "share of a-product in a-market"
  std::string unit;
  double without = 0.0;
  double with = 0.0;
  double difference = 0.0;
  double low = 0.0;  // 95% interval
  double high = 0.0;
  double size = 0.0;     // by which changes of one series are ordered
  bool certain = false;  // p by Holm over all changes of the report is at most 5%
};

/// Of each contrast the changes of shares, prices, profits, concentration and surplus; within a
/// series the certain ones first, then by size. Over the quarters that both sides have. Empty when
/// there is nothing to set against.
std::vector<std::vector<Change>> compute_changes(const std::vector<Contrast>& contrasts);

/// Whether the figure reads differently, at four digits, with and without the deals. With shared
/// draws a change may be beyond chance and still be nothing to speak of.
bool is_visible(const Change& change);

/// One sentence: "the share of … rose by 1.2 points, from 20.1 to 21.3".
std::string sentence(const Change& change);

}  // namespace entente::report
