#include "core/api_error.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <string_view>

namespace anima {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMessageLimit_bytes = 300;

// Zhipu's business codes that a wait does not mend: no money, no quota, expired, content, bad key.
constexpr std::array<std::string_view, 11> kFinalCodes = {"1113",
                                                          "1304",
                                                          "1308",
                                                          "1309",
                                                          "1310",
                                                          "1301",
                                                          "1000",
                                                          "1001",
                                                          "1003",
                                                          "insufficient_quota",
                                                          "billing_hard_limit_reached"};

std::string for_people(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  if (text.size() > kMessageLimit_bytes) {
    std::size_t end = kMessageLimit_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text = text.substr(0, end) + "...";
  }
  return text;
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return {};
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string field(const Json& object, const char* name) {
  return object.is_object() && object.contains(name) ? text_of(object[name]) : std::string();
}

void read_error_object(const Json& object, ApiError& error) {
  if (!object.is_object()) {
    error.message = text_of(object);
    return;
  }
  error.message = field(object, "message");
  error.code = field(object, "code");
  const std::string status = field(object, "status");
  if (!status.empty()) error.code = status;  // Gemini: the code repeats the HTTP status
  if (error.code.empty()) error.code = field(object, "type");
  if (!object.contains("details") || !object["details"].is_array()) return;
  for (const Json& detail : object["details"]) {
    const std::string delay = field(detail, "retryDelay");
    if (!delay.empty()) error.retry_after_s = std::max(0.0, std::strtod(delay.c_str(), nullptr));
    if (field(detail, "reason") == "API_KEY_INVALID") error.code = "API_KEY_INVALID";
  }
}

bool read_body(const Json& json, ApiError& error) {
  const Json& top = json.is_array() && !json.empty() ? json.front() : json;
  if (!top.is_object()) return false;
  if (top.contains("error") && !top["error"].is_null()) {
    read_error_object(top["error"], error);
    return true;
  }
  if (top.contains("detail")) {
    const Json& detail = top["detail"];
    if (detail.is_object() && detail.contains("error")) {
      read_error_object(detail["error"], error);
    } else if (detail.is_array() && !detail.empty() && detail.front().is_object()) {
      error.message = field(detail.front(), "msg") + " at " + field(detail.front(), "loc");
    } else {
      error.message = text_of(detail);
    }
    return true;
  }
  if (top.contains("message")) {
    error.message = field(top, "message");
    const std::string exception = field(top, "Exception");
    if (!exception.empty()) error.message += ": " + exception;
    return true;
  }
  return false;
}

void finish(ApiError& error) {
  error.message = for_people(error.message);
  error.code = for_people(error.code).substr(0, 60);
  error.is_final = std::find(kFinalCodes.begin(), kFinalCodes.end(), error.code) != kFinalCodes.end();
}

double retry_after_s(const std::string& header) {
  if (header.empty()) return -1;
  char* end = nullptr;
  const double seconds = std::strtod(header.c_str(), &end);
  if (end != header.c_str() && *end == '\0') return seconds >= 0 && seconds < 1e7 ? seconds : -1;
  const std::time_t date = curl_getdate(header.c_str(), nullptr);
  return date < 0 ? -1 : std::max(0.0, std::difftime(date, std::time(nullptr)));
}

ErrorCode code_for(int status, const ApiError& error) {
  const std::string& code = error.code;
  if (status == 401 || status == 403 || code == "API_KEY_INVALID" || code == "invalid_api_key" ||
      code == "1000" || code == "1001" || code == "1003") {
    return ErrorCode::kNotReady;
  }
  if (status == 402 || status == 429 || error.is_final || code == "RESOURCE_EXHAUSTED") {
    return code == "1301" ? ErrorCode::kExternal : ErrorCode::kResourceExhausted;
  }
  if (status == 404 || status == 405) return ErrorCode::kNotReady;
  // Not kInvalidArgument, however the server puts it: GPT-SoVITS calls a full GPU a bad request, and
  // what one provider refuses the next engine may take.
  return ErrorCode::kExternal;
}

[[noreturn]] void throw_for(const std::string& service, const HttpRequest& request, int status,
                            const ApiError& error) {
  const ErrorCode code = code_for(status, error);
  const std::string cause =
      without_secrets(error.code.empty() || error.message.find(error.code) != std::string::npos
                          ? error.message
                          : error.code + ": " + error.message,
                      request);
  const std::string where = displayed_url(request.url);
  if (status >= 300 && status < 400) {
    throw Error(ErrorCode::kExternal, fmt::format("{} sends '{}' on to another address", service, where),
                "put the server's final address into the configuration", cause);
  }
  const std::string answer =
      status > 0 ? fmt::format("status {}", status) : std::string("an error inside its answer");
  std::string message;
  std::string fix;
  if (status == 404 || status == 405) {
    message = fmt::format("{} knows no '{}', or not the model", service, where);
    fix = "check the address and the model in the configuration";
  } else if (code == ErrorCode::kNotReady) {
    message = fmt::format("{} refuses the key", service);
    fix = "set a valid key in the environment or in .env";
  } else if (code == ErrorCode::kResourceExhausted) {
    message = fmt::format("{} refuses more requests ({})", service, answer);
    fix = error.is_final ? "add credit or quota at the provider, or choose another engine"
                         : "wait a little, or choose another engine";
  } else if ((status >= 400 && status < 500) || error.code == "1301") {
    message = fmt::format("{} refuses the request ({})", service, answer);
    fix = "see what it says: check the text, the model and the voice, or choose another engine";
  } else {
    message = fmt::format("{} failed ({})", service, answer);
    fix = "try again later, or choose another engine";
  }
  throw Error(code, message, fix, cause);
}

}  // namespace

ApiError parse_api_error(const HttpResponse& response) {
  ApiError error;
  const Json json = Json::parse(response.body, nullptr, false);
  if (json.is_discarded() || !read_body(json, error)) {
    // A page of HTML says less than nothing.
    if (response.content_type() != "text/html" && !response.body.starts_with("<"))
      error.message = response.body;
  }
  const double header_s = retry_after_s(response.header("retry-after"));
  if (header_s >= 0) error.retry_after_s = header_s;
  finish(error);
  return error;
}

bool find_api_error(const std::string& body, ApiError& error) {
  const Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) return false;
  const Json& top = json.is_array() && !json.empty() ? json.front() : json;
  if (!top.is_object() || !top.contains("error") || top["error"].is_null()) return false;
  read_error_object(top["error"], error);
  finish(error);
  return true;
}

void throw_api_error(const std::string& service, const HttpRequest& request, const HttpResponse& response) {
  throw_for(service, request, response.status, parse_api_error(response));
}

void throw_api_error(const std::string& service, const HttpRequest& request, const ApiError& error) {
  throw_for(service, request, 0, error);
}

}  // namespace anima
