// Speech and voice cloning from Zhipu (GLM-TTS; open.bigmodel.cn, api.z.ai).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "voice/speech_server.h"

namespace anima::voice {

// Configuration: address (https://open.bigmodel.cn/api/paas/v4), key (ZHIPU_API_KEY), model
// (glm-tts), voice (tongtong); options: clone_model (glm-tts-clone), volume (0-10), watermark (true
// or false). Zhipu puts an audible beep into the first 1.5 s of accounts that have not switched its
// watermark off in the provider's console; `watermark: false` alone does not stop it.
class ZhipuSpeechEngine final : public VoiceEngine {
 public:
  ZhipuSpeechEngine(const EngineConfiguration& configuration, const Environment& environment,
                    std::shared_ptr<const HttpClient> client);

  std::string name() const override;
  EngineCapabilities capabilities() const override;
  EngineReadiness readiness() const override;
  // A voice with a recording and no name at Zhipu yet is cloned first, once per process, and the
  // request's `keep_server_voice` is told.
  void synthesize(const SpeechRequest& request, const SpeechSink& sink, const WorkContext& context) override;

  // Uploads the recording (cut to 30 s) and has Zhipu make a voice of it. Where that fails the
  // recording does not stay there.
  ServerVoice clone_voice(const Voice& voice, const WorkContext& context);
  void delete_voice(const ServerVoice& voice, const WorkContext& context) override;

 private:
  bool has_voice(const std::string& id, const WorkContext& context) const;
  void delete_file(const std::string& id, const WorkContext& context) const;

  SpeechServer server_;
  std::mutex mutex_;
  std::map<std::string, std::string> cloned_;  // recording -> name at Zhipu
};

std::unique_ptr<VoiceEngine> make_zhipu_speech_engine(const EngineConfiguration& configuration,
                                                      const Environment& environment,
                                                      std::shared_ptr<const HttpClient> client);

}  // namespace anima::voice
