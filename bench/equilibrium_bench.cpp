#include <benchmark/benchmark.h>

#include "bench/sample_market.hpp"
#include "bench/textbook_solver.hpp"
#include "engine/market/certificate/nash_certificate.hpp"
#include "engine/market/logit_prices.hpp"
#include "engine/market/markup_terms.hpp"
#include "engine/market/price_solver.hpp"
#include "engine/market/vertical/vertical.hpp"

namespace entente::bench {
namespace {

struct StaticMarket {
  market::Demand demand;
  market::Supply supply;
  Eigen::VectorXd start;
};

/// Plain or mixed logit with a linear price, firms of five products.
StaticMarket make_static_market(Eigen::Index products, Eigen::Index cells) {
  StaticMarket made;
  made.demand = make_demand(products, cells);
  made.demand.price_term = market::PriceTerm::linear;
  made.demand.nesting = Eigen::VectorXd::Ones(1);
  made.demand.price_sensitivity.array() -= 1.5;
  Eigen::VectorXi seller(products);
  for (Eigen::Index j = 0; j < products; ++j)
    seller(j) = static_cast<int>(j / 5);
  made.supply = market::make_supply(Eigen::VectorXd::LinSpaced(products, 0.8, 1.2),
                                    market::make_ownership(seller));
  made.start = made.supply.marginal_cost.array() + 1.0 / made.demand.price_sensitivity.mean();
  return made;
}

void count(benchmark::State& state, int iterations) {
  state.counters["equilibria/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["iterations"] = benchmark::Counter(iterations, benchmark::Counter::kAvgThreads);
}

/// Plain logit by its aggregator, memory kept.
void logit_equilibrium(benchmark::State& state) {
  const StaticMarket made = make_static_market(state.range(0), 1);
  market::LogitPriceSolver solver;
  for (auto _ : state) {
    solver.accepts(made.demand, made.supply);
    solver.solve(made.demand, made.supply, {});
    benchmark::DoNotOptimize(solver.price.data());
  }
  count(state, solver.iterations);
}

/// The same and mixed logit by the general solver, from cost plus a common markup, memory kept.
void mixed_equilibrium(benchmark::State& state) {
  const StaticMarket made = make_static_market(state.range(0), state.range(1));
  market::PriceSolver solver;
  for (auto _ : state) {
    solver.set_market(made.demand, made.supply);
    solver.solve(made.start, {});
    benchmark::DoNotOptimize(solver.price.data());
  }
  count(state, solver.iterations);
}

/// Beside it: the textbook's way.
void textbook_equilibrium(benchmark::State& state) {
  const StaticMarket made = make_static_market(state.range(0), state.range(1));
  const TextbookMarket market{made.demand.weight / made.demand.weight.sum(),
                              made.demand.price_sensitivity, made.demand.utility.matrix(),
                              made.supply.marginal_cost, made.supply.ownership};
  int iterations = 0;
  for (auto _ : state) {
    Eigen::VectorXd prices = made.start;
    iterations = market.solve(prices);
    benchmark::DoNotOptimize(prices.data());
  }
  if (iterations < 0) state.SkipWithError("the textbook solver gave up");
  count(state, iterations);
}

/// Where the time of a general solution goes.
void one_evaluation(benchmark::State& state) {
  const StaticMarket made = make_static_market(state.range(0), state.range(1));
  market::MarkupTerms terms;
  terms.set_demand(made.demand);
  for (auto _ : state)
    terms.evaluate(made.start);
  const auto exponentials = static_cast<double>(state.range(0) * state.range(1));
  state.counters["exponentials/s"] =
      benchmark::Counter(exponentials * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate, benchmark::Counter::OneK::kIs1000);
}

void one_derivative(benchmark::State& state) {
  const StaticMarket made = make_static_market(state.range(0), state.range(1));
  market::MarkupTerms terms;
  terms.set_demand(made.demand);
  terms.evaluate(made.start);
  market::DecisionRows owners;
  owners.set_ownership(made.supply, Eigen::VectorXi::Ones(state.range(0)));
  const Eigen::VectorXd margin = made.start - made.supply.marginal_cost;
  const market::Margins margins{margin, margin, Eigen::VectorXd::Ones(state.range(0))};
  Eigen::MatrixXd slope;
  Eigen::MatrixXd diversion;
  for (auto _ : state)
    terms.differentiate(owners, margins, slope, diversion);
  // One multiplication and one addition for each pair of products and cell.
  const auto flops = 2.0 * static_cast<double>(state.range(0) * state.range(0) * state.range(1));
  state.counters["flops/s"] =
      benchmark::Counter(flops * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate, benchmark::Counter::OneK::kIs1000);
}

/// Suppliers × buyers, every pair a link, plain logit downstream.
market::VerticalMarket make_vertical_market(Eigen::Index side) {
  market::VerticalMarket made;
  const Eigen::Index links = side * side;
  made.demand.price_term = market::PriceTerm::linear;
  made.demand.weight = Eigen::VectorXd::Ones(1);
  made.demand.price_sensitivity = Eigen::VectorXd::Ones(1);
  made.demand.utility.resize(links, 1);
  made.upstream_cost.resize(links);
  made.downstream_cost.resize(links);
  made.upstream_firm.resize(links);
  made.downstream_firm.resize(links);
  made.buyer_weight.resize(links);
  for (Eigen::Index link = 0; link < links; ++link) {
    const auto spread = [&](Eigen::Index period) {
      return static_cast<double>(link % period) / static_cast<double>(period);
    };
    made.demand.utility(link, 0) = 2.5 + spread(5);
    made.upstream_cost(link) = 0.5 + 0.2 * spread(3);
    made.downstream_cost(link) = 0.3 + 0.1 * spread(4);
    made.upstream_firm(link) = static_cast<int>(link / side);
    made.downstream_firm(link) = static_cast<int>(side + link % side);
    made.buyer_weight(link) = 0.4 + 0.3 * spread(7);
  }
  return made;
}

void vertical_equilibrium(benchmark::State& state) {
  const market::VerticalMarket made = make_vertical_market(state.range(0));
  market::VerticalSolver solver;
  int iterations = 0;
  for (auto _ : state)
    iterations = solver.solve(made).iterations;
  count(state, iterations);
}

void textbook_vertical_equilibrium(benchmark::State& state) {
  const market::VerticalMarket made = make_vertical_market(state.range(0));
  const TextbookVerticalMarket market{made.demand.price_sensitivity(0),
                                      made.demand.utility.col(0).matrix(),
                                      made.upstream_cost,
                                      made.downstream_cost,
                                      made.buyer_weight,
                                      market::make_ownership(made.upstream_firm),
                                      market::make_ownership(made.downstream_firm)};
  int iterations = 0;
  Eigen::VectorXd prices;
  for (auto _ : state) {
    prices = made.upstream_cost + made.downstream_cost;
    prices.array() += 2.0;
    iterations = market.solve(prices);
  }
  const Eigen::VectorXd engine = market::compute_vertical_prices(made).retail_price;
  if (iterations < 0 || !((engine - prices).cwiseAbs().maxCoeff() < 1e-7)) {
    state.SkipWithError("the textbook solver gave up or differs");
  }
  count(state, iterations);
}

/// The global search for a better reply of any owner, at the equilibrium.
void nash_certificate(benchmark::State& state) {
  const StaticMarket made = make_static_market(state.range(0), state.range(1));
  market::PriceSolver solver;
  solver.set_market(made.demand, made.supply);
  solver.solve(made.start, {});
  int evaluations = 0;
  for (auto _ : state)
    evaluations = market::certify_nash(made.demand, made.supply, solver.price).evaluations;
  count(state, evaluations);
}

}  // namespace

BENCHMARK(logit_equilibrium)->ArgName("J")->Arg(10)->Arg(50)->Unit(benchmark::kMicrosecond);
BENCHMARK(logit_equilibrium)
    ->ArgName("J")
    ->Arg(10)
    ->Threads(2)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(mixed_equilibrium)
    ->ArgNames({"J", "T"})
    ->Args({10, 1})
    ->Args({12, 16})
    ->Args({50, 500})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(mixed_equilibrium)
    ->ArgNames({"J", "T"})
    ->Args({12, 16})
    ->Threads(2)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(textbook_equilibrium)
    ->ArgNames({"J", "T"})
    ->Args({10, 1})
    ->Args({12, 16})
    ->Args({50, 500})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(one_evaluation)->ArgNames({"J", "T"})->Args({50, 500})->Unit(benchmark::kMicrosecond);
BENCHMARK(one_derivative)->ArgNames({"J", "T"})->Args({50, 500})->Unit(benchmark::kMicrosecond);
BENCHMARK(vertical_equilibrium)->ArgName("side")->Arg(3)->Arg(5)->Unit(benchmark::kMicrosecond);
BENCHMARK(textbook_vertical_equilibrium)
    ->ArgName("side")
    ->Arg(3)
    ->Arg(5)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(nash_certificate)
    ->ArgNames({"J", "T"})
    ->Args({12, 16})
    ->Args({50, 500})
    ->Unit(benchmark::kMillisecond);

}  // namespace entente::bench
