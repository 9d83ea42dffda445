#pragma once

#include <array>
#include <string>
#include <vector>

#include "tests/unit/engine/simulation/small_world.hpp"

namespace entente::test {

/// A market of three one-product firms with given preferences beside the small world. `more` are
/// lines of [[market]], `products` further lines of the first, second and third product.
inline std::string given_text(const std::string& more = {},
                              const std::array<std::string, 3>& products = {}) {
  std::string text =
      "[[market]]\nid = \"lamp\"\nname = \"Lamps\"\nmodel = \"plain\"\nunit = \"lamps\"\n"
      "preferences = \"given\"\nprice_term = \"linear\"\nconsumers = 1000\nturnover = 0.2\n"
      "price_sensitivity = 0.8\ninertia = 1\n" +
      more;
  const std::vector<std::string> utilities = {"1.5", "2", "0.5"};
  const std::vector<std::string> firms = {"alpha", "beta", "gamma"};
  for (std::size_t j = 0; j < firms.size(); ++j) {
    text += "[[product]]\nid = \"lamp-" + firms[j] + "\"\nmarket = \"lamp\"\nfirm = \"" + firms[j] +
            "\"\nprice = " + std::to_string(2 + j) +
            "\nunit_cost = 1\nmean_utility = " + utilities[j] + "\n" + products.at(j);
  }
  return text;
}

}  // namespace entente::test
