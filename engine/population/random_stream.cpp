#include "engine/population/random_stream.hpp"

#include <Random123/philox.h>
#include <boost/random/generate_canonical.hpp>
#include <stdexcept>

#include "engine/population/normal_quantile.hpp"

namespace entente::population {

namespace {

/// The finisher of SplitMix64: a bijection of 64-bit words that parts near ones.
std::uint64_t part_neighbours(std::uint64_t word) {
  word ^= word >> 30;
  word *= 0xbf58476d1ce4e5b9u;
  word ^= word >> 27;
  word *= 0x94d049bb133111ebu;
  word ^= word >> 31;
  return word;
}

}  // namespace

std::uint64_t stream_name(std::string_view purpose, std::string_view entity) {
  // FNV-1a over "purpose\0entity", finished so that near names part.
  std::uint64_t hash = 0xcbf29ce484222325u;
  const auto mix_in = [&hash](unsigned char byte) {
    hash ^= byte;
    hash *= 0x100000001b3u;
  };
  for (const char letter : purpose)
    mix_in(static_cast<unsigned char>(letter));
  mix_in(0);
  for (const char letter : entity)
    mix_in(static_cast<unsigned char>(letter));
  return part_neighbours(hash);
}

std::uint64_t substream(std::uint64_t stream, std::uint64_t part) {
  return part_neighbours(stream + (part + 1) * 0x9e3779b97f4a7c15u);
}

std::array<std::uint32_t, 4> Draws::block(std::uint64_t stream, std::uint32_t quarter,
                                          std::uint32_t number) const {
  const r123::Philox4x32::ctr_type counter = {{static_cast<std::uint32_t>(stream),
                                               static_cast<std::uint32_t>(stream >> 32), quarter,
                                               number}};
  const r123::Philox4x32::key_type key = {{seed, replication}};
  const auto words = r123::Philox4x32{}(counter, key);
  return {words[0], words[1], words[2], words[3]};
}

double Draws::uniform(std::uint64_t stream, std::uint32_t quarter, std::uint32_t number) const {
  BlockGenerator generator(block(stream, quarter, number));
  return boost::random::generate_canonical<double, 53>(generator);
}

double Draws::normal(std::uint64_t stream, std::uint32_t quarter, std::uint32_t number) const {
  constexpr double half_step = 0x1p-54;  // the middle of the uniform's step, so that none is 0
  const double u = uniform(stream, quarter, number);
  return u < 0.5 ? lower_normal_quantile(u + half_step) : -lower_normal_quantile(1.0 - u);
}

BlockGenerator::result_type BlockGenerator::operator()() {
  if (next_ == words_.size()) throw std::logic_error("a draw needs more than one block of bits");
  return words_[next_++];
}

double KeyedGenerator::uniform() {
  if (next_word_ == words_.size()) {
    words_ = draws_.block(stream_, quarter_, next_block_++);
    next_word_ = 0;
  }
  const std::uint64_t bits = std::uint64_t{words_[next_word_]} << 32 | words_[next_word_ + 1];
  next_word_ += 2;
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

}  // namespace entente::population
