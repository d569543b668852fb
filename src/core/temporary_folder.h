// A folder that goes away with its owner.
#pragma once

#include <filesystem>

namespace anima {

// Made below the system's folder for temporary files, readable by this user only; removed with
// all its content by the destructor.
class TemporaryFolder {
 public:
  // Throws Error(kResourceExhausted) where none can be made.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace anima
