// What a training has finished, in a small file beside its results: how a later run knows what
// to skip.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace anima::studio {

// Names the inputs of a stage: the same key means that its result can be used again. Keys are
// chained, so that a change early on renews everything that follows.
class StageKey {
 public:
  explicit StageKey(std::uint64_t value = 14695981039346656037ULL) : value_(value) {}
  StageKey with(const std::string& input) const;
  StageKey with(std::int64_t input) const;
  std::string text() const;  // 16 hexadecimal digits

 private:
  std::uint64_t value_;
};

// A key of a file's content: its length and (FNV-1a, 64 bits) its first and last 16 MB, which
// differ between any two films that a person would train from.
StageKey key_of_file(const std::filesystem::path& path);

class TrainingState {
 public:
  // Reads `path`; a missing, damaged or older file is an empty state, so that everything is
  // done again.
  explicit TrainingState(std::filesystem::path path);

  bool is_done(const std::string& stage, const StageKey& key) const;
  void mark_done(const std::string& stage, const StageKey& key);  // writes the file
  // Seconds that a stage took, summed over runs; a changed key starts again at zero.
  void add_seconds(const std::string& stage, const StageKey& key, double seconds);  // writes the file
  std::vector<std::pair<std::string, double>> seconds() const;  // in the order of first use
  double total_seconds() const;

  // The stage's result is lost: it is done again, whatever its key. Its seconds were spent all the same.
  void mark_lost(const std::string& stage);  // writes the file

  // Of the film that the work folder belongs to; empty where it was never told.
  const std::string& film_key() const { return film_key_; }
  void set_film_key(const std::string& key);  // writes the file

  // A figure that outlives runs, such as when the first avatar was there.
  double figure(const std::string& name, double otherwise) const;
  void set_figure(const std::string& name, double value);  // writes the file

 private:
  struct Stage {
    std::string name;
    std::string key;
    bool done = false;
    double seconds = 0;
  };
  Stage& stage(const std::string& name, const StageKey& key);
  void save() const;

  std::filesystem::path path_;
  std::string film_key_;
  std::vector<Stage> stages_;
  std::map<std::string, double> figures_;
};

}  // namespace anima::studio
