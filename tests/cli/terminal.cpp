#include "tests/cli/terminal.hpp"

#include <array>
#include <cstdlib>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace entente::test {

std::string shown_on_terminal(const std::filesystem::path& folder,
                              const std::vector<std::string>& arguments,
                              const std::map<std::string, std::string>& environment) {
  std::vector<std::string> words = {ENTENTE_BINARY};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  winsize size{40, 120, 0, 0};
  int terminal = -1;
  const pid_t process = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (process < 0) return {};
  if (process == 0) {
    for (const char* const name : {"NO_COLOR", "COLUMNS", "LC_CTYPE", "LANG", "ENTENTE_SCENARIOS"})
      ::unsetenv(name);
    ::setenv("LC_ALL", "C.UTF-8", 1);
    for (const auto& [name, value] : environment)
      ::setenv(name.c_str(), value.c_str(), 1);
    constexpr int not_started = 127;
    if (::chdir(folder.c_str()) == 0) ::execv(argv[0], argv.data());
    ::_exit(not_started);
  }
  std::string shown;
  std::array<char, 4096> bytes{};
  for (ssize_t count = 0; (count = ::read(terminal, bytes.data(), bytes.size())) > 0;)
    shown.append(bytes.data(), static_cast<std::size_t>(count));
  ::close(terminal);
  ::waitpid(process, nullptr, 0);
  return shown;
}

}  // namespace entente::test
