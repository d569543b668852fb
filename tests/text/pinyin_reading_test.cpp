#include "text/pinyin_reading.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "core/temporary_folder.h"

namespace anima::text {
namespace {

std::string read(std::string_view han) {
  const auto dictionary = shared_pinyin_dictionary();
  if (!dictionary) return "no dictionary";
  std::string result;
  for (const std::string& syllable : read_pinyin(han, *dictionary)) {
    if (!result.empty()) result += ' ';
    result += syllable.empty() ? "?" : syllable;
  }
  return result;
}

struct Case {
  const char* written;
  const char* read;
};

TEST(PinyinReading, ReadsCharactersByTheWordTheyStandIn) {
  const Case cases[] = {
      {"这东西好", "zhe4 dong1 xi5 hao3"},
      {"买东西", "mai3 dong1 xi5"},
      {"东西方向", "dong1 xi1 fang1 xiang4"},
      {"银行行长不行", "yin2 hang2 hang2 zhang3 bu4 xing2"},
      {"重庆很重要", "chong2 qing4 hen3 zhong4 yao4"},
      {"音乐使人快乐", "yin1 yue4 shi3 ren2 kuai4 le4"},
      {"他觉得该睡觉了", "ta1 jue2 de5 gai1 shui4 jiao4 le5"},
      {"长大以后长头发", "zhang3 da4 yi3 hou4 chang2 tou2 fa5"},
      {"我们都在首都", "wo3 men5 dou1 zai4 shou3 du1"},
      {"还没有还钱", "hai2 mei2 you3 huan2 qian2"},
      {"教师教书", "jiao4 shi1 jiao1 shu1"},
      {"会计开会", "kuai4 ji4 kai1 hui4"},
      {"便宜又方便", "pian2 yi5 you4 fang1 bian4"},
      {"他为什么着急", "ta1 wei4 shen2 me5 zhao2 ji2"},
      {"这个目的的确好", "zhe4 ge5 mu4 di4 di2 que4 hao3"},
      {"数字人助手", "shu4 zi4 ren2 zhu4 shou3"},
      {"女儿的绿裙子", "nv3 er2 de5 lv4 qun2 zi5"},
  };
  for (const Case& c : cases) EXPECT_EQ(read(c.written), c.read) << c.written;
}

TEST(PinyinReading, ReadsParticlesByGrammar) {
  const Case cases[] = {
      {"他跑得快", "ta1 pao3 de5 kuai4"},
      {"我得走了", "wo3 dei3 zou3 le5"},
      {"他慢慢地走", "ta1 man4 man4 de5 zou3"},
      {"这块地很大", "zhe4 kuai4 di4 hen3 da4"},
  };
  for (const Case& c : cases) EXPECT_EQ(read(c.written), c.read) << c.written;
}

TEST(PinyinReading, ChangesTheTonesOfOneAndNot) {
  const Case cases[] = {
      {"一个人", "yi2 ge4 ren2"},
      {"一天", "yi4 tian1"},
      {"一本书", "yi4 ben3 shu1"},
      {"第一", "di4 yi1"},
      {"二零一一", "er4 ling2 yi1 yi1"},
      {"不是", "bu2 shi4"},
      {"不去", "bu2 qu4"},
      {"不来", "bu4 lai2"},
      {"看一看", "kan4 yi5 kan4"},
  };
  for (const Case& c : cases) EXPECT_EQ(read(c.written), c.read) << c.written;
}

TEST(PinyinReading, LeavesUnknownCharactersOpen) {
  EXPECT_EQ(read("好𪚥好"), "hao3 ? hao3");
  EXPECT_EQ(read("漢字"), "? zi4");  // traditional
  EXPECT_EQ(read(""), "");
}

TEST(PinyinReading, ReadsALongRun) {
  std::string han;
  for (int i = 0; i < 1000; ++i) han += "银行行长";
  const auto dictionary = shared_pinyin_dictionary();
  ASSERT_TRUE(dictionary);
  const auto syllables = read_pinyin(han, *dictionary);
  ASSERT_EQ(syllables.size(), 4000U);
  EXPECT_EQ(syllables[3996], "yin2");
  EXPECT_EQ(syllables[3999], "zhang3");
}

TEST(PinyinDictionary, WritesTonesAsDigits) {
  EXPECT_EQ(numbered_syllable("hǎo"), "hao3");
  EXPECT_EQ(numbered_syllable("lǜ"), "lv4");
  EXPECT_EQ(numbered_syllable("de"), "de5");
  EXPECT_EQ(numbered_syllable("n\xC7\x9A"), "nv3");
  EXPECT_EQ(numbered_syllable(""), "");
}

TEST(PinyinDictionary, RefusesOtherFiles) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "words.json";
  EXPECT_THROW(PinyinDictionary{path}, Error);
  for (const char* content :
       {"", "[]", "{}", "{\"a\": 1}", "{\"a\": [\"b\"]", "{\"a\": {\"b\": 1}}", "{\"a\": [\"b\", null]}"}) {
    write_file_atomically(path, std::string(content));
    EXPECT_THROW(PinyinDictionary{path}, Error) << content;
  }
  write_file_atomically(path, std::string("{\"好\": [\"hǎo\", 3e-7], \"好人\": [\"hǎo rén\", 1e-7]}"));
  const PinyinDictionary dictionary(path);
  EXPECT_EQ(dictionary.size(), 2U);
  ASSERT_TRUE(dictionary.find("好人"));
  EXPECT_EQ(dictionary.find("好人")->syllables, "hǎo rén");
  EXPECT_FALSE(dictionary.find("人"));
}

}  // namespace
}  // namespace anima::text
