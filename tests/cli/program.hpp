#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace entente::test {

/// How the program ended and what it said.
struct Ended {
  int code = -1;  // exit code, or minus the signal that killed it
  std::string out;
  std::string err;
  long peak_kilobytes = 0;  // most memory that it had
};

/// The real binary, started in a folder with its streams in files (so never a terminal).
class Program {
 public:
  Program(const std::filesystem::path& folder, const std::vector<std::string>& arguments);

  void send(int signal) const;
  /// Waits for the end.
  Ended end();

 private:
  std::filesystem::path streams_;
  pid_t process_ = -1;
};

/// Starts it and waits for the end.
Ended run_program(const std::filesystem::path& folder, const std::vector<std::string>& arguments);

/// A shipped scenario by its name, such as baseline.toml.
std::string shipped(const std::string& name);

}  // namespace entente::test
