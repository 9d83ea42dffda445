#include <algorithm>

#include "engine/market/certificate/price_roots.hpp"
#include "tests/reference/families.hpp"
#include "tests/reference/market_block.hpp"
#include "tests/reference/market_inputs.hpp"
#include "tests/reference/nash_check.hpp"

namespace entente::reference {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using market::PriceRoot;
using market::Supply;
using nlohmann::json;

/// m ← Λ⁻¹[(Ω'∘Γ) m + s] with Λ_i = Σ_t w_t α_t s_ti, Γ_ij = Σ_t w_t α_t s_ti s_tj and Ω'_ij =
/// Ω_ij/Ω_ii (Morrow & Skerlos 2011), as printed: without the engine's safeguards, to see where the
/// textbook's iteration leads.
struct PlainIteration {
  bool converged = false;
  VectorXd price;  // J
};

VectorXd compute_plain_markups(const market::Demand& demand, const Supply& supply,
                               const VectorXd& prices) {
  const market::Choice choice = market::compute_choice(demand, prices);
  const MatrixXd share = choice.cell_share.matrix();
  const VectorXd weight =
      demand.weight.cwiseProduct(demand.price_sensitivity) / demand.weight.sum();
  const VectorXd response = share * weight;
  const MatrixXd cross = share * weight.asDiagonal() * share.transpose();
  const VectorXd own = supply.ownership.diagonal();
  const MatrixXd interest = own.cwiseInverse().asDiagonal() * supply.ownership;
  const VectorXd markups = prices - supply.marginal_cost;
  const VectorXd right = interest.cwiseProduct(cross) * markups + choice.share;
  return right.cwiseQuotient(response);
}

PlainIteration iterate_plainly(const Market& market, const Supply& supply) {
  constexpr int most = 3000;
  constexpr double tolerance = 1e-13;
  PlainIteration iteration;
  iteration.price = starting_prices(market.demand, market.marginal_cost);
  for (int step = 0; step < most && !iteration.converged; ++step) {
    const VectorXd next =
        supply.marginal_cost + compute_plain_markups(market.demand, supply, iteration.price);
    const double moved = (next - iteration.price).cwiseAbs().maxCoeff();
    iteration.price = next;
    iteration.converged = moved < tolerance * std::max(1.0, next.cwiseAbs().maxCoeff());
  }
  return iteration;
}

json root_block(const Market& market, const PriceRoot& root) {
  json block = market_block(market, root.price);
  block["soc_max_scaled_eigenvalue"] = root.largest_curvature;
  block["foc_residual_mp"] = root.residual;
  block["is_local_max"] = root.is_local_maximum;
  block["is_nash"] = root.certificate.holds();
  block["global_deviation_gain"] = root.certificate.gain;
  block["deviation"] = nullptr;
  if (!root.certificate.holds()) {
    block["deviation"] =
        describe_deviation(market, root.price, root.certificate.deviations.front());
  }
  return block;
}

}  // namespace

Answer solve_multiplicity(const json& inputs) {
  const Market market = read_market(inputs);
  const Supply supply = market::make_supply(market.marginal_cost, market.firms.ownership);
  Answer answer;
  const auto roots = solve_timed(
      answer, [&] { return market::find_price_roots(market.demand, supply); },
      [](const auto&) { return 0; });
  json& outputs = answer.outputs;
  outputs["foc_roots"] = json::array();
  int equilibria = 0;
  for (const PriceRoot& root : roots) {
    outputs["foc_roots"].push_back(root_block(market, root));
    equilibria += root.certificate.holds() ? 1 : 0;
  }
  outputs["n_foc_roots_found"] = roots.size();
  outputs["n_nash"] = equilibria;
  const PlainIteration iteration = iterate_plainly(market, supply);
  json& zeta = outputs["zeta"]["zeta_from_cost_plus_1_over_mean_alpha"];
  zeta["converged"] = iteration.converged;
  zeta["prices"] = to_json(iteration.price);
  return answer;
}

}  // namespace entente::reference
