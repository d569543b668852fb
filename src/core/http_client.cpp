#include "core/http_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <mutex>
#include <string_view>

#include "core/error.h"

namespace anima {
namespace {

constexpr int kStopCheck_ms = 20;
constexpr std::size_t kHeaderLimit_bytes = 256U << 10U;
constexpr std::size_t kErrorBodyLimit_bytes = 1U << 20U;

struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct MimeDeleter {
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

// This machine or a network of one's own: where a key may go over plain HTTP.
bool is_private_host(const std::string& host) {
  if (host == "localhost" || host == "[::1]" || host.find('.') == std::string::npos) {
    return host.find(':') == std::string::npos || host == "[::1]" || host.starts_with("[fd") ||
           host.starts_with("[fe80");
  }
  if (host.ends_with(".local") || host.ends_with(".localhost") || host.ends_with(".internal") ||
      host.ends_with(".lan")) {
    return true;
  }
  std::array<int, 4> parts{};
  char rest = 0;
  if (std::sscanf(host.c_str(), "%d.%d.%d.%d%c", &parts[0], &parts[1], &parts[2], &parts[3], &rest) != 4) {
    return false;
  }
  return parts[0] == 127 || parts[0] == 10 || (parts[0] == 192 && parts[1] == 168) ||
         (parts[0] == 172 && parts[1] >= 16 && parts[1] <= 31) || (parts[0] == 169 && parts[1] == 254);
}

bool has_line_break(const std::string& text) {
  return text.find_first_of(std::string("\r\n\0", 3)) != std::string::npos;
}

void check(const HttpRequest& request) {
  const std::string shown = displayed_url(request.url);
  std::unique_ptr<CURLU, UrlDeleter> url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, request.url.c_str(), 0) != CURLUE_OK ||
      request.url.find('\0') != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' is not the address of a server", shown),
                "write it like https://host:port/path");
  }
  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is neither an http nor an https address", shown),
                "write it like https://host:port/path");
  }
  if (!part_of(url.get(), CURLUPART_USER).empty() || !part_of(url.get(), CURLUPART_PASSWORD).empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the address '{}' holds a user name or password", shown),
                "put the key into the environment instead");
  }
  bool secret = false;
  for (const HttpHeader& header : request.headers) {
    if (header.name.empty() || has_line_break(header.name) || has_line_break(header.value)) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("a header for '{}' holds a line break or has no name", shown),
                  "check the value in the configuration");
    }
  }
  for (const HttpSecretHeader& header : request.secret_headers) {
    if (has_line_break(header.secret.reveal())) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("the key for '{}' holds a line break", shown),
                  "set it again without the line break");
    }
    secret = secret || !header.secret.empty();
  }
  if (secret && scheme == "http" && !is_private_host(part_of(url.get(), CURLUPART_HOST))) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("a key would go to '{}' unencrypted", shown),
                "use the https address of the server");
  }
}

// What the callbacks of one transfer share.
struct Exchange {
  const HttpRequest& request;
  const HttpBodySink& sink;
  HttpResponse response = {};
  std::size_t header_bytes = 0;
  std::size_t body_bytes = 0;
  double last_activity_s = 0;
  curl_off_t moved_bytes = 0;
  bool oversized = false;
  std::exception_ptr failure = {};
};

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::size_t bytes = size * count;
  exchange.header_bytes += bytes;
  if (exchange.header_bytes > kHeaderLimit_bytes) {
    exchange.oversized = true;
    return 0;
  }
  std::string_view line(data, bytes);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == ' '))
    line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {  // a new answer: what came before was informational (1xx)
    exchange.response.headers.clear();
    const std::size_t blank = line.find(' ');
    exchange.response.status =
        blank == std::string_view::npos ? 0 : std::atoi(std::string(line.substr(blank)).c_str());
    return bytes;
  }
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    exchange.response.headers[lower_case(std::string(line.substr(0, colon)))] = value;
  }
  return bytes;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::size_t bytes = size * count;
  const bool ok = exchange.response.ok();
  const std::size_t limit = ok ? exchange.request.response_limit_bytes : kErrorBodyLimit_bytes;
  exchange.body_bytes += bytes;
  if (exchange.body_bytes > limit) {
    exchange.oversized = true;
    return 0;
  }
  if (!ok || !exchange.sink) {
    exchange.response.body.append(data, bytes);
    return bytes;
  }
  try {
    exchange.sink(exchange.response, std::as_bytes(std::span(data, bytes)));
    exchange.last_activity_s = monotonic_s();  // time spent in the sink is not the server's
  } catch (...) {
    exchange.failure = std::current_exception();
    return 0;
  }
  return bytes;
}

