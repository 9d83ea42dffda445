#pragma once

#include <Eigen/Core>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/market/certificate/nash_certificate.hpp"
#include "tests/reference/answer.hpp"
#include "tests/reference/market_inputs.hpp"

namespace entente::reference {

/// Who gains by which prices, profits of all buyers. prices: J, those deviated from.
nlohmann::json describe_deviation(const Market& market,
                                  const Eigen::Ref<const Eigen::VectorXd>& prices,
                                  const market::Deviation& deviation);

/// For a mixed logit, whose first-order roots need not be equilibria: adds to the answer's checks
/// what a firm could gain by other prices, relative to its profit, as global_deviation_gain_<when>,
/// or why that is not known. prices: J, a first-order root.
void check_nash(const Market& market, const Eigen::Ref<const Eigen::VectorXd>& prices,
                const std::string& when, Answer& answer);

}  // namespace entente::reference
