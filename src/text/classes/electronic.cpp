// Addresses of the web and of mail, names of accounts and of files, paths.
#include <algorithm>
#include <array>

#include "core/utf8.h"
#include "text/classes/classes.h"
#include "text/number_form.h"
#include "text/spelling.h"

namespace anima::text {
namespace {

// No name of a host, an account or a file is longer; nor is an address that somebody has to hear.
constexpr std::size_t kLongestName_bytes = 255;
constexpr std::size_t kLongestAddress_bytes = 2000;

struct Sign {
  char sign;
  std::string_view english;
  std::string_view chinese;
};
constexpr std::array<Sign, 15> kSigns = {{{'.', "dot", "点"},
                                          {'/', "slash", "斜杠"},
                                          {'\\', "backslash", "反斜杠"},
                                          {'-', "dash", "杠"},
                                          {'_', "underscore", "下划线"},
                                          {'@', "at", "艾特"},
                                          {':', "colon", "冒号"},
                                          {'?', "question mark", "问号"},
                                          {'=', "equals", "等于"},
                                          {'&', "and", "和"},
                                          {'#', "hash", "井号"},
                                          {'%', "percent", "百分号"},
                                          {'+', "plus", "加"},
                                          {'~', "tilde", "波浪号"},
                                          {'*', "star", "星号"}}};

bool is_ascii_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_address_character(char c) {
  return is_ascii_alphanumeric(c) || std::string_view("._-/:?=&#%+~@").find(c) != std::string_view::npos;
}

// Every sign by its name, letters as words or spelled, digits one by one. `account`: short words are
// spelled too.
std::string say_address(const WrittenText& written, std::string_view address, bool account = false) {
  std::string spoken;
  const auto add = [&](std::string_view more) {
    if (written.chinese()) {
      append_chinese(spoken, more);
    } else {
      append_spoken(spoken, more);
    }
  };
  for (std::size_t at = 0; at < address.size();) {
    const char c = address[at];
    std::size_t end = at + 1;
    if (c >= '0' && c <= '9') {
      while (end < address.size() && address[end] >= '0' && address[end] <= '9') ++end;
      const std::string_view digits = address.substr(at, end - at);
      const bool number = digits.size() <= 2 && digits[0] != '0' && !written.chinese();
      add(number ? say_cardinal(written, digits) : say_code_digits(written, digits));
    } else if (is_ascii_alphanumeric(c)) {
      // A capital behind a small letter begins a word: "OpenAI", "myName".
      while (end < address.size() && is_ascii_alphanumeric(address[end]) &&
             !(address[end] >= '0' && address[end] <= '9'))
        ++end;
      const std::string_view letters = address.substr(at, end - at);
      if (letters == "www") {
        add(written.chinese() ? "三 w" : "w w w");
      } else if (account && written.chinese() && letters.size() <= 3) {
        add(spell_letters(letters));
      } else {
        add(say_identifier_part(letters));
      }
    } else {
      for (const Sign& sign : kSigns) {
        if (sign.sign == c) add(written.chinese() ? sign.chinese : sign.english);
      }
    }
    at = end;
  }
  return spoken;
}

// Marks at the end belong to the sentence, a slash there is not said.
std::size_t without_closing_marks(const WrittenText& written, std::size_t begin, std::size_t end) {
  while (end > begin &&
         std::string_view(".,:;!?'\")-_=&#").find(written.peek(end - 1)) != std::string_view::npos)
    --end;
  return end;
}

std::size_t address_end(const WrittenText& written, std::size_t at) {
  const std::size_t begin = at;
  while (at < written.size() && at - begin < kLongestAddress_bytes && is_address_character(written.peek(at)))
    ++at;
  return at;
}

std::optional<Reading> read_web_address(const WrittenText& written, std::size_t at) {
  static constexpr std::array<std::string_view, 8> kSchemes = {"https://", "http://", "ftp://",   "ftps://",
                                                               "wss://",   "ws://",   "HTTPS://", "HTTP://"};
  std::size_t begin = at;
  for (const std::string_view scheme : kSchemes) {
    if (written.starts_with(at, scheme)) begin = at + scheme.size();
  }
  if (begin == at && !written.starts_with(at, "www.")) {
    if (!written.starts_with(at, "mailto:")) return std::nullopt;
    begin = at + 7;
  }
  const std::size_t end = without_closing_marks(written, begin, address_end(written, begin));
  if (end == begin) return std::nullopt;
  std::size_t said = end;
  while (said > begin && written.peek(said - 1) == '/') --said;
  return Reading{say_address(written, written.slice(begin, said)), end, WrittenClass::kElectronic};
}

std::optional<Reading> read_mail_address(const WrittenText& written, std::size_t at) {
  std::size_t host = at;
  while (host - at <= kLongestName_bytes &&
         (is_ascii_alphanumeric(written.peek(host)) ||
          (host > at && std::string_view("._-+").find(written.peek(host)) != std::string_view::npos &&
           written.peek(host) != '\0')))
    ++host;
  if (host == at || written.peek(host) != '@' || !is_ascii_alphanumeric(written.peek(host + 1)))
    return std::nullopt;
  std::size_t end = host + 1;
  while (is_ascii_alphanumeric(written.peek(end)) ||
         ((written.peek(end) == '.' || written.peek(end) == '-') &&
          is_ascii_alphanumeric(written.peek(end + 1))))
    ++end;
  if (written.slice(host, end).find('.') == std::string_view::npos) return std::nullopt;
  return Reading{say_address(written, written.slice(at, end)), end, WrittenClass::kElectronic};
}

// "@some_name"
std::optional<Reading> read_handle(const WrittenText& written, std::size_t at) {
  if (written.peek(at) != '@' || !is_ascii_alphanumeric(written.peek(at + 1)) || !written.word_begins(at))
    return std::nullopt;
  std::size_t end = at + 1;
  while (is_ascii_alphanumeric(written.peek(end)) ||
         ((written.peek(end) == '_' || written.peek(end) == '.') &&
          (is_ascii_alphanumeric(written.peek(end + 1)) || written.peek(end + 1) == '_')))
    ++end;
  const std::string_view name = written.slice(at + 1, end);
  if (name.find_first_not_of("0123456789.") == std::string_view::npos) return std::nullopt;  // "2 @ 5"
  return Reading{say_address(written, written.slice(at, end)), end, WrittenClass::kElectronic};
}

// "#hashtag" in English; elsewhere the sign is left out.
std::optional<Reading> read_hashtag(const WrittenText& written, std::size_t at) {
  if (written.chinese() || written.peek(at) != '#' || !written.word_begins(at)) return std::nullopt;
  if (!written.letter_at(at + 1) || (at > 0 && written.peek(at - 1) == '#')) return std::nullopt;
  std::size_t end = at + 1;
  std::string spoken = "hashtag";
  while (end < written.size() && (is_ascii_alphanumeric(written.peek(end)) || written.peek(end) == '_')) {
    // Each capital begins a word: "ClimateAction".
    std::size_t word = end;
    if (written.digit_at(word)) {
      end = written.digits_end(word);
      append_spoken(spoken, end - word == 4 ? say_pairs(written.slice(word, end))
                                            : say_cardinal(written, written.slice(word, end)));
      continue;
    }
    if (written.peek(word) == '_') {
      ++end;
      continue;
    }
    while (written.upper_at(end)) ++end;
    if (end - word > 1 && written.lower_at(end)) --end;  // "AIFuture"
    if (end - word <= 1) {
      while (written.lower_at(end)) ++end;
    }
    append_spoken(spoken, say_word(written.slice(word, end), false));
  }
  return Reading{std::move(spoken), end, WrittenClass::kElectronic};
}

// Four numbers of at most 255, unless a word of versions stands before them.
std::optional<Reading> read_network_address(const WrittenText& written, std::size_t at) {
  if (!written.digit_at(at) || written.digit_before(at)) return std::nullopt;
  std::size_t end = at;
  for (int part = 0; part < 4; ++part) {
    if (part > 0) {
      if (written.peek(end) != '.') return std::nullopt;
      ++end;
    }
    const std::size_t part_end = written.digits_end(end);
    if (part_end == end || part_end > end + 3 || small_number(written.slice(end, part_end)) > 255)
      return std::nullopt;
    end = part_end;
  }
  if (written.peek(end) == '.' && written.digit_at(end + 1)) return std::nullopt;
  if (is_one_of(written.word_before(at),
                {"version", "v", "release", "build", "firmware", "chapter", "section"}) ||
      written.ends_with(written.skip_blanks_back(at), "版本"))
    return std::nullopt;
  if (written.letter_at(end)) return std::nullopt;
  if ((written.peek(end) == ':' || written.peek(end) == '/') && written.digit_at(end + 1))
    end = written.digits_end(end + 1);
  // Each digit is said here, also of numbers of two.
  std::string spoken;
  for (const char c : written.slice(at, end)) {
    const std::string_view sign = c == '.'   ? (written.chinese() ? "点" : "dot")
                                  : c == ':' ? (written.chinese() ? "冒号" : "colon")
                                  : c == '/' ? (written.chinese() ? "斜杠" : "slash")
                                             : "";
    const std::string digit =
        sign.empty() ? say_code_digits(written, std::string_view(&c, 1)) : std::string(sign);
    if (written.chinese()) {
      spoken += digit;
    } else {
      append_spoken(spoken, digit);
    }
  }
  return Reading{std::move(spoken), end, WrittenClass::kElectronic};
}

bool is_file_ending(std::string_view ending) {
  return is_one_of(
      ending, {"pdf",  "txt", "doc",  "docx", "xls", "xlsx", "ppt", "pptx", "csv", "tsv",   "json",  "xml",
               "yaml", "yml", "html", "htm",  "css", "js",   "ts",  "py",   "cpp", "c",     "h",     "hpp",
               "java", "rs",  "go",   "rb",   "php", "sh",   "bat", "exe",  "zip", "gz",    "tar",   "rar",
               "7z",   "jpg", "jpeg", "png",  "gif", "webp", "svg", "bmp",  "mp3", "mp4",   "wav",   "avi",
               "mov",  "mkv", "webm", "flac", "ogg", "md",   "log", "ini",  "cfg", "conf",  "toml",  "lock",
               "apk",  "iso", "dmg",  "deb",  "rpm", "sql",  "db",  "srt",  "vtt", "ipynb", "swift", "kt"});
}

std::string say_file_ending(const WrittenText& written, std::string_view ending) {
  if (is_one_of(ending, {"zip", "log", "tar", "java", "go", "swift", "json", "iso", "flac", "lock", "toml"}))
    return std::string(ending);
  if (is_one_of(ending, {"exe", "ini", "gif", "php", "apk", "avi", "csv", "conf", "webp", "yaml", "jpeg"})) {
    if (is_one_of(ending, {"webp", "yaml", "jpeg", "conf", "gif"})) return std::string(ending);
    return spell_letters(ending);
  }
  std::string spoken;
  for (const char c : ending) {
    const std::string one =
        c >= '0' && c <= '9' ? say_digits(written, std::string_view(&c, 1)) : std::string(1, c);
    if (written.chinese()) {
      append_chinese(spoken, one);
    } else {
      append_spoken(spoken, one);
    }
  }
  return spoken;
}

// "report_v2.pdf", "my_variable": letters, digits and at least one sign that no word holds.
std::optional<Reading> read_file_or_identifier(const WrittenText& written, std::size_t at) {
  if (!(is_ascii_alphanumeric(written.peek(at)) || written.peek(at) == '_') || !written.word_begins(at))
    return std::nullopt;
  std::size_t end = at;
  bool underscore = false;
  bool letter = false;
  while (end < written.size()) {
    if (end - at > kLongestName_bytes) return std::nullopt;
    const char c = written.peek(end);
    if (c == '_') {
      underscore = true;
    } else if ((c == '.' || c == '-') && end > at && is_ascii_alphanumeric(written.peek(end + 1))) {
      // inside
    } else if (!is_ascii_alphanumeric(c)) {
      break;
    } else {
      letter = letter || !(c >= '0' && c <= '9');
    }
    ++end;
  }
  while (end > at && written.peek(end - 1) == '_' && !underscore) --end;
  const std::string_view name = written.slice(at, end);
  const std::size_t dot = name.rfind('.');
  const std::string_view ending = dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
  const bool file = letter && dot != std::string_view::npos && dot > 0 && is_file_ending(ending) &&
                    (ending.size() > 1 || underscore) && ending != "go" && ending != "md";
  if (file) {
    std::string spoken = say_address(written, name.substr(0, dot));
    if (written.chinese()) {
      append_chinese(spoken, "点");
      append_chinese(spoken, say_file_ending(written, ending));
    } else {
      append_spoken(spoken, "dot");
      append_spoken(spoken, say_file_ending(written, ending));
    }
    return Reading{std::move(spoken), end, WrittenClass::kElectronic};
  }
  if (!underscore || !letter) return std::nullopt;
  return Reading{say_address(written, name, true), end, WrittenClass::kElectronic};
}

// "/usr/local/bin", "C:\Users\Anna", "~/notes": at least two parts.
std::optional<Reading> read_path(const WrittenText& written, std::size_t at) {
  if (!written.word_begins(at)) return std::nullopt;
  const bool windows = written.upper_at(at) && written.peek(at + 1) == ':' && written.peek(at + 2) == '\\';
  const bool home = written.peek(at) == '~' && written.peek(at + 1) == '/';
  const char slash = windows ? '\\' : '/';
  if (!windows && !home && written.peek(at) != '/') return std::nullopt;
  if (!windows && at > 0 &&
      std::string_view(" \n(\"'`:").find(written.peek(at - 1)) == std::string_view::npos &&
      !written.chinese())
    return std::nullopt;
  std::size_t end = at + (windows ? 2 : home ? 1 : 0);
  int parts = 0;
  while (written.peek(end) == slash &&
         (is_ascii_alphanumeric(written.peek(end + 1)) || written.peek(end + 1) == '.')) {
    ++parts;
    ++end;
    while (is_ascii_alphanumeric(written.peek(end)) || written.peek(end) == '_' || written.peek(end) == '-' ||
           (written.peek(end) == '.' && is_ascii_alphanumeric(written.peek(end + 1))))
      ++end;
  }
  if (parts < (windows || home ? 1 : 2)) return std::nullopt;
  if (written.peek(end) == slash) ++end;
  std::string_view path = written.slice(at, end);
  if (path.ends_with(slash)) path.remove_suffix(1);
  const std::size_t dot = path.rfind('.');
  if (dot != std::string_view::npos && is_file_ending(path.substr(dot + 1))) {
    std::string spoken = say_address(written, path.substr(0, dot));
    append_spoken(spoken, written.chinese() ? "点" : "dot");
    append_spoken(spoken, say_file_ending(written, path.substr(dot + 1)));
    return Reading{std::move(spoken), end, WrittenClass::kElectronic};
  }
  return Reading{say_address(written, path), end, WrittenClass::kElectronic};
}

// "example.com/docs", "docs.example.co.uk": a name of small letters with a known ending.
std::optional<Reading> read_host_name(const WrittenText& written, std::size_t at) {
  if (!is_ascii_alphanumeric(written.peek(at)) || !written.word_begins(at)) return std::nullopt;
  std::size_t end = at;
  std::size_t last_dot = 0;
  while (is_ascii_alphanumeric(written.peek(end)) ||
         ((written.peek(end) == '.' || written.peek(end) == '-') && end > at &&
          is_ascii_alphanumeric(written.peek(end + 1)))) {
    if (written.peek(end) == '.') last_dot = end;
    if (end - at > kLongestName_bytes) return std::nullopt;
    ++end;
  }
  if (last_dot == 0 || written.letter_at(end)) return std::nullopt;
  const std::string_view ending = written.slice(last_dot + 1, end);
  static constexpr std::array<std::string_view, 38> kEndings = {
      "com", "org", "net", "edu", "gov", "io", "ai",  "dev",  "app",    "info",  "cn", "uk", "de",
      "fr",  "jp",  "eu",  "co",  "me",  "tv", "biz", "xyz",  "tech",   "cloud", "us", "ca", "au",
      "ru",  "in",  "br",  "it",  "es",  "nl", "ch",  "site", "online", "store", "hk", "tw"};
  if (std::find(kEndings.begin(), kEndings.end(), ending) == kEndings.end()) return std::nullopt;
  // "Come in.It is": a sentence without its blank. Endings that are words need a path or two dots.
  const bool word =
      is_one_of(ending, {"in", "it", "me", "us", "es", "co", "de", "app", "store", "online", "site"});
  std::size_t address = end;
  if (written.peek(end) == '/' || (written.peek(end) == ':' && written.digit_at(end + 1)))
    address = without_closing_marks(written, end, address_end(written, end));
  const bool digits_only =
      written.slice(at, last_dot).find_first_not_of("0123456789.") == std::string_view::npos;
  if (digits_only) return std::nullopt;
  if (word && address == end && written.slice(at, last_dot).find('.') == std::string_view::npos &&
      (written.upper_at(at) || ending == "in" || ending == "it" || ending == "es" || ending == "us"))
    return std::nullopt;
  std::size_t said = address;
  while (said > end && written.peek(said - 1) == '/') --said;
  return Reading{say_address(written, written.slice(at, said)), address, WrittenClass::kElectronic};
}

// 微信号abc123: the name of an account behind a word that says so.
std::optional<Reading> read_account(const WrittenText& written, std::size_t at) {
  if (!written.chinese() || !is_ascii_alphanumeric(written.peek(at)) || !written.word_begins(at))
    return std::nullopt;
  std::size_t before = written.skip_blanks_back(at);
  for (const std::string_view mark : {"：", ":", "是", "为"}) {
    if (written.ends_with(before, mark)) {
      before = written.skip_blanks_back(before - mark.size());
      break;
    }
  }
  bool account = false;
  for (const std::string_view word : {"微信号", "微信", "账号", "帐号", "用户名", "抖音号", "公众号", "密码",
                                      "验证码", "口令", "兑换码", "邀请码", "激活码", "提取码"})
    account = account || written.ends_with(before, word);
  if (!account) return std::nullopt;
  std::size_t end = at;
  bool letter = false;
  bool other = false;
  while (is_ascii_alphanumeric(written.peek(end)) ||
         ((written.peek(end) == '_' || written.peek(end) == '-') &&
          is_ascii_alphanumeric(written.peek(end + 1)))) {
    letter = letter || written.letter_at(end);
    other = other || !written.letter_at(end);
    ++end;
  }
  if (!letter || !other) return std::nullopt;
  return Reading{say_address(written, written.slice(at, end), true), end, WrittenClass::kElectronic};
}

}  // namespace

std::optional<Reading> read_electronic(const WrittenText& written, std::size_t at) {
  const char c = written.peek(at);
  if (c == '@') return read_handle(written, at);
  if (c == '#') return read_hashtag(written, at);
  if (c == '/' || c == '~') return read_path(written, at);
  if (!is_ascii_alphanumeric(c) && c != '_') return std::nullopt;
  if (!written.word_begins(at)) return std::nullopt;
  for (const auto read : {read_web_address, read_mail_address, read_path, read_network_address, read_account,
                          read_host_name, read_file_or_identifier}) {
    if (auto reading = read(written, at)) return reading;
  }
  return std::nullopt;
}

}  // namespace anima::text
