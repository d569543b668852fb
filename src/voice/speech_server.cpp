#include "voice/speech_server.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/utf8.h"
#include "text/language.h"

namespace anima::voice {
namespace {

// Marks, blanks, pictographs and what joins them: nothing that a voice says.
bool is_spoken(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (c == 0x3005 || c == 0x3007) return true;
  const bool mark = (c >= 0x80 && c <= 0xBF) || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x206F) ||
                    (c >= 0x2190 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) ||
                    (c >= 0xFE00 && c <= 0xFE6F) || (c >= 0xFF01 && c <= 0xFF0F) ||
                    (c >= 0xFF1A && c <= 0xFF20) || (c >= 0xFF3B && c <= 0xFF40) ||
                    (c >= 0xFF5B && c <= 0xFF65) || (c >= 0xFFF0 && c <= 0xFFFF) ||
                    (c >= 0x1F000 && c <= 0x1FBFF) || c >= 0xE0000;
  return !mark;
}

}  // namespace

void SpeechServer::speak(const HttpRequest& request, const ExpectedSound& expected, const SpeechSink& sink,
                         const WorkContext& context) const {
  SpeechReply reply(service(), request, expected, sink);
  ask(request, context,
      [&](const HttpResponse& head, std::span<const std::byte> bytes) { reply.push(head, bytes); });
  reply.finish();
}

std::string text_for_server(const SpeechRequest& request, int limit, const std::string& service) {
  std::u32string text = anima::decode_utf8(request.text, "the text to speak");
  if (request.say_as != nullptr && !request.say_as->empty())
    text = anima::decode_utf8(request.say_as->apply(request.text, language_of(request)), "the text to speak");
  std::replace_if(
      text.begin(), text.end(), [](char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }, U' ');
  if (std::none_of(text.begin(), text.end(), is_spoken)) return {};
  if (limit > 0 && text.size() > static_cast<std::size_t>(limit)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the text has {} characters; {} takes {} at a time", text.size(), service, limit),
                "cut it into sentences");
  }
  return anima::encode_utf8(text);
}

std::string language_of(const SpeechRequest& request) {
  if (!request.language.empty()) return request.language;
  return text::language_to_read(request.text, {}, request.surrounding_language);
}

std::string server_voice(const SpeechRequest& request, const EngineConfiguration& configuration,
                         const std::string& fallback) {
  const auto found = request.voice.server_voices.find(configuration.name);
  if (found != request.voice.server_voices.end() && !found->second.empty()) return found->second;
  return configuration.voice.empty() ? fallback : configuration.voice;
}

}  // namespace anima::voice
