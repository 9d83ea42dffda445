#pragma once

#include <cstddef>
#include <cstdint>

namespace entente::market {

/// Cells side by side in a block: the logical lanes of every vector kernel. Fixed, so that sums do
/// not depend on the width of the processor's registers.
inline constexpr std::size_t cells_per_block = 8;

/// Nested logit demand of all cells at given prices. Arrays over cells and products hold the value
/// of cell c and product j at ((c / 8)·J + j)·8 + c % 8; over cells and nests likewise; over cells
/// at c. The last block is filled up with cells of weight 0.
struct ChoiceProblem {
  std::size_t blocks = 0;
  std::size_t products = 0;
  std::size_t nests = 0;
  bool outside_good = true;
  const std::uint32_t* by_nest = nullptr;     // J, products nest by nest
  const std::uint32_t* nest_begin = nullptr;  // G + 1, where each nest begins in by_nest
  const double* nesting = nullptr;            // G, λ
  const double* base = nullptr;               // cells × products, utility/λ without price
  const double* sensitivity = nullptr;        // cells
  const double* price = nullptr;              // J, p or ln p
};

/// Where the kernel writes. All lengths as in the problem.
struct ChoiceResult {
  double* scaled_utility = nullptr;  // cells × products, V/λ with price
  double* within = nullptr;          // cells × products, probability of j given its nest
  double* share = nullptr;           // cells × products, probability of j
  double* log_normaliser = nullptr;  // cells × nests: ln s_j = V_j/λ − log_normaliser of its nest
  double* outside = nullptr;         // cells, probability of the outside good
  double* logsum = nullptr;  // cells, ln(1 + Σ_g D_g^λ), or ln Σ_g D_g^λ without outside
};

/// Choice probabilities (McFadden 1978), with the largest utility taken out, so that nothing
/// overflows and a vanishing share is 0, never NaN. A cell that is offered nothing has shares 0.
/// Same bits on every processor and for every place of a cell or product.
void compute_cell_choice(const ChoiceProblem& problem, const ChoiceResult& result);

/// Columns of an array over cells: `columns` of them in all, of which a list is meant.
struct ColumnList {
  const double* values = nullptr;  // cells × columns
  std::size_t columns = 0;
  const std::uint32_t* list = nullptr;
  std::size_t count = 0;
};

/// result_c = Σ_k weight_k · column list[k] of cell c. weight: by list position; result: cells.
void combine_columns(std::size_t blocks, const ColumnList& from, const double* weight,
                     double* result);

/// sums[list[k]] = Σ_c weight_c · column list[k] of cell c. weight: cells.
void sum_over_cells(std::size_t blocks, const ColumnList& from, const double* weight, double* sums);

/// out[rows[i]·stride + columns[k]] = Σ_c row i of `left` · column k of `right`. Each sum runs in
/// the order of cells, eight at a time.
void multiply_over_cells(std::size_t blocks, const ColumnList& left, const ColumnList& right,
                         double* out, std::size_t stride);

/// deterministic_exp of arguments ≤ 0 (or −∞), deterministic_log and deterministic_log1p of numbers
/// ≥ 1 and ≥ 0, bit for bit. count: a multiple of 8.
void compute_exp(const double* x, double* result, std::size_t count);
void compute_log(const double* x, double* result, std::size_t count);
void compute_log1p(const double* x, double* result, std::size_t count);

}  // namespace entente::market
