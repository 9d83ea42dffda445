#include "engine/output/manifest.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/output/text_hash.hpp"

namespace entente::output {

namespace {

using Json = nlohmann::ordered_json;

constexpr auto program = "entente";
constexpr auto file_name = "manifest.json";

// Only plain names are files of the folder itself; anything else in a list is not ours to touch.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
}

Json deals_json(const Manifest& manifest) {
  auto deals = Json::array();
  for (const auto& deal : manifest.deals) {
    deals.push_back(Json{{"id", deal.id},
                         {"kind", deal.kind},
                         {"formed", deal.formed},
                         {"replications", manifest.replications.size()}});
  }
  return deals;
}

Json failures_json(const Manifest& manifest) {
  auto failures = Json::array();
  for (const auto& failure : manifest.failures)
    failures.push_back(Json{{"replication", failure.replication}, {"message", failure.message}});
  return failures;
}

/// The manifest of a result folder of this program.
std::optional<Json> read_manifest(const std::filesystem::path& folder) {
  std::ifstream file(folder / file_name);
  if (!file) return std::nullopt;
  auto json = Json::parse(file, nullptr, false);
  if (!json.is_object() || !json.contains("program") || json["program"] != program)
    return std::nullopt;
  return json;
}

Json convergence_json(const Manifest::Convergence& convergence) {
  Json json{{"markets_priced", convergence.markets_priced}, {"worst_pricing_residual", nullptr}};
  if (convergence.worst_pricing_residual) {
    json["worst_pricing_residual"] = *convergence.worst_pricing_residual;
  }
  return json;
}

Json certificates_json(const std::vector<Manifest::Certificate>& certificates) {
  auto json = Json::array();
  for (const auto& certificate : certificates) {
    json.push_back(Json{{"market", certificate.market}, {"gain", nullptr}});
    if (certificate.gain) json.back()["gain"] = *certificate.gain;
  }
  return json;
}

Json choice_paths_json(const std::vector<Manifest::ChoicePath>& paths) {
  auto json = Json::array();
  for (const auto& [market, path] : paths)
    json.push_back(Json{{"market", market}, {"path", path}});
  return json;
}

std::string number_text(double number) {
  return Json(number).dump();
}

Json stopping_json(const Manifest::Stopping& stopping) {
  Json json{{"confidence", stopping.confidence},
            {"minimum", stopping.minimum},
            {"look_ahead", stopping.look_ahead},
            {"most", stopping.most},
            {"half_widths", Json::array()},
            {"met", stopping.met},
            {"widest", nullptr},
            {"needed", nullptr}};
  if (stopping.needed) json["needed"] = *stopping.needed;
  for (const auto& series : stopping.series) {
    json["half_widths"].push_back(
        Json{{"series", series.name}, {"size", series.size}, {"relative", series.relative}});
  }
  if (const auto& widest = stopping.widest) {
    json["widest"] = Json{{"series", widest->series},   {"entity", widest->entity},
                          {"quarter", widest->quarter}, {"n", widest->values},
                          {"mean", widest->mean},       {"half_width", widest->half_width}};
  }
  return json;
}

/// "markets.hhi 0.05 of the mean" for each series, and the numbers of the rule.
std::string rule_text(const Manifest::Stopping& stopping) {
  std::string text;
  for (const auto& series : stopping.series) {
    text +=
        series.name + " " + number_text(series.size) + (series.relative ? " of the mean, " : ", ");
  }
  return text + "confidence " + number_text(stopping.confidence) + ", minimum " +
         std::to_string(stopping.minimum) + ", look-ahead " + std::to_string(stopping.look_ahead) +
         ", most " + std::to_string(stopping.most);
}

/// What is the same of all runs of a scenario.
std::string scenario_identity(const Manifest& manifest) {
  const std::string saved =
      manifest.saved_quarter.empty() ? "" : ", states of " + manifest.saved_quarter;
  return manifest.version + " " + text_hash(manifest.scenario_text) + " seed " +
         std::to_string(manifest.seed) + saved;
}

}  // namespace

