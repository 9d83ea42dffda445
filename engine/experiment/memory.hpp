#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/output/result_table.hpp"

namespace entente::experiment {

/// Bytes that the results of a run hold in memory until they are written. A double, so that absurd
/// sizes are told instead of wrapping around.
double result_bytes(const std::vector<output::ResultTable>& tables, double quarters,
                    double replications);

/// What a run may take: 80% of the machine's memory, 16 GiB where that is unknown.
double memory_limit_bytes();

/// "3.2 GiB", "640 MiB", "12 KiB".
std::string memory_text(double bytes);

}  // namespace entente::experiment
