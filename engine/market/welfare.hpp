#pragma once

#include <Eigen/Core>

#include "engine/market/demand.hpp"

namespace entente::market {

/// Herfindahl-Hirschman index of inside shares, 0 to 10,000. A product with fringe n counts as n
/// equal firms; products of one firm are added first; 0 where nothing is sold. firm: J, index of
/// the firm that sells j.
double compute_hhi(const Eigen::Ref<const Eigen::VectorXd>& quantities,
                   const Eigen::Ref<const Eigen::VectorXi>& firm,
                   const Eigen::Ref<const Eigen::VectorXd>& fringe);

/// Change of consumer surplus per active buyer from `before` to `after`, currency: Δlogsum/α for a
/// linear price term; for a log term the equivalent uniform percentage price change, Δlogsum/η,
/// times spending_per_buyer (C, currency per active buyer of the cell before the change).
double compute_surplus_change(const Demand& demand, const Choice& before, const Choice& after,
                              const Eigen::Ref<const Eigen::VectorXd>& spending_per_buyer);

/// Ownership matrix Ω_ij = Σ_k γ_ik β_kj / Σ_k γ_ik β_ki (O'Brien & Salop 2000). control, interest:
/// K×F, shareholder k's control γ and financial interest β in firm f. seller: J, firm of product j.
Eigen::MatrixXd compute_ownership(const Eigen::Ref<const Eigen::MatrixXd>& control,
                                  const Eigen::Ref<const Eigen::MatrixXd>& interest,
                                  const Eigen::Ref<const Eigen::VectorXi>& seller);

}  // namespace entente::market
