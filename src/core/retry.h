// When asking a server again makes sense, and how long to wait before that.
#pragma once

#include <functional>
#include <optional>

#include "core/http_client.h"

namespace anima {

struct RetryPolicy {
  int attempts = 3;            // in all, the first one included
  double first_wait_s = 0.5;   // doubled each time, less up to a quarter so that clients spread
  double longest_wait_s = 20;  // a server that asks for more is not asked again
  std::uint64_t seed = 1;
};

// Seconds to wait before attempt `attempt` + 1 (the first is 1), or nothing where a further one makes
// no sense. 429 and 503 say that the request was not worked on: any method is tried again, unless
// the provider's own code says that money or quota is out. 408, 500, 502 and 504 are tried again for
// GET, HEAD, PUT and DELETE only: a POST may have been worked on, and paid for.
std::optional<double> wait_before_retry_s(const RetryPolicy& policy, int attempt, const HttpRequest& request,
                                          const HttpResponse& response);

using Wait = std::function<void(double seconds, const WorkContext& context)>;

// Returns the last answer, whatever its status. A broken connection is tried again for GET and HEAD.
// The sink sees the body of one 2xx answer only. `wait` is for tests; by default it sleeps, and ends
// within 20 ms of a stop with Error(kCancelled).
HttpResponse send_with_retries(const HttpClient& client, const HttpRequest& request,
                               const RetryPolicy& policy, const WorkContext& context,
                               const HttpBodySink& sink = {}, const Wait& wait = {});

}  // namespace anima
