// Numbers that name and do not count: every digit is said.
#include <array>

#include "core/utf8.h"
#include "text/classes/classes.h"
#include "text/number_form.h"
#include "text/spelling.h"

namespace anima::text {
namespace {

// Words behind which a number of three digits and more (of any length for `any`) is a code.
bool names_english(std::string_view word, bool& any) {
  any = is_one_of(word, {"code", "pin", "password", "passcode", "otp", "zip", "zipcode", "id", "serial",
                         "isbn", "ssn", "postcode", "cvv", "iban", "imei", "ein", "extension", "ext"});
  return any ||
         is_one_of(word, {"room",      "suite",   "apt",         "apartment",    "flight",       "account",
                          "order",     "ticket",  "card",        "license",      "licence",      "badge",
                          "locker",    "invoice", "reservation", "confirmation", "tracking",     "passport",
                          "channel",   "bus",     "train",       "model",        "unit",         "rm",
                          "ste",       "boeing",  "airbus",      "booth",        "verification", "case",
                          "reference", "ref",     "membership",  "policy",       "booking",      "routing"});
}

bool english_code(const WrittenText& written, std::size_t at, std::size_t length) {
  std::size_t begin = at;
  for (int words = 0; words < 3; ++words) {
    const std::size_t next = written.word_before_begin(begin);
    if (next == begin) return false;
    const std::string_view word = written.slice(next, written.letters_end(next));
    bool any = false;
    if (names_english(word, any)) return any ? length >= 3 : length >= 3;
    // "room number 802", "the code is 4071", "card ending in 4242", "ID no. 12"
    if (!is_one_of(word, {"is", "number", "no", "was", "in", "ending", "num", "are", "with", "of"}))
      return false;
    begin = next;
  }
  return false;
}

bool chinese_code(const WrittenText& written, std::size_t at, std::size_t length) {
  std::size_t before = written.skip_blanks_back(at);
  for (int marks = 0; marks < 2; ++marks) {
    for (const std::string_view mark : {"：", ":", "是", "为", "号码", "No.", "“", "\""}) {
      if (written.ends_with(before, mark)) before = written.skip_blanks_back(before - mark.size());
    }
  }
  for (const std::string_view word :
       {"验证码", "密码",     "邮编",   "邮政编码", "QQ",     "QQ号",     "qq",     "QQ群",   "房间号",
        "身份证", "身份证号", "学号",   "工号",     "编号",   "账号",     "帐号",   "卡号",   "订单号",
        "订单",   "尾号",     "微信号", "微信",     "单号",   "车牌",     "车牌号", "口令",   "编码",
        "代码",   "门牌号",   "取件码", "提取码",   "识别码", "群号",     "证号",   "票号",   "型号",
        "序列号", "代号",     "激活码", "邀请码",   "暗号",   "准考证号", "护照号", "区号",   "考号",
        "取餐号", "会员号",   "书号",   "ISBN",     "批号",   "合同号",   "发票号", "航班号", "航班",
        "车次",   "病历号",   "股票",   "邀请码",   "频道号", "PIN",      "ID",     "id",     "取票码",
        "核销码", "编号为",   "波音",   "空客"}) {
    if (written.ends_with(before, word)) return length >= 3;
  }
  return false;
}

// Behind the number: 802房间, 102室.
bool is_room(const WrittenText& written, std::size_t end) {
  for (const std::string_view word : {"房间", "室", "号房", "房", "病房", "教室", "会议室", "包厢", "包间",
                                      "办公室", "寝室", "宿舍", "号室", "展厅", "号病房"}) {
    if (written.starts_with(end, word)) return true;
  }
  return false;
}

bool room_before(const WrittenText& written, std::size_t at) {
  const std::size_t before = written.skip_blanks_back(at);
  for (const std::string_view word :
       {"房间", "教室", "会议室", "包厢", "病房", "单元", "宿舍", "座", "栋", "号楼", "幢"}) {
    if (written.ends_with(before, word)) return true;
  }
  return false;
}

}  // namespace

std::optional<Reading> read_digits(const WrittenText& written, std::size_t at) {
  if (!written.digit_at(at) || written.digit_before(at)) return std::nullopt;
  const std::size_t end = written.digits_end(at);
  const std::string_view digits = written.slice(at, end);
  const bool decimals = written.peek(end) == '.' && written.digit_at(end + 1);
  const bool thousands = written.peek(end) == ',' && written.digits_end(end + 1) == end + 4;
  if (decimals || thousands) return std::nullopt;
  if (written.chinese()) {
    if (digits.size() >= 3 && !written.letter_at(end) && (is_room(written, end) || room_before(written, at)))
      return Reading{say_digits(written, digits), end, WrittenClass::kDigits};
    if (chinese_code(written, at, digits.size())) {
      std::size_t last = end;
      std::string said = say_code_digits(written, digits);
      // 6222 0210 0100: in groups
      while (written.peek(last) == ' ' && written.digits_end(last + 1) >= last + 4) {
        const std::size_t group = last + 1;
        last = written.digits_end(group);
        said += say_code_digits(written, written.slice(group, last));
      }
      // An identity card may end in X.
      if ((written.peek(last) == 'X' || written.peek(last) == 'x') && digits.size() == 17) {
        said += " X";
        ++last;
      }
      return Reading{std::move(said), last, WrittenClass::kDigits};
    }
  } else if (english_code(written, at, digits.size()) && !written.letter_at(end)) {
    std::size_t last = end;
    std::string said = say_digits(written, digits);
    while ((written.peek(last) == '-' || written.peek(last) == ' ') &&
           (written.digits_end(last + 1) >= last + 3 && (digits.size() == 4 || written.peek(last) == '-'))) {
      const std::size_t group = last + 1;
      last = written.digits_end(group);
      append_spoken(said, say_digits(written, written.slice(group, last)));
    }
    return Reading{std::move(said), last, WrittenClass::kDigits};
  }
  if (written.letter_at(end)) return std::nullopt;
  // "RTX 4090", "ISO 9001", "RFC 2616": capitals name what the number numbers.
  const std::string_view before = written.word_before(at);
  if (!written.chinese() && digits.size() >= 3 && digits.size() <= 5 && at > 0 &&
      written.peek(at - 1) == ' ' && before.size() >= 2 && before.size() <= 5 &&
      small_letters(before) != before && is_spelled(before, false) && !before.ends_with('s') &&
      !is_one_of(before, {"ad", "bc", "ce", "bce", "am", "pm", "in", "over", "about"}) &&
      !is_currency_code(before) &&
      !(digits.size() == 4 && (digits.starts_with("19") || digits.starts_with("20"))) &&
      !written.lower_at(written.skip_blanks(end)))
    return Reading{say_digits(written, digits), end, WrittenClass::kDigits};
  // 03月08日
  const bool dated =
      written.starts_with(end, "月") || written.starts_with(end, "日") || written.starts_with(end, "号");
  if (digits.size() == 2 && digits[0] == '0' && dated) return std::nullopt;
  if (digits.size() > 1 && (digits[0] == '0' || digits.size() >= 10)) {
    const bool code = digits.size() >= 7;
    return Reading{code ? say_code_digits(written, digits) : say_digits(written, digits), end,
                   WrittenClass::kDigits};
  }
  return std::nullopt;
}

}  // namespace anima::text