int on_progress(void* user, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (down + up != exchange.moved_bytes) {
    exchange.moved_bytes = down + up;
    exchange.last_activity_s = monotonic_s();
  }
  return 0;
}

[[noreturn]] void throw_transport(CURLcode code, const Exchange& exchange, const char* detail) {
  const std::string shown = displayed_url(exchange.request.url);
  const std::string cause =
      without_secrets(*detail != 0 ? detail : curl_easy_strerror(code), exchange.request);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      throw Error(ErrorCode::kExternal, fmt::format("the host of '{}' is not known", shown),
                  "check the address and the network", cause);
    case CURLE_COULDNT_CONNECT:
      throw Error(ErrorCode::kExternal, fmt::format("no server answers at '{}'", shown),
                  "start the server, or correct its address in the configuration", cause);
    case CURLE_OPERATION_TIMEDOUT:
      throw Error(
          ErrorCode::kTimeout,
          fmt::format("'{}' could not be reached within {:g} s", shown, exchange.request.connect_timeout_s),
          "check the address and the network", cause);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
      throw Error(ErrorCode::kExternal, fmt::format("no secure connection to '{}'", shown),
                  "check the address and the server's certificate", cause);
    case CURLE_OUT_OF_MEMORY:
      throw Error(ErrorCode::kResourceExhausted, fmt::format("out of memory while asking '{}'", shown));
    default:
      throw Error(ErrorCode::kExternal, fmt::format("the connection to '{}' broke", shown),
                  "try again; if it stays so, look at the server's log", cause);
  }
}

}  // namespace

// A libcurl transfer and its connection cache.
struct Transfer {
  std::unique_ptr<CURLM, MultiDeleter> multi{curl_multi_init()};
  std::unique_ptr<CURL, EasyDeleter> easy{curl_easy_init()};
};

struct HttpClient::Transfers {
  std::mutex mutex;
  std::vector<std::unique_ptr<Transfer>> idle;

  std::unique_ptr<Transfer> take() {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return std::make_unique<Transfer>();
    std::unique_ptr<Transfer> transfer = std::move(idle.back());
    idle.pop_back();
    return transfer;
  }
  void put_back(std::unique_ptr<Transfer> transfer) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(transfer));
  }
};

HttpClient::HttpClient() : transfers_(std::make_unique<Transfers>()) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) throw Error(ErrorCode::kInternal, "libcurl does not start");
}

HttpClient::~HttpClient() = default;

struct HttpClient::Borrowed {
  explicit Borrowed(Transfers& owner) : transfers(owner), transfer(owner.take()) {}
  ~Borrowed() { transfers.put_back(std::move(transfer)); }
  Transfers& transfers;
  std::unique_ptr<Transfer> transfer;
};

