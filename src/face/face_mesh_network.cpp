#include "face/face_mesh_network.h"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "face/model_files.h"

namespace anima::face {
namespace {

constexpr int kInputSide = 192;

// Which landmark each refined point is: MediaPipe, modules/face_landmark, the graph
// "tensors_to_face_landmarks_with_attention".
constexpr std::array<int, 80> kLips = {
    // Outer contour, lower then upper.
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409,
    // Inner contour.
    78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415,
    // Between them, nearer to the outer one.
    76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306, 184, 74, 73, 72, 11, 302, 303, 304, 408,
    // Between them, nearer to the inner one.
    62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292, 183, 42, 41, 38, 12, 268, 271, 272, 407};

constexpr std::size_t kEyePoints = 71;
constexpr std::size_t kEyeContour = 16;  // the first of the 71
// The person's right eye: contour, four rings around it, brow.
constexpr std::array<int, kEyePoints> kRightEye = {
    33,  7,   163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173,  //
    130, 25,  110, 24,  23,  22,  26,  112, 243, 247, 30,  29,  27,  28,  56,  190,  //
    226, 31,  228, 229, 230, 231, 232, 233, 244, 113, 225, 224, 223, 222, 221, 189,  //
    35,  124, 46,  53,  52,  65,                                                     //
    143, 111, 117, 118, 119, 120, 121, 128, 245, 156, 70,  63,  105, 66,  107, 55,  193};
constexpr std::array<int, kEyePoints> kLeftEye = {
    263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398,  //
    359, 255, 339, 254, 253, 252, 256, 341, 463, 467, 260, 259, 257, 258, 286, 414,  //
    446, 261, 448, 449, 450, 451, 452, 453, 464, 342, 445, 444, 443, 442, 441, 413,  //
    265, 353, 276, 283, 282, 295,                                                    //
    372, 340, 346, 347, 348, 349, 350, 357, 465, 383, 300, 293, 334, 296, 336, 285, 417};

constexpr std::array<int, 5> kRightIris = {468, 469, 470, 471, 472};  // centre, then the rim
constexpr std::array<int, 5> kLeftIris = {473, 474, 475, 476, 477};

// Lays refined x, y over the mesh; z stays the mesh's.
void refine(Landmarks& crop, std::span<const int> indices, std::span<const float> refined) {
  for (std::size_t i = 0; i < indices.size(); ++i) {
    crop(indices[i], 0) = refined[2 * i];
    crop(indices[i], 1) = refined[2 * i + 1];
  }
}

void set_iris_depth(Landmarks& crop, std::span<const int> iris, std::span<const int> eye) {
  float depth = 0;
  for (std::size_t i = 0; i < kEyeContour; ++i) depth += crop(eye[i], 2) / kEyeContour;
  for (const int index : iris) crop(index, 2) = depth;
}

}  // namespace

FaceMeshNetwork::FaceMeshNetwork() : network_(load_network(ModelFile::kFaceMesh)) {}

FaceMesh FaceMeshNetwork::run(const Image& picture, const FaceSquare& square) const {
  std::vector<float> input(static_cast<std::size_t>(kInputSide) * kInputSide * 3);
  sample_square(picture, square, kInputSide, 1.0F / 255, 0, input);
  const auto outputs = network_.run(input);

  // In pixels of the 192x192 input. The model calls the eyes by their side in the picture.
  const std::vector<float>& whole = nn::output_named(outputs, "output_mesh_identity", kMeshVertices * 3);
  Landmarks crop = Landmarks::Zero();
  for (int i = 0; i < kMeshVertices; ++i) {
    for (int axis = 0; axis < 3; ++axis) crop(i, axis) = whole[static_cast<std::size_t>(3 * i + axis)];
  }
  refine(crop, kLips, nn::output_named(outputs, "output_lips", 2 * kLips.size()));
  refine(crop, kRightEye, nn::output_named(outputs, "output_left_eye", 2 * kEyePoints));
  refine(crop, kLeftEye, nn::output_named(outputs, "output_right_eye", 2 * kEyePoints));
  refine(crop, kRightIris, nn::output_named(outputs, "output_left_iris", 2 * kRightIris.size()));
  refine(crop, kLeftIris, nn::output_named(outputs, "output_right_iris", 2 * kLeftIris.size()));
  set_iris_depth(crop, kRightIris, kRightEye);
  set_iris_depth(crop, kLeftIris, kLeftEye);

  FaceMesh mesh;
  mesh.presence = nn::output_named(outputs, "conv_faceflag", 1)[0];
  for (int i = 0; i < kLandmarks; ++i) {
    const auto point = square.to_picture(crop(i, 0) / kInputSide, crop(i, 1) / kInputSide);
    mesh.points(i, 0) = static_cast<float>(point[0]);
    mesh.points(i, 1) = static_cast<float>(point[1]);
    mesh.points(i, 2) = static_cast<float>(crop(i, 2) / kInputSide * square.side_px);
  }
  return mesh;
}

}  // namespace anima::face
