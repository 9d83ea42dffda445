#include "engine/population/individuals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "engine/population/agents.hpp"
#include "engine/population/seats.hpp"

namespace entente::population {

namespace {

constexpr std::size_t block_size = 32768;   // places in a block take 15 bits
constexpr std::size_t smallest_bin = 2048;  // on average; fewer do not pay for a table of bounds
constexpr std::size_t most_bins = 4096;     // of all strata
constexpr std::size_t tastes_of_bins = 2;   // the first ones

/// How many bins a taste is cut into, where a stratum of n individuals has them by `tastes`.
std::size_t cuts(std::size_t individuals, std::size_t strata, std::size_t tastes) {
  const std::size_t bins = std::min(individuals / smallest_bin, most_bins / strata);
  if (tastes == 0 || bins < 2) return 1;
  if (tastes == 1) return bins;
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::sqrt(static_cast<double>(bins))));
}

/// Part of a stratum below cut k of n: few in the bins at the ends, where tastes are far apart.
double mass_below(std::size_t k, std::size_t n) {
  const double u = static_cast<double>(k) / static_cast<double>(n);
  return u * u * (3.0 - 2.0 * u);
}

/// The part of a taste's distribution that cut k of n of a stratum covers.
TasteRange range_of(const TasteDesign& design, Eigen::Index stratum, Eigen::Index taste,
                    std::size_t k, std::size_t n) {
  if (taste >= design.node.cols()) return {};
  const double below = design.below(stratum, taste);
  const double above = design.above(stratum, taste);
  const double width = 1.0 - below - above;
  return {static_cast<float>(below + width * mass_below(k, n)),
          static_cast<float>(above + width * (1.0 - mass_below(k + 1, n))),
          static_cast<float>(width * (mass_below(k + 1, n) - mass_below(k, n)))};
}

/// Where a bin of the grid lies: its cut of each of the first two tastes.
struct GridPlace {
  std::size_t cuts = 1;
  std::array<std::size_t, tastes_of_bins> cut = {};
};

/// Adds the bins of a stratum to those that are there; returns their places in the grid.
std::vector<GridPlace> add_bins(const TasteDesign& design, std::size_t individuals,
                                std::vector<AgentBin>& bins) {
  const auto tastes = static_cast<std::size_t>(design.individual ? design.node.cols() : 0);
  const std::size_t n = cuts(individuals, static_cast<std::size_t>(design.node.rows()),
                             std::min(tastes, tastes_of_bins));
  const std::size_t across = tastes >= tastes_of_bins ? n : 1;
  Eigen::VectorXd mass(static_cast<Eigen::Index>(n * across));
  for (std::size_t bin = 0; bin < n * across; ++bin) {
    const auto part = [n](std::size_t k) { return mass_below(k + 1, n) - mass_below(k, n); };
    mass[static_cast<Eigen::Index>(bin)] =
        part(bin / across) * (across > 1 ? part(bin % across) : 1.0);
  }
  const Counts seats =
      seat_by_largest_remainder(mass / mass.sum(), static_cast<std::int64_t>(individuals));
  std::vector<GridPlace> places;
  for (std::size_t bin = 0; bin < n * across; ++bin) {
    // No bin is larger than a block.
    for (auto left = static_cast<std::size_t>(seats[static_cast<Eigen::Index>(bin)]); left > 0;) {
      const std::size_t count = std::min(left, block_size);
      const std::size_t begin = bins.empty() ? 0 : bins.back().begin + bins.back().count;
      const std::uint64_t after =
          bins.empty() ? 0 : std::uint64_t{bins.back().first_number} + bins.back().count;
      const std::uint64_t number = (after + 63U) / 64U * 64U;
      if (number + count > UINT32_MAX)
        throw std::invalid_argument("more individuals than their 32-bit numbers can tell apart");
      bins.push_back({begin, count, static_cast<std::uint32_t>(number), {}});
      places.push_back({n, {bin / across, bin % across}});
      left -= count;
    }
  }
  return places;
}

void add_blocks(Eigen::Index stratum, std::size_t first_bin, Individuals& individuals) {
  for (std::size_t bin = first_bin; bin < individuals.bins.size(); ++bin) {
    const AgentBin& next = individuals.bins[bin];
    std::vector<AgentBlock>& blocks = individuals.blocks;
    if (bin == first_bin || blocks.back().count + next.count > block_size)
      blocks.push_back({next.begin, 0, stratum, bin, bin});
    blocks.back().count += next.count;
    blocks.back().last_bin = bin + 1;
  }
}

