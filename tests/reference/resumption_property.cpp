#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "tests/reference/crn_properties.hpp"
#include "tests/reference/property.hpp"
#include "tests/reference/result_lines.hpp"
#include "tests/reference/workplace.hpp"

namespace entente::reference {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Stops a run with SIGTERM when its journal has grown; whether that was before its end.
bool interrupt(const Workplace& place, const Words& words, const std::string& output,
               std::uintmax_t grown) {
  const auto journal = place.folder().path() / fmt::format(".{}.entente-journal-wal", output);
  test::Program program(place.folder().path(), words);
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  std::error_code absent;
  while (std::chrono::steady_clock::now() < patience &&
         !fs::exists(place.folder().path() / output)) {
    const auto size = fs::file_size(journal, absent);
    if (!absent && size > grown) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  program.send(SIGTERM);
  return program.end().code == 130;
}

/// Of a run in many parts, begun anew until one was interrupted with work done.
std::string first_difference_of_resumed(const Workplace& place) {
  const Words many = {"--replications", "60", "--threads", "1"};
  const auto whole = place.run(summit, "uninterrupted", {many});
  for (int attempt = 0; attempt < 20; ++attempt) {
    const std::string output = fmt::format("resumed-{}", attempt);
    const auto words = place.run_words(summit, output, {many});
    if (!interrupt(place, words, output, 100000U + 100000U * (attempt % 5))) continue;
    const auto resumed = place.run(summit, output, {many, {"--resume"}});
    const auto manifest = json::parse(place.folder().read(output + "/manifest.json"));
    const int reused = manifest.at("units_reused");
    if (reused == 0 || reused == 60) continue;
    return first_difference(whole, resumed);
  }
  throw std::runtime_error("no run could be interrupted with work done and work left");
}

}  // namespace

// A run in parts is its replications one by one: each is what a machine of its own would make.
std::string look_at_ways_to_run() {
  const Workplace place;
  for (const auto* representation : {&as_types, &as_agents}) {
    const auto base = place.run(summit, "base", {*representation, {"--threads", "1"}});
    for (const auto* threads : {"2", "3", "8"}) {
      const auto difference = first_difference(
          base, place.run(summit, "threads", {*representation, {"--threads", threads}}));
      if (!difference.empty()) return fmt::format("{} threads: {}", threads, difference);
    }
    ResultLines merged;
    for (int k = 0; k < Workplace::replications; ++k) {
      const auto part =
          place.run(summit, "part", {*representation, {"--replication", fmt::to_string(k)}});
      for (const auto& [name, lines] : part) {
        auto& all = merged[name];
        all.insert(all.end(), lines.begin() + (all.empty() ? 0 : 1), lines.end());
      }
    }
    merged["summary.csv"] = base.at("summary.csv");  // parts have their own
    const auto difference = first_difference(base, merged);
    if (!difference.empty()) return "in parts: " + difference;
  }
  const auto difference = first_difference_of_resumed(place);
  return difference.empty() ? holds : "resumed: " + difference;
}

}  // namespace entente::reference
