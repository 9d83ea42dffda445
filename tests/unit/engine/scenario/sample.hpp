#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/scenario/reader.hpp"

namespace entente::test {

/// A small schema with every type in it.
inline scenario::Schema sample_schema() {
  using scenario::Type;
  const std::vector<scenario::Field> effect_fields = {
      {.key = "type",
       .type = Type::choice,
       .meaning = "What changes",
       .required = true,
       .choices = {"cost", "quality"}},
      {.key = "market", .type = Type::reference, .refers_to = {"market"}},
      {.key = "share", .unit = "fraction", .default_value = "0.25", .minimum = 0, .maximum = 1},
  };
  return {
      {.name = "run",
       .kind = scenario::Table::Kind::single,
       .meaning = "How long and how often",
       .fields =
           {
               {.key = "start",
                .type = Type::quarter,
                .meaning = "First quarter",
                .default_value = "\"2024Q1\""},
               {.key = "quarters",
                .type = Type::integer,
                .unit = "quarters",
                .meaning = "Length",
                .required = true,
                .minimum = 1,
                .maximum = 400},
               {.key = "paired",
                .type = Type::boolean,
                .meaning = "Share the draws",
                .default_value = "true"},
               {.key = "mode",
                .type = Type::choice,
                .meaning = "Representation: agents | types",
                .default_value = "\"types\"",
                .choices = {"agents", "types"}},
           }},
      {.name = "market",
       .meaning = "A market",
       .fields =
           {
               {.key = "price",
                .type = Type::figure,
                .unit = "USD",
                .meaning = "Mean price",
                .minimum = 0,
                .exclusive_minimum = true,
                .source = "page 3"},
               {.key = "name", .type = Type::text, .meaning = "Name in reports"},
               {.key = "growth", .type = Type::number, .meaning = "Growth"},
           }},
      {.name = "firm", .meaning = "A firm", .fields = {{.key = "name", .type = Type::text}}},
      {.name = "partnership",
       .meaning = "A deal",
       .fields =
           {
               {.key = "parties",
                .type = Type::references,
                .meaning = "Who",
                .required = true,
                .refers_to = {"firm"}},
               {.key = "market",
                .type = Type::reference,
                .meaning = "Where",
                .refers_to = {"market"}},
               {.key = "probability",
                .unit = "fraction",
                .meaning = "Chance of a binding deal",
                .default_value = "1.0",
                .minimum = 0,
                .maximum = 1},
               {.key = "effect",
                .type = Type::records,
                .meaning = "What it changes",
                .fields = effect_fields},
           }},
  };
}

/// A folder that is removed with all that is in it at the end of the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "entente-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  /// Writes a file, with the folders above it, and gives its path.
  std::string write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A scenario without fault: firms alpha and beta, market widget, partnership pact.
inline std::string sample_text() {
  return R"(title = "Sample"
description = "Two firms and a deal"

[run]
quarters = 8

[[firm]]
id = "beta"

[[firm]]
id = "alpha"
name = "Alpha"

[[market]]
id = "widget"
price = { value = 12.5, mark = "B", source = "a list", note = "mean" }
growth = 1

[[partnership]]
id = "pact"
parties = ["alpha", "beta"]
market = "widget"
probability = 0.15
effect = [ { type = "cost", share = 0.05 }, { type = "quality", market = "widget" } ]
)";
}

}  // namespace entente::test
