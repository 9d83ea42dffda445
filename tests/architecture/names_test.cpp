#include <cctype>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/architecture/source_tree.hpp"
#include "tests/catch.hpp"

namespace entente::test {
namespace {

// Ids of scenarios that are ordinary words besides, and why the engine may use them.
const std::map<std::string, std::string> ordinary_words = {
    {"meta", "HTML's element of that name stands in the report"},
    {"others", "the rest of a list"},
};

struct Word {
  std::string text;  // lower case
  std::size_t begin = 0;
  std::size_t end = 0;
};

bool is_upper(char letter) {
  return std::isupper(static_cast<unsigned char>(letter)) != 0;
}
bool is_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0;
}

/// Words of a line; an identifier falls into the words it is made of: HbmStack, hbm_stack.
std::vector<Word> split_words(const std::string& line) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (!is_word(line[at])) continue;
    const bool after_word = at > 0 && is_word(line[at - 1]);
    const bool before_small =
        at + 1 < line.size() && is_word(line[at + 1]) && !is_upper(line[at + 1]);
    const bool hump = after_word && is_upper(line[at]) && (!is_upper(line[at - 1]) || before_small);
    if (!after_word || hump) words.push_back({"", at, at});
    words.back().text += static_cast<char>(std::tolower(static_cast<unsigned char>(line[at])));
    words.back().end = at + 1;
  }
  return words;
}

/// Whether the words of `id` stand in the line one after the other, joined as identifiers are.
bool holds(const std::string& line, const std::vector<Word>& words, const std::vector<Word>& id) {
  for (std::size_t start = 0; start + id.size() <= words.size(); ++start) {
    bool same = true;
    for (std::size_t i = 0; same && i < id.size(); ++i) {
      same = words[start + i].text == id[i].text;
      if (same && i > 0) {
        const std::size_t gap = words[start + i].begin - words[start + i - 1].end;
        const char joint = line[words[start + i - 1].end];
        same = gap == 0 || (gap == 1 && (joint == '-' || joint == '_'));
      }
    }
    if (same) return true;
  }
  return false;
}

/// Every `id = "…"` of the scenarios, whatever the table.
std::set<std::string> read_ids(const std::vector<SourceFile>& scenarios) {
  static const std::regex id(R"re(\bid\s*=\s*["']([a-z0-9][a-z0-9-]*)["'])re");
  std::set<std::string> ids;
  for (const SourceFile& file : scenarios) {
    for (const std::string& line : split_lines(file.text)) {
      for (std::sregex_iterator match(line.begin(), line.end(), id), end; match != end; ++match) {
        ids.insert((*match)[1]);
      }
    }
  }
  return ids;
}

Breaches find_name_breaches(const std::vector<SourceFile>& files,
                            const std::set<std::string>& ids) {
  std::map<std::string, std::vector<Word>> sought;
  for (const std::string& id : ids) {
    if (!ordinary_words.contains(id)) sought[id] = split_words(id);
  }
  Breaches breaches;
  for (const SourceFile& file : files) {
    int number = 0;
    for (const std::string& line : split_lines(file.text)) {
      ++number;
      const auto words = split_words(line);
      for (const auto& [id, id_words] : sought) {
        if (holds(line, words, id_words)) breaches.push_back(place(file, number) + id);
      }
    }
  }
  return breaches;
}

std::size_t count_breaches(const std::string& line, const std::string& id) {
  return find_name_breaches({{"engine/a.cpp", line}}, {id}).size();
}

}  // namespace

TEST_CASE("the engine names no model, firm, market, product or partnership", "[architecture]") {
  std::set<std::string> ids = read_ids(read_tree({"scenarios"}, {".toml"}));
  for (const std::string& model : list_folders("models"))
    ids.insert(model);
  CHECK_FALSE(ids.empty());
  const auto files = read_tree({"engine", "tests/unit/engine"}, {".hpp", ".cpp", ".txt"});
  CHECK(find_name_breaches(files, ids) == Breaches{});
}

TEST_CASE("a name is found as a whole word, in any spelling", "[architecture]") {
  CHECK(count_breaches("double acme_cost;", "acme") == 1);
  CHECK(count_breaches("struct AcmeCost {};", "acme") == 1);
  CHECK(count_breaches("// what ACME pays", "acme") == 1);
  CHECK(count_breaches("\"acme\"", "acme") == 1);
  CHECK(count_breaches("acmes", "acme") == 0);
  CHECK(count_breaches("macme", "acme") == 0);
  CHECK(count_breaches("\"north-star\"", "north-star") == 1);
  CHECK(count_breaches("north_star_cost", "north-star") == 1);
  CHECK(count_breaches("class NorthStar;", "north-star") == 1);
  CHECK(count_breaches("the north star", "north-star") == 0);
  CHECK(count_breaches("HTMLMeta", "meta") == 0);
  CHECK(find_name_breaches({{"engine/a.cpp", "int a;\nint acme;\n"}}, {"acme"}) ==
        Breaches{"engine/a.cpp:2: acme"});
}

TEST_CASE("ids are read from every table of a scenario", "[architecture]") {
  const SourceFile scenario{"scenarios/a.toml",
                            "[[firm]]\nid = \"acme\"\n[[market]]\nid='north-star'\nvalid = \"no\"\n"
                            "effect = [ { id = \"inner\" } ]\n"};
  CHECK(read_ids({scenario}) == std::set<std::string>{"acme", "inner", "north-star"});
}

}  // namespace entente::test