std::string to_json(const Manifest& manifest) {
  Json json{
      {"program", program},
      {"version", manifest.version},
      {"scenario",
       {{"file", manifest.scenario_file},
        {"title", manifest.scenario_title},
        {"hash", text_hash(manifest.scenario_text)},
        {"resolved", manifest.scenario_text}}},
      {"identity", run_identity(manifest)},
      {"seed", manifest.seed},
      {"representation", manifest.representation},
      {"parameters", manifest.parameters},
      {"parameter_redraws", manifest.parameter_redraws},
      {"first_quarter", manifest.first_quarter},
      {"quarters", manifest.quarters},
      {"replications", manifest.replications.size()},
      {"first_replication", manifest.replications.empty() ? 0 : manifest.replications.front()},
      {"failed", failures_json(manifest)},
      {"convergence", convergence_json(manifest.convergence)},
      {"nash_certificates", certificates_json(manifest.nash_certificates)},
      {"choice_paths", choice_paths_json(manifest.choice_paths)},
      {"deals", deals_json(manifest)},
      {"files", manifest.files},
      {"saved_states", nullptr},
      {"command", manifest.command},
      {"time",
       {{"started", manifest.started},
        {"seconds", manifest.seconds},
        {"threads", manifest.threads}}},
      {"units_reused", manifest.units_reused},
      {"branched", nullptr}};
  if (!manifest.saved_quarter.empty()) {
    json["saved_states"] =
        Json{{"quarter", manifest.saved_quarter}, {"journal", journal_identity(manifest)}};
  }
  if (!manifest.branched_from.empty()) {
    json["branched"] = Json{{"from", manifest.branched_from}, {"units", manifest.units_branched}};
  }
  if (manifest.stopping) json["stopping"] = stopping_json(*manifest.stopping);
  // Paths and commands may hold any byte; a replacement mark is better than no manifest.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::optional<RunIdentity> read_run_identity(const std::filesystem::path& folder) {
  auto files = read_result_files(folder);
  const auto json = read_manifest(folder);
  if (!files || !json) return std::nullopt;
  try {
    return RunIdentity{json->at("version").get<std::string>(),
                       json->at("scenario").at("title").get<std::string>(),
                       json->at("seed").get<std::uint64_t>(), std::move(*files)};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

std::optional<RunRecord> read_run_record(const std::filesystem::path& folder) {
  const auto json = read_manifest(folder);
  if (!json) return std::nullopt;
  try {
    const auto& scenario = json->at("scenario");
    RunRecord record;
    record.version = json->at("version").get<std::string>();
    record.title = scenario.at("title").get<std::string>();
    record.scenario_file = scenario.at("file").get<std::string>();
    record.scenario_text = scenario.at("resolved").get<std::string>();
    record.scenario_hash = scenario.at("hash").get<std::string>();
    record.command = json->at("command").get<std::string>();
    record.seed = json->at("seed").get<std::uint64_t>();
    if (const auto saved = json->find("saved_states"); saved != json->end() && !saved->is_null()) {
      record.saved_quarter = saved->at("quarter").get<std::string>();
      record.saved_identity = saved->at("journal").get<std::string>();
    }
    for (const auto& deal : json->at("deals")) {
      record.deals.push_back({deal.at("id").get<std::string>(), deal.at("kind").get<std::string>(),
                              deal.at("formed").get<std::int64_t>()});
    }
    for (const auto& failure : json->at("failed")) {
      record.failures.push_back({failure.at("replication").get<std::uint64_t>(),
                                 failure.at("message").get<std::string>()});
    }
    return record;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

std::string run_identity(const Manifest& manifest) {
  if (manifest.stopping)
    return scenario_identity(manifest) + ", replications until " + rule_text(*manifest.stopping);
  std::uint64_t first = UINT64_MAX;
  for (const std::uint64_t replication : manifest.replications)
    first = std::min(first, replication);
  for (const auto& failure : manifest.failures)
    first = std::min(first, failure.replication);
  return scenario_identity(manifest) + ", " +
         std::to_string(manifest.replications.size() + manifest.failures.size()) +
         " replications from " + std::to_string(first);
}

std::string journal_identity(const Manifest& manifest) {
  return manifest.stopping ? scenario_identity(manifest) + ", as many replications as it takes"
                           : run_identity(manifest);
}

std::optional<std::string> read_identity(const std::filesystem::path& folder) {
  const auto manifest = read_manifest(folder);
  if (!manifest || !manifest->contains("identity") || !(*manifest)["identity"].is_string())
    return std::nullopt;
  return (*manifest)["identity"].get<std::string>();
}

std::optional<std::vector<std::string>> read_result_files(const std::filesystem::path& folder) {
  const auto manifest = read_manifest(folder);
  if (!manifest) return std::nullopt;
  const Json& json = *manifest;
  std::vector<std::string> names;
  if (json.contains("files") && json["files"].is_array()) {
    for (const auto& name : json["files"]) {
      if (name.is_string() && is_plain_name(name.get<std::string>())) {
        names.push_back(name.get<std::string>());
      }
    }
  }
  names.emplace_back(file_name);
  return names;
}

}  // namespace entente::output
