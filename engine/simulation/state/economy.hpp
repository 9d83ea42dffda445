#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/market/demand.hpp"
#include "engine/population/population.hpp"
#include "engine/scenario/quarter_date.hpp"
#include "engine/simulation/state/added_series.hpp"
#include "engine/simulation/state/behaviour.hpp"
#include "engine/simulation/state/effect.hpp"
#include "engine/simulation/state/scope.hpp"

namespace entente::simulation {

using Index = Eigen::Index;

/// Who decides to buy, and how often.
enum class DemandKind {
  durable,       // active consumers replace; without a purchase they keep what they hold
  subscription,  // active subscribers reconsider; the others pay what they signed
  allocation     // accounts spread each quarter's whole volume over products
};

enum class PricingKind {
  posted,     // Bertrand-Nash
  contract,   // bargained link by link with makers of other products
  bargained,  // by each seller with each account
  given       // the scenario's price
};

/// How a seller sets the price of one product.
enum class ProductPricing { market, at_cost, fixed };

/// Growth that fades: the rate of quarter t is rate·fade^t.
struct FadingGrowth {
  double rate = 0.0;  // per quarter
  double fade = 1.0;  // (0, 1]

  double rate_at(int quarter) const;
  double factor_until(int quarter) const;  // Π (1 + rate_at(k)), k < quarter
};

struct Firm {
  std::string id;
  std::string name;
  Behaviour behaviour;
  std::vector<Index> products = {};  // that it sells, in their order
};

/// A seller on whose network another product is sold.
struct Wholesale {
  Index host = 0;      // product
  double share = 0.0;  // of the units it carries
};

struct Product {
  std::string id;
  std::string name;
  Index market = 0;
  Index firm = 0;
  ProductPricing pricing = ProductPricing::market;
  double fringe = 1.0;              // equal independent firms behind it
  int entry_quarter = 0;            // first quarter on offer; `never` until launched
  double entry_share = 0.0;         // of a buyer's purchases at the prices of quarter 0
  double price = 0.0;               // quarter 0, currency per unit
  double cost_beside_inputs = 0.0;  // currency per unit, quarter 0, calibrated
  double fixed_cost = 0.0;          // USD bn per quarter, calibrated
  double quantity = 0.0;            // sold in quarter 0, quantity units
  double base_share = 0.0;          // of the installed base before quarter 0, or of use
  double unit_cost = 0.0;           // marginal cost where given, currency per unit; else 0
  double other_revenue = 0.0;       // beside the price, currency per unit
  double capacity = std::numeric_limits<double>::infinity();  // quantity units per quarter
  FadingGrowth capacity_growth;
  double capacity_response = 0.0;    // of ln capacity to ln(orders / capacity), per quarter
  double expected_growth = 0.0;      // of orders, by a trend follower in quarter 0, per quarter
  int build_lag = 0;                 // quarters from ordered capacity to its use, beyond the next
  double entry_cost = 0.0;           // USD bn, paid in the first quarter on offer
  FadingGrowth quality_drift;        // willingness to pay, fraction of price per quarter
  Index complement = -1;             // product whose quality it carries, −1 none
  double complement_value = 0.0;     // willingness to pay for it, fraction per unit of quality
  double wholesale_rate = 0.0;       // of marginal cost, paid to hosts, currency per unit
  std::vector<Wholesale> wholesale;  // hosts and their parts
  static constexpr int never = std::numeric_limits<int>::max();
};

/// A vintage of a market's goods. Its makers qualify for it and learn to make it anew.
struct Generation {
  std::string id;
  Index market = 0;
  int start = 0;  // first quarter in which it is made
};

/// How a product's input moves on to a generation: among what is of it or of the one before, the
/// odds are exp((t − midpoint)/width) from the generation's start on (Fisher & Pry 1971).
struct Adoption {
  double midpoint = 0.0;  // quarter
  double width = 1.0;     // quarters
};

/// A good that making one unit of a product takes.
struct Input {
  std::string id;
  Index product = 0;      // that needs it
  Index market = 0;       // that sells it
  bool capital = false;   // a stock that serves for its market's life; else used up
  double per_unit = 0.0;  // input's priced units per priced unit; stock per unit for capital
  double intensity_elasticity = 0.0;  // of per_unit to the price paid, ≤ 0
  double initial_price = 0.0;         // paid in quarter 0, currency per unit
  Index account = -1;                 // that buys it for the product's firm, −1 none
  int lead = 0;                       // quarters from order to delivery
  double initial_cover = 0.0;         // stock before quarter 0, quarters of use
  double cover = 0.0;                 // stock the maker wants, quarters of use
  double stock_adjustment = 0.0;      // part of the gap to it that each order closes
  double due_growth = 0.0;            // a quarter, of orders placed before quarter 0
  std::vector<Adoption> adoption;     // one a generation after the market's first
};

/// What several products of a market take while they are made, such as a common process.
struct Resource {
  std::string id;
  std::string name;
  Index market = 0;
  Eigen::VectorXd use;    // J, resource units per quantity unit
  double capacity = 0.0;  // resource units a quarter, quarter 0
  FadingGrowth growth;
  double response = 0.0;  // of ln capacity to ln(wanted / capacity) + ln(price / initial_price)
  double initial_price = 0.0;  // shadow price of quarter 0, currency per resource unit
};

/// A group of buyers of an allocation market.
struct Account {
  std::string id;
  std::string name;
  Index market = 0;
  Index firm = -1;     // whose purchases these are, −1 for the public
  Index host = -1;     // product on which its use happens; its base moves the volume, −1 none
  double share = 0.0;  // of the market's volume at quarter 0
};

/// A supplier's product sold to the maker of another product under contract, or, in a market that
/// bargains with its accounts, to one of those.
struct Link {
  std::string id;
  Index supplier = 0;               // product of a contract market
  Index buyer = -1;                 // product that takes it as an input, −1: none
  Index account = -1;               // that buys it; with neither it is the residual buyer
  bool qualified = true;            // at quarter 0
  double volume = 0.0;              // quantity units, quarter 0
  double share = 0.0;               // of the buyer's purchases, quarter 0
  double price = 0.0;               // currency per unit, quarter 0
  double buyer_weight = 0.5;        // b, calibrated; the buyer's mean where it is not qualified yet
  std::vector<bool> qualified_for;  // at quarter 0, one a generation of the supplier's market

