#pragma once

#include <Eigen/Core>

namespace entente::market {

/// Herfindahl-Hirschman index of inside shares, 0 to 10,000. A product with fringe n counts as n
/// equal firms; products of one firm are added first; 0 where nothing is sold. firm: J, index of
/// the firm that sells j. quantities: J, in any common unit (quantities, revenue, shares).
double compute_hhi(const Eigen::Ref<const Eigen::VectorXd>& quantities,
                   const Eigen::Ref<const Eigen::VectorXi>& firm,
                   const Eigen::Ref<const Eigen::VectorXd>& fringe);

/// The index of shares of all active buyers, with those who buy nothing in the denominator but not
/// among the firms, 0 to 10,000. share: J, in units of all active buyers. Throws InvalidInput where
/// shares are negative, not finite or add to more than 1.
double compute_total_hhi(const Eigen::Ref<const Eigen::VectorXd>& share,
                         const Eigen::Ref<const Eigen::VectorXi>& firm,
                         const Eigen::Ref<const Eigen::VectorXd>& fringe);

/// Change of compute_hhi when products pass from firms `before` to firms `after` at the same
/// quantities: twice the product of the shares that come together, less that of those that part.
/// Exactly 0 where nobody new meets, whatever the numbers of the firms. Same errors as above.
double compute_hhi_change(const Eigen::Ref<const Eigen::VectorXd>& quantities,
                          const Eigen::Ref<const Eigen::VectorXi>& before,
                          const Eigen::Ref<const Eigen::VectorXi>& after,
                          const Eigen::Ref<const Eigen::VectorXd>& fringe);

/// Modified index of inside shares under partial ownership, Σ_i Σ_j (Ω_ij/Ω_ii) s_i s_j (O'Brien &
/// Salop 2000): the index itself where Ω is 0 or 1, and above 10,000 where a minority controls.
/// ownership: J×J, row i is the weight that the owner of i puts on j's profit; fringe as above.
double compute_modified_hhi(const Eigen::Ref<const Eigen::VectorXd>& quantities,
                            const Eigen::Ref<const Eigen::MatrixXd>& ownership,
                            const Eigen::Ref<const Eigen::VectorXd>& fringe);

}  // namespace entente::market
