#pragma once

#include <Eigen/Core>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/output/result_table.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/added_series.hpp"
#include "engine/simulation/state/moment.hpp"

namespace entente::simulation {

/// A figure that tells beforehand how a model behaves in a scenario.
struct Diagnostic {
  std::string name;  // with what it is of
  double value = 0.0;
  double warn_above = 0.0;
  std::string warning;  // what a value above that means
};

/// What a model does in a quarter. Immutable: what changes is in the world's model_state.
class Dynamics {
 public:
  virtual ~Dynamics() = default;

  /// Sets the model's own state at quarter 0, and stocks that follow from its parameters. Called as
  /// quarter 0 is calibrated: first with its quantities and prices alone, at last with all of it.
  virtual void initialise(World& world) const = 0;

  /// Sets expectations of the quarter (volumes, seasons, shifts of demand) before prices.
  virtual void expect(const World& world, Quarter& quarter) const = 0;

  /// Moves the next quarter's state: reads the world and the quarter, writes `next`.
  virtual void invest(const World& world, const Quarter& quarter, const population::Draws& draws,
                      World& next) const = 0;

  /// Figures that `check` shows, with a warning where one is too large.
  virtual std::vector<Diagnostic> diagnose() const { return {}; }

 protected:
  Dynamics() = default;
  Dynamics(const Dynamics&) = default;
  Dynamics(Dynamics&&) = default;
  Dynamics& operator=(const Dynamics&) = default;
  Dynamics& operator=(Dynamics&&) = default;
};

/// Keys that a model adds to one of the engine's tables.
struct AddedFields {
  std::string table;
  std::vector<scenario::Field> fields;
};

/// An industry: the keys it adds and the mechanisms it brings to the markets that name it.
struct Model {
  std::string id;  // `model` in [[market]]
  std::string title;
  std::vector<AddedFields> fields;
  std::vector<AddedSeries> series = {};  // columns of result tables

  /// Binds the model to a scenario; faults are the user's. `own` is the model's place in
  /// model_state.
  std::function<std::shared_ptr<const Dynamics>(const scenario::Scenario& scenario,
                                                const Economy& economy, std::size_t own,
                                                scenario::Faults& faults)>
      bind;
};

}  // namespace entente::simulation
