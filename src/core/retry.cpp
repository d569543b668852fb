#include "core/retry.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "core/api_error.h"
#include "core/error.h"
#include "core/random.h"

namespace anima {
namespace {

constexpr double kStopCheck_s = 0.02;

double backoff_s(const RetryPolicy& policy, int attempt) {
  Random random(policy.seed + static_cast<std::uint64_t>(attempt));
  const double full_s = policy.first_wait_s * std::exp2(attempt - 1);
  return std::min(full_s, policy.longest_wait_s) * random.uniform(0.75, 1);
}

void sleep_for(double seconds, const WorkContext& context) {
  const double end_s = monotonic_s() + seconds;
  while (true) {
    context.cancellation.throw_if_requested("waiting to ask a server again");
    const double left_s = end_s - monotonic_s();
    if (left_s <= 0) return;
    std::this_thread::sleep_for(std::chrono::duration<double>(std::min(left_s, kStopCheck_s)));
  }
}

}  // namespace

std::optional<double> wait_before_retry_s(const RetryPolicy& policy, int attempt, const HttpRequest& request,
                                          const HttpResponse& response) {
  if (attempt >= policy.attempts || response.ok()) return std::nullopt;
  const int status = response.status;
  const std::string& method = request.method;
  const bool repeatable = method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
  const bool refused = status == 429 || status == 503;
  const bool failed = status == 408 || status == 500 || status == 502 || status == 504;
  if (!refused && !(failed && repeatable)) return std::nullopt;
  const ApiError error = parse_api_error(response);
  if (error.is_final || error.retry_after_s > policy.longest_wait_s) return std::nullopt;
  return error.retry_after_s >= 0 ? error.retry_after_s : backoff_s(policy, attempt);
}

HttpResponse send_with_retries(const HttpClient& client, const HttpRequest& request,
                               const RetryPolicy& policy, const WorkContext& context,
                               const HttpBodySink& sink, const Wait& wait) {
  const Wait& pause = wait ? wait : Wait(sleep_for);
  const bool readable_again = (request.method == "GET" || request.method == "HEAD") && !sink;
  for (int attempt = 1;; ++attempt) {
    double wait_s = 0;
    try {
      HttpResponse response = client.send(request, context, sink);
      const std::optional<double> next_s = wait_before_retry_s(policy, attempt, request, response);
      if (!next_s) return response;
      wait_s = *next_s;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kExternal || !readable_again || attempt >= policy.attempts) throw;
      wait_s = backoff_s(policy, attempt);
    }
    pause(wait_s, context);
  }
}

}  // namespace anima
