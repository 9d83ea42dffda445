#include "engine/market/vertical/vertical.hpp"

#include <cmath>
#include <fmt/format.h>

#include "engine/market/failure.hpp"
#include "engine/market/vertical/link_values.hpp"
#include "engine/market/vertical/sequential_contracts.hpp"
#include "engine/market/vertical/simultaneous_contracts.hpp"

namespace entente::market {

struct VerticalSolver::Workspace {
  LinkValues values;
  SimultaneousContracts simultaneous;
  SequentialContracts sequential;
  Eigen::VectorXd retail_start;
  Eigen::VectorXd margin_start;
  VerticalPrices prices;
};

VerticalSolver::VerticalSolver() : workspace_(std::make_unique<Workspace>()) {}
VerticalSolver::~VerticalSolver() = default;
VerticalSolver::VerticalSolver(VerticalSolver&& other) noexcept = default;
VerticalSolver& VerticalSolver::operator=(VerticalSolver&& other) noexcept = default;

namespace {

void validate_options(const VerticalMarket& market, const VerticalOptions& options) {
  const Eigen::Index links = market.demand.products();
  if (!(options.tolerance > 0.0) || options.max_iterations < 1) {
    throw InvalidInput(
        fmt::format("vertical options: tolerance {} and {} iterations; both must be "
                    "above 0",
                    options.tolerance, options.max_iterations));
  }
  for (const Eigen::VectorXd* start : {&options.retail_start, &options.wholesale_start}) {
    if (start->size() != 0 && start->size() != links) {
      throw InvalidInput(
          fmt::format("vertical options: a start has {} prices for {} links; give one "
                      "a link, or none",
                      start->size(), links));
    }
  }
}

void collect_start(const Eigen::VectorXd& start, const LinkValues& values, const char* quantity,
                   Eigen::VectorXd& collected) {
  if (start.size() == 0) {
    collected.resize(0);
    return;
  }
  collected.resize(values.links());
  for (Eigen::Index i = 0; i < values.links(); ++i) {
    const Eigen::Index j = values.link[static_cast<std::size_t>(i)];
    collected(i) = start(j);
    if (!std::isfinite(start(j))) {
      throw InvalidInput(
          fmt::format("{} of link {} is {}; a start must be finite", quantity, j, start(j)));
    }
  }
}

void fill_prices(const VerticalMarket& market, const LinkValues& values,
                 const Eigen::VectorXd& retail, const Eigen::VectorXd& upstream_margin,
                 VerticalPrices& prices) {
  prices.wholesale_price = market.upstream_cost;
  prices.retail_price = market.upstream_cost + market.downstream_cost;
  prices.upstream_margin.setZero(market.upstream_cost.size());
  prices.downstream_margin.setZero(market.upstream_cost.size());
  for (Eigen::Index i = 0; i < values.links(); ++i) {
    const Eigen::Index j = values.link[static_cast<std::size_t>(i)];
    const double margin = values.integrated(i) != 0 ? 0.0 : upstream_margin(i);
    prices.wholesale_price(j) += margin;
    prices.retail_price(j) = retail(i);
    prices.upstream_margin(j) = margin;
    prices.downstream_margin(j) = retail(i) - values.cost(i) - margin;
  }
  prices.choice = compute_choice(market.demand, prices.retail_price);
}

}  // namespace

const VerticalPrices& VerticalSolver::solve(const VerticalMarket& market, ContractTiming timing,
                                            const VerticalOptions& options) {
  Workspace& work = *workspace_;
  work.values.assign(market, timing);
  validate_options(market, options);
  collect_start(options.retail_start, work.values, "retail_start", work.retail_start);
  if (timing == ContractTiming::simultaneous) {
    SimultaneousContracts& contracts = work.simultaneous;
    contracts.assign(market.demand, work.values);
    contracts.solve(options, work.retail_start);
    fill_prices(market, work.values, contracts.price, contracts.upstream_margin, work.prices);
    work.prices.residual = contracts.residual;
    work.prices.iterations = contracts.iterations;
    return work.prices;
  }
  collect_start(options.wholesale_start, work.values, "wholesale_start", work.margin_start);
  if (work.margin_start.size() > 0) work.margin_start -= work.values.upstream_cost;
  SequentialContracts& contracts = work.sequential;
  contracts.assign(market.demand, work.values);
  contracts.solve(options, work.retail_start, work.margin_start);
  fill_prices(market, work.values, contracts.price(), contracts.upstream_margin, work.prices);
  work.prices.residual = contracts.residual;
  work.prices.iterations = contracts.iterations;
  return work.prices;
}

VerticalPrices compute_vertical_prices(const VerticalMarket& market, ContractTiming timing,
                                       const VerticalOptions& options) {
  VerticalSolver solver;
  return solver.solve(market, timing, options);
}

}  // namespace entente::market
