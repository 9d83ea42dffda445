#include "tests/cli/program.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace entente::test {

namespace {

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

Program::Program(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  auto pattern = (std::filesystem::temp_directory_path() / "entente-streams-XXXXXX").string();
  streams_ = ::mkdtemp(pattern.data());
  std::vector<std::string> words = {ENTENTE_BINARY};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  const auto out = (streams_ / "out").string();
  const auto err = (streams_ / "err").string();

  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("cannot start a process");
  if (process_ > 0) return;
  // A test runner in the background may have its signals ignored; the program must not inherit
  // that.
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  constexpr int mode = 0600;
  const int input = ::open("/dev/null", O_RDONLY);
  const int output = ::open(out.c_str(), O_WRONLY | O_CREAT, mode);
  const int errors = ::open(err.c_str(), O_WRONLY | O_CREAT, mode);
  constexpr int not_started = 127;
  if (input < 0 || output < 0 || errors < 0 || ::dup2(input, STDIN_FILENO) < 0 ||
      ::dup2(output, STDOUT_FILENO) < 0 || ::dup2(errors, STDERR_FILENO) < 0 ||
      ::chdir(folder.c_str()) != 0) {
    ::_exit(not_started);
  }
  ::unsetenv("ENTENTE_SCENARIOS");
  ::execv(argv[0], argv.data());
  ::_exit(not_started);
}

void Program::send(int signal) const {
  ::kill(process_, signal);
}

Ended Program::end() {
  int status = 0;
  rusage usage{};
  while (::wait4(process_, &status, 0, &usage) < 0 && errno == EINTR)
    continue;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  Ended ended{code, content(streams_ / "out"), content(streams_ / "err"), usage.ru_maxrss};
  std::filesystem::remove_all(streams_);
  return ended;
}

Ended run_program(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  return Program(folder, arguments).end();
}

std::string shipped(const std::string& name) {
  return std::string(ENTENTE_SOURCE_DIR) + "/scenarios/" + name;
}

}  // namespace entente::test
