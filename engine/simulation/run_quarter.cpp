#include "engine/simulation/run_quarter.hpp"

#include "engine/simulation/markets/consumer_choice.hpp"
#include "engine/simulation/model.hpp"
#include "engine/simulation/steps/disturb.hpp"
#include "engine/simulation/steps/partner.hpp"
#include "engine/simulation/steps/shock.hpp"
#include "engine/simulation/steps/steps.hpp"

namespace entente::simulation {

World run_quarter(World world, const population::Draws& draws, Quarter& quarter) {
  recruit_consumers(world, draws);

  // 1. partner: deals form, ramp, decay or dissolve, events begin and end; their terms hold for
  // the quarter
  form_partnerships(world, draws);
  begin_events(world, draws);

  // what everyone expects of the quarter, and what happens to it
  expect_quarter(world, quarter);
  disturb(world, quarter);

  // 2. price: input contracts and posted prices, upstream to downstream
  set_prices(world, quarter);

  // 3. order: consumers and accounts choose; derived orders go up
  place_orders(world, quarter, draws);

  // 4. deliver: reserved capacity first, the rest rationed; deliveries come down
  deliver(world, quarter, draws);

  // 5. settle: revenue, cost, profit, transfers, surplus
  settle_accounts(world, quarter);

  // 6. invest: agents read this quarter's state and write the next one's
  World next = move_on(world);
  ++next.quarter;
  invest(world, quarter, draws, next);
  for (const auto& model : world.economy->dynamics)
    model->invest(world, quarter, draws, next);
  renew_shocks(world, draws, next);
  return next;
}

}  // namespace entente::simulation
