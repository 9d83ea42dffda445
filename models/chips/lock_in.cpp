#include "models/chips/lock_in.hpp"

namespace entente::models::chips_market {

using scenario::Type;
using simulation::Index;

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

Index cells_of(const simulation::Market& market) {
  return static_cast<Index>(market.accounts.size()) * market.products();
}

}  // namespace

std::vector<scenario::Field> LockIn::market_fields() {
  return {{.key = "lock_in",
           .type = Type::figure,
           .unit = "utility",
           .meaning = "Utility that a product gains as its share of an account's stock goes from "
                      "none to all: what software for it is worth.",
           .default_value = "0",
           .minimum = 0,
           .maximum = 5,
           .source = "Klemperer 1987"}};
}

LockIn::LockIn(const scenario::Scenario& scenario, const simulation::Economy& economy,
               const std::string& model, std::size_t own, Index first)
    : own_(own), first_(first) {
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const simulation::Market& market = economy.markets[m];
    if (market.model != model || market.accounts.empty()) continue;
    const double lock_in = scenario.find("market", market.id)->number("lock_in");
    if (lock_in <= 0.0) continue;
    places_.push_back({static_cast<Index>(m), size_, lock_in});
    size_ += 2 * cells_of(market);
  }
}

Index LockIn::state_size() const {
  return size_;
}

void LockIn::remember_start(simulation::World& world) const {
  const simulation::Economy& economy = *world.economy;
  Eigen::VectorXd& state = world.model_state[own_];
  for (const Place& place : places_) {
    const simulation::Market& market = economy.markets[at(place.market)];
    const Index products = market.products();
    for (std::size_t a = 0; a < market.accounts.size(); ++a) {
      Eigen::VectorXd part = Eigen::VectorXd::Zero(products);
      if (market.initial_share.size() > 0)
        part = market.initial_share.col(static_cast<Index>(a)).matrix();
      if (part.sum() > 0.0) part /= part.sum();
      const Index row = first_ + place.state + static_cast<Index>(a) * products;
      state.segment(row, products) = world.account_stock[market.accounts[a]] * part;
      state.segment(row + cells_of(market), products) = part;
    }
  }
}

void LockIn::favour_what_is_used(const simulation::World& world,
                                 simulation::Quarter& quarter) const {
  const simulation::Economy& economy = *world.economy;
  const Eigen::VectorXd& state = world.model_state[own_];
  for (const Place& place : places_) {
    const simulation::Market& market = economy.markets[at(place.market)];
    const Index products = market.products();
    Eigen::ArrayXXd& shift = quarter.cell_shift[at(place.market)];
    if (shift.size() == 0)
      shift = Eigen::ArrayXXd::Zero(products, static_cast<Index>(market.accounts.size()));
    for (std::size_t a = 0; a < market.accounts.size(); ++a) {
      const Index row = first_ + place.state + static_cast<Index>(a) * products;
      const double total = state.segment(row, products).sum();
      if (total <= 0.0) continue;
      shift.col(static_cast<Index>(a)) +=
          place.lock_in *
          (state.segment(row, products) / total - state.segment(row + cells_of(market), products))
              .array();
    }
  }
}

void LockIn::renew_stocks(const simulation::World& world, const simulation::Quarter& quarter,
                          simulation::World& next) const {
  const simulation::Economy& economy = *world.economy;
  Eigen::VectorXd& state = next.model_state[own_];
  for (const Place& place : places_) {
    const simulation::Market& market = economy.markets[at(place.market)];
    const Index products = market.products();
    const Eigen::MatrixXd& flow = quarter.purchases[at(place.market)].flow;
    for (std::size_t a = 0; a < market.accounts.size(); ++a) {
      const Index row = first_ + place.state + static_cast<Index>(a) * products;
      state.segment(row, products) *= 1.0 - 1.0 / market.life;
      state.segment(row, products) += quarter.potential[place.market] *
                                      flow.row(static_cast<Index>(a)).head(products).transpose();
    }
  }
}

}  // namespace entente::models::chips_market
