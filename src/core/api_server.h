// A server that an engine asks over HTTP: its address, key, limits and errors in one place.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/configuration.h"
#include "core/engine_readiness.h"
#include "core/environment.h"
#include "core/http_client.h"

namespace anima {

// What a kind of engine has where the configuration says nothing.
struct ApiServerDefaults {
  std::string service;  // for people: "Zhipu"
  std::string address;
  std::string key = {};  // environment variable; empty: the server needs none
  bool cloud = false;    // its address is not probed: the key alone says whether it is ready
  double timeout_s = 120;
  std::string key_header = "Authorization";
  std::string key_prefix = "Bearer ";
  std::size_t answer_limit_bytes = 256U << 20U;  // sound takes that much
};

// Safe from several threads at once.
class ApiServer {
 public:
  // Another address than the default one is a server of the user's own: it gets a key only where
  // the configuration names one, so that a provider's key goes to that provider alone.
  ApiServer(const EngineConfiguration& configuration, const ApiServerDefaults& defaults,
            const Environment& environment, std::shared_ptr<const HttpClient> client);

  const EngineConfiguration& configuration() const { return configuration_; }
  const std::string& service() const { return service_; }
  std::string option(const std::string& name, const std::string& fallback = {}) const;
  // Throws Error(kInvalidArgument) where the option is not a number within the range.
  double number_option(const std::string& name, double fallback, double low, double high) const;

  // Whether the key is set; for a server of one's own also whether something answers at its
  // address (asked at most every 5 s, half a second long).
  EngineReadiness readiness() const;

  // With address, key and time limit filled in. Throws Error(kNotReady) where the key is missing.
  HttpRequest request(const std::string& method, const std::string& path) const;
  // Sends, with retries where they make sense, and throws what an error answer means
  // (core/api_error.h).
  HttpResponse ask(const HttpRequest& request, const WorkContext& context,
                   const HttpBodySink& sink = {}) const;

 private:
  bool reachable() const;

  EngineConfiguration configuration_;
  ApiServerDefaults defaults_;
  std::string service_;
  bool cloud_;
  bool key_needed_;
  std::string key_variable_;
  Secret key_;
  std::shared_ptr<const HttpClient> client_;
  mutable std::mutex mutex_;
  mutable std::optional<bool> reachable_;
  mutable double probed_s_ = -1e9;
};

// `request` with a JSON body.
HttpRequest with_json(HttpRequest request, const std::string& json);

}  // namespace anima
