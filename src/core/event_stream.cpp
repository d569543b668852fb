#include "core/event_stream.h"

#include <fmt/format.h>

#include <string_view>

#include "core/error.h"

namespace anima {

void EventStreamParser::push(std::span<const std::byte> bytes) {
  for (const std::byte byte : bytes) {
    const char c = static_cast<char>(byte);
    if (c == '\n' && after_carriage_return_) {
      after_carriage_return_ = false;
      continue;
    }
    after_carriage_return_ = c == '\r';
    if (c == '\n' || c == '\r') {
      take_line();
      continue;
    }
    line_ += c;
    if (line_.size() + event_.data.size() > limit_bytes_) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("an event of a stream is longer than {} bytes", limit_bytes_),
                  "check that the address is that of the right server");
    }
  }
}

void EventStreamParser::finish() {
  if (!line_.empty()) take_line();
  dispatch();
}

void EventStreamParser::take_line() {
  std::string line;
  line.swap(line_);
  std::string_view text = line;
  if (first_line_ && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  first_line_ = false;
  if (text.empty()) {
    dispatch();
    return;
  }
  const std::size_t colon = text.find(':');
  const std::string_view field = text.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    if (has_data_) event_.data += '\n';
    event_.data += value;
    has_data_ = true;
  } else if (field == "event") {
    event_.type = value;
  } else if (field == "id") {
    event_.id = value;
  }
}

void EventStreamParser::dispatch() {
  ServerEvent event;
  std::swap(event, event_);
  event_.id = event.id;  // the last id holds until another one comes
  const bool complete = has_data_;
  has_data_ = false;
  if (!complete) return;
  if (event.type.empty()) event.type = "message";
  sink_(event);
}

}  // namespace anima
