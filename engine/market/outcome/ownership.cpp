#include "engine/market/outcome/ownership.hpp"

#include <fmt/format.h>

#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

void check_stakes(const Eigen::Ref<const Eigen::MatrixXd>& control,
                  const Eigen::Ref<const Eigen::MatrixXd>& interest,
                  const Eigen::Ref<const Eigen::VectorXi>& seller) {
  if (control.rows() != interest.rows() || control.cols() != interest.cols()) {
    throw InvalidInput(fmt::format("ownership: control is {}×{} and interest {}×{}", control.rows(),
                                   control.cols(), interest.rows(), interest.cols()));
  }
  if (!control.allFinite() || !interest.allFinite() || (interest.array() < 0.0).any()) {
    throw InvalidInput("ownership: control must be finite, interests finite and at least 0");
  }
  for (Eigen::Index j = 0; j < seller.size(); ++j) {
    if (seller(j) >= 0 && seller(j) < control.cols()) continue;
    throw InvalidInput(fmt::format("ownership: product {} is sold by firm {}, of {} firms", j,
                                   seller(j), control.cols()));
  }
}

}  // namespace

Eigen::MatrixXd compute_ownership(const Eigen::Ref<const Eigen::MatrixXd>& control,
                                  const Eigen::Ref<const Eigen::MatrixXd>& interest,
                                  const Eigen::Ref<const Eigen::VectorXi>& seller) {
  check_stakes(control, interest, seller);
  const Eigen::Index products = seller.size();
  Eigen::MatrixXd ownership(products, products);
  for (Eigen::Index i = 0; i < products; ++i) {
    const double own = control.col(seller(i)).dot(interest.col(seller(i)));
    if (!(own > 0.0)) {
      throw InvalidInput(
          fmt::format("ownership: no shareholder who controls firm {} has a financial "
                      "interest in it",
                      seller(i)));
    }
    for (Eigen::Index j = 0; j < products; ++j) {
      ownership(i, j) = control.col(seller(i)).dot(interest.col(seller(j))) / own;
    }
  }
  return ownership;
}

}  // namespace entente::market