  bool residual() const { return buyer < 0 && account < 0; }
};

struct Market {
  std::string id;
  std::string name;
  std::string model;
  DemandKind demand = DemandKind::durable;
  PricingKind pricing = PricingKind::posted;
  std::string share_of;                 // what observed shares are shares of
  std::string unit;                     // of quantity: "million phones"
  double usd_bn_per_currency_unit = 0;  // USD bn in one price unit × one quantity unit, a quarter
  double usd_per_currency = 1.0;        // of the price: USD in one currency unit
  Index first = 0;                      // products [first, last) in the economy's order
  Index last = 0;
  double quantity = 0.0;              // sold (or subscribed) in quarter 0, quantity units
  double potential = 0.0;             // consumers, or potential purchases of accounts, quarter 0
  FadingGrowth growth;                // of potential
  double turnover = 1.0;              // hazard that a consumer is active
  double network = 0.0;               // γ, utility per log point of the base share
  double reprice_share = 1.0;         // contracts: fraction repriced a quarter
  double supplier_elasticity = 0.0;   // contracts: of a buyer's split to a supplier's price
  int access_ramp = 1;                // contracts: quarters from qualification to full access
  double link_nest = 0.2;             // contracts: λ of the links of one product
  std::vector<Index> generations;     // contracts: of its goods, in order; at least one
  double life = 1.0;                  // quarters a bought unit serves in a buyer's stock
  double units_per_quantity = 1.0;    // priced units in one quantity unit
  double outside_share = 0.0;         // quarter 0; 0: there is no outside good
  bool given_preferences = false;     // stated by the scenario, so that quarter 0 follows from them
  bool network_of_consumers = false;  // base shares count among all consumers, not holders alone
  double initial_holders = 1.0;       // of consumers in quarter 0, who hold some product
  bool free = false;                  // no price: choice by quality alone
  Eigen::ArrayXXd initial_share;      // J×C, probability that a buyer of cell c buys j
  Eigen::VectorXd initial_logsum;     // C
  Eigen::VectorXd initial_spending;   // C, currency per active buyer
  bool final = false;                 // no product takes it as an input: its buyers count surplus
  population::Cells cells;
  market::PriceTerm price_term = market::PriceTerm::log;
  double nest = 1.0;     // λ
  double inertia = 0.0;  // κ, utility
  // Tastes: consumer i weighs characteristic k by taste_spread_k·z_ik and the price term by
  // exp(price_spread·z_i0)/taste_normaliser of the mean, z standard normal. T types stand for them.
  double price_spread = 0.0;            // σ, of the log of price sensitivity
  double taste_normaliser = 1.0;        // mean of exp(σ·z_0) over types
  Eigen::VectorXd taste_spread;         // K, of the weight of each characteristic, utility a unit
  Eigen::MatrixXd characteristics;      // J×K, values of the products
  Eigen::VectorXd type_weight;          // T, sums to 1
  Eigen::MatrixXd type_node;            // T×(1+K), z of each type, price sensitivity first
  Eigen::MatrixXd type_below;           // T×(1+K), probability of a z below its stratum
  Eigen::MatrixXd type_above;           // T×(1+K), of one above it
  Eigen::VectorXd type_sensitivity;     // T, relative, weighted mean 1
  double sensitivity = 0.0;             // mean η or α
  Eigen::VectorXd sensitivity_by_cell;  // C
  Eigen::VectorXd mean_utility;         // J, δ at which the base reproduces itself, or quarter 0's
  Eigen::VectorXd initial_shock;        // J, what quarter 0 deviates from it, utility
  double shock_persistence = 1.0;       // part of it that remains after a quarter
  Eigen::ArrayXXd cell_utility;     // J×C beside δ and inertia; −∞ is not offered to the cell
  Eigen::VectorXd initial_holding;  // C
  std::vector<Index> accounts;      // of an allocation market, in cell order
  Index first_link = -1;            // bargained: of J links an account, accounts in cell order

