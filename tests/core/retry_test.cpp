#include "core/retry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "support/loopback_server.h"

namespace anima {
namespace {

using test::LoopbackConnection;
using test::LoopbackRequest;
using test::LoopbackServer;

HttpResponse answer(int status, const std::string& body = {},
                    std::map<std::string, std::string> headers = {}) {
  return {status, std::move(headers), body};
}

bool retried(const std::string& method, const HttpResponse& response, int attempt = 1) {
  return wait_before_retry_s({}, attempt, {.method = method, .url = "http://h/"}, response).has_value();
}

TEST(Retry, AsksAgainOnlyWhereItCanHelp) {
  EXPECT_TRUE(retried("POST", answer(429)));
  EXPECT_TRUE(retried("POST", answer(503)));
  EXPECT_TRUE(retried("GET", answer(500)));
  EXPECT_TRUE(retried("DELETE", answer(504)));
  EXPECT_FALSE(retried("POST", answer(500)));
  EXPECT_FALSE(retried("POST", answer(504)));
  EXPECT_FALSE(retried("GET", answer(200)));
  EXPECT_FALSE(retried("GET", answer(404)));
  EXPECT_FALSE(retried("GET", answer(401)));
  EXPECT_TRUE(retried("POST", answer(429), 2));
  EXPECT_FALSE(retried("POST", answer(429), 3));
}

TEST(Retry, KnowsTheCodesThatAWaitDoesNotMend) {
  for (const std::string code : {"1113", "1304", "1308", "1309", "1310", "insufficient_quota"}) {
    EXPECT_FALSE(retried("POST", answer(429, R"({"error":{"code":")" + code + R"(","message":"m"}})")))
        << code;
  }
  for (const std::string code : {"1302", "1303", "1305"}) {
    EXPECT_TRUE(retried("POST", answer(429, R"({"error":{"code":")" + code + R"(","message":"m"}})")))
        << code;
  }
}

TEST(Retry, WaitsAsLongAsTheServerAsks) {
  const HttpRequest request{.method = "POST", .url = "http://h/"};
  EXPECT_DOUBLE_EQ(*wait_before_retry_s({}, 1, request, answer(429, "", {{"retry-after", "3"}})), 3);
  EXPECT_FALSE(wait_before_retry_s({}, 1, request, answer(429, "", {{"retry-after", "3600"}})).has_value());
  const double first_s = *wait_before_retry_s({}, 1, request, answer(429));
  const double second_s = *wait_before_retry_s({}, 2, request, answer(429));
  EXPECT_GE(first_s, 0.375);
  EXPECT_LE(first_s, 0.5);
  EXPECT_GE(second_s, 0.75);
  EXPECT_LE(second_s, 1.0);
}

TEST(Retry, ReturnsTheAnswerThatCameInTheEnd) {
  int count = 0;
  LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    if (++count < 3) {
      connection.reply(429, "application/json", R"({"error":{"code":"1302","message":"rate"}})",
                       {{"Retry-After", "2"}});
    } else {
      connection.reply(200, "text/plain", "at last");
    }
  });
  std::vector<double> waits_s;
  const auto wait = [&](double seconds, const WorkContext&) { waits_s.push_back(seconds); };
  const HttpResponse response = send_with_retries(
      HttpClient(), {.method = "POST", .url = server.url("/"), .body = "x"}, {}, {}, {}, wait);
  EXPECT_EQ(response.body, "at last");
  EXPECT_THAT(waits_s, testing::ElementsAre(2, 2));
}

TEST(Retry, AsksOnceWhereTheMoneyIsOut) {
  LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(429, "application/json", R"({"error":{"code":"1113","message":"no money"}})");
  });
  const auto wait = [](double, const WorkContext&) { ADD_FAILURE() << "waited"; };
  EXPECT_EQ(
      send_with_retries(HttpClient(), {.method = "POST", .url = server.url("/")}, {}, {}, {}, wait).status,
      429);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Retry, TriesADeadServerAgainForReadingOnly) {
  const std::string url = "http://127.0.0.1:" + std::to_string(test::closed_port()) + "/";
  int waits = 0;
  const auto wait = [&](double, const WorkContext&) { ++waits; };
  EXPECT_THROW(send_with_retries(HttpClient(), {.method = "POST", .url = url}, {}, {}, {}, wait), Error);
  EXPECT_EQ(waits, 0);
  EXPECT_THROW(send_with_retries(HttpClient(), {.url = url}, {}, {}, {}, wait), Error);
  EXPECT_EQ(waits, 2);
}

TEST(Retry, StopsWhileWaiting) {
  WorkContext context;
  LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    context.cancellation.request();
    connection.reply(429, "text/plain", "", {{"Retry-After", "15"}});
  });
  try {
    send_with_retries(HttpClient(), {.url = server.url("/")}, {}, context);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
}

}  // namespace
}  // namespace anima
