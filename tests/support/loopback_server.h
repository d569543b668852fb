// A small HTTP server on 127.0.0.1 that plays a provider, its faults included. A test gives the
// handler; nothing leaves the machine.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace anima::test {

struct LoopbackPart {
  std::string name;
  std::string file_name;
  std::string content_type;
  std::string content;
};

struct LoopbackRequest {
  std::string method;
  std::string path;  // without the query
  std::string query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string header(const std::string& lower_case_name) const;
  std::vector<LoopbackPart> parts() const;                   // of multipart/form-data
  std::map<std::string, std::string> part_contents() const;  // the same by name
  std::map<std::string, std::string> form() const;           // of x-www-form-urlencoded
};

class LoopbackConnection {
 public:
  LoopbackConnection(int socket, const std::atomic<bool>& stopping) : socket_(socket), stopping_(stopping) {}

  void reply(int status, const std::string& content_type, const std::string& body,
             const std::map<std::string, std::string>& headers = {});
  void begin_chunks(int status, const std::string& content_type,
                    const std::map<std::string, std::string>& headers = {});
  void chunk(const std::string& bytes);
  void end_chunks();
  void raw(const std::string& bytes);
  // Closes our side only: the client sees the end of a half-given answer.
  void half_close();
  // Says nothing until the client goes away (or the server stops). True where the client went.
  bool wait_for_client_to_leave();

 private:
  int socket_;
  const std::atomic<bool>& stopping_;
};

class LoopbackServer {
 public:
  using Handler = std::function<void(const LoopbackRequest&, LoopbackConnection&)>;
  explicit LoopbackServer(Handler handler);  // on a port that the system chooses
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string url(const std::string& path = {}) const;  // "http://127.0.0.1:PORT" + path
  int port() const { return port_; }
  std::vector<LoopbackRequest> requests() const;  // in the order of coming

 private:
  void accept_connections();
  void serve(int socket);

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<LoopbackRequest> requests_;
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

// A port of 127.0.0.1 at which nobody listens.
int closed_port();

// "data: ...\n\n"
std::string event(const std::string& data);

// 16-bit little-endian PCM of a sine, and a WAV file around it. `claimed_bytes` replaces the length
// that the header states (0 or 0xFFFFFFFF in streams).
std::string sine_pcm(int sample_rate_hz, double seconds, double frequency_hz = 200, double amplitude = 0.5);
std::string wav_file(const std::string& pcm, int sample_rate_hz, int channels = 1,
                     long long claimed_bytes = -1);

std::string base64(const std::string& bytes);

}  // namespace anima::test
