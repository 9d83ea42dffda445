#pragma once

#include <string>
#include <vector>

#include "engine/scenario/diagnostic.hpp"
#include "engine/scenario/document.hpp"
#include "engine/scenario/reader.hpp"

namespace entente::scenario {

/// A scenario file and what it extends.
struct Chain {
  std::vector<Node> documents;  // the readable ones, bases before what extends them
  bool complete = true;         // none is missing, so that what no file gives is truly missing
};

/// Follows `extends` from `file`, reporting what keeps a file from being read or followed.
Chain load_chain(const std::string& file, const ReadOptions& options, Faults& faults);

}  // namespace entente::scenario
