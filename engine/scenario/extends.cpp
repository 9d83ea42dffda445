#include "engine/scenario/extends.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "engine/scenario/source_file.hpp"
#include "engine/scenario/suggestion.hpp"
#include "engine/scenario/text_check.hpp"

namespace entente::scenario {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// The standard function leaves a relative path that does not exist relative.
fs::path canonical_path(const fs::path& path, std::error_code& error) {
  const fs::path absolute = fs::absolute(path, error);
  return error ? fs::path{} : fs::weakly_canonical(absolute, error);
}

/// Both paths canonical.
bool is_below(const fs::path& file, const fs::path& folder) {
  const auto [last, unused] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return last == folder.end();
}

/// What a file says it extends.
struct Extends {
  std::string written;
  Location location;
};

/// What a document extends, in order; a wrong one is left to the check of the document.
std::vector<Extends> extends_of(const Node& root) {
  std::vector<Extends> found;
  const auto take = [&](const Node& value) {
    const auto* written = std::get_if<std::string>(&value.content);
    if (written == nullptr || has_control_character(*written)) return;
    found.push_back({*written, value.origin.location()});
  };
  const Node* value = member(root, "extends");
  if (value == nullptr) return found;
  if (const auto* elements = std::get_if<Node::Array>(&value->content)) {
    for (const Node& each : *elements)
      take(each);
  } else {
    take(*value);
  }
  return found;
}

/// The `extends` of a file with a syntax error elsewhere, so that the faults of its bases are
/// reported in the same round.
std::vector<Extends> recover_extends(const std::string& text, const std::string& file) {
  int line_number = 1;
  for (std::size_t start = 0; start < text.size(); ++line_number) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string line = text.substr(start, end - start);
    start = end + 1;
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string::npos) continue;
    if (line[first] == '[') break;  // the keys of the file itself end here
    if (line.compare(first, 7, "extends") != 0) continue;
    const ParsedDocument parsed = parse_document(line, file);
    std::vector<Extends> found;
    if (parsed.root) found = extends_of(*parsed.root);
    for (Extends& each : found)
      each.location.line = line_number;
    return found;
  }
  return {};
}

/// The file an `extends` leads to.
struct Target {
  std::string file;
  fs::path canonical;
};

class ChainLoader {
 public:
  ChainLoader(std::string file, const ReadOptions& options, Faults& faults)
      : first_(std::move(file)), options_(options), faults_(faults) {}

  Chain load() {
    std::error_code error;
    load_one({first_, canonical_path(first_, error)}, nullptr);
    return std::move(chain_);
  }

 private:
  /// Adds a file behind all that it extends; `asked_by` is the `extends` that named it.
  /// The depth is bounded by extends_limit.
  void load_one(const Target& target, const Extends* asked_by) {
    path_.push_back(target);
    std::optional<Node> document;
    for (const Extends& extends : read_one(target.file, asked_by, document)) {
      const std::optional<Target> base = follow(target.file, extends);
      if (!base) {
        chain_.complete = false;
      } else if (std::ranges::find(loaded_, base->canonical) == loaded_.end()) {
        load_one(*base, &extends);
      }
    }
    if (document) chain_.documents.push_back(std::move(*document));
    loaded_.push_back(target.canonical);
    path_.pop_back();
  }

  /// Reads a file and gives what it extends.
  std::vector<Extends> read_one(const std::string& file, const Extends* asked_by,
                                std::optional<Node>& document) {
    const SourceText source = read_source(file, options_.file_limit_bytes);
    if (!source.problem.empty()) {
      chain_.complete = false;
      const std::string subject = asked_by ? "the extended file '" + file + "' " : "the file ";
      report(faults_, {.location = asked_by ? asked_by->location : Location{.file = file},
                       .message = subject + source.problem,
                       .key_path = asked_by ? "extends" : "",
                       .seen = source.seen,
                       .hint = source.hint});
      return {};
    }
    ParsedDocument parsed = parse_document(source.text, file);
    if (!parsed.root) {
      chain_.complete = false;
      report(faults_, std::move(*parsed.fault));
      return recover_extends(source.text, file);
    }
    if (std::get<Node::Table>(parsed.root->content).empty()) {
      chain_.complete = false;
      report(faults_, {.location = {.file = file},
                       .message = "the file has no content",
                       .hint = "start with `entente new`, or with a line such as "
                               "extends = \"baseline.toml\""});
      return {};
    }
    document = std::move(*parsed.root);
    std::vector<Extends> extends = extends_of(*document);
    // One that says what it extends in a way that cannot be followed lacks its base.
    if (extends.empty() && member(*document, "extends")) chain_.complete = false;
    return extends;
  }

  std::optional<Target> follow(const std::string& file, const Extends& extends) {
    const std::string& written = extends.written;
    const auto refuse = [&](std::string message, std::string expected, std::string seen,
                            std::string hint) -> std::optional<Target> {
      report(faults_, {.location = extends.location,
                       .message = std::move(message),
                       .key_path = "extends",
                       .expected = std::move(expected),
                       .seen = std::move(seen),
                       .hint = std::move(hint)});
      return std::nullopt;
    };
    if (written.empty())
      return refuse("names no file", "a path such as \"baseline.toml\"", "\"\"", "");
    if (static_cast<int>(path_.size()) > options_.extends_limit) {
      return refuse("the chain of extends is too long",
                    "at most " + std::to_string(options_.extends_limit) + " files to extend",
                    quoted(written), "");
    }
    const fs::path target = locate(file, written);
    std::error_code error;
    const fs::path canonical = canonical_path(target, error);
    if (error) {
      return refuse("the extended file '" + target.string() + "' cannot be read", "",
                    error.message(), "");
    }
    if (!is_allowed(canonical)) {
      return refuse("the extended file lies outside of the scenario's folder",
                    "a file below '" + folder_of(first_).string() + "' or a shipped scenario",
                    quoted(written), "--allow-extends-anywhere lifts this limit");
    }
    if (std::ranges::find(path_, canonical, &Target::canonical) != path_.end()) {
      std::string circle;
      for (const Target& passed : path_)
        circle += passed.file + " → ";
      return refuse("the scenarios extend each other in a circle", "", circle + target.string(),
                    "");
    }
    return Target{target.string(), canonical};
  }

  /// Beside the extending file, else among the shipped scenarios.
  fs::path locate(const std::string& file, const std::string& written) const {
    fs::path beside = (fs::path(file).parent_path() / written).lexically_normal();
    if (options_.shipped_folder.empty()) return beside;
    std::error_code error;
    if (fs::exists(beside, error) || error) return beside;
    fs::path shipped = (fs::path(options_.shipped_folder) / written).lexically_normal();
    return fs::exists(shipped, error) ? shipped : beside;
  }

  bool is_allowed(const fs::path& canonical) const {
    if (options_.allow_extends_anywhere) return true;
    const auto holds = [&](const fs::path& folder) {
      std::error_code error;
      const fs::path canonical_folder = fs::canonical(folder, error);
      return !error && is_below(canonical, canonical_folder);
    };
    return holds(folder_of(first_)) ||
           (!options_.shipped_folder.empty() && holds(options_.shipped_folder));
  }

  std::string first_;
  const ReadOptions& options_;
  Faults& faults_;
  Chain chain_;
  std::vector<Target> path_;      // from the file asked for to the one being read
  std::vector<fs::path> loaded_;  // a base that several files share counts once
};

}  // namespace

Chain load_chain(const std::string& file, const ReadOptions& options, Faults& faults) {
  return ChainLoader(file, options, faults).load();
}

}  // namespace entente::scenario
