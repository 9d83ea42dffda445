#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace entente::reference {

/// The program: solves every case below the folders named and prints a line for each. Returns 0, 1
/// when a case fails, 2 when it cannot begin. Arguments: --cases FOLDER, any number of times;
/// without, the cases that come with the project.
int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace entente::reference
