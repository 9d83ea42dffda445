#pragma once

#include <string>
#include <vector>

#include "engine/simulation/state/world.hpp"

namespace entente::simulation {

/// Whether the prices of one market of posted prices are an equilibrium at quarter 0. Calibration
/// makes them satisfy the first-order conditions, which is not enough where buyers differ.
struct BaselineCertificate {
  std::string market;
  double gain = 0.0;          // largest relative gain of any owner from other prices; 0: Nash
  std::string product;        // of that owner, its first; empty where the prices are Nash
  double price = 0.0;         // the best price found for it, currency per unit
  std::string not_certified;  // why no search was possible; empty where there was one
  int evaluations = 0;        // of a profit
};

/// Certificates of all markets of posted prices, in market order. Where capacity binds, its shadow
/// price counts as cost. `world` is at quarter 0.
std::vector<BaselineCertificate> certify_baseline(const World& world);

/// One sentence about a certificate that does not hold, nothing for one that does.
std::string describe_certificate(const BaselineCertificate& certificate);

}  // namespace entente::simulation
