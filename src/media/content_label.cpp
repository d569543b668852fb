#include "media/content_label.h"

#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

namespace anima::media {
namespace {

constexpr const char* kSourceType = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
constexpr const char* kVersion = "0.1.0";

std::string escape_xml(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      default:
        // XML 1.0 has no way to write other control characters.
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') escaped += c;
    }
  }
  return escaped;
}

void append_number(std::vector<std::byte>& bytes, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::byte>(number >> static_cast<unsigned>(shift)));
}

// CRC-32 of ISO 3309, bit by bit: labels are short.
std::uint32_t crc_of(const std::string& bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

// PNG specification, 11.3.4.5: keyword, not compressed, no language, no translated keyword, UTF-8.
void append_png_text(std::vector<std::byte>& bytes, const std::string& keyword, const std::string& text) {
  const std::string chunk = "iTXt" + keyword + std::string(5, '\0') + text;
  append_number(bytes, static_cast<std::uint32_t>(chunk.size() - 4));
  for (const char c : chunk) bytes.push_back(static_cast<std::byte>(c));
  append_number(bytes, crc_of(chunk));
}

}  // namespace

std::string content_label_json() {
  return nlohmann::json{{"ai_generated", true},
                        {"generator", "Anima"},
                        {"version", kVersion},
                        {"digital_source_type", kSourceType}}
      .dump();
}

std::string content_label_xmp(const std::string& title) {
  std::string xmp =
      "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
      "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
      "<rdf:Description rdf:about=\"\" xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\""
      " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">";
  xmp += std::string("<Iptc4xmpExt:DigitalSourceType>") + kSourceType + "</Iptc4xmpExt:DigitalSourceType>";
  xmp += std::string("<xmp:CreatorTool>Anima ") + kVersion + "</xmp:CreatorTool>";
  if (!title.empty()) {
    xmp += "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">" + escape_xml(title) +
           "</rdf:li></rdf:Alt></dc:title>";
  }
  return xmp + "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>";
}

bool is_content_label(const std::string& comment) {
  std::istringstream lines(comment);
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > 4096 || line.find("ai_generated") == std::string::npos) continue;
    const nlohmann::json label = nlohmann::json::parse(line, nullptr, false);
    if (label.is_object() && label.contains("ai_generated") && label["ai_generated"] == true) return true;
  }
  return false;
}

std::vector<std::byte> content_label_png_chunks(const std::string& title) {
  std::vector<std::byte> chunks;
  append_png_text(chunks, "XML:com.adobe.xmp", content_label_xmp(title));
  append_png_text(chunks, "Comment", content_label_json());
  return chunks;
}

std::vector<std::byte> content_label_mp4_box(const std::string& title) {
  constexpr std::uint8_t kXmpIdentifier[16] = {0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8,
                                               0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC};
  const std::string xmp = content_label_xmp(title);
  const auto size = static_cast<std::uint32_t>(8 + sizeof kXmpIdentifier + xmp.size());
  std::vector<std::byte> box;
  append_number(box, size);
  for (const char c : {'u', 'u', 'i', 'd'}) box.push_back(static_cast<std::byte>(c));
  for (const std::uint8_t value : kXmpIdentifier) box.push_back(static_cast<std::byte>(value));
  for (const char c : xmp) box.push_back(static_cast<std::byte>(c));
  return box;
}

}  // namespace anima::media
