#include "core/api_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace anima {
namespace {

using testing::HasSubstr;
using testing::Not;

HttpResponse answer(int status, const std::string& body, std::map<std::string, std::string> headers = {}) {
  return {status, std::move(headers), body};
}

Error thrown(const HttpResponse& response, const HttpRequest& request = {.url = "https://h/v1"}) {
  try {
    throw_api_error("Example", request, response);
  } catch (const Error& error) {
    return error;
  }
}

TEST(ApiError, ReadsEveryProvidersShape) {
  ApiError error = parse_api_error(answer(429, R"({"error":{"code":"1113","message":"余额不足"}})"));
  EXPECT_EQ(error.code, "1113");
  EXPECT_EQ(error.message, "余额不足");
  EXPECT_TRUE(error.is_final);

  error = parse_api_error(
      answer(429, R"({"error":{"message":"slow","type":"requests","param":null,"code":null}})"));
  EXPECT_EQ(error.code, "requests");
  EXPECT_FALSE(error.is_final);

  error = parse_api_error(answer(
      429,
      R"([{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"22s"}]}}])"));
  EXPECT_EQ(error.code, "RESOURCE_EXHAUSTED");
  EXPECT_DOUBLE_EQ(error.retry_after_s, 22);

  error = parse_api_error(
      answer(422, R"({"detail":[{"loc":["body","tts_text"],"msg":"field required","type":"x"}]})"));
  EXPECT_EQ(error.message, "field required at [\"body\",\"tts_text\"]");
  error = parse_api_error(
      answer(400, R"({"detail":{"error":{"message":"no such voice","type":"voice_error"}}})"));
  EXPECT_EQ(error.message, "no such voice");
  error = parse_api_error(answer(400, R"({"message":"tts failed","Exception":"参考音频在3~10秒范围外"})"));
  EXPECT_EQ(error.message, "tts failed: 参考音频在3~10秒范围外");
  error = parse_api_error(answer(500, "Internal Server Error"));
  EXPECT_EQ(error.message, "Internal Server Error");
  error = parse_api_error(answer(502, "<html>", {{"content-type", "text/html"}}));
  EXPECT_EQ(error.message, "");
  error = parse_api_error(answer(500, R"({"error":"plain"})"));
  EXPECT_EQ(error.message, "plain");
}

TEST(ApiError, SurvivesNonsense) {
  for (const std::string body :
       {"", "[]", "[1]", "null", "\"x\"", "{", R"({"error":[]})", R"({"error":{"code":{}}})",
        R"({"detail":[]})", R"({"error":{"details":[1,null]}})", "\xFF\xFE"}) {
    parse_api_error(answer(500, body));
  }
  ApiError error = parse_api_error(answer(500, "a\x1B[31m\n" + std::string(1000, 'x')));
  EXPECT_EQ(error.message.find('\x1B'), std::string::npos);
  EXPECT_LE(error.message.size(), 303U);
}

TEST(ApiError, ReadsRetryAfter) {
  EXPECT_DOUBLE_EQ(parse_api_error(answer(429, "", {{"retry-after", "7"}})).retry_after_s, 7);
  EXPECT_DOUBLE_EQ(parse_api_error(answer(429, "", {{"retry-after", "-7"}})).retry_after_s, -1);
  EXPECT_DOUBLE_EQ(parse_api_error(answer(429, "", {{"retry-after", "soon"}})).retry_after_s, -1);
  EXPECT_DOUBLE_EQ(
      parse_api_error(answer(429, "", {{"retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"}})).retry_after_s, 0);
  EXPECT_GT(
      parse_api_error(answer(429, "", {{"retry-after", "Wed, 21 Oct 2037 07:28:00 GMT"}})).retry_after_s,
      1e6);
}

TEST(ApiError, ChoosesTheCode) {
  EXPECT_EQ(thrown(answer(401, "")).code(), ErrorCode::kNotReady);
  EXPECT_EQ(
      thrown(answer(400, R"({"error":{"message":"bad","details":[{"reason":"API_KEY_INVALID"}]}})")).code(),
      ErrorCode::kNotReady);
  EXPECT_EQ(thrown(answer(404, "")).code(), ErrorCode::kNotReady);
  EXPECT_EQ(thrown(answer(429, "")).code(), ErrorCode::kResourceExhausted);
  // What a server refuses is no error of ours: another engine may take it.
  for (const int status : {400, 408, 413, 422})
    EXPECT_EQ(thrown(answer(status, "")).code(), ErrorCode::kExternal);
  EXPECT_THAT(thrown(answer(413, "")).what(), HasSubstr("refuses the request (status 413)"));
  EXPECT_EQ(thrown(answer(400, R"({"error":{"code":"1301","message":"content"}})")).code(),
            ErrorCode::kExternal);
  EXPECT_EQ(thrown(answer(400, R"({"error":{"status":"FAILED_PRECONDITION","message":"no"}})")).code(),
            ErrorCode::kExternal);
  EXPECT_EQ(thrown(answer(500, "")).code(), ErrorCode::kExternal);
  EXPECT_EQ(thrown(answer(302, "")).code(), ErrorCode::kExternal);
}

TEST(ApiError, HidesAKeyThatTheServerRepeats) {
  const HttpRequest request{.url = "https://h/v1",
                            .secret_headers = {{"Authorization", "Bearer ", Secret("sk-word")}}};
  const Error error = thrown(answer(401, R"({"error":{"message":"Incorrect key sk-word given"}})"), request);
  EXPECT_THAT(error.what(), HasSubstr("Incorrect key *** given"));
  EXPECT_THAT(error.what(), Not(HasSubstr("sk-word")));
}

TEST(ApiError, FindsAnErrorInsideAStream) {
  ApiError error;
  EXPECT_TRUE(find_api_error(R"({"error":{"code":"1302","message":"rate"}})", error));
  EXPECT_EQ(error.code, "1302");
  EXPECT_FALSE(find_api_error(R"({"choices":[],"error":null})", error));
  EXPECT_FALSE(find_api_error("[DONE]", error));
}

}  // namespace
}  // namespace anima
