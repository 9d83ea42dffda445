#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/scenario/diagnostic.hpp"
#include "engine/scenario/field.hpp"
#include "engine/scenario/scenario.hpp"

namespace entente::scenario {

/// An id that some value names, to be looked up once all files are merged.
struct ReferenceUse {
  std::string id;
  Location location = {};
  std::string key_path;
  const Field* field = nullptr;  // says in which tables the id may be
};

/// One key that a file or --set gives.
struct DraftSlot {
  std::optional<Value> value = {};  // nothing when it is at fault, which was reported
  Location location = {};
  std::vector<ReferenceUse> references = {};
};

struct DraftTable {
  Location location = {};     // in the last file that names the table
  bool is_misshapen = false;  // written as no table at all: what it lacks is not missing
  std::map<std::string, DraftSlot, std::less<>> slots;
};

/// What files and --set give, key by key, before defaults, references and required keys.
struct Draft {
  DraftTable top;  // title, description
  std::map<std::string, DraftTable, std::less<>> singles;
  std::map<std::string, std::map<std::string, DraftTable, std::less<>>, std::less<>> entries;
};

}  // namespace entente::scenario