  Index products() const { return last - first; }
  bool sells(Index product) const { return product >= first && product < last; }
  /// Bargained: the link of product `first + j` with the account of a cell.
  Index link_of(Index j, Index cell) const { return first_link + cell * products() + j; }
};

/// A financial interest of one firm in another.
struct Stake {
  Index holder = 0;
  Index firm = 0;
  double share = 0.0;
  double control = 0.0;
};

/// What changes the world from a date on: a rule, an outage, a subsidy.
struct Event {
  std::string id;
  int start = 0;                              // quarter; before it nothing happens
  int end = std::numeric_limits<int>::max();  // first quarter without it
  double probability = 1.0;                   // that it happens, drawn once at `start`
  int ramp = 0;                               // quarters from start to full strength
  std::vector<Effect> effects;
};

/// A deal: an event that its parties make, if their talks become binding.
struct Partnership : Event {
  std::string kind;
  std::vector<Index> parties;  // firms
  double dissolution = 0.0;    // hazard a quarter once formed
};

/// Noise of a process: x' = persistence·x + deviation·ε, ε standard normal, x = 0 in quarter 0.
struct Shock {
  enum class Moves { utility, demand, cost, capacity };
  std::string id;
  Moves moves = Moves::utility;  // utility itself, of the others the log
  Scope scope;
  double deviation = 0.0;  // of one quarter's innovation
  double persistence = 0.0;
};

/// Everything fixed during a run: the resolved scenario turned into indices, with quarter 0
/// calibrated. Entities are ordered by id (products by market, then id); sums run in that order.
struct Economy {
  scenario::QuarterDate start;
  int quarters = 0;
  double discount_rate = 0.0;  // per quarter
  std::uint32_t seed = 0;
  population::Representation representation = population::Representation::types;
  std::uint64_t agents = 0;
  bool individual_tastes = true;  // of agents: each has its own; false: those of the types
  bool keyed_shocks = false;      // of agents: each has its own for each product and quarter
  std::vector<Firm> firms;
  std::vector<Product> products;
  std::vector<Market> markets;
  std::vector<Input> inputs;
  std::vector<Generation> generations;
  std::vector<Resource> resources;
  std::vector<Account> accounts;
  std::vector<Link> links;
  std::vector<Stake> stakes;
  std::vector<Partnership> partnerships;
  std::vector<Event> events;
  std::vector<Shock> shocks;
  std::size_t most_generations = 1;                       // of any market
  std::vector<Index> upstream_first;                      // markets, inputs before their users
  std::vector<std::shared_ptr<const Dynamics>> dynamics;  // one a model
  std::vector<std::vector<AddedSeries>> added_series;     // of each model

  /// The rules of the firm that sells a product.
  const Behaviour& behaviour_of(Index product) const {
    return firms[static_cast<std::size_t>(products[static_cast<std::size_t>(product)].firm)]
        .behaviour;
  }
  std::optional<Index> find_product(const std::string& id) const;
  std::optional<Index> find_market(const std::string& id) const;
  std::optional<Index> find_firm(const std::string& id) const;
  std::optional<Index> find_account(const std::string& id) const;
  std::optional<Index> find_resource(const std::string& id) const;
};

/// Input quantity units that one quantity unit of the product takes.
double input_quantity_per_unit(const Economy& economy, const Input& input);

}  // namespace entente::simulation
