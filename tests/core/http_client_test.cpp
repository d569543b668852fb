#include "core/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "core/error.h"
#include "support/loopback_server.h"

namespace anima {
namespace {

using test::LoopbackConnection;
using test::LoopbackRequest;
using test::LoopbackServer;
using testing::HasSubstr;
using testing::Not;

Error error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return Error(ErrorCode::kInternal, "none");
}

void echo(const LoopbackRequest& request, LoopbackConnection& connection) {
  connection.reply(200, "text/plain", request.method + " " + request.path + " " + request.body);
}

TEST(HttpClient, SendsMethodHeadersBodyAndKey) {
  LoopbackServer server(echo);
  const HttpRequest request{.method = "POST",
                            .url = server.url("/v1/say?a=b"),
                            .headers = {{"Content-Type", "application/json"}},
                            .secret_headers = {{"Authorization", "Bearer ", Secret("k-123456")}},
                            .body = "{\"x\":1}"};
  const HttpResponse response = HttpClient().send(request, {});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "POST /v1/say {\"x\":1}");
  EXPECT_EQ(response.content_type(), "text/plain");
  const LoopbackRequest seen = server.requests().at(0);
  EXPECT_EQ(seen.query, "a=b");
  EXPECT_EQ(seen.header("authorization"), "Bearer k-123456");
  EXPECT_EQ(seen.header("content-type"), "application/json");
  EXPECT_EQ(seen.header("expect"), "");
}

TEST(HttpClient, LeavesAnEmptyKeyOut) {
  LoopbackServer server(echo);
  HttpClient().send({.url = server.url("/"), .secret_headers = {{"Authorization", "Bearer ", Secret()}}}, {});
  EXPECT_EQ(server.requests().at(0).headers.count("authorization"), 0U);
}

TEST(HttpClient, SendsMultipart) {
  LoopbackServer server(echo);
  const std::string file("RIFF\0\r\n--binary", 15);
  HttpClient().send({.method = "POST",
                     .url = server.url("/upload"),
                     .parts = {{"model", "m-1"}, {"file", file, "a.wav", "audio/wav"}}},
                    {});
  const auto parts = server.requests().at(0).parts();
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].name, "model");
  EXPECT_EQ(parts[0].content, "m-1");
  EXPECT_EQ(parts[0].file_name, "");
  EXPECT_EQ(parts[1].name, "file");
  EXPECT_EQ(parts[1].file_name, "a.wav");
  EXPECT_EQ(parts[1].content_type, "audio/wav");
  EXPECT_EQ(parts[1].content, file);
}

TEST(HttpClient, HandsTheBodyOverAsItComes) {
  // The server sends the second piece only after the client has the first one.
  std::atomic<bool> first_seen{false};
  LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.begin_chunks(200, "application/octet-stream");
    connection.chunk("one");
    while (!first_seen) std::this_thread::yield();
    connection.chunk("two");
    connection.end_chunks();
  });
  std::vector<std::string> pieces;
  const HttpResponse response = HttpClient().send(
      {.url = server.url("/")}, {}, [&](const HttpResponse& head, std::span<const std::byte> bytes) {
        EXPECT_EQ(head.status, 200);
        pieces.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        first_seen = true;
      });
  EXPECT_THAT(pieces, testing::ElementsAre("one", "two"));
  EXPECT_EQ(response.body, "");
}

TEST(HttpClient, KeepsTheBodyOfAnErrorFromTheSink) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(429, "application/json", "{\"error\":1}", {{"Retry-After", "3"}});
  });
  bool called = false;
  const HttpResponse response = HttpClient().send(
      {.url = server.url("/")}, {}, [&](const HttpResponse&, std::span<const std::byte>) { called = true; });
  EXPECT_FALSE(called);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.body, "{\"error\":1}");
  EXPECT_EQ(response.header("retry-after"), "3");
}

TEST(HttpClient, PassesTheSinksErrorOn) {
  LoopbackServer server(echo);
  const Error error = error_of([&] {
    HttpClient().send({.url = server.url("/")}, {}, [](const HttpResponse&, std::span<const std::byte>) {
      throw Error(ErrorCode::kCorruptData, "from the sink");
    });
  });
  EXPECT_EQ(error.message(), "from the sink");
}

