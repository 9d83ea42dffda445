#pragma once

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

namespace entente::reference {

/// What a family's solver makes of a case's inputs.
struct Answer {
  nlohmann::json outputs;   // as the stored outputs are laid out; may hold more
  nlohmann::json checks;    // global_deviation_gain_… where prices were checked
  int iterations = 0;       // of all solves of the case
  double microseconds = 0;  // of all solves of the case, each the best of a few runs
};

/// Runs `solve` and adds its time, and the iterations that iterations_of(its result) says, to the
/// answer. Returns the result.
template <class Solve, class Iterations>
auto solve_timed(Answer& answer, Solve solve, Iterations iterations_of) {
  using Clock = std::chrono::steady_clock;
  using Microseconds = std::chrono::duration<double, std::micro>;
  constexpr int most_runs = 5;
  constexpr double enough = 1e4;  // microseconds
  double best = 0;
  double spent = 0;
  auto timed = [&] {
    const auto start = Clock::now();
    auto result = solve();
    const double time = Microseconds(Clock::now() - start).count();
    best = spent == 0 ? time : std::min(best, time);
    spent += time;
    return result;
  };
  auto result = timed();
  for (int run = 1; run < most_runs && spent < enough; ++run)
    result = timed();
  answer.iterations += iterations_of(result);
  answer.microseconds += best;
  return result;
}

/// The same for a result with a member `iterations`.
template <class Solve>
auto solve_timed(Answer& answer, Solve solve) {
  return solve_timed(answer, solve, [](const auto& result) { return result.iterations; });
}

}  // namespace entente::reference
