#include "engine/experiment/ensemble/ensemble.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include "engine/output/file_writer.hpp"

namespace entente::experiment {

namespace {

std::string failure_text(const std::vector<UnitFailure>& failures, std::size_t units) {
  return std::to_string(failures.size()) + " of " + std::to_string(units) +
         (units == 1 ? " replication failed" : " replications failed");
}

}  // namespace

EnsembleFailure::EnsembleFailure(std::vector<UnitFailure> failures_, std::size_t units_)
    : std::runtime_error(failure_text(failures_, units_)),
      failures(std::move(failures_)),
      units(units_) {}

int default_threads() {
  return std::max(1, tbb::info::default_concurrency());
}

std::vector<UnitFailure> run_units(const std::vector<std::uint64_t>& replications,
                                   const std::function<void(std::size_t position)>& work,
                                   const EnsembleOptions& options) {
  const std::size_t units = replications.size();
  const int threads = std::max(1, options.threads);
  const auto cancelled = [&] { return options.cancelled != nullptr && options.cancelled->load(); };

  std::vector<std::optional<std::string>> errors(units);
  std::mutex progress_mutex;
  std::size_t done = 0;
  std::atomic<bool> broken = false;
  std::exception_ptr breakage;

  const auto run_one = [&](std::size_t index) {
    if (cancelled() || broken.load()) return;
    try {
      work(index);
    } catch (const output::WriteFailure&) {
      const std::lock_guard lock(progress_mutex);
      if (!broken.exchange(true)) breakage = std::current_exception();
      return;
    } catch (const std::exception& error) {
      errors[index] = error.what();
    }
    if (options.progress) {
      const std::lock_guard lock(progress_mutex);
      options.progress(++done, units);
    }
  };

  // global_control lifts the library's own cap at the number of processors, so that a test of many
  // threads on a small machine is one.
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(threads));
  tbb::task_arena arena(threads);
  arena.execute([&] {
    // One unit a task: units are long, and the simple partitioner keeps progress in order.
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, units, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
          for (auto i = range.begin(); i != range.end(); ++i)
            run_one(i);
        },
        tbb::simple_partitioner{});
  });

  if (breakage) std::rethrow_exception(breakage);
  if (cancelled()) throw Cancelled();
  std::vector<UnitFailure> failures;
  for (std::size_t i = 0; i < units; ++i) {
    if (errors[i]) failures.push_back({replications[i], *errors[i]});
  }
  return failures;
}

}  // namespace entente::experiment