TEST(HttpClient, StopsWhileTheServerIsSilent) {
  std::atomic<bool> left{false};
  LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    left = connection.wait_for_client_to_leave();
  });
  WorkContext context;
  std::thread stopper([&] {
    while (server.requests().empty()) std::this_thread::yield();
    context.cancellation.request();
  });
  const Error error = error_of([&] { HttpClient().send({.url = server.url("/")}, context); });
  stopper.join();
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  while (!left) std::this_thread::yield();  // the connection was really closed
}

TEST(HttpClient, StopsInsideAStream) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.begin_chunks(200, "audio/pcm");
    connection.chunk("abc");
    connection.wait_for_client_to_leave();
  });
  WorkContext context;
  const Error error = error_of([&] {
    HttpClient().send(
        {.url = server.url("/")}, context,
        [&](const HttpResponse&, std::span<const std::byte>) { context.cancellation.request(); });
  });
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
}

TEST(HttpClient, TellsIdleFromTotalTime) {
  LoopbackServer silent(
      [](const LoopbackRequest&, LoopbackConnection& connection) { connection.wait_for_client_to_leave(); });
  Error error = error_of([&] { HttpClient().send({.url = silent.url("/"), .idle_timeout_s = 0.1}, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kTimeout);
  EXPECT_THAT(error.message(), HasSubstr("sent nothing for 0.1 s"));

  std::atomic<bool> over{false};
  LoopbackServer endless([&](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.begin_chunks(200, "audio/pcm");
    while (!over) {
      connection.chunk("x");
      std::this_thread::yield();
    }
  });
  error = error_of([&] {
    HttpClient().send({.url = endless.url("/"), .total_timeout_s = 0.1, .response_limit_bytes = 1U << 30U},
                      {});
  });
  over = true;
  EXPECT_EQ(error.code(), ErrorCode::kTimeout);
  EXPECT_THAT(error.message(), HasSubstr("within 0.1 s"));
}

TEST(HttpClient, NamesADeadServer) {
  const std::string url = "http://127.0.0.1:" + std::to_string(test::closed_port()) + "/v1";
  const Error error = error_of([&] { HttpClient().send({.url = url}, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kExternal);
  EXPECT_THAT(error.message(), HasSubstr(url));
}

TEST(HttpClient, TellsATruncatedAnswer) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    connection.half_close();
  });
  EXPECT_EQ(error_of([&] { HttpClient().send({.url = server.url("/")}, {}); }).code(), ErrorCode::kExternal);
  LoopbackServer chunked([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.begin_chunks(200, "audio/wav");
    connection.chunk("half");
  });
  EXPECT_EQ(error_of([&] { HttpClient().send({.url = chunked.url("/")}, {}); }).code(), ErrorCode::kExternal);
}

TEST(HttpClient, TellsGarbageAndAnEmptyAnswer) {
  LoopbackServer garbage([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.raw("\x01\x02\x03 this is no HTTP\r\n\r\n");
  });
  EXPECT_EQ(error_of([&] { HttpClient().send({.url = garbage.url("/")}, {}); }).code(), ErrorCode::kExternal);
  LoopbackServer nothing([](const LoopbackRequest&, LoopbackConnection&) {});
  EXPECT_EQ(error_of([&] { HttpClient().send({.url = nothing.url("/")}, {}); }).code(), ErrorCode::kExternal);
  LoopbackServer plain(echo);
  const std::string secure = "https://127.0.0.1:" + std::to_string(plain.port()) + "/";
  const Error error = error_of([&] { HttpClient().send({.url = secure}, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kExternal);
  EXPECT_THAT(error.message(), HasSubstr("no secure connection"));
}

TEST(HttpClient, RefusesAnOversizedBody) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(200, "text/plain", std::string(100000, 'x'));
  });
  const Error error =
      error_of([&] { HttpClient().send({.url = server.url("/"), .response_limit_bytes = 1000}, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kCorruptData);
  EXPECT_THAT(error.message(), HasSubstr("1000 bytes"));
  LoopbackServer headers([](const LoopbackRequest&, LoopbackConnection& connection) {
    std::string many = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 20; ++i) many += "X-" + std::to_string(i) + ": " + std::string(50000, 'y') + "\r\n";
    connection.raw(many + "\r\n");
  });
  EXPECT_EQ(error_of([&] { HttpClient().send({.url = headers.url("/")}, {}); }).code(),
            ErrorCode::kCorruptData);
}

TEST(HttpClient, DoesNotFollowRedirects) {
  LoopbackServer other(echo);
  LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(307, "text/plain", "", {{"Location", other.url("/steal")}});
  });
  const HttpResponse response = HttpClient().send(
      {.url = server.url("/"), .secret_headers = {{"x-goog-api-key", "", Secret("k-123456")}}}, {});
  EXPECT_EQ(response.status, 307);
  EXPECT_TRUE(other.requests().empty());
}

