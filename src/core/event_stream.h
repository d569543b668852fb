// Server-sent events: the `text/event-stream` format in which servers send an answer piece by
// piece (WHATWG HTML, section 9.2.6 "Interpreting an event stream").
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace anima {

struct ServerEvent {
  std::string type = "message";
  std::string data;  // the data lines, joined by line feeds
  std::string id;
};

// Bytes in, whole events out, however the bytes are cut. Lines may end in CR, LF or CRLF.
// More than `limit_bytes` in one event throws Error(kCorruptData).
class EventStreamParser {
 public:
  using Sink = std::function<void(const ServerEvent&)>;
  explicit EventStreamParser(Sink sink, std::size_t limit_bytes = 16U << 20U)
      : sink_(std::move(sink)), limit_bytes_(limit_bytes) {}

  void push(std::span<const std::byte> bytes);
  // At the end of the stream. The standard drops an event without its closing blank line; this
  // hands it over, for servers that close the connection right after the last line.
  void finish();

 private:
  void take_line();
  void dispatch();

  Sink sink_;
  std::size_t limit_bytes_;
  std::string line_;
  ServerEvent event_;
  bool has_data_ = false;
  bool after_carriage_return_ = false;
  bool first_line_ = true;
};

}  // namespace anima
