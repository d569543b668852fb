// The real figure: what her face does. Needs the geometry of shared/presenter; without it the tests
// say that they are skipped.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "presenter/portrait.h"
#include "presenter/pose_fields.h"
#include "presenter/truth.h"

namespace anima::presenter {
namespace {

std::filesystem::path data_folder() {
  const char* shared = std::getenv("ANIMA_SHARED");
  return std::filesystem::path(shared != nullptr ? shared : ANIMA_SOURCE_DIR "/../shared") / "presenter";
}

PresenterPose posed(std::initializer_list<const char*> settings) {
  PresenterPose pose;
  for (const char* s : settings) set_pose_field(pose, std::string(s));
  return pose;
}

class PresenterFigure : public ::testing::Test {
 protected:
  struct Made {
    Figure figure = read_figure(data_folder());
    FaceRig rig{figure};
    Skin skin{rig};
    TruthProbe probe{rig, skin};
  };
  static std::unique_ptr<Made> made;

  static void SetUpTestSuite() {
    if (std::filesystem::exists(data_folder() / "base" / "base.obj")) made = std::make_unique<Made>();
  }
  static void TearDownTestSuite() { made.reset(); }
  void SetUp() override {
    if (!made) GTEST_SKIP() << "no geometry at " << data_folder() << ": set ANIMA_SHARED";
  }