TEST(HttpClient, RefusesAddressesAndHeadersThatMakeNoSense) {
  const HttpClient client;
  const auto refused = [&](const HttpRequest& request) {
    return error_of([&] { client.send(request, {}); });
  };
  EXPECT_EQ(refused({.url = ""}).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused({.url = "localhost:99"}).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused({.url = "file:///etc/passwd"}).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused({.url = "ftp://127.0.0.1/"}).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused({.url = "http://127.0.0.1:1/", .headers = {{"A", "b\r\nX: y"}}}).code(),
            ErrorCode::kInvalidArgument);
  const Error user = refused({.url = "http://me:hidden-word@127.0.0.1:1/"});
  EXPECT_EQ(user.code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(user.what(), Not(HasSubstr("hidden-word")));
}

TEST(HttpClient, SendsNoKeyUnencryptedIntoTheInternet) {
  for (const std::string host :
       {"api.example.com", "8.8.8.8", "172.32.0.1", "[2001:db8::1]", "1.10.0.0.1.example"}) {
    const Error error = error_of([&] {
      HttpClient().send(
          {.url = "http://" + host + "/v1", .secret_headers = {{"Authorization", "", Secret("k-1234")}}}, {});
    });
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument) << host;
    EXPECT_THAT(error.message(), HasSubstr("unencrypted")) << host;
  }
}

TEST(HttpClient, ErrorsShowNeitherKeyNorQuery) {
  const std::string url = "http://127.0.0.1:" + std::to_string(test::closed_port()) + "/v1?key=hidden-word";
  const Error error = error_of([&] {
    HttpClient().send({.url = url, .secret_headers = {{"Authorization", "Bearer ", Secret("other-word")}}},
                      {});
  });
  EXPECT_THAT(error.what(), Not(HasSubstr("hidden-word")));
  EXPECT_THAT(error.what(), Not(HasSubstr("other-word")));
  const HttpRequest request{.secret_headers = {{"Authorization", "Bearer ", Secret("other-word")}}};
  EXPECT_EQ(without_secrets("bad key other-word, other-word", request), "bad key ***, ***");
}

TEST(HttpClient, ServesSeveralThreads) {
  LoopbackServer server(echo);
  const HttpClient client;
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 5; ++j) {
        const std::string body = std::to_string(i * 100 + j);
        right += client.send({.method = "POST", .url = server.url("/n"), .body = body}, {}).body ==
                 "POST /n " + body;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 20);
}

TEST(HttpClient, BuildsUrlsAndForms) {
  EXPECT_EQ(join_url("http://h/v1/", "/audio"), "http://h/v1/audio");
  EXPECT_EQ(join_url("http://h/v1", "audio"), "http://h/v1/audio");
  EXPECT_EQ(url_encode("a b&c/ä~"), "a%20b%26c%2F%C3%A4~");
  EXPECT_EQ(form_encode({{"a", "1 2"}, {"b", "="}}), "a=1%202&b=%3D");
  EXPECT_EQ(displayed_url("https://me:word@h:1/v1?key=k#f"), "https://h:1/v1");
}

}  // namespace
}  // namespace anima