/// Draws the tastes of one bin and notes how far they reach.
void draw_bin(const TasteDesign& design, const AgentBlock& block, const GridPlace& place,
              const DrawKey& key, AgentBin& bin, Individuals& individuals) {
  for (std::size_t w = 0; w < individuals.taste.size(); ++w) {
    std::array<TasteRange, tastes_per_word> ranges;
    for (std::size_t i = 0; i < tastes_per_word; ++i) {
      const std::size_t taste = w * tastes_per_word + i;
      const bool cut = taste < tastes_of_bins;
      ranges[i] = range_of(design, block.stratum, static_cast<Eigen::Index>(taste),
                           cut ? place.cut[taste] : 0, cut ? place.cuts : 1);
    }
    const TasteExtent extent = draw_tastes(key, bin.first_number, bin.count, static_cast<int>(w),
                                           ranges, individuals.taste[w].data() + bin.begin);
    for (std::size_t i = 0; w == 0 && i < tastes_of_bins; ++i) {
      bin.box.lowest[i] = static_cast<float>(extent.lowest[i]) * taste_step;
      bin.box.highest[i] = static_cast<float>(extent.highest[i]) * taste_step;
    }
  }
}

/// The largest taste there is, in each direction: of all in those by which bins are made, else what
/// the generator can give.
Eigen::VectorXd largest_tastes(const Individuals& individuals) {
  constexpr double end_of_normal = 6.4;  // quantile of 2^-33
  Eigen::VectorXd largest =
      Eigen::VectorXd::Constant(static_cast<Eigen::Index>(individuals.tastes), end_of_normal);
  for (std::size_t k = 0; k < std::min(individuals.tastes, tastes_of_bins); ++k) {
    float reach = 0.0F;
    for (const AgentBin& bin : individuals.bins)
      reach = std::max({reach, -bin.box.lowest[k], bin.box.highest[k]});
    largest[static_cast<Eigen::Index>(k)] = static_cast<double>(reach);
  }
  return largest;
}

}  // namespace

Individuals make_individuals(const TasteDesign& design, const std::vector<std::size_t>& strata,
                             const DrawKey& key) {
  Individuals individuals;
  individuals.tastes = static_cast<std::size_t>(design.node.cols());
  individuals.node = design.node;
  std::vector<GridPlace> places;
  for (std::size_t stratum = 0; stratum < strata.size(); ++stratum) {
    const std::size_t first = individuals.bins.size();
    const auto type = static_cast<Eigen::Index>(stratum);
    const std::vector<GridPlace> added = add_bins(design, strata[stratum], individuals.bins);
    places.insert(places.end(), added.begin(), added.end());
    add_blocks(type, first, individuals);
    individuals.count += strata[stratum];
  }
  if (!design.individual) {
    individuals.largest = design.node.cwiseAbs().colwise().maxCoeff();
    for (const AgentBlock& block : individuals.blocks) {
      for (std::size_t bin = block.first_bin; bin < block.last_bin; ++bin) {
        for (std::size_t k = 0; k < std::min(individuals.tastes, tastes_of_bins); ++k) {
          const auto node =
              static_cast<float>(design.node(block.stratum, static_cast<Eigen::Index>(k)));
          individuals.bins[bin].box.lowest[k] = individuals.bins[bin].box.highest[k] = node;
        }
      }
    }
    return individuals;
  }
  const std::size_t words = (individuals.tastes + tastes_per_word - 1) / tastes_per_word;
  for (std::size_t w = 0; w < words; ++w)
    individuals.taste.emplace_back(individuals.count + vector_padding);
  tbb::this_task_arena::isolate([&] {
    tbb::parallel_for(std::size_t{0}, individuals.blocks.size(), [&](std::size_t b) {
      const AgentBlock& block = individuals.blocks[b];
      for (std::size_t bin = block.first_bin; bin < block.last_bin; ++bin)
        draw_bin(design, block, places[bin], key, individuals.bins[bin], individuals);
    });
  });
  individuals.largest = largest_tastes(individuals);
  return individuals;
}

}  // namespace entente::population
