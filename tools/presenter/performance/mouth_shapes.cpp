#include "presenter/performance/mouth_shapes.h"

#include <algorithm>
#include <map>
#include <vector>

#include "core/error.h"

namespace anima::presenter {
namespace {

// The targets a sound may name, in the order in which they stand in the table below.
struct Row {
  std::string_view name;
  float open, pursing, protusion, retraction, depression_retraction, corner, parted;
  float jaw, rounding, spreading, parting;  // dominances
  Contact contact;
  float tongue;
  bool vowel;
};

using enum Contact;

constexpr float kSmile = 0.22F;  // at rest
constexpr float kTalking = 0.08F;

// clang-format off
constexpr Row kRows[] = {
    // name  open   purs   prot   retr   depr   corner     part   jaw   round spread part  contact       tongue vowel
    {"SIL",  0,     0,     0,     0,     0,     kSmile,    0,     .9F,  .6F,  .7F,  .9F,   kNone,        0,     false},
    // Vowels of English.
    {"AA",   .50F,  0,     0,     .05F,  .05F,  kTalking,  .12F,  1,    .6F,  .6F,  .8F,   kNone,        0,     true},
    {"AE",   .43F,  0,     0,     .28F,  .18F,  kTalking,  .15F,  1,    .6F,  .8F,  .8F,   kNone,        0,     true},
    {"AH",   .26F,  0,     0,     .08F,  .05F,  kTalking,  .12F,  .8F,  .4F,  .5F,  .7F,   kNone,        0,     true},
    {"AO",   .41F,  .38F,  .05F,  0,     0,     0,         .06F,  1,    .8F,  .7F,  .8F,   kNone,        0,     true},
    {"EH",   .32F,  0,     0,     .28F,  .20F,  .12F,      .15F,  .9F,  .5F,  .8F,  .8F,   kNone,        0,     true},
    {"ER",   .17F,  .38F,  .08F,  0,     0,     0,         .15F,  .8F,  .8F,  .7F,  .8F,   kNone,        0,     true},
    {"IH",   .18F,  0,     0,     .30F,  .20F,  .12F,      .12F,  .8F,  .5F,  .7F,  .7F,   kNone,        0,     true},
    {"IY",   .13F,  0,     0,     .55F,  .34F,  .20F,      .08F,  .9F,  .7F,  1,    .8F,   kNone,        0,     true},
    {"OW",   .34F,  .60F,  .06F,  0,     0,     0,         .02F,  1,    1,    .9F,  .8F,   kNone,        0,     true},
    {"UH",   .19F,  .48F,  .06F,  0,     0,     0,         .06F,  .8F,  .8F,  .7F,  .7F,   kNone,        0,     true},
    {"UW",   .03F,  .92F,  .12F,  0,     0,     0,         0,     .9F,  1,    1,    .9F,   kNone,        0,     true},
    // Consonants.
    {"P",    0,     0,     0,     0,     0,     kTalking,  0,     .5F,  .1F,  .2F,  .4F,   kLips,        0,     false},
    {"B",    0,     0,     0,     0,     0,     kTalking,  0,     .5F,  .1F,  .2F,  .4F,   kLips,        0,     false},
    {"M",    0,     0,     0,     0,     0,     kTalking,  0,     .5F,  .1F,  .2F,  .4F,   kLips,        0,     false},
    {"F",    .06F,  0,     0,     .10F,  0,     kTalking,  .12F,  .6F,  .2F,  .3F,  .6F,   kLipAndTeeth, 0,     false},
    {"V",    .06F,  0,     0,     .10F,  0,     kTalking,  .12F,  .6F,  .2F,  .3F,  .6F,   kLipAndTeeth, 0,     false},
    {"TH",   .12F,  0,     0,     .12F,  .05F,  kTalking,  .18F,  .6F,  .15F, .2F,  .6F,   kTongueTeeth, .95F,  false},
    {"DH",   .12F,  0,     0,     .12F,  .05F,  kTalking,  .16F,  .5F,  .15F, .2F,  .5F,   kTongueTeeth, .75F,  false},
    {"T",    .08F,  0,     0,     .10F,  0,     kTalking,  .16F,  .5F,  .1F,  .15F, .4F,   kTongueRidge, .8F,   false},
    {"D",    .09F,  0,     0,     .10F,  0,     kTalking,  .16F,  .5F,  .1F,  .15F, .4F,   kTongueRidge, .8F,   false},
    {"N",    .11F,  0,     0,     .10F,  0,     kTalking,  .14F,  .4F,  .1F,  .15F, .4F,   kTongueRidge, .8F,   false},
    {"L",    .16F,  0,     0,     .08F,  0,     kTalking,  .14F,  .5F,  .12F, .15F, .4F,   kTongueRidge, 1,     false},
    {"S",    .03F,  0,     0,     .26F,  .10F,  kTalking,  .22F,  .8F,  .15F, .35F, .7F,   kNone,        0,     false},
    {"Z",    .03F,  0,     0,     .24F,  .10F,  kTalking,  .22F,  .7F,  .15F, .3F,  .7F,   kNone,        0,     false},
    {"TS",   .03F,  0,     0,     .26F,  .10F,  kTalking,  .22F,  .8F,  .15F, .35F, .7F,   kTongueRidge, .5F,   false},
    {"SH",   .06F,  .55F,  .12F,  0,     0,     0,         .34F,  .8F,  .8F,  .8F,  .9F,   kNone,        0,     false},
    {"ZH",   .06F,  .52F,  .12F,  0,     0,     0,         .32F,  .8F,  .8F,  .8F,  .9F,   kNone,        0,     false},
    {"CH",   .06F,  .52F,  .12F,  0,     0,     0,         .32F,  .8F,  .75F, .8F,  .8F,   kTongueRidge, .4F,   false},
    {"JH",   .06F,  .48F,  .10F,  0,     0,     0,         .30F,  .8F,  .7F,  .8F,  .8F,   kTongueRidge, .4F,   false},
    {"K",    .15F,  0,     0,     0,     0,     kTalking,  .10F,  .25F, .08F, .1F,  .2F,   kNone,        0,     false},
    {"G",    .15F,  0,     0,     0,     0,     kTalking,  .10F,  .25F, .08F, .1F,  .2F,   kNone,        0,     false},
    {"NG",   .15F,  0,     0,     0,     0,     kTalking,  .10F,  .25F, .08F, .1F,  .2F,   kNone,        0,     false},
    {"HH",   .18F,  0,     0,     0,     0,     kTalking,  .10F,  .12F, .05F, .08F, .1F,   kNone,        0,     false},
    {"R",    .12F,  .50F,  .10F,  0,     0,     0,         .12F,  .5F,  .7F,  .6F,  .5F,   kNone,        0,     false},
    {"W",    .02F,  .95F,  .14F,  0,     0,     0,         0,     .8F,  1,    1,    .8F,   kNone,        0,     false},
    {"Y",    .10F,  0,     0,     .48F,  .28F,  .15F,      .08F,  .6F,  .3F,  .7F,  .5F,   kNone,        0,     false},
    // Mandarin.
    {"ZA",   .42F,  0,     0,     .12F,  .08F,  kTalking,  .12F,  1,    .6F,  .6F,  .8F,   kNone,        0,     true},
    {"ZE",   .24F,  0,     0,     .10F,  .06F,  kTalking,  .12F,  .8F,  .4F,  .5F,  .7F,   kNone,        0,     true},
    {"ZEI",  .24F,  0,     0,     .36F,  .24F,  .14F,      .12F,  .9F,  .5F,  .8F,  .8F,   kNone,        0,     true},
    {"GE",   .25F,  0,     0,     .22F,  .14F,  .10F,      .15F,  .9F,  .6F,  .7F,  .8F,   kNone,        0,     true},
    {"ZO",   .28F,  .55F,  .06F,  0,     0,     0,         .04F,  .9F,  .9F,  .8F,  .8F,   kNone,        0,     true},
    {"ONG",  .20F,  .66F,  .08F,  0,     0,     0,         .02F,  .9F,  1,    .9F,  .8F,   kNone,        0,     true},
    {"YU",   .03F,  .86F,  .13F,  0,     0,     0,         .02F,  .9F,  1,    1,    .9F,   kNone,        0,     true},
    {"ZI",   .04F,  0,     0,     .34F,  .14F,  .12F,      .24F,  .9F,  .5F,  .8F,  .8F,   kNone,        0,     true},
    {"ZRI",  .07F,  .18F,  .04F,  .05F,  .05F,  0,         .26F,  .9F,  .5F,  .5F,  .8F,   kNone,        0,     true},
    {"ZSH",  .06F,  .38F,  .10F,  0,     0,     0,         .32F,  .8F,  .55F, .6F,  .8F,   kNone,        0,     false},
    {"ZCH",  .06F,  .36F,  .08F,  0,     0,     0,         .30F,  .8F,  .5F,  .6F,  .8F,   kTongueRidge, .4F,   false},
    {"ZR",   .08F,  .32F,  .08F,  0,     0,     0,         .24F,  .7F,  .5F,  .5F,  .7F,   kNone,        0,     false},
    {"QSH",  .05F,  0,     0,     .30F,  .14F,  kTalking,  .28F,  .8F,  .15F, .35F, .8F,   kNone,        0,     false},
    {"QCH",  .05F,  0,     0,     .30F,  .14F,  kTalking,  .28F,  .8F,  .15F, .35F, .8F,   kTongueRidge, .4F,   false},
};
// clang-format on

std::vector<MouthShape> make_shapes() {
  std::vector<MouthShape> shapes;
  for (const Row& row : kRows) {
    MouthShape shape;
    shape.name = row.name;
    const auto set = [&](MouthTarget target, float value) {
      shape.targets[static_cast<std::size_t>(target)] = value;
    };
    set(MouthTarget::kOpen, row.open);
    set(MouthTarget::kPursing, row.pursing);
    set(MouthTarget::kProtusion, row.protusion);
    set(MouthTarget::kRetraction, row.retraction);
    set(MouthTarget::kDepressionRetraction, row.depression_retraction);
    set(MouthTarget::kCornerPuller, row.corner);
    set(MouthTarget::kPartLater, row.parted);
    shape.dominance = {row.jaw, row.rounding, row.spreading, row.parting};
    shape.contact = row.contact;
    shape.tongue = row.tongue;
    shape.vowel = row.vowel;
    shapes.push_back(shape);
  }
  return shapes;
}

}  // namespace

Articulator articulator_of(MouthTarget target) {
  switch (target) {
    case MouthTarget::kPursing:
    case MouthTarget::kProtusion:
      return Articulator::kRounding;
    case MouthTarget::kRetraction:
    case MouthTarget::kUpwardRetraction:
    case MouthTarget::kDepressionRetraction:
    case MouthTarget::kCornerPuller:
      return Articulator::kSpreading;
    case MouthTarget::kPartLater:
      return Articulator::kParting;
    default:
      return Articulator::kJaw;
  }
}

std::span<const MouthShape> mouth_shapes() {
  static const std::vector<MouthShape> shapes = make_shapes();
  return shapes;
}

const MouthShape& mouth_shape(std::string_view name) {
  const auto shapes = mouth_shapes();
  const auto found =
      std::find_if(shapes.begin(), shapes.end(), [&](const MouthShape& shape) { return shape.name == name; });
  if (found == shapes.end()) {
    throw Error(ErrorCode::kInvalidArgument,
                "no mouth shape is known for the sound \"" + std::string(name) + "\"",
                "add it to mouth_shapes.cpp");
  }
  return *found;
}

std::span<const ShapeShare> shape_sequence(std::string_view sound) {
  static const std::map<std::string_view, std::vector<ShapeShare>> diphthongs = {
      {"AW", {{"AA", .55}, {"UW", .45}}}, {"AY", {{"AA", .55}, {"IY", .45}}},
      {"EY", {{"EH", .5}, {"IY", .5}}},   {"OW", {{"OW", .6}, {"UW", .4}}},
      {"OY", {{"AO", .55}, {"IY", .45}}},
  };
  static const std::map<std::string_view, std::vector<ShapeShare>> single = [] {
    std::map<std::string_view, std::vector<ShapeShare>> all;
    for (const MouthShape& shape : mouth_shapes()) all[shape.name] = {{shape.name, 1}};
    return all;
  }();
  if (const auto found = diphthongs.find(sound); found != diphthongs.end()) return found->second;
  if (const auto found = single.find(sound); found != single.end()) return found->second;
  throw Error(ErrorCode::kInvalidArgument,
              "no mouth shape is known for the sound \"" + std::string(sound) + "\"",
              "add it to mouth_shapes.cpp");
}

}  // namespace anima::presenter
