#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "core/error.h"
#include "core/threads.h"
#include "presenter/portrait.h"
#include "presenter/pose_fields.h"
#include "studio/picture_file.h"

namespace {

using namespace anima;
using namespace anima::presenter;

void show_progress(const Progress& p) {
  std::fprintf(stderr, "\r%-40s %3.0f %%", p.stage.c_str(), 100 * p.fraction);
  if (p.fraction >= 1) std::fputc('\n', stderr);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Makes Mira, the house presenter");
  app.require_subcommand(1);
  std::filesystem::path data;
  std::filesystem::path output;
  std::vector<std::string> settings;
  int size = 512;
  int samples = 3;
  CLI::App* still = app.add_subcommand("still", "one picture");
  still->add_option("--data", data, "folder of the geometry")->required();
  still->add_option("-o,--output", output)->required();
  still->add_option("--pose", settings, "field=value of a pose");
  still->add_option("--size", size);
  still->add_option("--samples", samples);
  CLI11_PARSE(app, argc, argv);
  try {
    ThreadPool threads(2);
    WorkContext context;
    context.progress = show_progress;
    const Figure figure = read_figure(data);
    const FaceRig rig(figure);
    Portrait portrait(rig, threads, context);
    PresenterPose pose;
    for (const std::string& s : settings) set_pose_field(pose, s);
    DrawOptions options;
    options.view.size_px = size;
    options.samples = samples;
    const double started = monotonic_s();
    const Image image = portrait.draw(pose, options);
    std::fprintf(stderr, "drawn in %.2f s\n", monotonic_s() - started);
    studio::write_png(output, image);
  } catch (const Error& e) {
    std::cerr << e.what() << "\n";
    return exit_status_of(e.code());
  }
  return 0;
}
