#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace entente::output {

/// What a result folder says about itself in manifest.json.
struct Manifest {
  struct Convergence {
    std::int64_t markets_priced = 0;               // market-quarters over all replications
    std::optional<double> worst_pricing_residual;  // largest of them; absent when none was priced
  };
  struct Certificate {
    std::string market;
    std::optional<double> gain;  // largest relative gain from other prices; absent: not certified
  };
  struct ChoicePath {
    std::string market;
    std::string path;  // how its individuals chose: "bounds" at least in part, or "all weights"
  };
  struct Deal {
    std::string id;
    std::string kind;
    std::int64_t formed = 0;  // replications in which it was ever active
  };

  /// Of a run that went on until means were known well enough: what was asked, and what came.
  struct Stopping {
    struct Series {
      std::string name;   // markets.hhi
      double size = 0.0;  // half width of the intervals
      bool relative = false;
    };
    struct Mean {
      std::string series;
      std::string entity;
      std::string quarter;
      std::uint64_t values = 0;  // replications that have one
      double mean = 0.0;
      double half_width = 0.0;
    };
    double confidence = 0.0;
    std::uint64_t minimum = 0;
    std::uint64_t look_ahead = 0;
    std::uint64_t most = 0;
    std::vector<Series> series;
    bool met = false;
    std::optional<Mean> widest;           // against what is asked; absent when no mean has a value
    std::optional<std::uint64_t> needed;  // replications, when not met; absent when nobody can tell
  };

  // The same for every repeat of the run.
  std::string version;
  std::string scenario_file;
  std::string scenario_title;
  std::string scenario_text;  // as resolved; its hash is taken of this
  std::uint64_t seed = 0;
  std::string representation;
  std::string parameters;              // "fixed" or "drawn"
  std::int64_t parameter_redraws = 0;  // draws whose quarter 0 was infeasible
  std::string first_quarter;
  int quarters = 0;
  std::vector<std::uint64_t> replications;  // numbers of those with results
  struct Failure {
    std::uint64_t replication = 0;
    std::string message;
  };
  std::vector<Failure> failures;     // replications without
  std::optional<Stopping> stopping;  // absent: the number of replications was given
  std::string saved_quarter;         // whose states branches may start from; empty: none
  Convergence convergence;
  std::vector<Certificate> nash_certificates;  // of the calibrated baseline
  std::vector<ChoicePath> choice_paths;        // of the markets whose buyers are individuals
  std::vector<Deal> deals;
  std::vector<std::string> files;  // the results, besides the manifest itself

  // These may differ between repeats.
  std::string command;
  std::string started;  // UTC, 2024-05-14T09:00:00Z
  double seconds = 0.0;
  int threads = 1;
  std::int64_t units_reused = 0;
  std::string branched_from;        // file of saved states; empty: began in the first quarter
  std::int64_t units_branched = 0;  // of those with results
};

/// The JSON text, keys in a fixed order, two-space indent.
std::string to_json(const Manifest& manifest);

/// What a comparison needs to know of a run on the disk.
struct RunIdentity {
  std::string version;
  std::string title;
  std::uint64_t seed = 0;
  std::vector<std::string> files;
};

/// Nothing when there is no readable manifest.json of a run in `folder`.
std::optional<RunIdentity> read_run_identity(const std::filesystem::path& folder);

/// What a report tells of a run on the disk.
struct RunRecord {
  std::string version;
  std::string title;
  std::string scenario_file;
  std::string scenario_text;  // as resolved
  std::string scenario_hash;
  std::string command;
  std::uint64_t seed = 0;
  std::vector<Manifest::Deal> deals;
  std::vector<Manifest::Failure> failures;
  std::string saved_quarter;   // of the states in its folder; empty: there are none
  std::string saved_identity;  // of the journal that has them
};

/// Nothing when there is no readable manifest.json of a run in `folder`.
std::optional<RunRecord> read_run_record(const std::filesystem::path& folder);

/// Of which run results are: version, scenario, seed, saved states and how many replications, of
/// which the first; or by which rule as many as there are.
std::string run_identity(const Manifest& manifest);

/// Of which runs a journal's units may be: the same, but of any rule.
std::string journal_identity(const Manifest& manifest);

/// The same of the results that are in a folder; nothing where there are none.
std::optional<std::string> read_identity(const std::filesystem::path& folder);

/// The result files that a manifest on the disk lists, the manifest itself included. Nothing when
/// there is no readable manifest.json of this program in `folder`.
std::optional<std::vector<std::string>> read_result_files(const std::filesystem::path& folder);

}  // namespace entente::output
