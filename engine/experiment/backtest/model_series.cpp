#include "engine/experiment/backtest/model_series.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace entente::experiment {

namespace {

TableView products_of(const Outcome& outcome) {
  const auto view = TableView::find(outcome, "products");
  if (!view) throw std::logic_error("the outcome has no products");
  return *view;
}

std::size_t required(const std::optional<std::size_t>& column) {
  if (!column) throw std::logic_error("the products lack a column");
  return *column;
}

}  // namespace

ModelSeries::ModelSeries(const Outcome& outcome, const ObservedSeries& observed)
    : products_(products_of(outcome)),
      column_(required(products_.series(
          simulation::counts_revenue(observed.measure) ? "revenue_usd_bn" : "quantity"))),
      share_(simulation::is_share(observed.measure)),
      model_units_(observed.model_units) {
  const std::size_t market = required(products_.key("market"));
  const std::size_t firm = required(products_.key("firm"));
  for (std::size_t e = 0; e < products_.entities(); ++e) {
    const auto& keys = products_.table().rows[e];
    if (keys[market] != observed.market) continue;
    market_rows_.push_back(e);
    if (observed.firm.empty() || keys[firm] == observed.firm) firm_rows_.push_back(e);
  }
}

double ModelSeries::value(std::size_t replication, std::size_t quarter) const {
  const auto sum = [&](const std::vector<std::size_t>& rows) {
    double total = 0.0;
    for (const std::size_t row : rows)
      total += products_.value(replication, quarter, row, column_);
    return total;
  };
  if (!share_) return sum(firm_rows_) / model_units_;
  constexpr double percent = 100.0;
  const double total = sum(market_rows_);
  return total > 0.0 ? percent * sum(firm_rows_) / total : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> ModelSeries::values(std::size_t quarter) const {
  std::vector<double> all;
  all.reserve(products_.replications());
  for (std::size_t r = 0; r < products_.replications(); ++r) {
    const double one = value(r, quarter);
    if (!std::isnan(one)) all.push_back(one);
  }
  if (all.empty()) throw std::runtime_error("no replication has a value of an observed series");
  return all;
}

}  // namespace entente::experiment
