#include "support/loopback_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace anima::test {
namespace {

int listen_on_loopback(int& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  if (socket < 0 || ::bind(socket, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      ::listen(socket, 16) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  port = ntohs(address.sin_port);
  return socket;
}

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::map<std::string, std::string> parse_headers(const std::string& text) {
  std::map<std::string, std::string> headers;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find("\r\n", at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 2;
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::size_t value = line.find_first_not_of(' ', colon + 1);
    headers[lower_case(line.substr(0, colon))] = value == std::string::npos ? "" : line.substr(value);
  }
  return headers;
}

std::string quoted_parameter(const std::string& header, const std::string& name) {
  const std::string start = name + "=\"";
  std::size_t at = header.find(start);
  while (at != std::string::npos && at > 0 && header[at - 1] != ' ' && header[at - 1] != ';') {
    at = header.find(start, at + 1);
  }
  if (at == std::string::npos) return {};
  const std::size_t first = at + start.size();
  return header.substr(first, header.find('"', first) - first);
}

std::string percent_decoded(const std::string& text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      decoded += static_cast<char>(std::strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

void append_little_endian(std::string& bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFFU);
}

}  // namespace

std::string LoopbackRequest::header(const std::string& lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? std::string() : found->second;
}

std::vector<LoopbackPart> LoopbackRequest::parts() const {
  const std::string type = header("content-type");
  const std::size_t at = type.find("boundary=");
  if (at == std::string::npos) return {};
  const std::string boundary = "--" + type.substr(at + 9);
  std::vector<LoopbackPart> parts;
  std::size_t start = body.find(boundary);
  while (start != std::string::npos) {
    start += boundary.size() + 2;
    const std::size_t end = body.find("\r\n" + boundary, start);
    const std::size_t blank = body.find("\r\n\r\n", start);
    if (end == std::string::npos || blank == std::string::npos || blank > end) break;
    const auto headers_of_part = parse_headers(body.substr(start, blank - start));
    const auto value = [&](const char* name) {
      const auto found = headers_of_part.find(name);
      return found == headers_of_part.end() ? std::string() : found->second;
    };
    const std::string disposition = value("content-disposition");
    parts.push_back({quoted_parameter(disposition, "name"), quoted_parameter(disposition, "filename"),
                     value("content-type"), body.substr(blank + 4, end - blank - 4)});
    start = end + 2;
  }
  return parts;
}

std::map<std::string, std::string> LoopbackRequest::part_contents() const {
  std::map<std::string, std::string> contents;
  for (const LoopbackPart& part : parts()) contents[part.name] = part.content;
  return contents;
}

std::map<std::string, std::string> LoopbackRequest::form() const {
  std::map<std::string, std::string> fields;
  std::size_t at = 0;
  while (at < body.size()) {
    const std::size_t end = std::min(body.find('&', at), body.size());
    const std::string pair = body.substr(at, end - at);
    const std::size_t equals = pair.find('=');
    fields[percent_decoded(pair.substr(0, equals))] =
        equals == std::string::npos ? "" : percent_decoded(pair.substr(equals + 1));
    at = end + 1;
  }
  return fields;
}

void LoopbackConnection::raw(const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t sent = ::send(socket_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent <= 0) return;  // the client went away, which some tests want
    done += static_cast<std::size_t>(sent);
  }
}

void LoopbackConnection::reply(int status, const std::string& content_type, const std::string& body,
                               const std::map<std::string, std::string>& headers) {
  std::string head = "HTTP/1.1 " + std::to_string(status) +
                     " X\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  if (!content_type.empty()) head += "Content-Type: " + content_type + "\r\n";
  for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
  raw(head + "\r\n" + body);
}

void LoopbackConnection::begin_chunks(int status, const std::string& content_type,
                                      const std::map<std::string, std::string>& headers) {
  std::string head =
      "HTTP/1.1 " + std::to_string(status) + " X\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n";
  if (!content_type.empty()) head += "Content-Type: " + content_type + "\r\n";
  for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
  raw(head + "\r\n");
}

void LoopbackConnection::chunk(const std::string& bytes) {
  if (bytes.empty()) return;
  char size[32];
  std::snprintf(size, sizeof(size), "%zx\r\n", bytes.size());
  raw(size + bytes + "\r\n");
}

void LoopbackConnection::end_chunks() {
  raw("0\r\n\r\n");
}

void LoopbackConnection::half_close() {
  ::shutdown(socket_, SHUT_WR);
}

bool LoopbackConnection::wait_for_client_to_leave() {
  while (!stopping_) {
    pollfd wait{socket_, POLLIN, 0};
    if (::poll(&wait, 1, 5) <= 0) continue;
    char byte = 0;
    if (::recv(socket_, &byte, 1, 0) <= 0) return true;
  }
  return false;
}

LoopbackServer::LoopbackServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = listen_on_loopback(port_);
  acceptor_ = std::thread([this] { accept_connections(); });
}

LoopbackServer::~LoopbackServer() {
  stopping_ = true;
  acceptor_.join();
  ::close(listener_);
  for (std::thread& connection : connections_) connection.join();
}

std::string LoopbackServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<LoopbackRequest> LoopbackServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void LoopbackServer::accept_connections() {
  while (!stopping_) {
    pollfd wait{listener_, POLLIN, 0};
    if (::poll(&wait, 1, 5) <= 0) continue;
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket >= 0) connections_.emplace_back([this, socket] { serve(socket); });
  }
}

