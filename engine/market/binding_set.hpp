#pragma once

#include <Eigen/Core>
#include <vector>

namespace entente::market {

/// Drops from a set of full resources what an overfull one takes the place of: all that share a
/// user with it, or, one at a time, the one of those with the lowest shadow price, the first of
/// equals. use: K×J, what a unit of each product takes. shadow_price: K.
void make_room(const Eigen::Ref<const Eigen::MatrixXd>& use,
               const Eigen::Ref<const Eigen::VectorXd>& shadow_price, Eigen::Index resource,
               bool one_at_a_time, std::vector<Eigen::Index>& binding);

}  // namespace entente::market
