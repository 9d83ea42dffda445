#include <algorithm>
#include <limits>

#include "engine/simulation/steps/ration.hpp"
#include "engine/simulation/steps/steps.hpp"
#include "engine/simulation/supply/generation.hpp"
#include "engine/simulation/supply/supplier_split.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Orders on a link that serve one firm: the part of the product's orders that its account placed.
double orders_for(const World& world, const Quarter& quarter, Index l, Index firm) {
  const Economy& economy = *world.economy;
  const Link& link = economy.links[at(l)];
  if (link.account >= 0)
    return economy.accounts[at(link.account)].firm == firm ? quarter.link_orders[l] : 0.0;
  if (link.buyer < 0) return 0.0;
  const Index m = economy.products[at(link.buyer)].market;
  const Market& market = economy.markets[at(m)];
  const Index j = link.buyer - market.first;
  const Eigen::MatrixXd& flow = quarter.purchases[at(m)].flow;
  const double total = flow.col(j).sum();
  double own = 0.0;
  for (std::size_t a = 0; a < market.accounts.size(); ++a) {
    if (economy.accounts[at(market.accounts[a])].firm == firm)
      own += flow(static_cast<Index>(a), j);
  }
  return total > 0.0 ? quarter.link_orders[l] * own / total : 0.0;
}

/// The partner's buyers of a product come first for the units that their reservation brought in.
void prioritise(const World& world, const Quarter& quarter, Index input_market, const Link& link,
                Index partner, double called, std::vector<Priority>& priority) {
  const Economy& economy = *world.economy;
  if (link.buyer < 0) return;
  const Index m = economy.products[at(link.buyer)].market;
  const Market& market = economy.markets[at(m)];
  for (std::size_t i = 0; i < economy.inputs.size(); ++i) {
    const Input& input = economy.inputs[i];
    if (input.product != link.buyer || input.market != input_market) continue;
    for (std::size_t a = 0; a < market.accounts.size(); ++a) {
      if (economy.accounts[at(market.accounts[a])].firm != partner) continue;
      priority[at(m)](static_cast<Index>(a), link.buyer - market.first) +=
          called / quarter.input_use[static_cast<Index>(i)];
    }
  }
}

/// How a reservation falls on its supplier's links, L: by what the partner orders, or, when it
/// orders nothing, by what the supplier sells.
Eigen::VectorXd spread_reservation(const World& world, const Quarter& quarter,
                                   const Terms::Reservation& reservation, double& wanted) {
  const Economy& economy = *world.economy;
  Eigen::VectorXd ordered = Eigen::VectorXd::Zero(quarter.link_orders.size());
  Eigen::VectorXd sold = ordered;
  for (std::size_t i = 0; i < economy.links.size(); ++i) {
    const auto l = static_cast<Index>(i);
    if (economy.links[i].supplier != reservation.supplier) continue;
    ordered[l] = orders_for(world, quarter, l, reservation.partner);
    sold[l] = quarter.link_orders[l];
  }
  wanted = ordered.sum();
  if (wanted > 0.0) return ordered / wanted;
  return sold.sum() > 0.0 ? Eigen::VectorXd(sold / sold.sum()) : sold;
}

/// What partners call of the capacity reserved for them, and pay for even if they do not.
void call_reservations(const World& world, Quarter& quarter, Index m,
                       std::vector<Priority>& priority) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  for (const Terms::Reservation& reservation : quarter.terms.reservations) {
    if (reservation.market != m) continue;
    const double reserved = reservation.share * quarter.capacity[reservation.supplier];
    double wanted = 0.0;
    const Eigen::VectorXd part = spread_reservation(world, quarter, reservation, wanted);
    const double called = std::min(reserved, wanted);
    quarter.link_reserved += reserved * part;
    quarter.link_called += called * part;
    for (Index l = 0; l < part.size(); ++l) {
      if (part[l] > 0.0) {
        prioritise(world, quarter, m, economy.links[at(l)], reservation.partner, called * part[l],
                   priority);
      }
    }
    if (!reservation.take_or_pay) continue;
    const Eigen::VectorXd paid = (reserved - called) * market.usd_bn_per_currency_unit *
                                 part.cwiseProduct(quarter.link_price);
    quarter.link_paid += paid;
    quarter.firm_transfers[reservation.partner] -= paid.sum();
    quarter.firm_transfers[economy.products[at(reservation.supplier)].firm] += paid.sum();
    quarter.partnership_transfers[reservation.partnership] += paid.sum();
  }
}

