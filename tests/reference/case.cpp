#include "tests/reference/case.hpp"

#include <algorithm>
#include <fstream>

#include "tests/reference/property.hpp"

namespace entente::reference {

namespace {

constexpr const char* experiment_schema = "entente-ref-1";

std::string text_or(const nlohmann::json& document, const char* key, const std::string& otherwise) {
  return document.contains(key) ? document.at(key).get<std::string>() : otherwise;
}

Tolerance read_tolerance(const nlohmann::json& document) {
  Tolerance tolerance;
  const char* const key =
      document.value("schema", "") == experiment_schema ? "tolerance" : "suggested_tolerance";
  if (!document.contains(key)) return tolerance;
  const nlohmann::json& suggested = document.at(key);
  tolerance.relative = suggested.value("rel", tolerance.relative);
  tolerance.absolute = suggested.value("abs", tolerance.absolute);
  return tolerance;
}

/// Takes `key` out of an object.
nlohmann::json take(nlohmann::json& object, const char* key) {
  nlohmann::json value = object.at(key);
  object.erase(key);
  return value;
}

/// What experiments keep beside their answer though it belongs to the problem. Without resamples
/// the critical value that was found with them is no problem that can be solved.
void move_givens(nlohmann::json& document, nlohmann::json& expected) {
  if (!expected.is_object()) return;
  for (const char* given : {"bootstrap_index", "tost_margin"}) {
    if (expected.contains(given)) document[given] = take(expected, given);
  }
  if (document.contains("bootstrap_index") && document.at("bootstrap_index").is_null())
    expected.erase("sup_t_critical_95_for_given_resamples");
  if (expected.contains("first_n")) {
    for (const nlohmann::json& one : expected.at("first_n"))
      document["rules"].push_back(one.at("rule"));
  }
}

/// Resampling leaves chance in what is under `loose`, but not in what is called exact there.
void move_loose(nlohmann::json& document, Case& read) {
  if (!document.contains("loose")) return;
  nlohmann::json loose = take(document, "loose");
  document["resamples"] = take(loose, "resamples");
  read.loose_tolerance = take(loose, "tolerance_abs").get<double>();
  for (const auto& [key, value] : loose.items())
    (key.ends_with("_exact") ? read.outputs : read.loose)[key] = value;
}

/// A property is stated in prose, under `statement` in parts between semicolons, of each of
/// `cases`, or as the texts of `cases`. The answer is that each statement holds of each.
void read_property(const nlohmann::json& document, Case& read) {
  nlohmann::json statements = nlohmann::json::array();
  nlohmann::json of = nlohmann::json::array({nlohmann::json::object()});
  if (document.contains("statement")) {
    const auto text = document.at("statement").get<std::string>();
    const std::string separator = "; ";
    for (std::size_t start = 0; start != std::string::npos;) {
      const auto end = text.find(separator, start);
      statements.push_back(text.substr(start, end == std::string::npos ? end : end - start));
      start = end == std::string::npos ? end : end + separator.size();
    }
    of = document.at("cases");
  } else {
    statements = document.at("cases");
  }
  read.inputs = {{"id", read.id}, {"statements", statements}, {"of", of}};
  read.outputs = nlohmann::json::array();
  for (std::size_t i = 0; i < of.size(); ++i) {
    nlohmann::json all_hold = nlohmann::json::object();
    for (const nlohmann::json& statement : statements)
      all_hold[statement.get<std::string>()] = holds;
    read.outputs.push_back(std::move(all_hold));
  }
}

/// An experiment keeps its answer under `expected`, or as `out` of each of its `cases`; what is
/// left without what is said about the file is the problem. Where it only says in words when it is
/// passed, that is part of the problem, and the answer is that it is.
void read_experiment(nlohmann::json document, Case& read) {
  read.family = document.at("kind").get<std::string>();
  if (read.family == "property") return read_property(document, read);
  for (const char* about : {"schema", "id", "kind", "tolerance", "peers", "peer_naive", "versions",
                            "note", "description"})
    document.erase(about);
  if (document.contains("expected")) {
    read.outputs = take(document, "expected");
    move_givens(document, read.outputs);
    move_loose(document, read);
  } else if (document.contains("pass")) {
    read.outputs["passes"] = true;
  } else {
    for (nlohmann::json& one : document.at("cases"))
      read.outputs.push_back(take(one, "out"));
  }
  read.inputs = std::move(document);
}

}  // namespace

Case read_case(const std::filesystem::path& file) {
  try {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw UnreadableCase("cannot be opened");
    const nlohmann::json document = nlohmann::json::parse(stream);
    if (!document.is_object()) throw UnreadableCase("is no JSON object");
    Case read;
    read.schema = text_or(document, "schema", "");
    read.id = text_or(document, "id", file.stem().string());
    read.tolerance = read_tolerance(document);
    if (read.schema == experiment_schema) {
      read_experiment(document, read);
      return read;
    }
    read.family = document.at("family").get<std::string>();
    read.inputs = document.at("inputs");
    read.outputs = document.at("outputs");
    if (document.contains("checks")) read.checks = document.at("checks");
    return read;
  } catch (const nlohmann::json::exception& fault) {
    throw UnreadableCase(fault.what());
  }
}

std::vector<std::filesystem::path> list_case_files(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  const auto options = fs::directory_options::follow_directory_symlink;
  for (const auto& entry : fs::recursive_directory_iterator(folder, options)) {
    if (entry.path().extension() == ".json" && !entry.is_directory()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace entente::reference
