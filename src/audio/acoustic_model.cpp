#include "audio/acoustic_model.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "core/error.h"
#include "core/files.h"

namespace anima::audio {
namespace {

static_assert(std::endian::native == std::endian::little, "the model files are little-endian");

constexpr std::uint32_t kByteOrderMark = 0x11223344;
constexpr int kMaxDensities = 256;
constexpr int kMaxSenones = 20000;
constexpr std::uint64_t kFileLimitBytes = 64ULL << 20U;

[[noreturn]] void corrupt(const std::string& source, const std::string& what) {
  throw Error(ErrorCode::kCorruptData, "the acoustic model file " + source + " is damaged: " + what,
              "reinstall it: apt-get install --reinstall pocketsphinx-en-us");
}

[[noreturn]] void unsupported(const std::string& source, const std::string& what) {
  throw Error(ErrorCode::kUnsupported, "the acoustic model file " + source + " is of another kind: " + what,
              "use the en-us model of the Debian package pocketsphinx-en-us");
}

// A cursor that never leaves its bytes.
class Reader {
 public:
  Reader(std::span<const std::byte> bytes, std::string source) : bytes_(bytes), source_(std::move(source)) {}

  std::span<const std::byte> take(std::size_t count, const char* what) {
    if (count > bytes_.size() - position_) corrupt(source_, std::string("it ends inside ") + what);
    const auto part = bytes_.subspan(position_, count);
    position_ += count;
    return part;
  }
  template <typename T>
  T value(const char* what) {
    T result;
    std::memcpy(&result, take(sizeof(T), what).data(), sizeof(T));
    return result;
  }
  // An int32 that must lie in [low, high].
  int count(const char* what, int low, int high) {
    const auto number = value<std::int32_t>(what);
    if (number < low || number > high) {
      corrupt(source_, std::string(what) + " is " + std::to_string(number) + ", not " + std::to_string(low) +
                           " to " + std::to_string(high));
    }
    return number;
  }
  void expect(const char* what, int wanted) {
    const auto number = value<std::int32_t>(what);
    if (number != wanted) {
      unsupported(source_,
                  std::string(what) + " is " + std::to_string(number) + ", not " + std::to_string(wanted));
    }
  }
  void expect_end() {
    if (position_ != bytes_.size()) {
      corrupt(source_, std::to_string(bytes_.size() - position_) + " bytes follow where it should end");
    }
  }
  std::size_t position() const { return position_; }
  std::size_t left() const { return bytes_.size() - position_; }
  std::string_view rest() const {
    return {reinterpret_cast<const char*>(bytes_.data()) + position_, bytes_.size() - position_};
  }
  const std::string& source() const { return source_; }

