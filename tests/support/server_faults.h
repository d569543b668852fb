// What goes wrong at servers, for the tests of every engine that asks one.
#pragma once

#include <string>
#include <vector>

#include "core/error.h"
#include "support/loopback_server.h"

namespace anima::test {

struct ServerFault {
  std::string name;  // letters and digits
  LoopbackServer::Handler answer;
  std::vector<ErrorCode> codes;  // any of them names the fault
  std::string says = {};         // in the message, where the server gave a reason
  int requests = 1;              // asked more often only where that makes sense
};

inline LoopbackServer::Handler replies(int status, const std::string& type, const std::string& body,
                                       const std::map<std::string, std::string>& headers = {}) {
  return [=](const LoopbackRequest&, LoopbackConnection& c) { c.reply(status, type, body, headers); };
}

inline LoopbackServer::Handler sends_raw(const std::string& bytes) {
  return [=](const LoopbackRequest&, LoopbackConnection& c) {
    c.raw(bytes);
    c.half_close();
    c.wait_for_client_to_leave();
  };
}

// Says `bytes`, then nothing more.
inline LoopbackServer::Handler stalls_after(const std::string& bytes) {
  return [=](const LoopbackRequest&, LoopbackConnection& c) {
    c.raw(bytes);
    c.wait_for_client_to_leave();
  };
}

// `type` is what a good answer of the engine would be.
inline std::vector<ServerFault> server_faults(const std::string& type) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n";
  const std::string page = "<!DOCTYPE html><html><body>Welcome to the router</body></html>";
  const ErrorCode external = ErrorCode::kExternal;
  return {
      {"NeverAnswers", stalls_after(""), {ErrorCode::kTimeout}},
      {"StopsInItsHeaders", stalls_after(head), {ErrorCode::kTimeout}},
      {"StopsInItsBody", stalls_after(head + "Content-Length: 100\r\n\r\n"), {ErrorCode::kTimeout}},
      {"ClosesAtOnce", [](const LoopbackRequest&, LoopbackConnection&) {}, {external}},
      {"HalfCloses", sends_raw(head + "Content-Length: 1000\r\n\r\nabc"), {external}},
      {"EndsInsideAChunk", sends_raw(head + "Transfer-Encoding: chunked\r\n\r\nff\r\nabc"), {external}},
      {"SpeaksNoHttp", sends_raw(std::string("\x00\x01\xFFnonsense\r\n\r\n", 15)), {external}},
      {"AnswersNothing", replies(200, type, ""), {external}},
      {"AnswersHtml", replies(200, "text/html", page), {external}},
      {"AnswersHtmlUnderTheRightType", replies(200, type, page), {external}},
      {"HidesAnErrorInA200",
       replies(200, type, R"({"error":{"message":"the model is on holiday"}})"),
       {external},
       "the model is on holiday"},
      {"HidesAnErrorInAStream",
       replies(200, "text/event-stream", event(R"({"error":{"message":"the model is on holiday"}})")),
       {external}},
      {"AnswersHalfASurrogate",
       replies(200, "application/json", R"({"text":"\ud800","error":"\ud800"})"),
       {external}},
      {"RefusesWithHalfASurrogate",
       replies(400, "application/json", R"({"error":{"message":"\ud800"}})"),
       {external}},
      {"RefusesWithNonsense",
       replies(400, "application/json", R"({"error":[1,null,{"message":[]}]})"),
       {external}},
      {"RefusesTheRequest",
       replies(400, "application/json", R"({"error":{"message":"no","status":"FAILED_PRECONDITION"}})"),
       {external},
       "FAILED_PRECONDITION"},
      {"TakesTooLongItself", replies(408, "text/plain", "too slow"), {external}},
      {"FindsTheRequestTooLarge", replies(413, "text/plain", "too large"), {external}},
      {"RefusesTheKey", replies(401, "application/json", "{}"), {ErrorCode::kNotReady}},
      {"KnowsNoSuchPath", replies(404, "text/html", page), {ErrorCode::kNotReady}},
      {"SendsElsewhere", replies(302, "text/plain", "", {{"Location", "http://127.0.0.1:1/"}}), {external}},
      {"Fails", replies(500, "text/plain", "CUDA out of memory"), {external}, "CUDA out of memory"},
      {"FailsAtEndlessLength",
       replies(500, "text/plain", std::string(2U << 20U, 'x')),
       {ErrorCode::kCorruptData}},
      {"HasNoQuotaLeft",
       replies(429, "application/json", R"({"error":{"message":"m","code":"insufficient_quota"}})",
               {{"Retry-After", "0"}}),
       {ErrorCode::kResourceExhausted},
       "insufficient_quota"},
      {"AsksToWaitTooLong",
       replies(429, "text/plain", "", {{"Retry-After", "3600"}}),
       {ErrorCode::kResourceExhausted}},
      {"IsAlwaysBusy",
       replies(429, "text/plain", "", {{"Retry-After", "0"}}),
       {ErrorCode::kResourceExhausted},
       "",
       3},
      {"IsAlwaysAway", replies(503, "text/html", page, {{"Retry-After", "0"}}), {external}, "", 3},
  };
}

}  // namespace anima::test