/// A supplier serves what was called, then the rest of its orders pro rata.
void serve_links(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  for (Index supplier = market.first; supplier < market.last; ++supplier) {
    double called = 0.0;
    double ordered = 0.0;
    for (std::size_t i = 0; i < economy.links.size(); ++i) {
      if (economy.links[i].supplier != supplier) continue;
      called += quarter.link_called[static_cast<Index>(i)];
      ordered += quarter.link_orders[static_cast<Index>(i)];
    }
    const double capacity = quarter.capacity[supplier];
    const double first = called > capacity ? capacity / called : 1.0;
    const double rest = std::max(0.0, capacity - called);
    const double fill = ordered > called ? std::min(1.0, rest / (ordered - called)) : 1.0;
    for (std::size_t i = 0; i < economy.links.size(); ++i) {
      const auto l = static_cast<Index>(i);
      if (economy.links[i].supplier != supplier) continue;
      quarter.link_volume[l] =
          first * quarter.link_called[l] + fill * (quarter.link_orders[l] - quarter.link_called[l]);
    }
  }
}

/// Buyers left short turn to their other qualified suppliers that still have capacity.
void serve_from_others(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  Eigen::VectorXd spare = quarter.capacity;
  Eigen::VectorXd unserved = Eigen::VectorXd::Zero(world.price.size());  // by buyer
  for (std::size_t i = 0; i < economy.links.size(); ++i) {
    const Link& link = economy.links[i];
    const auto l = static_cast<Index>(i);
    if (!market.sells(link.supplier)) continue;
    spare[link.supplier] -= quarter.link_volume[l];
    if (link.buyer >= 0) unserved[link.buyer] += quarter.link_orders[l] - quarter.link_volume[l];
  }
  for (Index supplier = market.first; supplier < market.last; ++supplier) {
    const auto can_serve = [&](Index l) {
      const Link& link = economy.links[at(l)];
      return link.supplier == supplier && link.buyer >= 0 && unserved[link.buyer] > 0.0 &&
             can_supply(world, quarter.terms, l);
    };
    double wanted = 0.0;
    for (std::size_t i = 0; i < economy.links.size(); ++i) {
      const auto l = static_cast<Index>(i);
      if (can_serve(l)) wanted += unserved[economy.links[i].buyer] * mean_access(world, l);
    }
    if (wanted <= 0.0 || !(spare[supplier] > 0.0)) continue;
    const double fill = std::min(1.0, spare[supplier] / wanted);
    for (std::size_t i = 0; i < economy.links.size(); ++i) {
      const auto l = static_cast<Index>(i);
      if (!can_serve(l)) continue;
      const double moved = fill * unserved[economy.links[i].buyer] * mean_access(world, l);
      quarter.link_volume[l] += moved;
      unserved[economy.links[i].buyer] -= moved;
    }
  }
}

/// What the inputs delivered and in stock allow each product of a market to make, J, quantity
/// units. `binds` is whether any came short: inputs in full bind nothing.
Eigen::VectorXd input_limit(const World& world, const Quarter& quarter, Index m, bool& binds) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  Eigen::VectorXd limit =
      Eigen::VectorXd::Constant(market.products(), std::numeric_limits<double>::infinity());
  for (std::size_t index = 0; index < economy.inputs.size(); ++index) {
    const Input& input = economy.inputs[index];
    if (!market.sells(input.product)) continue;
    if (economy.markets[at(input.market)].pricing != PricingKind::contract) continue;
    double delivered = world.input_stock[static_cast<Index>(index)];
    double ordered = 0.0;
    for (std::size_t i = 0; i < economy.links.size(); ++i) {
      if (economy.links[i].buyer != input.product ||
          !economy.markets[at(input.market)].sells(economy.links[i].supplier)) {
        continue;
      }
      delivered += quarter.link_volume[static_cast<Index>(i)];
      ordered += quarter.link_orders[static_cast<Index>(i)];
    }
    const Index j = input.product - market.first;
    const double per_unit = quarter.input_use[static_cast<Index>(index)];
    limit[j] = std::min(limit[j], delivered / per_unit);
    const double wanted = quarter.potential[m] * quarter.purchases[at(m)].flow.col(j).sum();
    if (input.lead > 0) {
      binds = binds || delivered < per_unit * wanted * (1.0 - 1e-12);
    } else {
      binds = binds || delivered < ordered * (1.0 - 1e-12) || (ordered <= 0.0 && wanted > 0.0);
    }
  }
  return limit;
}