 private:
  std::span<const std::byte> bytes_;
  std::string source_;
  std::size_t position_ = 0;
};

// `means` and `variances`: text header, byte-order mark, shape, floats, checksum.
std::vector<float> parse_gaussians(std::span<const std::byte> bytes, const std::string& source,
                                   int& densities) {
  Reader reader(bytes, source);
  const std::string_view text = reader.rest().substr(0, 4096);
  const std::size_t end = text.find("endhdr\n");
  if (!text.starts_with("s3\n") || end == std::string_view::npos) corrupt(source, "it has no s3 header");
  const bool checksum = text.substr(0, end).find("chksum0 yes") != std::string_view::npos;
  reader.take(end + 7, "the header");
  if (reader.value<std::uint32_t>("the byte-order mark") != kByteOrderMark) {
    unsupported(source, "its byte order is not little-endian");
  }
  reader.expect("the number of codebooks", kPhones);
  reader.expect("the number of streams", kStreams);
  densities = reader.count("the number of densities", 4, kMaxDensities);
  for (int s = 0; s < kStreams; ++s) reader.expect("the size of a stream", kCepstra);
  const std::size_t values = static_cast<std::size_t>(kPhones) * kStreams * densities * kCepstra;
  reader.expect("the number of values", static_cast<int>(values));
  std::vector<float> result(values);
  std::memcpy(result.data(), reader.take(values * sizeof(float), "the values").data(),
              values * sizeof(float));
  if (checksum) reader.take(4, "the checksum");
  reader.expect_end();
  for (const float v : result) {
    if (!std::isfinite(v)) corrupt(source, "a value is not a finite number");
  }
  return result;
}

void parse_mixture_weights(std::span<const std::byte> bytes, const std::string& source,
                           AcousticModel& model) {
  Reader reader(bytes, source);
  const int title = reader.count("the length of the title", 1, 4096);
  reader.take(static_cast<std::size_t>(title), "the title");
  // Header strings until one of length 0; the first is free text.
  int clusters = -1;
  for (int line = 0;; ++line) {
    if (line > 256) corrupt(source, "its header does not end");
    const int length = reader.count("the length of a header line", 0, 4096);
    if (length == 0) break;
    const auto part = reader.take(static_cast<std::size_t>(length), "a header line");
    const std::string_view text(reinterpret_cast<const char*>(part.data()), part.size());
    if (text.starts_with("cluster_count 0"))
      clusters = 0;
    else if (text.starts_with("cluster_count"))
      clusters = 1;
  }
  if (clusters != 0) unsupported(source, "its mixture weights are clustered");
  const int rows = reader.count("the number of densities", 1, kMaxDensities);
  if (rows != model.densities) {
    corrupt(source, "it has " + std::to_string(rows) + " densities, the means have " +
                        std::to_string(model.densities));
  }
  model.senones = reader.count("the number of senones", kPhoneStates, kMaxSenones);
  const std::size_t values = static_cast<std::size_t>(kStreams) * rows * model.senones;
  const auto weights = reader.take(values, "the mixture weights");
  reader.expect_end();
  model.mixture_weights.resize(values);
  std::memcpy(model.mixture_weights.data(), weights.data(), values);
}

void parse_definition(std::span<const std::byte> bytes, const std::string& source, AcousticModel& model) {
  Reader reader(bytes, source);
  const auto magic = reader.take(4, "the magic bytes");
  if (std::memcmp(magic.data(), "BMDF", 4) != 0) unsupported(source, "it is not a little-endian binary mdef");
  reader.expect("the format version", 1);
  const int description = reader.count("the length of the description", 0, 1 << 16);
  reader.take(static_cast<std::size_t>(description), "the description");
  reader.expect("the number of context-independent phones", kPhones);
  const int phones = reader.count("the number of phones", kPhones, 2000000);
  reader.expect("the number of states per phone", kStatesPerPhone);
  reader.expect("the number of context-independent senones", kPhoneStates);
  const int senones = reader.count("the number of senones", kPhoneStates, kMaxSenones);
  if (senones != model.senones) {
    corrupt(source,
            "it has " + std::to_string(senones) + " senones, sendump has " + std::to_string(model.senones));
  }
  reader.count("the number of transition matrices", 1, 1 << 20);
  const int sequences = reader.count("the number of senone sequences", 1, 2000000);
  reader.count("the number of contexts", 0, 16);
  const int tree = reader.count("the size of the phone tree", 0, 4000000);
  model.silence_phone = reader.count("the silence phone", 0, kPhones - 1);

  const std::size_t names = reader.position();
  model.phones.clear();
  for (int p = 0; p < kPhones; ++p) {
    const std::string_view text = reader.rest().substr(0, 32);
    const std::size_t length = text.find('\0');
    if (length == std::string_view::npos || length == 0) corrupt(source, "a phone has no name");
    model.phones.emplace_back(text.substr(0, length));
    reader.take(length + 1, "the phone names");
  }
  reader.take((4 - (reader.position() - names) % 4) % 4, "the padding of the phone names");
  reader.take(static_cast<std::size_t>(tree) * 8, "the phone tree");

  const auto phone_bytes = reader.take(static_cast<std::size_t>(phones) * 12, "the phones");
  const int sequence_values = reader.count("the size of the senone sequences", 0, 8000000);
  if (sequence_values != sequences * kStatesPerPhone)
    corrupt(source, "the size of its senone sequences is wrong");
  const auto sequence_bytes =
      reader.take(static_cast<std::size_t>(sequence_values) * 2, "the senone sequences");
  reader.expect_end();
  std::vector<std::uint16_t> sequence(static_cast<std::size_t>(sequence_values));
  std::memcpy(sequence.data(), sequence_bytes.data(), sequence_bytes.size());

  constexpr std::uint8_t kUnset = 255;
  model.senone_phone.assign(static_cast<std::size_t>(senones), kUnset);
  model.senone_state.assign(static_cast<std::size_t>(senones), kUnset);
  for (int p = 0; p < phones; ++p) {
    std::int32_t ssid;
    std::array<std::uint8_t, 4> attributes;
    const std::byte* entry = phone_bytes.data() + static_cast<std::size_t>(p) * 12;
    std::memcpy(&ssid, entry, 4);
    std::memcpy(attributes.data(), entry + 8, 4);
    const int base = p < kPhones ? p : attributes[1];
    if (ssid < 0 || ssid >= sequences) corrupt(source, "a phone has no senone sequence");
    if (base >= kPhones) corrupt(source, "a phone has no base phone");
    for (int j = 0; j < kStatesPerPhone; ++j) {
      const std::uint16_t senone = sequence[static_cast<std::size_t>(ssid) * kStatesPerPhone + j];
      if (senone >= senones) corrupt(source, "a senone sequence names a senone that does not exist");
      model.senone_phone[senone] = static_cast<std::uint8_t>(base);
      model.senone_state[senone] = static_cast<std::uint8_t>(base * kStatesPerPhone + j);
    }
  }
  if (std::ranges::find(model.senone_phone, kUnset) != model.senone_phone.end()) {
    corrupt(source, "a senone belongs to no phone");
  }
}

}  // namespace

int AcousticModel::phone_index(const std::string& name) const {
  const auto found = std::ranges::find(phones, name);
  return found == phones.end() ? -1 : static_cast<int>(found - phones.begin());
}

AcousticModel parse_acoustic_model(const AcousticModelBytes& bytes, const std::string& source) {
  AcousticModel model;
  model.means = parse_gaussians(bytes.means, source + "/means", model.densities);
  int densities = 0;
  model.variances = parse_gaussians(bytes.variances, source + "/variances", densities);
  if (densities != model.densities) corrupt(source + "/variances", "its shape is not that of the means");
  for (float& v : model.variances) v = std::max(v, kVarianceFloor);
  parse_mixture_weights(bytes.mixture_weights, source + "/sendump", model);
  parse_definition(bytes.definition, source + "/mdef", model);
  return model;
}

std::filesystem::path default_acoustic_model_folder() {
  const char* set = std::getenv("ANIMA_ACOUSTIC_MODEL");
  return set != nullptr && *set != '\0' ? set : "/usr/share/pocketsphinx/model/en-us/en-us";
}

AcousticModel load_acoustic_model(const std::filesystem::path& given) {
  const std::filesystem::path folder = given.empty() ? default_acoustic_model_folder() : given;
  const auto read = [&](const char* name) {
    try {
      return read_file(folder / name, kFileLimitBytes);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kNotFound) throw;
      throw Error(ErrorCode::kNotReady,
                  "there is no acoustic model in " + folder.string() + ": " + name + " is missing",
                  "install it (apt-get install pocketsphinx-en-us) or set ANIMA_ACOUSTIC_MODEL to its folder",
                  error.message());
    }
  };
  const auto means = read("means");
  const auto variances = read("variances");
  const auto sendump = read("sendump");
  const auto mdef = read("mdef");
  return parse_acoustic_model({means, variances, sendump, mdef}, folder.string());
}

}  // namespace anima::audio
