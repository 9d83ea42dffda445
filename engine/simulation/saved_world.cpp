#include "engine/simulation/saved_world.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include "engine/simulation/markets/consumer_choice.hpp"

namespace entente::simulation {

namespace {

/// Visits what a quarter leaves to the next, deals and events excepted. Every member of a world is
/// bound by name, so that one that is added is a fault of the compiler until it is thought of here.
template <class SomeWorld, class Visitor>
void visit_members(SomeWorld& world, Visitor& visit) {
  auto& [economy, quarter, populations, price, signed_price, quantity, orders, choice_share,
         outlook, base_share, holders, quality, capacity, under_construction, markup, revenue,
         presence, scarcity, deliverable, link_price, link_volume, link_access, due, input_stock,
         input_stock_value, resource_capacity, account_stock, partnerships, events, shock,
         model_state] = world;
  visit.one(quarter);
  for (auto& population : populations) {
    auto& [cells, representation, holding, count, held, individuals, room, choice_stream,
           lottery_stream] = population;
    visit.array(holding);
    visit.array(count);
    visit.list(held);
  }
  for (auto* array : {&price, &signed_price, &quantity, &orders, &choice_share})
    visit.array(*array);
  auto& [outlook_orders, level, growth, error] = outlook;
  for (auto* array : {&outlook_orders, &level, &growth})
    visit.array(*array);
  for (auto* array : {&error, &under_construction, &link_access, &due})
    visit.array(*array);
  for (auto* array : {&base_share, &holders, &quality, &capacity, &markup, &revenue, &scarcity,
                      &deliverable, &link_price, &link_volume, &input_stock, &input_stock_value,
                      &resource_capacity, &account_stock, &shock})
    visit.array(*array);
  for (auto& product : presence) {
    auto& [stage, since, losses, trailing_profit, trailing_revenue] = product;
    visit.one(stage);
    visit.one(since);
    visit.one(losses);
    visit.one(trailing_profit);
    visit.one(trailing_revenue);
  }
  for (auto& state : model_state)
    visit.array(state);
}

template <class SomeState, class Visitor>
void visit_members_of_deal(SomeState& state, Visitor& visit) {
  auto& [stage, age, penetration] = state;
  visit.one(stage);
  visit.one(age);
  visit.one(penetration);
}

class Writer {
 public:
  template <class Value>
  void one(const Value& value) {
    static_assert(std::is_trivially_copyable_v<Value>);
    raw(&value, sizeof(Value));
  }
  template <class Matrix>
  void array(const Matrix& values) {
    one(values.rows());
    one(values.cols());
    raw(values.data(), static_cast<std::size_t>(values.size()) * sizeof(typename Matrix::Scalar));
  }
  template <class List>
  void list(const List& values) {
    static_assert(std::is_trivially_copyable_v<typename List::value_type>);
    one(values.size());
    raw(values.data(), values.size() * sizeof(typename List::value_type));
  }
  std::string take() { return std::move(bytes_); }

 private:
  void raw(const void* data, std::size_t size) {
    if (size > 0) bytes_.append(static_cast<const char*>(data), size);
  }
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}

  template <class Value>
  void one(Value& value) {
    static_assert(std::is_trivially_copyable_v<Value>);
    raw(&value, sizeof(Value));
  }
  template <class Matrix>
  void array(Matrix& values) {
    Index rows = 0;
    Index columns = 0;
    one(rows);
    one(columns);
    const auto limit = static_cast<Index>(left_.size() / sizeof(typename Matrix::Scalar));
    const bool fits = rows >= 0 && columns >= 0 &&
                      (Matrix::ColsAtCompileTime != 1 || columns == 1) &&
                      (rows == 0 || columns <= limit / rows);
    if (!fits) throw DamagedWorld("an array of a saved state is too long");
    values.resize(rows, columns);
    raw(values.data(), static_cast<std::size_t>(values.size()) * sizeof(typename Matrix::Scalar));
  }
  /// A list is as long as the economy has it.
  template <class List>
  void list(List& values) {
    std::size_t count = 0;
    one(count);
    if (count != values.size()) throw DamagedWorld("a list of a saved state has another length");
    raw(values.data(), count * sizeof(typename List::value_type));
  }
  std::string text() {
    std::size_t size = 0;
    one(size);
    if (size > left_.size()) throw DamagedWorld("a text of a saved state is too long");
    std::string text(left_.substr(0, size));
    left_.remove_prefix(size);
    return text;
  }
  bool at_end() const { return left_.empty(); }

 private:
  void raw(void* data, std::size_t size) {
    if (size > left_.size()) throw DamagedWorld("a saved state ends too early");
    if (size > 0) std::memcpy(data, left_.data(), size);
    left_.remove_prefix(size);
  }
  std::string_view left_;
};

/// Deals or events with where they stand.
template <class Events>
void write_stages(const Events& events, const std::vector<PartnershipState>& states,
                  Writer& writer) {
  writer.one(events.size());
  for (std::size_t e = 0; e < events.size(); ++e) {
    writer.list(events[e].id);
    visit_members_of_deal(states[e], writer);
  }
}

template <class Events>
void read_stages(const Events& events, Reader& reader, std::vector<PartnershipState>& states) {
  std::size_t count = 0;
  reader.one(count);
  for (; count > 0; --count) {
    const std::string id = reader.text();
    PartnershipState state;
    visit_members_of_deal(state, reader);
    const auto place = std::ranges::find(events, id, [](const Event& event) { return event.id; });
    if (place != events.end()) states[static_cast<std::size_t>(place - events.begin())] = state;
  }
}

}  // namespace

std::string save_world(const World& world) {
  Writer writer;
  visit_members(world, writer);
  write_stages(world.economy->partnerships, world.partnerships, writer);
  write_stages(world.economy->events, world.events, writer);
  return writer.take();
}

double saved_bytes(const World& start) {
  double bytes = static_cast<double>(save_world(start).size());
  for (const auto& population : start.populations) {
    // Individuals are recruited when the run begins.
    if (population.representation == population::Representation::agents && !population.individuals)
      bytes += static_cast<double>(start.economy->agents) * sizeof(population.held[0]);
  }
  return bytes;
}

World recall_world(World start, std::string_view bytes, const population::Draws& draws) {
  recruit_consumers(start, draws);
  Reader reader(bytes);
  visit_members(start, reader);
  read_stages(start.economy->partnerships, reader, start.partnerships);
  read_stages(start.economy->events, reader, start.events);
  if (!reader.at_end()) throw DamagedWorld("a saved state is too long");
  return start;
}

}  // namespace entente::simulation
