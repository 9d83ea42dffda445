#include "engine/cli/command_line.hpp"
#include "models/all.hpp"

int main(int argc, char** argv) {
  return entente::cli::run_command_line(argc, argv, entente::models::all());
}
