#include "engine/experiment/attribution_table.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <limits>
#include <map>
#include <optional>

#include "engine/experiment/comparison/keyed_table.hpp"
#include "engine/output/csv_reader.hpp"

namespace entente::experiment {

namespace {

/// A row's cells in the order of the declared columns.
struct Row {
  int line = 0;
  std::vector<std::string> cells;
};

enum Column { table, entity, series, step, deal, mean, standard_error, low, high };

struct Figure {
  Attribution attribution;
  int line = 0;  // of its first row
  bool has_without = false;
  bool has_with = false;
};

class Reader {
 public:
  Reader(const std::string& file, scenario::Faults& faults) : file_(file), faults_(faults) {}

  std::vector<Attribution> read(const std::string& text) {
    const auto csv = output::read_csv(text);
    if (!csv.flaw.empty()) tell(csv.flaw_line, "is no CSV: " + csv.flaw);
    if (csv.flaw.empty() && csv.records.size() < 2) tell(1, "holds no attribution");
    if (!csv.flaw.empty() || csv.records.size() < 2 || !read_header(csv.records.front())) return {};
    for (std::size_t r = 1; r < csv.records.size(); ++r)
      read_record(csv.records[r]);
    std::vector<Attribution> attributions;
    for (const auto& figure : figures_) {
      check_totals(figure);
      attributions.push_back(figure.attribution);
    }
    return attributions;
  }

 private:
  void tell(int line, const std::string& message, const std::string& expected = {},
            const std::string& seen = {}) {
    faults_.push_back(
        {.location = {file_, line}, .message = message, .expected = expected, .seen = seen});
  }

  bool read_header(const output::CsvRecord& header) {
    const auto declared = attribution_columns();
    auto columns = declared.keys;
    columns.insert(columns.end(), declared.series.begin(), declared.series.end());
    for (const auto& column : columns) {
      const auto found = std::ranges::find(header.fields, column.name);
      if (found == header.fields.end()) tell(header.line, "has no column '" + column.name + "'");
      places_.push_back(static_cast<std::size_t>(found - header.fields.begin()));
    }
    width_ = header.fields.size();
    return faults_.empty();
  }

  void read_record(const output::CsvRecord& record) {
    if (record.fields.size() != width_) {
      tell(record.line, "the row does not fit the header");
      return;
    }
    Row row{record.line, {}};
    for (const auto place : places_)
      row.cells.push_back(record.fields[place]);
    const auto estimate = read_estimate(row);
    if (estimate) place_row(row, *estimate);
  }

  std::optional<Estimate> read_estimate(const Row& row) {
    Estimate estimate;
    bool whole = true;
    const auto number = [&](Column column, double& into) {
      const auto& cell = row.cells[column];
      const auto value = cell_number(cell);
      into = value.value_or(std::numeric_limits<double>::quiet_NaN());
      if (std::isfinite(into) || (cell.empty() && column != mean)) return;
      tell(row.line, "is no finite number", "", cell);
      whole = false;
    };
    number(mean, estimate.mean);
    number(standard_error, estimate.standard_error);
    number(low, estimate.low);
    number(high, estimate.high);
    if (whole && (estimate.low > estimate.mean || estimate.mean > estimate.high)) {
      tell(row.line, "the mean lies outside its interval");
      whole = false;
    }
    return whole ? std::optional(estimate) : std::nullopt;
  }

  void place_row(const Row& row, const Estimate& estimate) {
    const auto& cells = row.cells;
    const auto [known, is_new] =
        numbers_.emplace(std::vector{cells[table], cells[entity], cells[series]}, figures_.size());
    if (is_new) {
      figures_.push_back({{cells[table], cells[entity], cells[series], {}, {}, {}}, row.line});
    }
    auto& figure = figures_[known->second];
    auto& deals = figure.attribution.deals;
    const bool is_total = cells[step] == "without" || cells[step] == "with";
    if (!is_total && cells[step] != "deal") {
      tell(row.line, "is no step", "without, deal or with", cells[step]);
    } else if (is_total != cells[deal].empty()) {
      tell(row.line, is_total ? "a total is of no single deal" : "the step names no deal");
    } else if (is_total) {
      auto& has = cells[step] == "with" ? figure.has_with : figure.has_without;
      if (has) tell(row.line, "the step stands in an earlier row", "", cells[step]);
      has = true;
      (cells[step] == "with" ? figure.attribution.with : figure.attribution.without) = estimate;
    } else {
      if (std::ranges::find(deals, cells[deal], &DealContribution::deal) != deals.end()) {
        tell(row.line, "the deal stands in an earlier row", "", cells[deal]);
      }
      deals.push_back({cells[deal], estimate});
    }
  }

  void check_totals(const Figure& figure) {
    const auto& attribution = figure.attribution;
    const auto name =
        attribution.table + ' ' + attribution.entity + ' ' + attribution.series + ": ";
    if (!figure.has_without || !figure.has_with) {
      tell(figure.line, name + "needs a row 'without' and a row 'with'");
      return;
    }
    double sum = attribution.without.mean;
    double scale = std::abs(sum) + std::abs(attribution.with.mean);
    for (const auto& contribution : attribution.deals) {
      sum += contribution.estimate.mean;
      scale += std::abs(contribution.estimate.mean);
    }
    // Shapley values sum to the change exactly; what is less than this is rounding.
    if (std::abs(sum - attribution.with.mean) > 1e-9 * scale) {
      tell(figure.line, name + "the deals' contributions do not add up to the total with them",
           fmt::format("{}", attribution.with.mean), fmt::format("{}", sum));
    }
  }

  const std::string& file_;
  scenario::Faults& faults_;
  std::size_t width_ = 0;
  std::vector<std::size_t> places_;
  std::map<std::vector<std::string>, std::size_t> numbers_;
  std::vector<Figure> figures_;
};

}  // namespace

output::ResultTable attribution_columns() {
  output::ResultTable columns;
  columns.name = "attribution";
  columns.meaning =
      "What each deal adds to a figure. Where it stands beside a run, `entente report` draws it: a "
      "row per figure and step, `without`, a row per deal, and `with`. No command writes it yet.";
  columns.keys = {
      {"table", "text", "The CSV that the series is a column of."},
      {"entity", "text", "The keys of the row, joined by '/'."},
      {"series", "text", "The column, whose unit holds for every number here."},
      {"step", "text", "`without` any of the deals, what one `deal` adds, `with` all of them."},
      {"deal", "text", "The deal that adds; empty in the totals."}};
  columns.series = {{"mean", "of the series",
                     "Mean over replications; of a deal, its Shapley "
                     "value, so that the deals sum to the change."},
                    {"standard_error", "of the series",
                     "Standard error of the mean; empty when replications are fewer than two."},
                    {"low", "of the series", "Lower end of the 95% interval, likewise."},
                    {"high", "of the series", "Upper end, likewise."}};
  return columns;
}

std::vector<Attribution> read_attributions(const std::string& file, const std::string& text,
                                           scenario::Faults& faults) {
  scenario::Faults own;
  auto attributions = Reader(file, own).read(text);
  faults.insert(faults.end(), own.begin(), own.end());
  return attributions;
}

}  // namespace entente::experiment