HttpResponse HttpClient::send(const HttpRequest& request, const WorkContext& context,
                              const HttpBodySink& sink) const {
  check(request);
  const std::string what = fmt::format("asking '{}'", displayed_url(request.url));
  context.cancellation.throw_if_requested(what);

  const Borrowed borrowed(*transfers_);
  CURL* easy = borrowed.transfer->easy.get();
  CURLM* multi = borrowed.transfer->multi.get();
  if (easy == nullptr || multi == nullptr)
    throw Error(ErrorCode::kResourceExhausted, "no memory for a connection");
  curl_easy_reset(easy);

  Exchange exchange{.request = request, .sink = sink};
  std::array<char, CURL_ERROR_SIZE> detail{};
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a stop does not wait for a name server
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail.data());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout_s * 1000));
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "anima");
  // A proxy of the environment never sees what is meant for this machine.
  const char* no_proxy = std::getenv("no_proxy");
  if (no_proxy == nullptr) no_proxy = std::getenv("NO_PROXY");
  const std::string direct =
      fmt::format("localhost,127.0.0.1,::1{}{}", no_proxy ? "," : "", no_proxy ? no_proxy : "");
  curl_easy_setopt(easy, CURLOPT_NOPROXY,
                   no_proxy && std::string_view(no_proxy) == "*" ? "*" : direct.c_str());

  std::unique_ptr<curl_slist, ListDeleter> headers;
  const auto add_header = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
    if (longer == nullptr) throw Error(ErrorCode::kResourceExhausted, "no memory for a header");
    static_cast<void>(headers.release());
    headers.reset(longer);
  };
  add_header("Expect:");  // no pause before a long body: many small servers never answer "100 Continue"
  for (const HttpHeader& header : request.headers) add_header(header.name + ": " + header.value);
  for (const HttpSecretHeader& header : request.secret_headers) {
    if (!header.secret.empty()) add_header(header.name + ": " + header.prefix + header.secret.reveal());
  }

  std::unique_ptr<curl_mime, MimeDeleter> mime;
  if (!request.parts.empty()) {
    mime.reset(curl_mime_init(easy));
    for (const HttpPart& part : request.parts) {
      curl_mimepart* field = curl_mime_addpart(mime.get());
      curl_mime_name(field, part.name.c_str());
      curl_mime_data(field, part.content.data(), part.content.size());
      if (!part.file_name.empty()) curl_mime_filename(field, part.file_name.c_str());
      if (!part.content_type.empty()) curl_mime_type(field, part.content_type.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_MIMEPOST, mime.get());
  } else if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  if (request.method == "HEAD") curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);

  // Leaves the transfer without pointers into this call, whatever ends it.
  struct Attached {
    CURLM* multi;
    CURL* easy;
    Attached(CURLM* m, CURL* e) : multi(m), easy(e) { curl_multi_add_handle(multi, easy); }
    ~Attached() {
      curl_multi_remove_handle(multi, easy);
      curl_easy_reset(easy);
    }
  } attached(multi, easy);

  const double started_s = monotonic_s();
  exchange.last_activity_s = started_s;
  CURLcode code = CURLE_OK;
  for (bool done = false; !done;) {
    context.cancellation.throw_if_requested(what);
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) {
      throw Error(ErrorCode::kInternal, fmt::format("libcurl failed while {}", what));
    }
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      if (message->msg == CURLMSG_DONE) {
        code = message->data.result;
        done = true;
      }
    }
    if (done) break;
    const double now_s = monotonic_s();
    if (now_s - started_s > request.total_timeout_s ||
        now_s - exchange.last_activity_s > request.idle_timeout_s) {
      const bool total = now_s - started_s > request.total_timeout_s;
      throw Error(ErrorCode::kTimeout,
                  fmt::format("'{}' {} {:g} s", displayed_url(request.url),
                              total ? "did not finish its answer within" : "sent nothing for",
                              total ? request.total_timeout_s : request.idle_timeout_s),
                  "check the server, or raise the time limit in the configuration");
    }
    curl_multi_poll(multi, nullptr, 0, kStopCheck_ms, nullptr);
  }

  if (exchange.failure) std::rethrow_exception(exchange.failure);
  if (exchange.oversized) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("the answer of '{}' is longer than {} bytes", displayed_url(request.url),
                            exchange.response.ok() ? request.response_limit_bytes : kErrorBodyLimit_bytes),
                "check that the address is that of the right server");
  }
  if (code != CURLE_OK) throw_transport(code, exchange, detail.data());
  return std::move(exchange.response);
}

std::string HttpResponse::header(const std::string& lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? std::string() : found->second;
}

std::string HttpResponse::content_type() const {
  std::string type = lower_case(header("content-type"));
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  return type;
}

std::string join_url(const std::string& base, const std::string& path) {
  std::string joined = base;
  while (!joined.empty() && joined.back() == '/') joined.pop_back();
  const std::size_t first = path.find_first_not_of('/');
  return first == std::string::npos ? joined : joined + "/" + path.substr(first);
}

std::string url_encode(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", byte);
    }
  }
  return encoded;
}

std::string form_encode(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string encoded;
  for (const auto& [name, value] : fields) {
    if (!encoded.empty()) encoded += '&';
    encoded += url_encode(name) + "=" + url_encode(value);
  }
  return encoded;
}

std::string displayed_url(const std::string& url) {
  std::string shown = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme = shown.find("://");
  const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t host_end = std::min(shown.find('/', host), shown.size());
  const std::size_t at = shown.rfind('@', host_end);
  if (at != std::string::npos && at >= host && at < host_end) shown.erase(host, at + 1 - host);
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return shown.substr(0, 200);
}

std::string without_secrets(std::string text, const HttpRequest& request) {
  for (const HttpSecretHeader& header : request.secret_headers) {
    const std::string& secret = header.secret.reveal();
    if (secret.size() < 4) continue;
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3)) {
      text.replace(at, secret.size(), "***");
    }
  }
  return text;
}

}  // namespace anima
