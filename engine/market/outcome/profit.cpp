#include "engine/market/outcome/profit.hpp"

#include <Eigen/LU>
#include <cmath>
#include <fmt/format.h>

#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double rounding = 1e-9;  // of sums of shares that were given in decimals

void check_interest(const char* name, const Eigen::Ref<const Eigen::MatrixXd>& interest,
                    const Eigen::Ref<const Eigen::VectorXd>& profit) {
  if (interest.cols() != profit.size()) {
    throw InvalidInput(fmt::format("profit: {} has {} columns for {} firms", name, interest.cols(),
                                   profit.size()));
  }
  if (!profit.allFinite()) throw InvalidInput("profit: a firm's profit is not finite");
  for (Eigen::Index f = 0; f < interest.cols(); ++f) {
    const bool valid = interest.col(f).allFinite() && (interest.col(f).array() >= 0.0).all() &&
                       interest.col(f).sum() <= 1.0 + rounding;
    if (valid) continue;
    throw InvalidInput(
        fmt::format("profit: the entries of {} in firm {} must be at least 0 and add to at most 1, "
                    "and add to {}",
                    name, f, interest.col(f).sum()));
  }
}

}  // namespace

Eigen::VectorXd compute_product_profit(const Eigen::Ref<const Eigen::VectorXd>& share,
                                       const Eigen::Ref<const Eigen::VectorXd>& markup,
                                       double size) {
  if (share.size() != markup.size()) {
    throw InvalidInput(
        fmt::format("profit: {} shares and {} markups", share.size(), markup.size()));
  }
  if (!(size >= 0.0) || !std::isfinite(size)) {
    throw InvalidInput(fmt::format("profit: the number of active buyers is {}", size));
  }
  Eigen::VectorXd profit(share.size());
  for (Eigen::Index j = 0; j < share.size(); ++j) {
    profit(j) = size * share(j) * markup(j);
    const bool valid = share(j) >= 0.0 && share(j) <= 1.0 + rounding && std::isfinite(profit(j));
    if (valid) continue;
    throw InvalidInput(fmt::format(
        "profit: product {} has share {} and markup {}; shares are in [0, 1] and of all buyers, "
        "markups finite",
        j, share(j), markup(j)));
  }
  return profit;
}

Eigen::VectorXd compute_firm_profit(const Eigen::Ref<const Eigen::VectorXd>& product_profit,
                                    const Eigen::Ref<const Eigen::VectorXi>& seller,
                                    Eigen::Index firms) {
  if (seller.size() != product_profit.size()) {
    throw InvalidInput(
        fmt::format("profit: {} sellers for {} products", seller.size(), product_profit.size()));
  }
  Eigen::VectorXd profit = Eigen::VectorXd::Zero(firms);
  for (Eigen::Index j = 0; j < product_profit.size(); ++j) {
    if (seller(j) < 0 || seller(j) >= firms) {
      throw InvalidInput(
          fmt::format("profit: product {} is sold by firm {}, of {} firms", j, seller(j), firms));
    }
    profit(seller(j)) += product_profit(j);
  }
  return profit;
}

Eigen::VectorXd compute_ultimate_profit(const Eigen::Ref<const Eigen::VectorXd>& own_profit,
                                        const Eigen::Ref<const Eigen::MatrixXd>& cross_holding) {
  const Eigen::Index firms = own_profit.size();
  if (cross_holding.rows() != firms) {
    throw InvalidInput(
        fmt::format("profit: cross holdings of {} firms in {}", cross_holding.rows(), firms));
  }
  check_interest("cross holdings", cross_holding, own_profit);
  if (firms == 0) return own_profit;
  if ((cross_holding.diagonal().array() != 0.0).any()) {
    throw InvalidInput(
        "profit: a firm's shares in itself pay nobody; leave them out and divide the others' by "
        "what remains");
  }
  Eigen::MatrixXd system = -cross_holding;
  system.diagonal().array() += 1.0;
  const Eigen::PartialPivLU<Eigen::MatrixXd> decomposition(system);
  // Columns add to at most 1, so the solution can only fail to exist where a closed group has
  // nothing left over for others: the matrix is then singular up to rounding.
  constexpr double singular = 1e-13;
  Eigen::VectorXd profit = decomposition.solve(own_profit);
  if (!(decomposition.rcond() > singular) || !profit.allFinite()) {
    throw Infeasible(
        "profit: a group of firms is wholly owned by itself, so that nobody outside receives its "
        "profit; give an outside shareholder a part");
  }
  return profit;
}

Eigen::VectorXd compute_shareholder_income(const Eigen::Ref<const Eigen::MatrixXd>& interest,
                                           const Eigen::Ref<const Eigen::VectorXd>& firm_profit) {
  check_interest("interests", interest, firm_profit);
  return interest * firm_profit;
}

}  // namespace entente::market
