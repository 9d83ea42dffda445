#pragma once

#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace entente::population {

/// Leaves new values as the memory has them: arrays of a value for each consumer are written whole
/// at once, and filling them with zeros first would cost as much.
template <class T>
struct AsIsAllocator : std::allocator<T> {
  template <class Other>
  struct rebind {  // NOLINT(readability-identifier-naming): the standard's name
    using other = AsIsAllocator<Other>;
  };
  AsIsAllocator() = default;
  template <class Other>
  explicit AsIsAllocator(const AsIsAllocator<Other>& /*other*/) {}
  template <class U>
  void construct(U* value) {
    static_assert(std::is_trivial_v<U>);
    ::new (static_cast<void*>(value)) U;
  }
  template <class U, class... From>
  void construct(U* value, From&&... from) {
    ::new (static_cast<void*>(value)) U(static_cast<From&&>(from)...);
  }
};

template <class T>
using LargeArray = std::vector<T, AsIsAllocator<T>>;

}  // namespace entente::population
