#include "core/api_server.h"

#include <fmt/format.h>

#include <cstdlib>

#include "core/api_error.h"
#include "core/error.h"
#include "core/retry.h"

namespace anima {
namespace {

constexpr double kProbeEvery_s = 5;
constexpr double kProbeTimeout_s = 0.5;

}  // namespace

ApiServer::ApiServer(const EngineConfiguration& configuration, const ApiServerDefaults& defaults,
                     const Environment& environment, std::shared_ptr<const HttpClient> client)
    : configuration_(configuration), defaults_(defaults), client_(std::move(client)) {
  const bool own_address = configuration_.address.empty() || configuration_.address == defaults.address;
  if (configuration_.address.empty()) configuration_.address = defaults.address;
  if (configuration_.timeout_s == 0) configuration_.timeout_s = defaults.timeout_s;
  cloud_ = defaults.cloud && own_address;
  key_variable_ = configuration_.key.empty() ? defaults.key : configuration_.key;
  key_needed_ = !configuration_.key.empty() || (own_address && !defaults.key.empty());
  if (key_needed_) key_ = environment.secret(key_variable_);
  service_ = cloud_ ? defaults.service
                    : fmt::format("{} at {}", defaults.service, displayed_url(configuration_.address));
}

std::string ApiServer::option(const std::string& name, const std::string& fallback) const {
  const auto found = configuration_.options.find(name);
  return found == configuration_.options.end() || found->second.empty() ? fallback : found->second;
}

double ApiServer::number_option(const std::string& name, double fallback, double low, double high) const {
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

bool ApiServer::reachable() const {
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

EngineReadiness ApiServer::readiness() const {
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

HttpRequest ApiServer::request(const std::string& method, const std::string& path) const {
  if (key_needed_ && key_.empty()) {
    throw Error(ErrorCode::kNotReady, fmt::format("{} has no key", service_),
                fmt::format("set {} in the environment or in .env", key_variable_));
  }
  HttpRequest request{.method = method, .url = join_url(configuration_.address, path)};
  request.total_timeout_s = configuration_.timeout_s;
  request.idle_timeout_s = configuration_.timeout_s;
  request.response_limit_bytes = defaults_.answer_limit_bytes;
  if (!key_.empty()) request.secret_headers = {{defaults_.key_header, defaults_.key_prefix, key_}};
  return request;
}

HttpResponse ApiServer::ask(const HttpRequest& request, const WorkContext& context,
                            const HttpBodySink& sink) const {
  HttpResponse response = send_with_retries(*client_, request, {}, context, sink);
  if (!response.ok()) throw_api_error(service_, request, response);
  return response;
}

HttpRequest with_json(HttpRequest request, const std::string& json) {
  request.headers.push_back({"Content-Type", "application/json"});
  request.body = json;
  return request;
}

}  // namespace anima
