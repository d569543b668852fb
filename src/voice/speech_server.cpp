#include "voice/speech_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "core/api_error.h"
#include "core/error.h"
#include "core/retry.h"
#include "core/utf8.h"

namespace anima::voice {
namespace {

constexpr double kProbeEvery_s = 5;
constexpr double kProbeTimeout_s = 0.5;

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

SpeechServer::SpeechServer(const EngineConfiguration& configuration, const SpeechServerDefaults& defaults,
                           const Environment& environment, std::shared_ptr<const HttpClient> client)
    : configuration_(configuration), client_(std::move(client)) {
  const bool own_address = configuration_.address.empty() || configuration_.address == defaults.address;
  if (configuration_.address.empty()) configuration_.address = defaults.address;
  if (configuration_.timeout_s == 0) configuration_.timeout_s = defaults.timeout_s;
  cloud_ = defaults.cloud && own_address;
  // A server of one's own behind a cloud provider's protocol needs a key only where one is named.
  key_variable_ = configuration_.key.empty() ? defaults.key : configuration_.key;
  key_needed_ = !configuration_.key.empty() || (own_address && !defaults.key.empty());
  if (key_needed_) key_ = environment.secret(key_variable_);
  service_ = own_address && defaults.cloud
                 ? defaults.service
                 : fmt::format("{} at {}", defaults.service, displayed_url(configuration_.address));
}

std::string SpeechServer::option(const std::string& name, const std::string& fallback) const {
  const auto found = configuration_.options.find(name);
  return found == configuration_.options.end() || found->second.empty() ? fallback : found->second;
}

double SpeechServer::number_option(const std::string& name, double fallback, double low, double high) const {
  const std::string text = option(name);
  if (text.empty()) return fallback;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (*end != '\0' || !(value >= low && value <= high)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("option {} of engine '{}' is '{}'", name, configuration_.name, text),
                fmt::format("write a number from {:g} to {:g}", low, high));
  }
  return value;
}

bool SpeechServer::reachable() const {
  const std::lock_guard lock(mutex_);
  const double now_s = monotonic_s();
  if (reachable_ && now_s - probed_s_ < kProbeEvery_s) return *reachable_;
  HttpRequest probe{.method = "GET", .url = configuration_.address};
  probe.connect_timeout_s = kProbeTimeout_s;
  probe.total_timeout_s = kProbeTimeout_s;
  probe.response_limit_bytes = 1U << 20U;
  try {
    client_->send(probe, WorkContext{});
    reachable_ = true;
  } catch (const Error& error) {
    // Any answer will do, one that is too long too; only silence and a closed door say no.
    reachable_ = error.code() == ErrorCode::kCorruptData;
  }
  probed_s_ = monotonic_s();
  return *reachable_;
}

EngineReadiness SpeechServer::readiness() const {
  EngineReadiness readiness;
  if (key_needed_) readiness.needs.push_back(fmt::format("{} in the environment or in .env", key_variable_));
  if (!cloud_)
    readiness.needs.push_back(fmt::format("a server at {}", displayed_url(configuration_.address)));
  if (key_needed_ && key_.empty()) {
    readiness.what_to_do = fmt::format("set {} in the environment or in .env", key_variable_);
  } else if (!cloud_ && !reachable()) {
    readiness.what_to_do =
        fmt::format("start the server at {}, or correct 'address' of engine '{}' in the configuration",
                    displayed_url(configuration_.address), configuration_.name);
  }
  readiness.ready = readiness.what_to_do.empty();
  return readiness;
}

HttpRequest SpeechServer::request(const std::string& method, const std::string& path) const {
  if (key_needed_ && key_.empty()) {
    throw Error(ErrorCode::kNotReady, fmt::format("{} has no key", service_),
                fmt::format("set {} in the environment or in .env", key_variable_));
  }
  HttpRequest request{.method = method, .url = join_url(configuration_.address, path)};
  request.total_timeout_s = configuration_.timeout_s;
  request.idle_timeout_s = configuration_.timeout_s;
  request.response_limit_bytes = 256U << 20U;
  if (!key_.empty()) request.secret_headers = {{"Authorization", "Bearer ", key_}};
  return request;
}

HttpResponse SpeechServer::ask(const HttpRequest& request, const WorkContext& context,
                               const HttpBodySink& sink) const {
  HttpResponse response = send_with_retries(*client_, request, {}, context, sink);
  if (!response.ok()) throw_api_error(service_, request, response);
  return response;
}

void SpeechServer::speak(const HttpRequest& request, const ExpectedSound& expected, const SpeechSink& sink,
                         const WorkContext& context) const {
  SpeechReply reply(service_, request, expected, sink);
  ask(request, context,
      [&](const HttpResponse& head, std::span<const std::byte> bytes) { reply.push(head, bytes); });
  reply.finish();
}

std::string text_for_server(const SpeechRequest& request, int limit, const std::string& service) {
  std::u32string text = anima::decode_utf8(request.text, "the text to speak");
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
  const std::u32string text = anima::decode_utf8(request.text, "the text to speak");
  return std::any_of(text.begin(), text.end(), anima::is_han) ? "zh" : "en";
}

std::string server_voice(const SpeechRequest& request, const EngineConfiguration& configuration,
                         const std::string& fallback) {
  const auto found = request.voice.server_voices.find(configuration.name);
  if (found != request.voice.server_voices.end() && !found->second.empty()) return found->second;
  return configuration.voice.empty() ? fallback : configuration.voice;
}

HttpRequest with_json(HttpRequest request, const std::string& json) {
  request.headers.push_back({"Content-Type", "application/json"});
  request.body = json;
  return request;
}

}  // namespace anima::voice
