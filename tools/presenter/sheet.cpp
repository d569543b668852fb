#include "presenter/sheet.h"

#include <algorithm>
#include <initializer_list>
#include <opencv2/imgproc.hpp>

#include "presenter/pose_fields.h"

namespace anima::presenter {

std::vector<NamedPose> sheet_poses() {
  const auto made = [](const char* name, std::initializer_list<const char*> settings) {
    NamedPose named{name, {}};
    for (const char* setting : settings) set_pose_field(named.pose, std::string(setting));
    return named;
  };
  return {
      made("rest", {}),
      made("aa", {"mouth.open=0.5", "mouth.part_later=0.12"}),
      made("ee", {"mouth.retraction=0.55", "mouth.open=0.14", "mouth.depression_retraction=0.35",
                  "mouth.corner_puller=0.2"}),
      made("oh", {"mouth.pursing=0.6", "mouth.open=0.38"}),
      made("oo", {"mouth.pursing=0.95", "mouth.protusion=0.12", "mouth.open=0.03"}),
      made("m", {"mouth.compression=0.55"}),
      made("f", {"mouth.open=0.06", "mouth.elevation=0.25", "mouth.eversion=-0.2", "lower_lip_tuck=1"}),
      made("s", {"mouth.part_later=0.22", "mouth.retraction=0.25"}),
      made("sh", {"mouth.pursing=0.55", "mouth.part_later=0.35"}),
      made("th", {"mouth.open=0.16", "mouth.part_later=0.15", "tongue_out=1"}),
      made("l", {"mouth.open=0.26", "mouth.part_later=0.12", "tongue_up=1"}),
      made("smile", {"mouth.corner_puller=0.5", "mouth.part_later=0.25"}),
      made("blink", {"blink_left=1", "blink_right=1"}),
      made("half blink", {"blink_left=0.5", "blink_right=0.5"}),
      made("brows up", {"brow_raise=0.8"}),
      made("looks aside", {"gaze_yaw_deg=18", "gaze_pitch_deg=-8"}),
      made("yaw 15", {"head_yaw_deg=15"}),
      made("yaw -15", {"head_yaw_deg=-15"}),
      made("pitch 10", {"head_pitch_deg=10"}),
      made("pitch -10, roll 6", {"head_pitch_deg=-10", "head_roll_deg=6"}),
  };
}

Image draw_sheet(Portrait& portrait, const DrawOptions& options, int columns, const WorkContext& context) {
  const std::vector<NamedPose> poses = sheet_poses();
  const int size = options.view.size_px;
  const int count = static_cast<int>(poses.size());
  Image sheet(columns * size, (count + columns - 1) / columns * size, 3);
  StageProgress progress(context, "drawing the sheet");
  for (int i = 0; i < count; ++i) {
    progress.update(i, count);
    Image picture = portrait.draw(poses[static_cast<std::size_t>(i)].pose, options);
    cv::Mat view(picture.height, picture.width, CV_8UC3, picture.pixels.data());
    cv::putText(view, poses[static_cast<std::size_t>(i)].name, {size / 32, size - size / 32},
                cv::FONT_HERSHEY_SIMPLEX, size / 640.0, {255, 255, 255}, 1, cv::LINE_AA);
    for (int y = 0; y < size; ++y) {
      std::copy_n(picture.row(y), 3 * size, sheet.row(i / columns * size + y) + 3 * (i % columns) * size);
    }
  }
  progress.update(1, 1);
  return sheet;
}

}  // namespace anima::presenter
