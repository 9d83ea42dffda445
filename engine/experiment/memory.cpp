#include "engine/experiment/memory.hpp"

#include <array>
#include <fmt/core.h>
#include <unistd.h>

namespace entente::experiment {

double result_bytes(const std::vector<output::ResultTable>& tables, double quarters,
                    double replications) {
  double values = 0.0;
  for (const auto& table : tables) {
    values += static_cast<double>(table.rows.size()) * static_cast<double>(table.series.size());
  }
  return values * quarters * replications * static_cast<double>(sizeof(double));
}

double memory_limit_bytes() {
  constexpr double fallback = 16.0 * 1024 * 1024 * 1024;
  constexpr double usable = 0.8;
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page_bytes = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_bytes <= 0) return fallback;
  return usable * static_cast<double>(pages) * static_cast<double>(page_bytes);
}

std::string memory_text(double bytes) {
  constexpr std::array units = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  std::size_t unit = 0;
  while (bytes >= 1024.0 && unit + 1 < units.size()) {
    bytes /= 1024.0;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, bytes < 10.0 && unit > 0 ? 1 : 0, units[unit]);
}

}  // namespace entente::experiment
