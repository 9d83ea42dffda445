#include "engine/experiment/ensemble/parameter_draws.hpp"

#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/market/elementary.hpp"

namespace entente::experiment {

namespace {

using scenario::Drawn;
using scenario::Field;
using scenario::Figure;
using scenario::Record;

/// What is called with a figure that may be drawn, its key's declaration and its key path.
using Visit = std::function<void(Record&, const Field&, Figure&)>;

double mark_spread(const std::string& mark) {
  static const std::map<std::string, double> spreads = {
      {"A", 0.05}, {"B", 0.10}, {"C", 0.25}, {"D", 0.50}};
  return spreads.at(mark);
}

bool is_drawn(const Field& field, const Figure& figure) {
  if (field.drawn == Drawn::never) return false;
  if (figure.low && figure.high) return *figure.low < *figure.high;
  if (figure.mark.empty() || field.drawn == Drawn::by_range) return false;
  return field.drawn == Drawn::by_loss ? figure.value != 1.0 : figure.value != 0.0;
}

// Recursion as deep as the declared fields.
void visit_drawn(Record& record, const std::vector<Field>& fields, const Visit& visit) {
  for (const Field& field : fields) {
    const auto slot = record.slots_.find(field.key);
    if (slot == record.slots_.end()) continue;
    if (auto* records = std::get_if<std::vector<Record>>(&slot->second.value)) {
      for (Record& each : *records)
        visit_drawn(each, field.fields, visit);
    } else if (auto* figure = std::get_if<Figure>(&slot->second.value)) {
      if (is_drawn(field, *figure)) visit(record, field, *figure);
    }
  }
}

void visit_drawn(scenario::Scenario& scenario, const scenario::Schema& schema, const Visit& visit) {
  for (const scenario::Table& table : schema) {
    if (table.kind == scenario::Table::Kind::single) {
      visit_drawn(scenario.singles.at(table.name), table.fields, visit);
    } else {
      for (scenario::Entry& entry : scenario.entries.at(table.name))
        visit_drawn(entry, table.fields, visit);
    }
  }
}

std::string path_of(const Record& record, const Field& field) {
  return record.path() + "." + field.key;
}

/// A key path has a dot and a name of `together` has none, so they never meet.
std::string draw_name(const Record& record, const Field& field, const Figure& figure) {
  return figure.together.empty() ? path_of(record, field) : figure.together;
}

struct Bounds {
  double low;
  double high;
};

/// Where a value must stay; a bound that is itself refused is approached, never reached.
Bounds bounds_of(const Field& field, double value) {
  constexpr double near = 0.999;
  Bounds bounds{field.minimum, field.maximum};
  if (field.exclusive_minimum) bounds.low = value + near * (field.minimum - value);
  if (field.exclusive_maximum) bounds.high = value + near * (field.maximum - value);
  return bounds;
}

double draw_by_spread(double value, double spread, const Bounds& bounds, double u) {
  const double end = u < 0.0 ? value / (1.0 + spread) : value * (1.0 + spread);
  if (end < bounds.low) return value + (bounds.low - value) * std::abs(u);
  if (end > bounds.high) return value + (bounds.high - value) * std::abs(u);
  return value * market::deterministic_exp(u * market::deterministic_log(1.0 + spread));
}

double draw_figure(const Figure& figure, const Field& field, double u) {
  const double value = figure.value;
  if (figure.low && figure.high) {
    return value + (u < 0.0 ? value - *figure.low : *figure.high - value) * u;
  }
  const Bounds bounds = bounds_of(field, value);
  const double spread = mark_spread(figure.mark);
  if (field.drawn != Drawn::by_loss) return draw_by_spread(value, spread, bounds, u);
  return 1.0 - draw_by_spread(1.0 - value, spread, {1.0 - bounds.high, 1.0 - bounds.low}, u);
}

/// A drawn figure of a sum.
struct Summand {
  Record* record;
  const Field* field;
  Figure* figure;
  double before;
};

std::string sum_name(const Record& record, const Field& field) {
  return field.sum + " of " +
         (field.sum_over.empty() ? record.path() : record.text(field.sum_over));
}

/// What draws added to a sum is taken off its figures in proportion to their size.
void keep_sum(const std::vector<Summand>& summands, scenario::Faults& faults) {
  double added = 0.0;
  double size = 0.0;
  for (const Summand& each : summands) {
    added += each.figure->value - each.before;
    size += std::abs(each.before);
  }
  if (size <= 0.0) return;
  for (const Summand& each : summands) {
    double& value = each.figure->value;
    value -= added * std::abs(each.before) / size;
    if (value >= each.field->minimum && value <= each.field->maximum) continue;
    faults.push_back(each.record->fault(each.field->key, "the draw leaves the bounds to keep a sum",
                                        {}, fmt::format("{}", value)));
  }
}

}  // namespace

ParameterDraw draw_parameters(const scenario::Scenario& scenario, const scenario::Schema& schema,
                              const population::Draws& draws, std::uint32_t attempt) {
  ParameterDraw drawn{scenario, {}};
  std::map<std::string, std::vector<Summand>> sums;
  visit_drawn(drawn.scenario, schema, [&](Record& record, const Field& field, Figure& figure) {
    const auto stream = population::stream_name("parameter", draw_name(record, field, figure));
    const double before = figure.value;
    figure.value = draw_figure(figure, field, 2.0 * draws.uniform(stream, attempt) - 1.0);
    if (!field.sum.empty()) {
      sums[sum_name(record, field)].push_back({&record, &field, &figure, before});
    }
  });
  for (const auto& [name, summands] : sums)
    keep_sum(summands, drawn.faults);
  return drawn;
}

scenario::Faults find_meeting_draws(const scenario::Scenario& scenario,
                                    const scenario::Schema& schema) {
  scenario::Faults faults;
  std::map<std::uint64_t, std::string> seen;
  scenario::Scenario copy = scenario;
  visit_drawn(copy, schema, [&](Record& record, const Field& field, Figure& figure) {
    const std::string name = draw_name(record, field, figure);
    const auto [place, fresh] = seen.emplace(population::stream_name("parameter", name), name);
    if (fresh || place->second == name) return;
    faults.push_back(record.fault(
        field.key,
        fmt::format("random streams of '{}' and '{}' meet; rename one", name, place->second)));
  });
  return faults;
}

}  // namespace entente::experiment
