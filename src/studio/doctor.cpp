#include "studio/doctor.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <opencv2/core/version.hpp>

#include "audio/acoustic_model.h"
#include "core/error.h"
#include "face/model_files.h"
#include "media/installed_elements.h"
#include "studio/house_presenter.h"
#include "studio/machine.h"
#include "studio/speed_probe.h"

namespace anima::studio {
namespace {

constexpr double kGigabyte = 1e9;

// What an Error tells as a finding.
Finding problem(const std::string& topic, const Error& error, bool needed = true) {
  return {topic, error.message() + (error.cause().empty() ? "" : " (" + error.cause() + ")"), false, needed,
          error.fix()};
}

void find_machine(std::vector<Finding>& findings, const std::filesystem::path& library_root) {
  const Machine machine = this_machine();
  std::string units;
  bool fast_vectors = false;
  for (const std::string& unit : machine.vector_units) {
    units += (units.empty() ? "" : " ") + unit;
    fast_vectors = fast_vectors || unit == "avx2" || unit == "neon";
  }
  findings.push_back(
      {"processor",
       fmt::format("{}, {} cores for Anima, {}", machine.processor.empty() ? "unknown" : machine.processor,
                   machine.cores, units.empty() ? "no known vector units" : units),
       fast_vectors, false,
       "Anima runs on any 64-bit processor, but several times faster with AVX2 or NEON"});
  findings.push_back(
      {"memory",
       fmt::format("{:.1f} GB, {:.1f} GB of it free", static_cast<double>(machine.memory_bytes) / kGigabyte,
                   static_cast<double>(machine.memory_available_bytes) / kGigabyte),
       machine.memory_available_bytes >= 3'000'000'000ULL, false,
       "training needs up to 3 GB, rendering 0.6 GB: close other programs"});
  const std::uint64_t disk = free_disk_bytes(library_root);
  findings.push_back(
      {"disk",
       fmt::format("{:.1f} GB free for the library '{}'", static_cast<double>(disk) / kGigabyte,
                   library_root.string()),
       disk >= 5'000'000'000ULL, false,
       "a minute of film needs about 1.5 GB while it is trained from: free some space, or use --library"});
}

void find_media(std::vector<Finding>& findings) {
  try {
    findings.push_back({"GStreamer", media::gstreamer_version(), true, true, {}});
    for (const media::InstalledElement& element : media::installed_elements()) {
      findings.push_back({"GStreamer " + element.name, element.purpose, element.installed, element.needed,
                          "apt-get install " + element.package});
    }
  } catch (const Error& error) {
    findings.push_back(problem("GStreamer", error));
  }
}

void find_models(std::vector<Finding>& findings) {
  constexpr std::pair<face::ModelFile, const char*> kModels[] = {
      {face::ModelFile::kFaceDetector, "face detector"},
      {face::ModelFile::kFaceMesh, "face mesh"},
      {face::ModelFile::kCanonicalMesh, "canonical mesh"},
      {face::ModelFile::kPersonSegmenter, "person segmenter"}};
  for (const auto& [file, name] : kModels) {
    try {
      const auto bytes = face::read_model_file(file);
      findings.push_back({name,
                          fmt::format("{} kB in {}", bytes.size() / 1000, face::model_folder().string()),
                          true,
                          true,
                          {}});
    } catch (const Error& error) {
      findings.push_back(problem(name, error));
    }
  }
  try {
    static_cast<void>(audio::load_acoustic_model());
    findings.push_back({"acoustic model", "pocketsphinx en-us", true, true, {}});
  } catch (const Error& error) {
    findings.push_back(problem("acoustic model", error));
  }
}

void find_house_presenter(std::vector<Finding>& findings) {
  try {
    const Person mira = house_person();
    findings.push_back({"house presenter",
                        fmt::format("{}, avatar of {:.1f} MB; {}", mira.name,
                                    static_cast<double>(mira.avatar_bytes) / 1e6, house_voice().speakers),
                        true,
                        false,
                        {}});
  } catch (const Error& error) {
    findings.push_back(problem("house presenter", error, false));
  }
}

void find_speed(std::vector<Finding>& findings) {
  const double renderer_fps = measure_renderer_fps();
  findings.push_back({"renderer",
                      fmt::format("{:.0f} frames/s at 512x512, 20,000 Gaussians, all cores", renderer_fps),
                      renderer_fps >= 60, false, "live pictures need 25 frames/s; use a smaller --size"});
  try {
    const double network_ms = measure_face_mesh_ms();
    findings.push_back({"face mesh network", fmt::format("{:.1f} ms a frame on one core", network_ms),
                        network_ms <= 60, false, "training takes longer on this machine"});
  } catch (const Error& error) {
    findings.push_back(problem("face mesh network", error, false));
  }
}

}  // namespace

bool Diagnosis::healthy() const {
  for (const Finding& finding : findings) {
    if (finding.needed && !finding.ok) return false;
  }
  return true;
}

Diagnosis diagnose(const std::string& library_root, bool measure_speed) {
  Diagnosis diagnosis;
  find_machine(diagnosis.findings, library_root);
  diagnosis.findings.push_back({"OpenCV", CV_VERSION, true, true, {}});
  diagnosis.findings.push_back({"SQLite", sqlite3_libversion(), true, true, {}});
  find_media(diagnosis.findings);
  find_models(diagnosis.findings);
  find_house_presenter(diagnosis.findings);
  if (measure_speed) find_speed(diagnosis.findings);
  return diagnosis;
}

std::string to_text(const Diagnosis& diagnosis) {
  std::size_t width = 0;
  for (const Finding& finding : diagnosis.findings) width = std::max(width, finding.topic.size());
  std::string text;
  for (const Finding& finding : diagnosis.findings) {
    const char* mark = finding.ok ? "ok" : finding.needed ? "MISSING" : "weak";
    text += fmt::format("  {:<7}  {:<{}}  {}\n", mark, finding.topic, width, finding.text);
    if (!finding.ok && !finding.fix.empty())
      text += fmt::format("           {:<{}}  -> {}\n", "", width, finding.fix);
  }
  text += diagnosis.healthy() ? "Everything that Anima needs is there.\n"
                              : "Something that Anima needs is missing: see the lines marked MISSING.\n";
  return text;
}

nlohmann::ordered_json to_json(const Diagnosis& diagnosis) {
  nlohmann::ordered_json json;
  json["healthy"] = diagnosis.healthy();
  json["findings"] = nlohmann::ordered_json::array();
  for (const Finding& finding : diagnosis.findings) {
    json["findings"].push_back({{"topic", finding.topic},
                                {"text", finding.text},
                                {"ok", finding.ok},
                                {"needed", finding.needed},
                                {"fix", finding.ok ? "" : finding.fix}});
  }
  return json;
}

}  // namespace anima::studio
