#include "engine/market/inversion/observed_market.hpp"

#include <cmath>
#include <fmt/format.h>

#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

bool is_given(double value) {
  return !std::isnan(value);
}

void require(bool valid, const std::string& message) {
  if (!valid) throw InvalidInput("market inversion: " + message);
}

void require_size(Eigen::Index size, Eigen::Index wanted, const char* name, const char* of_what) {
  require(size == wanted, fmt::format("{} has {} entries for {} {}", name, size, wanted, of_what));
}

void validate_products(const ObservedMarket& observed) {
  const Eigen::Index products = observed.products();
  require(products > 0, "there is no product");
  require_size(observed.share.size(), products, "share", "products");
  const bool log_price = observed.price_term == PriceTerm::log;
  for (Eigen::Index j = 0; j < products; ++j) {
    const double price = observed.price(j);
    require(std::isfinite(price) && (!log_price || price > 0.0),
            fmt::format("price of product {} is {}; prices must be finite, and above 0 with a log "
                        "price term",
                        j, price));
    require(std::isfinite(observed.share(j)) && observed.share(j) > 0.0,
            fmt::format("share of product {} is {}; it must be above 0 and finite, so leave out a "
                        "product that nobody buys",
                        j, observed.share(j)));
  }
  require(std::isfinite(observed.share.sum()), "shares overflow; give them in a larger unit");
  const double outside = observed.outside_share;
  if (observed.outside_good) {
    require(!is_given(outside) || (outside > 0.0 && outside < 1.0),
            fmt::format("outside share is {}; it must lie between 0 and 1, or set outside_good to "
                        "false",
                        outside));
  } else {
    require(!is_given(outside) || outside == 0.0,
            fmt::format("outside share is {} without an outside good; leave it out", outside));
  }
  const double sensitivity = observed.price_sensitivity;
  require(!is_given(sensitivity) || (std::isfinite(sensitivity) && sensitivity > 0.0),
          fmt::format("price sensitivity is {}; it must be above 0 and finite", sensitivity));
}

void validate_nests(const ObservedMarket& observed) {
  const Eigen::Index nests = observed.nesting.size();
  require(nests > 0, "there is no nest; leave `nesting` at one entry of 1 for plain logit");
  Eigen::VectorXi members = Eigen::VectorXi::Zero(nests);
  if (observed.nest.size() != 0) {
    require_size(observed.nest.size(), observed.products(), "nest", "products");
  }
  for (Eigen::Index j = 0; j < observed.products(); ++j) {
    const Eigen::Index nest = observed.nest_of(j);
    require(nest >= 0 && nest < nests,
            fmt::format("product {} is in nest {}, and there are {}", j, nest, nests));
    members(nest) += 1;
  }
  for (Eigen::Index g = 0; g < nests; ++g) {
    const double nesting = observed.nesting(g);
    require(!is_given(nesting) || (nesting > 0.0 && nesting <= 1.0),
            fmt::format("λ of nest {} is {}; it must lie in (0, 1]", g, nesting));
    require(is_given(nesting) || members(g) > 0,
            fmt::format("nest {} has no product, so its λ cannot be inferred; leave it out", g));
  }
}

