// Feeds any bytes to what reads text: the splitter, the normaliser and the classes (libFuzzer; build with
// -DANIMA_FUZZ=ON). The first byte says in which language, and in which steps the text arrives.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/utf8.h"
#include "text/normaliser.h"
#include "text/splitter.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr std::string_view kLanguages[] = {"", "en", "zh", "fr"};
  const std::string_view language = kLanguages[data[0] % 4];
  const std::size_t step = 1 + data[0] / 4 % 16;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);

  anima::text::TextSplitter splitter;
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size(); at += step) splitter.push(text.substr(at, step), pieces);
  splitter.finish(pieces);
  std::string joined;
  for (const std::string& piece : pieces) joined += piece;
  require(joined == text);

  std::size_t last = 0;
  for (const anima::text::SpokenWord& word : anima::text::normalise_text(text, language)) {
    require(word.begin >= last && word.end >= word.begin && word.end <= text.size());
    require(anima::is_utf8(word.spoken));
    last = word.begin;
  }
  return 0;
}
