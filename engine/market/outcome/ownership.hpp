#pragma once

#include <Eigen/Core>

namespace entente::market {

/// Ownership matrix Ω_ij = Σ_k γ_ik β_kj / Σ_k γ_ik β_ki (O'Brien & Salop 2000). control, interest:
/// K×F, shareholder k's control γ and financial interest β in firm f. seller: J, firm of product j.
/// The diagonal is 1. Firms may be shareholders themselves; a passive stake has γ = 0. Prices under
/// Ω lie between separate ownership and merger where weights are in [0,1]; a controlling minority
/// has weights above 1 and can exceed the merger. Throws InvalidInput where sizes disagree, entries
/// are not finite, interests are negative, or nobody who controls a firm has an interest in it.
Eigen::MatrixXd compute_ownership(const Eigen::Ref<const Eigen::MatrixXd>& control,
                                  const Eigen::Ref<const Eigen::MatrixXd>& interest,
                                  const Eigen::Ref<const Eigen::VectorXi>& seller);

}  // namespace entente::market
