#include "studio/say_workflow.h"

#include "core/temporary_folder.h"
#include "media/film_writer.h"
#include "studio/house_presenter.h"
#include "studio/machine.h"

namespace anima::studio {
namespace fs = std::filesystem;

SayResult say(const fs::path& library_root, const SayOptions& options,
              const std::function<void(const std::string&)>& warn, const WorkContext& context) {
  options.speech.validate();
  options.film.validate();
  if (options.with_subtitles && !options.subtitles.empty()) media::require_subtitle_name(options.subtitles);
  // Whatever can be wrong is said before anything is spoken.
  text_to_speak(options.speech);
  const fs::path avatar = find_avatar(library_root, options.film.person);
  const voice::Voice voice = options.voice.empty() ? voice_of_person(library_root, options.film.person)
                                                   : find_voice(library_root, options.voice).voice;
  SayResult result;
  result.voice = voice.name;
  if (options.with_subtitles) {
    result.subtitles = options.subtitles;
    if (result.subtitles.empty()) result.subtitles = fs::path(options.film.output).replace_extension(".srt");
  }

  const double started_s = monotonic_s();
  const voice::SpokenText spoken = speak(options.speech, voice, library_root, warn, context);
  result.speech_s = spoken.sound.duration_s();
  result.speaking_s = monotonic_s() - started_s;

  const TemporaryFolder folder;
  RenderOptions film = options.film;
  film.sound = folder.path() / "speech.wav";
  media::write_wav(film.sound, spoken.sound, spoken.text.substr(0, 100));
  result.film = render(avatar, film, context);
  if (!result.subtitles.empty()) write_spoken_subtitles(result.subtitles, spoken);
  return result;
}

}  // namespace anima::studio