/// What is left of the inputs of a market's products once they are made.
void use_inputs(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  for (std::size_t i = 0; i < economy.inputs.size(); ++i) {
    const Input& input = economy.inputs[i];
    const auto index = static_cast<Index>(i);
    if (!market.sells(input.product) || input.lead == 0) continue;
    double stock = world.input_stock[index];
    for (std::size_t l = 0; l < economy.links.size(); ++l) {
      const Link& link = economy.links[l];
      if (link.buyer == input.product && economy.markets[at(input.market)].sells(link.supplier))
        stock += quarter.link_volume[static_cast<Index>(l)];
    }
    const double used = quarter.input_use[index] * quarter.new_quantity[input.product];
    // Rationing leaves a rounding error of the whole.
    quarter.input_stock[index] = used > stock * (1.0 - 1e-12) ? 0.0 : stock - used;
  }
}

void deliver_products(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  const population::Purchases& purchases = quarter.purchases[at(m)];
  const double size = quarter.potential[m];
  Eigen::VectorXd staying;
  if (market.demand == DemandKind::subscription) {
    staying = population::inactive_by_product(world.populations[at(m)], quarter.activity[at(m)],
                                              purchases);
  }
  for (Index j = 0; j < market.products(); ++j) {
    const Index p = market.first + j;
    const double bought = size * purchases.flow.col(j).sum();
    quarter.new_quantity[p] = bought;
    quarter.quantity[p] = bought;
    quarter.unserved[p] = std::max(0.0, quarter.orders[p] - bought);
    if (market.demand == DemandKind::subscription) quarter.quantity[p] += size * staying[j];
  }
  for (std::size_t a = 0; a < market.accounts.size(); ++a) {
    quarter.account_delivered[market.accounts[a]] =
        size * purchases.flow.row(static_cast<Index>(a)).head(market.products()).sum();
  }
  if (market.pricing != PricingKind::bargained) return;
  quarter.link_volume.segment(market.first_link, market.products() * market.cells.count()) =
      size * purchases.flow.leftCols(market.products()).transpose().reshaped();
}

void deliver_contracts(Quarter& quarter, const World& world, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  for (std::size_t i = 0; i < economy.links.size(); ++i) {
    const Link& link = economy.links[i];
    if (!market.sells(link.supplier)) continue;
    quarter.quantity[link.supplier] += quarter.link_volume[static_cast<Index>(i)];
    quarter.new_quantity[link.supplier] = quarter.quantity[link.supplier];
  }
  for (Index p = market.first; p < market.last; ++p) {
    quarter.unserved[p] = std::max(0.0, quarter.orders[p] - quarter.quantity[p]);
  }
}

}  // namespace

void deliver(World& world, Quarter& quarter, const population::Draws& draws) {
  const Economy& economy = *world.economy;
  const auto links = static_cast<Index>(economy.links.size());
  quarter.quantity = Eigen::VectorXd::Zero(world.price.size());
  quarter.new_quantity = quarter.quantity;
  quarter.unserved = quarter.quantity;
  quarter.link_volume = Eigen::VectorXd::Zero(links);
  quarter.input_stock = Eigen::VectorXd::Zero(static_cast<Index>(economy.inputs.size()));
  quarter.link_reserved = quarter.link_volume;
  quarter.link_called = quarter.link_volume;
  quarter.link_paid = quarter.link_volume;
  quarter.account_delivered = Eigen::VectorXd::Zero(static_cast<Index>(economy.accounts.size()));
  quarter.firm_transfers = Eigen::VectorXd::Zero(static_cast<Index>(economy.firms.size()));
  quarter.partnership_transfers =
      Eigen::VectorXd::Zero(static_cast<Index>(economy.partnerships.size()));
  std::vector<Priority> priority(economy.markets.size());
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    if (economy.markets[m].pricing == PricingKind::contract) continue;
    priority[m] = reserved_priority(world, quarter, static_cast<Index>(m));
  }
  for (const Index m : economy.upstream_first) {
    const Market& market = economy.markets[at(m)];
    if (market.pricing == PricingKind::contract) {
      call_reservations(world, quarter, m, priority);
      serve_links(world, quarter, m);
      serve_from_others(world, quarter, m);
      deliver_contracts(quarter, world, m);
      continue;
    }
    // Here the orders that count are the partner's own: they came first as they were placed.
    if (market.pricing == PricingKind::bargained) call_reservations(world, quarter, m, priority);
    bool binds = false;
    const Eigen::VectorXd limit = input_limit(world, quarter, m, binds);
    if (binds) {
      // Spilled orders meet capacity elsewhere, but not inputs that nobody ordered in time.
      const Eigen::VectorXd allowed =
          limit.cwiseMin(quarter.production_limit.segment(market.first, market.products()));
      const auto products = static_cast<std::uint32_t>(market.products());
      ration(world, quarter, m, allowed, priority[at(m)], draws, products + 3);
    }
    deliver_products(world, quarter, m);
    use_inputs(world, quarter, m);
  }
}

}  // namespace entente::simulation
