#include "engine/report/comparison_json.hpp"

#include <nlohmann/json.hpp>

namespace entente::report {

namespace {

using Json = nlohmann::ordered_json;
using experiment::Finding;

// Paths and cells may hold any byte.
std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json figure_json(const experiment::FigureDifference& figure) {
  const auto& difference = figure.difference;
  return Json{{"verdict", name_of(figure.verdict)},
              {"table", figure.table},
              {"quarter", figure.quarter},
              {"entity", figure.entity},
              {"series", figure.series},
              {"unit", figure.unit},
              {"base_n", difference.base_count},
              {"other_n", difference.other_count},
              {"base_mean", difference.base_mean},
              {"other_mean", difference.other_mean},
              {"difference", difference.mean},
              {"relative", difference.relative},
              {"standard_error", difference.standard_error},
              {"low", difference.low},
              {"high", difference.high},
              {"p_value", difference.p_value},
              {"p_holm", figure.p_holm},
              {"p_bh", figure.p_benjamini_hochberg},
              {"equivalence_p", difference.equivalence_p},
              {"band_low", figure.band_low},
              {"band_high", figure.band_high},
              {"variance_reduction", difference.variance_reduction}};
}

Json run_json(const experiment::NamedComparison& named, bool all) {
  const auto& comparison = named.comparison;
  Json counts = Json::object();
  for (const auto verdict : {Finding::exact, Finding::significant, Finding::existence,
                             Finding::noise, Finding::untested, Finding::identical})
    counts[name_of(verdict)] = comparison.count(verdict);
  Json absences = Json::array();
  for (const auto& absence : comparison.absences) {
    absences.push_back(Json{{"table", absence.table},
                            {"what", absence.what},
                            {"only_in", absence.only_base ? "base" : "other"}});
  }
  Json figures = Json::array();
  for (const auto& figure : comparison.figures) {
    if (all || figure.verdict != Finding::identical) figures.push_back(figure_json(figure));
  }
  Json reduction;
  Json helps;
  if (comparison.variance_reduction) {
    reduction = *comparison.variance_reduction;
    helps = comparison.pairing_helps();
  }
  return Json{{"other", named.name},
              {"differs", comparison.differs()},
              {"paired", comparison.paired},
              {"replications", comparison.pairing},
              {"counts", counts},
              {"median_variance_reduction", reduction},
              {"pairing_helps", helps},
              {"absences", absences},
              {"figures", figures}};
}

Json cells_json(const std::vector<experiment::CellDifference>& cells) {
  Json list = Json::array();
  for (const auto& cell : cells) {
    list.push_back(Json{{"key", cell.keys},
                        {"column", cell.column},
                        {"base", cell.base},
                        {"other", cell.other},
                        {"difference", cell.difference}});
  }
  return list;
}

}  // namespace

std::string comparison_json(const std::string& base,
                            const std::vector<experiment::NamedComparison>& comparisons, bool all) {
  Json list = Json::array();
  for (const auto& comparison : comparisons)
    list.push_back(run_json(comparison, all));
  return text_of(Json{{"base", base}, {"comparisons", list}});
}

std::string table_difference_json(const experiment::CsvTable& base,
                                  const experiment::CsvTable& other,
                                  const std::vector<std::string>& keys,
                                  const experiment::TableDifference& difference, bool all) {
  Json json{{"base", base.file},
            {"other", other.file},
            {"keys", keys},
            {"differs", difference.differs()},
            {"changed_cells", cells_json(difference.changed)},
            {"rows_only_base", difference.rows_only_base},
            {"rows_only_other", difference.rows_only_other},
            {"columns_only_base", difference.columns_only_base},
            {"columns_only_other", difference.columns_only_other}};
  if (all) json["equal_cells"] = cells_json(difference.equal);
  return text_of(json);
}

}  // namespace entente::report
