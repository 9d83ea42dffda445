#pragma once

#include <Eigen/Core>
#include <new>
#include <vector>

#include "engine/market/choice_kernel.hpp"

namespace entente::market {

/// Memory that begins at a cache line, so that no vector of eight doubles crosses two.
template <typename T>
struct CacheLineAllocator {
  using value_type = T;
  CacheLineAllocator() = default;
  template <typename U>
  explicit CacheLineAllocator(const CacheLineAllocator<U>& /*other*/) {}
  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t(64)));
  }
  void deallocate(T* place, std::size_t /*count*/) {
    ::operator delete(place, std::align_val_t(64));
  }
  bool operator==(const CacheLineAllocator& /*other*/) const { return true; }
};

/// Values over cells and columns (products, or nests, or one) in the order of the vector kernels:
/// blocks of eight cells, and inside a block column by column. A few cells with all their products
/// lie together, so that what is computed of them stays in the nearest cache.
class CellArray {
 public:
  using Column = Eigen::Map<Eigen::ArrayXXd, Eigen::Unaligned, Eigen::OuterStride<>>;
  using ConstColumn = Eigen::Map<const Eigen::ArrayXXd, Eigen::Unaligned, Eigen::OuterStride<>>;

  /// Keeps its memory where that suffices. All values are 0 afterwards, those that fill up the last
  /// block among them.
  void resize(Eigen::Index cells, Eigen::Index columns) {
    cells_ = cells;
    columns_ = columns;
    blocks_ = (cells + width - 1) / width;
    values_.assign(static_cast<std::size_t>(blocks_ * columns * width), 0.0);
  }

  /// The same where the shape is another; else values stay as they are.
  void ensure_shape(Eigen::Index cells, Eigen::Index columns) {
    if (cells != cells_ || columns != columns_) resize(cells, columns);
  }

  Eigen::Index cells() const { return cells_; }
  Eigen::Index columns() const { return columns_; }
  Eigen::Index blocks() const { return blocks_; }

  double& operator()(Eigen::Index cell, Eigen::Index column = 0) {
    return values_[place(cell, column)];
  }
  double operator()(Eigen::Index cell, Eigen::Index column = 0) const {
    return values_[place(cell, column)];
  }

  /// All cells of a column, 8 × blocks: element-wise with the columns of other arrays.
  Column column(Eigen::Index column = 0) {
    return {values_.data() + column * width, width, blocks_,
            Eigen::OuterStride<>(columns_ * width)};
  }
  ConstColumn column(Eigen::Index column = 0) const {
    return {values_.data() + column * width, width, blocks_,
            Eigen::OuterStride<>(columns_ * width)};
  }

  double* data() { return values_.data(); }
  const double* data() const { return values_.data(); }

 private:
  static constexpr Eigen::Index width = cells_per_block;

  std::size_t place(Eigen::Index cell, Eigen::Index column) const {
    return static_cast<std::size_t>((cell / width * columns_ + column) * width + cell % width);
  }

  Eigen::Index cells_ = 0;
  Eigen::Index columns_ = 0;
  Eigen::Index blocks_ = 0;
  std::vector<double, CacheLineAllocator<double>> values_;
};

}  // namespace entente::market
