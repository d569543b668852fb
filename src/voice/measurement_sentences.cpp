#include "voice/measurement_sentences.h"

#include <array>

namespace anima::voice {

std::span<const std::string> enrolment_sentences(const std::string& language) {
  // Between them every phoneme of English several times, questions and lists for the pitch.
  static const std::array<std::string, 10> english = {
      "The judge chose to measure the pleasure of both visions before lunch on Thursday.",
      "Why would a young boy join the noisy crowd outside the old power house?",
      "She usually sings those songs with her father, her mother and a very large choir.",
      "Please check the weather in the north, then pack a thick jacket and good shoes.",
      "A yellow vase of roses stood near the window; no one could say who had put it there.",
      "Could you give me five good reasons to go back to that huge garage again?",
      "Nothing hurts a tired voice as much as shouting through the cold morning air.",
      "The chief engineer thought about the bridge, the road, the river, and the boats.",
      "We had looked for an hour, but the book about birds and bees was not on its shelf.",
      "I'd rather buy a cheap toy than wait for the big sale at the end of the year.",
  };
  static const std::array<std::string, 10> chinese = {
      "春天来了，公园里的花都开了，孩子们在草地上跑来跑去。",
      "你知道去火车站怎么走吗？请在前面的路口向左转。",
      "我昨天下午买了两本书，一本是历史，一本是小说。",
      "他每天早上六点起床，先喝一杯水，然后出去跑步。",
      "这座城市的冬天很冷，可是房间里非常暖和。",
      "医生说，多吃水果和蔬菜，少吃糖，对身体有好处。",
      "老师问了三个问题，只有小王回答得又快又准确。",
      "如果明天不下雨，我们就去山上看日出，好不好？",
      "她穿着一条绿色的裙子，站在窗户旁边轻轻地唱歌。",
      "科学家正在研究怎样让机器更好地理解人类的语言。",
  };
  // Other languages are measured on what their speakers make of English.
  return language == "zh" ? std::span<const std::string>(chinese) : std::span<const std::string>(english);
}

std::span<const std::string> test_sentences(const std::string& language) {
  // Chosen so that the recogniser understands every word from flite's "rms" unconverted: what it
  // then misses was lost to conversion.
  static const std::array<std::string, 10> english = {
      "The train to the coast leaves early in the morning and comes back late at night.",
      "We need a better plan before we spend any more money on the new building.",
      "My brother told me that the water in the lake is warm enough for swimming.",
      "A good friend is someone who listens before giving any advice.",
      "The doctor asked her to take a short walk after dinner and to sleep more.",
      "They plan to visit the museum on Sunday if the weather stays dry.",
      "The police found the stolen car behind an old factory near the river.",
      "Please tell the children that the story will begin in about ten minutes.",
      "It was raining hard when they finally reached the top of the mountain.",
      "Nobody expected the young team to win the final game of the season.",
  };
  static const std::array<std::string, 10> chinese = {
      "今天的会议改到下午三点，请大家准时参加。",     "这家饭店的菜又好吃又便宜，周末总是有很多人。",
      "我觉得学习外语最重要的是每天坚持练习。",       "他把钥匙忘在办公室了，只好打电话请同事帮忙。",
      "随着技术的发展，人们的生活变得越来越方便。",   "图书馆里非常安静，只能听见翻书的声音。",
      "妈妈做的饺子是世界上最好吃的东西。",           "请问，从这里到机场大概需要多长时间？",
      "虽然路很远，但是沿途的风景让我们忘记了疲劳。", "你好，我是你的数字人助手，很高兴为你服务。",
  };
  return language == "zh" ? std::span<const std::string>(chinese) : std::span<const std::string>(english);
}

}  // namespace anima::voice
