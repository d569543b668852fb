// The user's say-as dictionary: LIBRARY/say-as.yaml.
//
//   - written: Qwen          # a word or a phrase; without capitals it stands for any case
//     spoken: kwen           # words, or pinyin: "qian1 wen4"
//     language: en           # en or zh; left out: both
//
// A person may edit it; `anima say-as` does. Comments of one's own are lost when the program writes it.
#pragma once

#include <filesystem>
#include <memory>

#include "text/say_as.h"

namespace anima::studio {

class SayAsLibrary {
 public:
  // `root` is the library's; nothing is made before the first `add`.
  explicit SayAsLibrary(const std::filesystem::path& root);

  const std::filesystem::path& file() const { return file_; }
  // An empty dictionary where there is no file. Throws Error(kInvalidArgument), naming the file and the
  // entry, for one that makes no sense.
  std::shared_ptr<const text::SayAs> load() const;
  // Adds, or replaces the entry of the same written form and language. Returns whether it replaced one.
  bool add(const text::SayAsEntry& entry);
  // Removes all entries of this written form, or those of one language. Throws Error(kNotFound), naming
  // what there is, where there is none.
  void remove(const std::string& written, const std::string& language = {});

 private:
  std::vector<text::SayAsEntry> read() const;
  void write(const std::vector<text::SayAsEntry>& entries) const;

  std::filesystem::path file_;
};

}  // namespace anima::studio
