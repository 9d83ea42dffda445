#include <iostream>

#include "tests/reference/runner.hpp"

int main(int count, char** words) {
  return entente::reference::run({words + 1, words + count}, std::cout, std::cerr);
}
