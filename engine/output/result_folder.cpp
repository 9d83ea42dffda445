#include "engine/output/result_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <utility>

#include "engine/output/manifest.hpp"

namespace entente::output {

namespace {

namespace fs = std::filesystem;

constexpr auto manifest_name = "manifest.json";

// Symbolic links are followed, so that results land in the folder they lead to. A trailing slash
// would leave an empty last name.
fs::path resolved(const fs::path& target) {
  std::error_code error;
  auto path = fs::weakly_canonical(fs::absolute(target), error);
  if (error) throw FolderRefused(target.string() + ": " + error.message());
  if (!path.has_filename()) path = path.parent_path();
  if (path == path.root_path()) {
    throw FolderRefused(target.string() + ": the root folder cannot be a result folder");
  }
  return path;
}

// A swap takes the folder away from under anyone who is inside it, and cannot move a mount point.
void refuse_unmovable(const fs::path& target) {
  std::error_code ignored;
  if (fs::equivalent(target, fs::current_path(ignored), ignored)) {
    throw FolderRefused(target.string() +
                        ": is the folder you are in; name a new folder inside it with -o");
  }
  struct stat own {};
  struct stat parent {};
  if (::stat(target.c_str(), &own) == 0 && ::stat(target.parent_path().c_str(), &parent) == 0 &&
      own.st_dev != parent.st_dev) {
    throw FolderRefused(target.string() +
                        ": is a mount point and cannot be replaced; name a folder inside it");
  }
}

// Nothing to do when the two names change places in one step; else (some network file systems) two
// steps, between which a killed process leaves the old results under `aside` for `recover`.
void swap_folders(const fs::path& partial, const fs::path& target, const fs::path& aside) {
  if (::renameat2(AT_FDCWD, partial.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0)
    return;
  if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) {
    throw WriteFailure(system_message(target, "cannot be replaced"));
  }
  if (::rename(target.c_str(), aside.c_str()) != 0 ||
      ::rename(partial.c_str(), target.c_str()) != 0 ||
      ::rename(aside.c_str(), partial.c_str()) != 0) {
    throw WriteFailure(system_message(target, "cannot be replaced"));
  }
}

fs::path hidden(const fs::path& target, const std::string& suffix) {
  return target.parent_path() / ("." + target.filename().string() + ".entente-" + suffix);
}

}  // namespace

ResultFolder::ResultFolder(const fs::path& target, std::vector<std::string> files)
    : target_(resolved(target)), partial_(hidden(target_, "partial")), files_(std::move(files)) {
  std::error_code error;
  if (fs::exists(target_, error) && !fs::is_directory(target_, error)) {
    throw FolderRefused(target.string() + ": is a file; results need a folder");
  }
  for (auto parent = target_.parent_path(); !fs::exists(parent, error) && !error;
       parent = parent.parent_path()) {
    made_parents_.push_back(parent);
  }
  fs::create_directories(target_.parent_path(), error);
  if (error) throw FolderRefused(target.string() + ": cannot be made: " + error.message());
  if (fs::exists(target_, error)) refuse_unmovable(target_);

  lock_ = std::make_unique<FolderLock>(target_);
  recover();
  refuse_foreign_content();
  if (!fs::create_directory(partial_, error)) {
    throw FolderRefused(target.string() + ": cannot be written here: " + error.message());
  }
}

ResultFolder::~ResultFolder() {
  if (committed_) return;
  std::error_code ignored;
  fs::remove_all(partial_, ignored);
  lock_.reset();
  // remove() takes only empty folders, so one that someone else began to use stays.
  for (const auto& parent : made_parents_)
    fs::remove(parent, ignored);
}

void ResultFolder::write(const std::string& name, const Fill& fill) {
  count_written(name);
  write_new_file(partial_ / name, fill);
}

void ResultFolder::adopt(const std::string& name, const fs::path& file) {
  count_written(name);
  std::error_code error;
  fs::create_hard_link(file, partial_ / name, error);
  if (!error) return;
  write_new_file(partial_ / name, [&](const TextSink& sink) {
    std::ifstream from(file, std::ios::binary);
    std::string part(std::size_t{1} << 20, '\0');
    while (from.read(part.data(), static_cast<std::streamsize>(part.size())) || from.gcount() > 0)
      sink(std::string_view(part).substr(0, static_cast<std::size_t>(from.gcount())));
    if (!from.eof()) throw WriteFailure(system_message(file, "cannot be read"));
  });
}

void ResultFolder::count_written(const std::string& name) {
  if (std::find(files_.begin(), files_.end(), name) == files_.end()) {
    throw std::logic_error("result file " + name + " was not announced");
  }
  if ((name == manifest_name) != (written_ + 1 == files_.size())) {
    throw std::logic_error("the manifest is the last file of a result folder");
  }
  ++written_;
}

fs::path ResultFolder::journal_file() const {
  return hidden(target_, "journal");
}

void ResultFolder::commit() {
  if (written_ != files_.size()) throw std::logic_error("a result file is missing");
  sync_folder(partial_);
  if (read_result_files(target_)) {
    struct stat former {};
    if (::stat(target_.c_str(), &former) == 0) ::chmod(partial_.c_str(), former.st_mode & 07777);
    swap_folders(partial_, target_, hidden(target_, "aside"));
    committed_ = true;
    clear_replaced();
  } else {
    // Replaces nothing but an empty folder; fails if someone put a file there meanwhile.
    if (::rename(partial_.c_str(), target_.c_str()) != 0) {
      throw WriteFailure(system_message(target_, "cannot be made"));
    }
    committed_ = true;
  }
  sync_folder(target_.parent_path());
}

// The hidden folder holds either unfinished results (no manifest: all ours) or, after a swap, the
// former folder, where what the manifest does not list is the user's and moves on to the target.
// The manifest goes last, so that a process killed here can be followed by another.
void ResultFolder::clear_replaced() const {
  std::error_code error;
  const auto ours = read_result_files(partial_);
  if (!ours) {
    fs::remove_all(partial_, error);
    return;
  }
  std::vector<fs::path> foreign;
  for (const auto& entry : fs::directory_iterator(partial_, error)) {
    const auto name = entry.path().filename();
    const bool listed = std::find(ours->begin(), ours->end(), name.string()) != ours->end();
    if (!listed || !entry.is_regular_file(error)) foreign.push_back(name);
  }
  for (const auto& name : foreign) {
    if (::renameat2(AT_FDCWD, (partial_ / name).c_str(), AT_FDCWD, (target_ / name).c_str(),
                    RENAME_NOREPLACE) == 0) {
      continue;
    }
    const bool taken = fs::exists(fs::symlink_status(target_ / name, error));
    if (taken || ::rename((partial_ / name).c_str(), (target_ / name).c_str()) != 0) {
      throw WriteFailure((partial_ / name).string() +
                         ": is not entente's and could not be moved to " + target_.string() +
                         "; move it yourself, then remove its folder");
    }
  }
  for (const auto& name : *ours)
    fs::remove(partial_ / name, error);  // the manifest is the last
  fs::remove(partial_, error);
}

void ResultFolder::recover() {
  std::error_code error;
  const auto aside = hidden(target_, "aside");
  if (fs::exists(aside, error)) {
    if (!fs::exists(target_, error)) {
      fs::rename(aside, target_, error);
    } else if (!fs::exists(partial_, error)) {
      fs::rename(aside, partial_, error);
    }
  }
  if (!fs::exists(partial_, error)) return;
  if (!fs::exists(target_, error)) {
    fs::remove_all(partial_, error);
  } else {
    clear_replaced();
  }
}

void ResultFolder::refuse_foreign_content() const {
  std::error_code error;
  if (!fs::exists(target_, error) || fs::is_empty(target_, error)) return;
  if (error) throw FolderRefused(target_.string() + ": cannot be read: " + error.message());
  const auto ours = read_result_files(target_);
  if (!ours) {
    throw FolderRefused(target_.string() +
                        ": holds files that entente did not write; choose a new or empty folder "
                        "with -o");
  }
  for (const auto& name : files_) {
    if (std::find(ours->begin(), ours->end(), name) == ours->end() &&
        fs::exists(fs::symlink_status(target_ / name, error))) {
      throw FolderRefused((target_ / name).string() +
                          ": was not written by entente and would be replaced; move it away or "
                          "choose another folder with -o");
    }
  }
}

}  // namespace entente::output
