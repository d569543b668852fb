// Makes Mira, the house presenter: stills, a contact sheet, and films with their truth.
#include <CLI/CLI.hpp>
#include <charconv>
#include <iostream>

#include "app/interruption.h"
#include "app/terminal_progress.h"
#include "core/error.h"
#include "presenter/film.h"
#include "presenter/performance_file.h"
#include "presenter/pose_fields.h"
#include "presenter/sheet.h"
#include "studio/picture_file.h"

namespace {

using namespace anima;
using namespace anima::presenter;

constexpr int kThreads = 2;
constexpr int kSheetColumns = 5;

struct Arguments {
  std::filesystem::path data = "../shared/presenter";
  std::filesystem::path output;
  std::filesystem::path performance;
  std::vector<std::string> settings;
  std::string frames;
  int sheet_size_px = 320;
  FilmOptions film;
};

// "10:50"
void read_frames(const std::string& text, FilmOptions& film) {
  if (text.empty()) return;
  const char* end = text.data() + text.size();
  const auto [colon, first] = std::from_chars(text.data(), end, film.first_frame);
  const bool split = first == std::errc() && colon != end && *colon == ':';
  const auto [rest, second] = std::from_chars(split ? colon + 1 : end, end, film.last_frame);
  if (!split || second != std::errc() || rest != end) {
    throw Error(ErrorCode::kInvalidArgument, "--frames " + text + " is not FIRST:LAST",
                "for example --frames 0:50");
  }
}

void work(const CLI::App& app, Arguments& arguments) {
  app::TerminalProgress terminal(std::cerr, app::TerminalProgress::for_standard_error());
  WorkContext context;
  context.progress = terminal.sink();
  app::stop_on_signals(context.cancellation);

  ThreadPool threads(kThreads);
  const Figure figure = read_figure(arguments.data);
  const FaceRig rig(figure);
  const Skin skin(rig);
  Portrait portrait(rig, skin, threads, context);

  if (app.got_subcommand("still")) {
    PresenterPose pose;
    for (const std::string& setting : arguments.settings) set_pose_field(pose, setting);
    studio::write_png(arguments.output, portrait.draw(pose, arguments.film.draw));
  } else if (app.got_subcommand("sheet")) {
    arguments.film.draw.view.size_px = arguments.sheet_size_px;
    studio::write_png(arguments.output, draw_sheet(portrait, arguments.film.draw, kSheetColumns, context));
  } else {
    read_frames(arguments.frames, arguments.film);
    arguments.film.output = arguments.output;
    make_film(portrait, TruthProbe(rig, skin), read_performance(arguments.performance), arguments.film,
              context);
  }
  terminal.finish();
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Makes Mira, the house presenter, from public-domain geometry.");
  app.require_subcommand(1);
  CLI::App* still = app.add_subcommand("still", "Draw one picture");
  CLI::App* sheet = app.add_subcommand("sheet", "Draw a contact sheet of mouth shapes, blinks and turns");
  CLI::App* film = app.add_subcommand("film", "Film a performance, with sound and truth");
  for (CLI::App* command : {still, sheet, film}) {
    command->add_option("--data", arguments.data, "Folder of the geometry (shared/presenter)")
        ->capture_default_str();
    command->add_option("-o,--output", arguments.output, "File to write")->required();
    command->add_option("--samples", arguments.film.draw.samples, "Samples along each side of a pixel")
        ->check(CLI::Range(1, 8))
        ->capture_default_str();
    command
        ->add_option("--field", arguments.film.draw.view.field_dm,
                     "Width of the field at the face, dm: smaller is closer")
        ->capture_default_str();
    command->add_option("--height", arguments.film.draw.view.position.y(), "Height of the camera, dm")
        ->capture_default_str();
  }
  for (CLI::App* command : {still, film}) {
    command->add_option("--size", arguments.film.draw.view.size_px, "Width and height, px")
        ->check(CLI::Range(32, 2048))
        ->capture_default_str();
  }
  sheet->add_option("--size", arguments.sheet_size_px, "Width and height of each picture, px")
      ->check(CLI::Range(32, 1024))
      ->capture_default_str();
  still->add_option("--pose", arguments.settings,
                    "field=number of a pose, for example mouth.open=0.5 head_yaw_deg=10");
  film->add_option("--performance", arguments.performance, "JSON of poses")->required();
  film->add_option("--sound", arguments.film.sound, "What she says");
  film->add_option("--truth", arguments.film.truth,
                   "JSON to write: exact pose, lips, lids and gaze of every frame");
  film->add_option("--frames", arguments.frames, "FIRST:LAST, LAST exclusive");
  film->add_option("--quality", arguments.film.quality, "Constant rate factor of the film: lower is better")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    work(app, arguments);
  } catch (const Error& e) {
    std::cerr << e.what() << "\n";
    return exit_status_of(e.code());
  } catch (const std::exception& e) {
    std::cerr << "unexpected: " << e.what() << "\n";
    return exit_status_of(ErrorCode::kInternal);
  }
  return 0;
}
