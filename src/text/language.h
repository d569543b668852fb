// The language a text is read in.
#pragma once

#include <string>
#include <string_view>

namespace anima::text {

// From its letters alone: "zh" where it holds Han characters (but "ja" where a third of them and the
// kana are kana), else the language of its script, Latin last ("en"): one word of another script
// makes the text that language's, whose speakers read Latin words too. "und" for a script that no
// speaker reads. Empty where there is no letter ("3.14", "?!").
std::string language_of_text(std::string_view text);

// Whether it holds words of English, not just the letters of codes, units, addresses and capitals:
// "5 apples", but not "IP 192.168.0.1", "5 km" or "www.example.com".
bool holds_english_words(std::string_view text);

// The same where more is known. `asked` for (empty: nothing) is honoured wherever the letters may be
// that language's: any language takes Latin letters, but "zh" leaves English words to English. `surrounding`
// is the language of the text around this one: it reads what has no letters or no words, and tells Japanese
// from Chinese. "en" where nothing is known. Tags come back as the speakers know them: "zh-CN" as "zh".
std::string language_to_read(std::string_view text, std::string_view asked,
                             std::string_view surrounding = {});

}  // namespace anima::text