  static FrameTruth truth(std::initializer_list<const char*> settings) {
    return made->probe.measure(posed(settings), View{});
  }
  static float opening(float open) {
    PresenterPose pose;
    pose.mouth[static_cast<std::size_t>(MouthTarget::kOpen)] = open;
    return made->probe.measure(pose, View{}).lip_opening_px;
  }
};
std::unique_ptr<PresenterFigure::Made> PresenterFigure::made;

TEST_F(PresenterFigure, TheJawOpensTheLipsSteadily) {
  EXPECT_LT(opening(0), 0.8F);
  float before = opening(0);
  for (float open = 0.05F; open < 0.605F; open += 0.05F) {
    const float now = opening(open);
    EXPECT_GT(now, before) << open;
    before = now;
  }
  EXPECT_GT(before, 15);
  EXPECT_LT(before, 45);
}

TEST_F(PresenterFigure, RestAndBilabialsCloseTheWholeMouth) {
  for (const auto& pose : {posed({}), posed({"mouth.compression=0.55"})}) {
    const PosedFigure figure = made->rig.pose(pose);
    const auto& inner = made->rig.lips().rows.back();
    for (std::size_t i = 0; i < inner.size(); ++i) {
      const std::size_t j = (inner.size() / 2 + inner.size() - i) % inner.size();
      if (i > inner.size() / 4 && i < inner.size() - inner.size() / 4) continue;  // the lower lip
      EXPECT_LT(figure.body[inner[i]].y() - figure.body[inner[j]].y(), 0.012F) << "point " << i;
    }
  }
}

TEST_F(PresenterFigure, ABlinkClosesEachEyeByItself) {
  const FrameTruth open = truth({});
  EXPECT_GT(open.eyes[0].opening_px, 8);
  EXPECT_NEAR(open.eyes[0].opening_px, open.eyes[1].opening_px, 0.3);
  const FrameTruth wink = truth({"blink_left=1"});
  EXPECT_LT(wink.eyes[0].opening_px, 1);
  EXPECT_NEAR(wink.eyes[1].opening_px, open.eyes[1].opening_px, 0.1);
  const FrameTruth half = truth({"blink_right=0.5"});
  EXPECT_LT(half.eyes[1].opening_px, 0.8F * open.eyes[1].opening_px);
  EXPECT_GT(half.eyes[1].opening_px, 0.2F * open.eyes[1].opening_px);
  EXPECT_GT(half.left_corner_px.x(), half.right_corner_px.x());  // her left is the picture's right
}

TEST_F(PresenterFigure, LowerTeethFollowTheJawAndUpperTeethDoNot) {
  const PosedFigure rest = made->rig.pose({});
  const PosedFigure open = made->rig.pose(posed({"mouth.open=0.5"}));
  float lower = 0;
  float upper = 0;
  int count = 0;
  for (std::uint32_t v = 0; v < rest.teeth.size(); ++v) {
    const float drop = rest.teeth[v].y() - open.teeth[v].y();
    if (rest.teeth[v].z() < 1.2F) continue;
    (made->rig.is_lower_tooth(v) ? lower : upper) += std::abs(drop);
    count += made->rig.is_lower_tooth(v) ? 1 : 0;
  }
  ASSERT_GT(count, 30);
  EXPECT_NEAR(lower / static_cast<float>(count), 0.5 * 0.34 * 0.85, 0.05);
  EXPECT_LT(upper, 1e-3F);
}

TEST_F(PresenterFigure, TheTongueComesUpAndOut) {
  const auto tip = [&](const PresenterPose& pose) {
    const Points tongue = made->rig.pose(pose).tongue;
    return *std::max_element(tongue.begin(), tongue.end(),
                             [](const Vec3& a, const Vec3& b) { return a.z() < b.z(); });
  };
  const Vec3 low = tip(posed({"mouth.open=0.2"}));
  EXPECT_GT(tip(posed({"mouth.open=0.2", "tongue_up=1"})).y(), low.y() + 0.02F);
  EXPECT_GT(tip(posed({"mouth.open=0.2", "tongue_out=1"})).z(), low.z() + 0.05F);
}

TEST_F(PresenterFigure, TheLowerLipTucksUnderTheUpperTeeth) {
  const std::uint32_t lip = made->rig.lips().lower_inner;
  const Vec3 before = made->rig.pose(posed({"mouth.open=0.06"})).body[lip];
  const Vec3 after = made->rig.pose(posed({"mouth.open=0.06", "lower_lip_tuck=1"})).body[lip];
  EXPECT_LT(after.z(), before.z() - 0.03F);
  EXPECT_GT(after.y(), before.y() + 0.01F);
}

TEST_F(PresenterFigure, TruthFollowsTheHead) {
  const FrameTruth rest = truth({});
  EXPECT_NEAR(rest.head_rotation.norm(), 0, 1e-5);
  // A turn to the picture's right is a negative turn about the axis that points down.
  const FrameTruth turned = truth({"head_yaw_deg=10"});
  EXPECT_NEAR(turned.head_rotation.y(), -10 * 3.14159265 / 180, 1e-4);
  EXPECT_GT(turned.upper_lip_px.x(), rest.upper_lip_px.x() + 10);
  EXPECT_NEAR(truth({"head_pitch_deg=8"}).head_rotation.x(), -8 * 3.14159265 / 180, 1e-4);
  EXPECT_LT(truth({"head_pitch_deg=8"}).upper_lip_px.y(), rest.upper_lip_px.y() - 5);
  // exp([rotation]x) head_point + translation, projected, is where the point is drawn: for the corner
  // of an eye's place known from the rest.
  const View view;
  const Eigen::Matrix3f r =
      Eigen::AngleAxisf(turned.head_rotation.norm(), turned.head_rotation.normalized()).toRotationMatrix();
  const Vec3 flip(1, -1, -1);
  const PosedFigure still = made->rig.pose({});
  const Vec3 between = 0.5F * (still.eyes[0].centre + still.eyes[1].centre);
  const Vec3 head_point = flip.cwiseProduct(still.eyes[0].centre - between);
  const Vec3 camera_point = r * head_point + turned.head_translation_dm;
  const Vec3 drawn = view.project(made->rig.pose(posed({"head_yaw_deg=10"})).eyes[0].centre);
  EXPECT_NEAR(view.focal_px() * camera_point.x() / camera_point.z() + 256, drawn.x(), 0.05);
  EXPECT_NEAR(view.focal_px() * camera_point.y() / camera_point.z() + 256, drawn.y(), 0.05);
}

TEST_F(PresenterFigure, TruthScalesWithThePicture) {
  View large;
  large.size_px = 1024;
  const PresenterPose pose = posed({"mouth.open=0.4"});
  EXPECT_NEAR(made->probe.measure(pose, large).lip_opening_px,
              2 * made->probe.measure(pose, View{}).lip_opening_px, 0.02);
  const auto json = truth_json({made->probe.measure(pose, large)}, large, 7);
  EXPECT_EQ(json["frames"].size(), 1U);
  EXPECT_EQ(json["first_frame"], 7);
  EXPECT_EQ(json["camera"]["width_px"], 1024);
}

TEST_F(PresenterFigure, ThePictureShowsWhatThePoseSays) {
  ThreadPool threads(2);
  Portrait portrait(made->rig, made->skin, threads, WorkContext{});
  DrawOptions options;
  options.view.size_px = 160;
  options.samples = 2;
  const Image rest = portrait.draw({}, options);
  EXPECT_EQ(rest.pixels, portrait.draw({}, options).pixels);  // the same pose, the same picture
  // Skin is warm, the background is not.
  const FrameTruth lips = made->probe.measure({}, options.view);
  const auto at = [&](const Image& image, float x, float y) {
    return image.row(static_cast<int>(y)) + 3 * static_cast<int>(x);
  };
  const std::uint8_t* cheek = at(rest, lips.left_corner_px.x() + 4, lips.left_corner_px.y() - 8);
  EXPECT_GT(cheek[0], cheek[2] + 20);
  EXPECT_LT(rest.row(3)[3 * 80], rest.row(3)[3 * 80 + 2] + 5);
  // Between open lips it is darker than on closed ones.
  const PresenterPose open = posed({"mouth.open=0.6"});
  const FrameTruth wide = made->probe.measure(open, options.view);
  const Vec2 middle = 0.5F * (wide.upper_lip_px + wide.lower_lip_px);
  EXPECT_LT(at(portrait.draw(open, options), middle.x(), middle.y())[1] + 15,
            at(rest, middle.x(), middle.y())[1]);
}

}  // namespace
}  // namespace anima::presenter
