#pragma once

#include <string>

#include "engine/output/manifest.hpp"

namespace entente::report {

/// A line for the screen: how well the means of a run of open length are known.
std::string stopping_line(const output::Manifest::Stopping& stopping);

/// Why a run of open length ended without being precise enough, and what would help.
std::string stopping_miss(const output::Manifest::Stopping& stopping);

}  // namespace entente::report
