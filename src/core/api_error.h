// What a provider's error answer says, whichever of the common shapes it has.
#pragma once

#include <string>

#include "core/error.h"
#include "core/http_client.h"

namespace anima {

struct ApiError {
  std::string code;           // the provider's own: "1113", "insufficient_quota", "RESOURCE_EXHAUSTED"
  std::string message;        // for a person; at most 300 bytes, no control characters
  double retry_after_s = -1;  // what the server asks to wait; negative: nothing said
  bool is_final = false;      // money, quota or content: asking again cannot help
};

// Reads the bodies {"error":{"code","message"}} (OpenAI, Zhipu, Gemini; also wrapped in an array),
// {"error":"text"}, {"detail":...} (FastAPI), {"message":...,"Exception":...} (GPT-SoVITS) and
// plain text, and the header Retry-After (seconds or date).
ApiError parse_api_error(const HttpResponse& response);

// For an error object that arrives inside a stream or a 200. Returns false where `body`, JSON, holds
// none.
bool find_api_error(const std::string& body, ApiError& error);

// Throws the Error that fits: kNotReady (key refused, unknown model or path), kResourceExhausted (rate,
// quota, money), kExternal (the rest, a refused request too). `service` is a name for
// people ("Zhipu", "the speech server at http://...").
[[noreturn]] void throw_api_error(const std::string& service, const HttpRequest& request,
                                  const HttpResponse& response);
[[noreturn]] void throw_api_error(const std::string& service, const HttpRequest& request,
                                  const ApiError& error);

}  // namespace anima
