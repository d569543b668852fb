// One writer per person: two trainings of one person at once would destroy each other's work.
#pragma once

#include <filesystem>
#include <string>

namespace anima::studio {

// Held as long as the object lives; the system drops it when the process dies, however it dies.
class PersonLock {
 public:
  // Throws Error(kResourceExhausted), naming the process that holds it, when it is taken.
  PersonLock(const std::filesystem::path& lock_file, const std::string& person);
  ~PersonLock();
  PersonLock(const PersonLock&) = delete;
  PersonLock& operator=(const PersonLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace anima::studio
