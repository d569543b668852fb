// What happens without any argument: Mira greets the newcomer (also `anima hello`).
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/command_progress.h"
#include "app/commands.h"
#include "app/film_knobs.h"
#include "studio/house_presenter.h"
#include "studio/say_workflow.h"

namespace anima::app {
namespace {

constexpr const char* kGreeting =
    "Hello! I am Mira. I am made of light and numbers, and I can say anything you write. "
    "你好！我叫米拉。你写什么，我就说什么。很高兴认识你！";

void print_result(const studio::SayResult& result, bool json) {
  const double work_s = result.speaking_s + result.film.work_s;
  const std::string speakers = studio::house_voice().speakers;
  if (json) {
    nlohmann::ordered_json object = film_json(result.film);
    object["subtitles"] = result.subtitles.string();
    object["speakers"] = speakers;
    object["all_seconds"] = work_s;
    std::cout << object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
    return;
  }
  std::cout << fmt::format(
      "Mira greets you, in English and in Chinese: open {}\n"
      "\n"
      "  spoken    {:.1f} s of speech in {:.1f} s ({})\n"
      "  filmed    {} frames in {:.1f} s ({:.1f} x real time), labelled as AI-generated\n"
      "  captions  {}\n"
      "  all in    {:.1f} s, on this computer, without any network\n"
      "\n"
      "Try next:\n"
      "  ./run say mira \"Good morning! 早上好！\" -o morning.mp4   she says your words\n"
      "  ./run render mira speech.wav -o speech.mp4              she speaks a recording\n"
      "  ./run train film.mp4 --name me                          your own avatar, from a film of you\n"
      "\n"
      "./run --help lists everything.\n",
      result.film.film.string(), result.speech_s, result.speaking_s, speakers, result.film.frames,
      result.film.work_s, result.film.realtime_factor, result.subtitles.string(), work_s);
}

}  // namespace

int greet(CommandContext& context, const std::filesystem::path& output) {
  studio::SayOptions options;
  options.speech.text = kGreeting;
  options.film.person = studio::kHousePresenter;
  options.film.output = output;
  CommandProgress progress(context);
  const studio::SayResult result =
      studio::say(studio::library_root(context.library), options, print_warning, progress.work());
  progress.finish();
  print_result(result, context.json);
  return 0;
}

Command hello_command() {
  auto output = std::make_shared<std::filesystem::path>("hello.mp4");
  return {
      .name = "hello",
      .summary = "Mira, the house presenter, greets you (what happens without a command)",
      .arguments = {{"-o,--output", output.get(), "Film to write: .mp4 or .webm", Presence::kDefaultShown}},
      .run = [output](CommandContext& context) { return greet(context, *output); }};
}

}  // namespace anima::app
