#pragma once

#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include "tests/reference/market_inputs.hpp"

namespace entente::reference {

/// The block of outputs that most families share: prices, shares, margins, profits, surplus,
/// elasticities and concentration of a market at given prices (J).
nlohmann::json market_block(const Market& market, const Eigen::Ref<const Eigen::VectorXd>& prices);

/// Sums over a firm's products, under the firms' names. values: J.
nlohmann::json sum_by_firm(const Firms& firms, const Eigen::Ref<const Eigen::VectorXd>& values);

/// What the buyers of a market lose by a change, currency of all of them, harm > 0. Where the
/// change is also one of the buyers, it is the difference of the two surpluses.
double compensating_variation(const Market& before,
                              const Eigen::Ref<const Eigen::VectorXd>& before_prices,
                              const Market& after,
                              const Eigen::Ref<const Eigen::VectorXd>& after_prices);

}  // namespace entente::reference