void validate_buyers(const ObservedMarket& observed) {
  const Eigen::Index cells = observed.weight.size();
  if (cells == 0) {
    require(observed.relative_sensitivity.size() == 0 && observed.taste.size() == 0,
            "cells have sensitivities or tastes but no weights");
    return;
  }
  require_size(observed.relative_sensitivity.size(), cells, "relative_sensitivity", "cells");
  require_size(observed.taste.rows(), observed.products(), "taste (rows)", "products");
  require_size(observed.taste.cols(), cells, "taste (columns)", "cells");
  for (Eigen::Index c = 0; c < cells; ++c) {
    require(std::isfinite(observed.weight(c)) && observed.weight(c) >= 0.0,
            fmt::format("weight of cell {} is {}; it must be finite and not negative", c,
                        observed.weight(c)));
    const double relative = observed.relative_sensitivity(c);
    require(std::isfinite(relative) && relative > 0.0,
            fmt::format("relative sensitivity of cell {} is {}; it must be above 0 and finite", c,
                        relative));
  }
  require(observed.weight.sum() > 0.0 && std::isfinite(observed.weight.sum()),
          "the weights of all cells add up to 0 or overflow: there are no buyers");
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (Eigen::Index j = 0; j < observed.products(); ++j) {
    bool offered = false;
    for (Eigen::Index c = 0; c < cells; ++c) {
      const double taste = observed.taste(j, c);
      require(!std::isnan(taste) && taste < infinity,
              fmt::format("taste of cell {} for product {} is {}; it must be finite, or −∞ where "
                          "not offered",
                          c, j, taste));
      offered = offered || (taste > -infinity && observed.weight(c) > 0.0);
    }
    require(offered, fmt::format("product {} has a share and is offered to nobody", j));
  }
}

void validate_supply(const ObservedMarket& observed) {
  const Supply& supply = observed.supply;
  const Eigen::Index products = observed.products();
  require_size(supply.marginal_cost.size(), products, "marginal_cost", "products");
  require_size(supply.ownership.rows(), products, "ownership (rows)", "products");
  require_size(supply.ownership.cols(), products, "ownership (columns)", "products");
  require_size(supply.received.size(), products, "received", "products");
  require_size(supply.price_fixed.size(), products, "price_fixed", "products");
  require_size(supply.fringe.size(), products, "fringe", "products");
  require(supply.ownership.allFinite(), "ownership has an entry that is not finite");
  const bool any_bound = observed.capacity_bound.size() != 0;
  if (any_bound) {
    require_size(observed.capacity_bound.size(), products, "capacity_bound", "products");
  }
  for (Eigen::Index j = 0; j < products; ++j) {
    require(!std::isinf(supply.marginal_cost(j)),
            fmt::format("marginal cost of product {} is infinite; NaN is not observed", j));
    require(std::isfinite(supply.received(j)) && supply.received(j) > 0.0,
            fmt::format("product {} keeps {} of its price; it must be above 0 and finite", j,
                        supply.received(j)));
    require(std::isfinite(supply.fringe(j)) && supply.fringe(j) >= 1.0,
            fmt::format("fringe of product {} is {}; it must be 1 or more", j, supply.fringe(j)));
    const bool fixed = is_given(supply.price_fixed(j));
    require(!fixed || supply.price_fixed(j) == observed.price(j),
            fmt::format("product {} has a fixed price of {} and an observed one of {}", j,
                        supply.price_fixed(j), observed.price(j)));
    require(fixed || supply.ownership(j, j) > 0.0,
            fmt::format("the owner of product {} puts no weight on its profit, so nothing sets its "
                        "price; fix it or give ownership({}, {}) > 0",
                        j, j, j));
    require(!fixed || !any_bound || observed.capacity_bound(j) == 0,
            fmt::format("product {} has a fixed price, which carries no shadow price of capacity; "
                        "declare one of the two",
                        j));
  }
}

void validate_figure(const ObservedMarket& observed, const Figure& figure) {
  const std::string name = describe_figure(figure);
  const auto in_market = [&](Eigen::Index j) { return j >= 0 && j < observed.products(); };
  require(std::isfinite(figure.weight) && figure.weight > 0.0,
          fmt::format("weight of {} is {}; it must be above 0 and finite", name, figure.weight));
  const bool cross = figure.kind == FigureKind::elasticity && figure.product != figure.price_of;
  const bool positive = figure.kind == FigureKind::margin || cross;
  require(std::isfinite(figure.value) && (positive ? figure.value > 0.0 : figure.value < 0.0),
          fmt::format("{} is {}; it must be finite and {} 0", name, figure.value,
                      positive ? "above" : "below"));
  if (figure.kind == FigureKind::category_elasticity) {
    require(observed.outside_good,
            "the category elasticity is 0 without an outside good and may not be given");
    return;
  }
  require(in_market(figure.product) && in_market(figure.price_of),
          fmt::format("{}: there are only {} products", name, observed.products()));
  if (figure.kind == FigureKind::elasticity) {
    require(
        observed.price_term == PriceTerm::log || observed.price(figure.price_of) > 0.0,
        fmt::format("{} has no meaning at a price of {}", name, observed.price(figure.price_of)));
  }
}

