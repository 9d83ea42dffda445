#include "engine/output/folder_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace entente::output {

namespace {

// The holder unlinks the file as it leaves, so a lock may be won on a file that has no name any
// more.
bool still_named(int file, const std::filesystem::path& path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(file, &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
         held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder)
    : file_(folder.parent_path() / ("." + folder.filename().string() + ".entente-lock")) {
  while (true) {
    descriptor_ = FileDescriptor(::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!descriptor_.valid()) {
      throw FolderRefused(system_message(folder, "cannot be written here"));
    }
    if (::flock(descriptor_.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) throw FolderRefused(system_message(file_, "cannot be locked"));
      throw FolderRefused(folder.string() +
                          ": another entente is writing here; wait for it or choose another "
                          "folder with -o");
    }
    if (still_named(descriptor_.get(), file_)) return;
  }
}

FolderLock::~FolderLock() {
  ::unlink(file_.c_str());
}

}  // namespace entente::output
