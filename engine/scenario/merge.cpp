#include "engine/scenario/merge.hpp"

#include <utility>

namespace entente::scenario {
namespace {

void merge(DraftTable& base, DraftTable over) {
  base.location = std::move(over.location);
  base.is_misshapen = base.is_misshapen || over.is_misshapen;
  for (auto& [key, slot] : over.slots)
    base.slots.insert_or_assign(key, std::move(slot));
}

}  // namespace

void merge(Draft& base, Draft over) {
  merge(base.top, std::move(over.top));
  for (auto& [name, table] : over.singles)
    merge(base.singles[name], std::move(table));
  for (auto& [name, table] : over.entries) {
    for (auto& [id, entry] : table)
      merge(base.entries[name][id], std::move(entry));
  }
}

}  // namespace entente::scenario