/// Whether the first-order condition of a product gives no margin.
bool needs_margin(const ObservedMarket& observed, Eigen::Index product) {
  return is_given(observed.supply.price_fixed(product)) ||
         (observed.capacity_bound.size() != 0 && observed.capacity_bound(product) != 0);
}

}  // namespace

Figure observe_margin(Eigen::Index product, double value) {
  return {FigureKind::margin, product, product, value, 1.0};
}

Figure observe_own_elasticity(Eigen::Index product, double value) {
  return {FigureKind::elasticity, product, product, value, 1.0};
}

Figure observe_cross_elasticity(Eigen::Index of, Eigen::Index to, double value) {
  return {FigureKind::elasticity, of, to, value, 1.0};
}

Figure observe_category_elasticity(double value) {
  return {FigureKind::category_elasticity, 0, 0, value, 1.0};
}

std::string describe_figure(const Figure& figure) {
  if (figure.kind == FigureKind::category_elasticity) return "category elasticity";
  if (figure.kind == FigureKind::margin) return fmt::format("margin of product {}", figure.product);
  if (figure.product == figure.price_of) {
    return fmt::format("own elasticity of product {}", figure.product);
  }
  return fmt::format("elasticity of product {} to the price of product {}", figure.product,
                     figure.price_of);
}

void validate_observed_market(const ObservedMarket& observed) {
  validate_products(observed);
  validate_nests(observed);
  validate_buyers(observed);
  validate_supply(observed);
  for (const Figure& figure : observed.figures)
    validate_figure(observed, figure);
  for (const Figure& figure : collect_figures(observed))
    validate_figure(observed, figure);  // also margins at observed costs
}

Eigen::VectorXd read_given_margins(const ObservedMarket& observed) {
  Eigen::VectorXd margin = Eigen::VectorXd::Constant(observed.products(), ObservedMarket::unknown);
  for (Eigen::Index j = 0; j < observed.products(); ++j) {
    if (!needs_margin(observed, j)) continue;
    const Supply& supply = observed.supply;
    margin(j) = supply.received(j) * observed.price(j) - supply.marginal_cost(j);
    for (const Figure& figure : observed.figures) {
      if (figure.kind != FigureKind::margin || figure.product != j) continue;
      require(!is_given(margin(j)),
              fmt::format("the margin of product {} is given twice, and no first-order condition "
                          "weighs the two; give its marginal cost or its margin",
                          j));
      margin(j) = figure.value;
    }
    require(is_given(margin(j)),
            fmt::format("the marginal cost of product {} is missing: its price is fixed or its "
                        "capacity binds, so that its first-order condition does not give it; give "
                        "its marginal cost or its margin",
                        j));
  }
  return margin;
}

std::vector<Figure> collect_figures(const ObservedMarket& observed) {
  std::vector<Figure> figures;
  for (const Figure& figure : observed.figures) {
    if (figure.kind == FigureKind::margin && needs_margin(observed, figure.product)) continue;
    figures.push_back(figure);
  }
  const Supply& supply = observed.supply;
  for (Eigen::Index j = 0; j < observed.products(); ++j) {
    if (!is_given(supply.marginal_cost(j)) || needs_margin(observed, j)) continue;
    figures.push_back(
        observe_margin(j, supply.received(j) * observed.price(j) - supply.marginal_cost(j)));
  }
  return figures;
}

}  // namespace entente::market
