// Requests to servers over HTTP and HTTPS.
//
//   HttpClient client;
//   HttpRequest request{.method = "POST", .url = "https://api.example.com/v1/audio/speech"};
//   request.secret_headers = {{"Authorization", "Bearer ", environment.secret("EXAMPLE_KEY")}};
//   request.body = R"({"input":"hello"})";
//   const HttpResponse answer = client.send(request, context);
//
// libcurl does the work (proxies, TLS, chunking, IPv6, HTTP/2), for it is the client that the
// most servers were tested against; Boost.Beast, which serves our own port, would need each of
// these written here.
//
// Keys travel only in `secret_headers`: never in a URL, an error or a log; they go over plain
// HTTP to this machine or a private network only, and never to another host, because redirects
// are not followed.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/environment.h"
#include "core/progress.h"

namespace anima {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpSecretHeader {
  std::string name;
  std::string prefix;  // e.g. "Bearer "
  Secret secret;
};

// One field of a multipart/form-data body.
struct HttpPart {
  std::string name;
  std::string content;
  std::string file_name = {};  // not empty: a file
  std::string content_type = {};
};

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};
  std::vector<HttpHeader> headers = {};
  std::vector<HttpSecretHeader> secret_headers = {};
  std::string body = {};
  std::vector<HttpPart> parts = {};  // where not empty, sent instead of `body`
  double connect_timeout_s = 5;
  double idle_timeout_s = 60;  // without a byte in either direction
  double total_timeout_s = 300;
  std::size_t response_limit_bytes = 64U << 20U;
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // empty where a sink took it

  bool ok() const { return status >= 200 && status < 300; }
  std::string header(const std::string& lower_case_name) const;
  // The type alone: "application/json" of "Application/JSON; charset=utf-8".
  std::string content_type() const;
};

// Takes the body of a 2xx answer as it comes; `head` has status and headers. Runs on the thread
// that called `send`; what it throws ends the request and passes through.
using HttpBodySink = std::function<void(const HttpResponse& head, std::span<const std::byte> bytes)>;

// Keeps connections open between requests. Safe from several threads at once.
class HttpClient {
 public:
  HttpClient();
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Any status is an answer, not an error (core/api_error.h makes errors of them). The body of an
  // answer that is not 2xx is kept in the response, sink or not, up to 1 MB.
  // Throws Error: kInvalidArgument (the request itself), kTimeout, kExternal (no connection, TLS,
  // broken answer), kCorruptData (body over the limit), kCancelled (at most 100 ms after the stop).
  HttpResponse send(const HttpRequest& request, const WorkContext& context,
                    const HttpBodySink& sink = {}) const;

 private:
  struct Transfers;
  struct Borrowed;
  std::unique_ptr<Transfers> transfers_;
};

// "https://host/v1" and "audio/speech" to "https://host/v1/audio/speech", however many slashes.
std::string join_url(const std::string& base, const std::string& path);
// Percent-encodes everything but unreserved characters (RFC 3986).
std::string url_encode(const std::string& text);
// name=value pairs as application/x-www-form-urlencoded.
std::string form_encode(const std::vector<std::pair<std::string, std::string>>& fields);
// Scheme, host, port and path of a URL, for messages: without query, user and password.
std::string displayed_url(const std::string& url);
// Replaces each secret of the request by "***": for text that a server sent back.
std::string without_secrets(std::string text, const HttpRequest& request);

}  // namespace anima
