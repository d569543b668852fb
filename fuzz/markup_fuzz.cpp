// Feeds text of any kind to the reader of Markdown and HTML, whole and in pieces, which must not differ
// (libFuzzer; build with -DANIMA_FUZZ=ON).
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "text/markup_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t bytes = data[0] % 16 + 1;  // of a piece
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = anima::text::without_markup(text);
  std::string pieces;
  anima::text::MarkupReader reader;
  for (std::size_t at = 0; at < text.size(); at += bytes) reader.push(text.substr(at, bytes), pieces);
  reader.finish(pieces);
  if (pieces != whole) std::abort();
  return 0;
}
