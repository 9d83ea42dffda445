#include "engine/report/stopping_words.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace entente::report {

namespace {

using Stopping = output::Manifest::Stopping;

std::string size_text(const Stopping::Series& series) {
  return series.relative ? fmt::format("{:.4g}%", 100.0 * series.size)
                         : fmt::format("{:.4g}", series.size);
}

/// What is asked of all series, when it is the same.
std::string asked_text(const Stopping& stopping) {
  const auto& first = stopping.series.front();
  const bool alike = std::ranges::all_of(stopping.series, [&](const Stopping::Series& series) {
    return series.size == first.size && series.relative == first.relative;
  });
  return alike ? "within " + size_text(first) : "as narrow as asked";
}

/// "3.79 ± 0.18 (4.9%)".
std::string interval_text(const Stopping::Mean& mean) {
  auto text = fmt::format("{:.4g} ± {:.3g}", mean.mean, mean.half_width);
  if (mean.mean != 0.0) {
    text += fmt::format(" ({:.3g}%)", 100.0 * mean.half_width / std::abs(mean.mean));
  }
  return text;
}

std::string confidence_text(const Stopping& stopping) {
  return fmt::format("{:.4g}%", 100.0 * stopping.confidence);
}

const Stopping::Series& series_of(const Stopping& stopping, const Stopping::Mean& mean) {
  return *std::ranges::find(stopping.series, mean.series, &Stopping::Series::name);
}

bool is_wide(const Stopping::Mean& mean, const Stopping::Series& asked) {
  return mean.half_width > (asked.relative ? asked.size * std::abs(mean.mean) : asked.size);
}

std::string remedy(const Stopping& stopping, const Stopping::Series& asked) {
  // More than a scenario may have.
  constexpr std::uint64_t too_many = 1'000'000;
  if (stopping.needed && *stopping.needed <= too_many) {
    return fmt::format(
        "it would take some {} replications: raise --most-replications or "
        "--precision",
        *stopping.needed);
  }
  const std::string much = stopping.needed
                               ? fmt::format("it would take some {} replications", *stopping.needed)
                               : "no number of replications can be told";
  if (!asked.relative) return much + ": raise --precision";
  return much + fmt::format(
                    "; where means are near 0, ask in the unit of the series: "
                    "--precision-of {}=SIZE",
                    asked.name);
}

}  // namespace

std::string stopping_line(const Stopping& stopping) {
  if (!stopping.widest) return "no mean has a value";
  const auto& widest = *stopping.widest;
  return fmt::format("{} intervals {}{}; widest {}: {} of {}", confidence_text(stopping),
                     stopping.met ? "" : "not all ", asked_text(stopping), interval_text(widest),
                     widest.series, widest.entity);
}

std::string stopping_miss(const Stopping& stopping) {
  const auto after =
      fmt::format("{} replications, the most allowed, were not enough: ", stopping.most);
  if (!stopping.widest) return after + "no series asked for has a value; ask --precision-of others";
  const auto& widest = *stopping.widest;
  const auto name = fmt::format("{} of {} in {}", widest.series, widest.entity, widest.quarter);
  const auto& asked = series_of(stopping, widest);
  if (widest.values < stopping.minimum) {
    return after + fmt::format("only {} have a value of {}, and {} are the fewest; {}",
                               widest.values, name, stopping.minimum, remedy(stopping, asked));
  }
  return after + fmt::format("the {} interval of {} is {}, {} {}; {}", confidence_text(stopping),
                             name, interval_text(widest),
                             is_wide(widest, asked) ? "wider than" : "not yet for long within",
                             size_text(asked), remedy(stopping, asked));
}

}  // namespace entente::report
