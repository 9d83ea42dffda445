#pragma once

#include <Eigen/Core>

namespace entente::market {

/// Profit of each product, J, currency: size·share_j·markup_j. share: J, of all active buyers.
/// markup: J, received·price − marginal cost. size: number of active buyers. Throws InvalidInput
/// where sizes disagree, a share is outside [0,1], or a markup or the size is not finite.
Eigen::VectorXd compute_product_profit(const Eigen::Ref<const Eigen::VectorXd>& share,
                                       const Eigen::Ref<const Eigen::VectorXd>& markup,
                                       double size);

/// Sum of product profits over each of `firms` firms, F, currency. seller: J, firm of product j.
Eigen::VectorXd compute_firm_profit(const Eigen::Ref<const Eigen::VectorXd>& product_profit,
                                    const Eigen::Ref<const Eigen::VectorXi>& seller,
                                    Eigen::Index firms);

/// Profit of firms that hold each other's shares, F, currency: π = own + B π, what a firm earns
/// itself and through its holdings, of which those firms' own holdings are part (Brioschi,
/// Buzzacchi & Colombo 1989). cross_holding: F×F, B_fg is firm f's share of g's profit, with 0
/// diagonal. The sum over firms counts a profit once more at each holder; income of shareholders
/// outside, by compute_shareholder_income, counts it once. Throws InvalidInput for shares that are
/// negative or add to more than 1, and Infeasible where a group of firms is wholly owned by itself,
/// so that nobody outside receives its profit.
Eigen::VectorXd compute_ultimate_profit(const Eigen::Ref<const Eigen::VectorXd>& own_profit,
                                        const Eigen::Ref<const Eigen::MatrixXd>& cross_holding);

/// Income of each shareholder, K, currency: Σ_f β_kf π_f. interest: K×F, the share β of firm f's
/// profit that shareholder k receives. With own profits this is the direct income; with
/// compute_ultimate_profit it includes what arrives through firms that hold firms. Throws
/// InvalidInput where sizes disagree, an interest is negative, or a firm pays out more than it has.
Eigen::VectorXd compute_shareholder_income(const Eigen::Ref<const Eigen::MatrixXd>& interest,
                                           const Eigen::Ref<const Eigen::VectorXd>& firm_profit);

}  // namespace entente::market