void LoopbackServer::serve(int socket) {
  std::string bytes;
  char buffer[65536];
  std::size_t head_end = std::string::npos;
  const auto receive_more = [&] {
    while (!stopping_) {
      pollfd wait{socket, POLLIN, 0};
      if (::poll(&wait, 1, 5) <= 0) continue;
      const ssize_t got = ::recv(socket, buffer, sizeof(buffer), 0);
      if (got > 0) bytes.append(buffer, static_cast<std::size_t>(got));
      return got > 0;
    }
    return false;
  };
  while ((head_end = bytes.find("\r\n\r\n")) == std::string::npos) {
    if (!bytes.empty() && bytes[0] == '\x16') {  // a TLS greeting: answer as a plain server does
      LoopbackConnection(socket, stopping_).raw("HTTP/1.1 400 X\r\n\r\n");
      ::close(socket);
      return;
    }
    if (!receive_more()) {
      ::close(socket);
      return;
    }
  }
  LoopbackRequest request;
  const std::string head = bytes.substr(0, head_end);
  const std::string first = head.substr(0, head.find("\r\n"));
  const std::size_t blank = first.find(' ');
  request.method = first.substr(0, blank);
  const std::string target = first.substr(blank + 1, first.rfind(' ') - blank - 1);
  request.path = target.substr(0, target.find('?'));
  if (target.find('?') != std::string::npos) request.query = target.substr(target.find('?') + 1);
  request.headers = parse_headers(head);
  request.body = bytes.substr(head_end + 4);
  const std::size_t length = std::strtoull(request.header("content-length").c_str(), nullptr, 10);
  while (request.body.size() < length) {
    bytes.clear();
    if (!receive_more()) break;
    request.body += bytes;
  }
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  LoopbackConnection connection(socket, stopping_);
  handler_(request, connection);
  ::shutdown(socket, SHUT_RDWR);
  ::close(socket);
}

int closed_port() {
  int port = 0;
  ::close(listen_on_loopback(port));
  return port;
}

std::string event(const std::string& data) {
  return "data: " + data + "\n\n";
}

std::string sine_pcm(int sample_rate_hz, double seconds, double frequency_hz, double amplitude) {
  std::string pcm;
  const int count = static_cast<int>(std::lround(sample_rate_hz * seconds));
  for (int i = 0; i < count; ++i) {
    const double value = amplitude * std::sin(6.283185307179586 * frequency_hz * i / sample_rate_hz);
    append_little_endian(
        pcm, static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(value * 32767))), 2);
  }
  return pcm;
}

std::string wav_file(const std::string& pcm, int sample_rate_hz, int channels, long long claimed_bytes) {
  const auto data_bytes =
      static_cast<std::uint32_t>(claimed_bytes >= 0 ? claimed_bytes : static_cast<long long>(pcm.size()));
  std::string file = "RIFF";
  append_little_endian(file, claimed_bytes >= 0 ? data_bytes : data_bytes + 36, 4);
  file += "WAVEfmt ";
  append_little_endian(file, 16, 4);
  append_little_endian(file, 1, 2);
  append_little_endian(file, static_cast<std::uint32_t>(channels), 2);
  append_little_endian(file, static_cast<std::uint32_t>(sample_rate_hz), 4);
  append_little_endian(file, static_cast<std::uint32_t>(sample_rate_hz * channels * 2), 4);
  append_little_endian(file, static_cast<std::uint32_t>(channels * 2), 2);
  append_little_endian(file, 16, 2);
  file += "data";
  append_little_endian(file, data_bytes, 4);
  return file + pcm;
}

std::string base64(const std::string& bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8U | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      text += i + j <= bytes.size() ? kAlphabet[(group >> (18 - 6 * j)) & 63U] : '=';
    }
  }
  return text;
}

}  // namespace anima::test
