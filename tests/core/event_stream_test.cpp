#include "core/event_stream.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/error.h"
#include "core/random.h"

namespace anima {
namespace {

std::vector<ServerEvent> parse(const std::string& text, std::size_t piece = 1U << 20U, bool finish = true) {
  std::vector<ServerEvent> events;
  EventStreamParser parser([&](const ServerEvent& event) { events.push_back(event); });
  for (std::size_t i = 0; i < text.size(); i += piece) {
    parser.push(std::as_bytes(std::span(text.data() + i, std::min(piece, text.size() - i))));
  }
  if (finish) parser.finish();
  return events;
}

TEST(EventStream, ReadsFieldsOfEveryForm) {
  const auto events = parse(
      "\xEF\xBB\xBF: comment\nevent: delta\ndata: one\ndata:two\nid: 7\nretry: 5\nunknown: x\n\n"
      "data:  leading blank\n\ndata\n\nevent: nothing\n\n");
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].type, "delta");
  EXPECT_EQ(events[0].data, "one\ntwo");
  EXPECT_EQ(events[0].id, "7");
  EXPECT_EQ(events[1].type, "message");
  EXPECT_EQ(events[1].data, " leading blank");
  EXPECT_EQ(events[1].id, "7");
  EXPECT_EQ(events[2].data, "");
}

TEST(EventStream, GivesTheSameHoweverItIsCutAndWhateverEndsALine) {
  const std::string plain = "data: {\"a\":\"你好\"}\n\nevent: x\ndata: b\n\ndata: [DONE]\n\n";
  for (const std::string ending : {"\n", "\r", "\r\n"}) {
    std::string text;
    for (const char c : plain) text += c == '\n' ? ending : std::string(1, c);
    for (std::size_t piece = 1; piece < 9; ++piece) {
      const auto events = parse(text, piece);
      ASSERT_EQ(events.size(), 3U);
      EXPECT_EQ(events[0].data, "{\"a\":\"你好\"}");
      EXPECT_EQ(events[1].type, "x");
      EXPECT_EQ(events[2].data, "[DONE]");
    }
  }
}

TEST(EventStream, HandsTheLastEventOverAtTheEnd) {
  EXPECT_TRUE(parse("data: last", 4, false).empty());
  const auto events = parse("data: last", 4);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].data, "last");
  EXPECT_TRUE(parse("").empty());
}

TEST(EventStream, RefusesAnEndlessEvent) {
  EventStreamParser parser([](const ServerEvent&) {}, 1000);
  const std::string text(2000, 'x');
  EXPECT_THROW(parser.push(std::as_bytes(std::span(text))), Error);
  EventStreamParser lines([](const ServerEvent&) {}, 1000);
  std::string many;
  for (int i = 0; i < 200; ++i) many += "data: 1234567890\n";
  EXPECT_THROW(lines.push(std::as_bytes(std::span(many))), Error);
}

TEST(EventStream, SurvivesRandomBytes) {
  Random random(3);
  for (int round = 0; round < 200; ++round) {
    std::string text;
    for (int i = 0; i < 300; ++i) text += "data:\n\r e\0x"[random.below(11)];
    parse(text, 1 + random.below(20));
  }
}

}  // namespace
}  // namespace anima
