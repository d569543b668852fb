#include "avatar/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "avatar/torso_track.h"
#include "core/error.h"

namespace anima::avatar {
namespace {

// Steps per parameter at the start of a stage; `fade` falls from 1 to kLastShare over it.
constexpr double kLastShare = 0.08;
double fade(double share_done) {
  return std::exp(std::log(kLastShare) * share_done);
}

AdamRates layer_rates(double share) {
  AdamRates rates;
  const auto set = [&](int first, int count, double rate) {
    for (int p = first; p < first + count; ++p) rates.base[p] = static_cast<float>(rate * share);
  };
  set(kPositionX, 3, 0.006);
  set(kOpacityLogit, 1, 0.04);
  set(kRed, 3, 0.008);
  set(kLogScaleX, 3, 0.012);
  set(kRotationW, 4, 0.006);
  for (int p = kPositionX; p <= kPositionZ; ++p) rates.deltas[p] = static_cast<float>(0.0012 * share);
  rates.deltas[kOpacityLogit] = static_cast<float>(0.008 * share);
  for (int p = kRed; p <= kBlue; ++p) rates.deltas[p] = static_cast<float>(0.0015 * share);
  return rates;
}

std::vector<FrameState> tracked_states(const face::TrackedFilm& track,
                                       const std::vector<face::HeadPose>& torso) {
  std::vector<FrameState> states(track.frames());
  for (int f = 0; f < track.frames(); ++f) states[f] = {track.poses[f], track.weights[f], torso[f]};
  return states;
}

}  // namespace

Trainer::Trainer(const TrainingFilm& film, const TrainerOptions& options, const WorkContext& context)
    : film_(film),
      options_(options),
      drivers_(PoseDrivers::of(film.track->poses, film.track->training_frames)),
      random_(options.initialisation.seed, 9),
      renderer_(make_renderer("simd")),
      pool_(options.threads) {
  const std::vector<face::HeadPose> torso_poses = track_torso(film_, context);
  InitialHead head = initial_head(film_, options_.initialisation, context);
  head_ = std::move(head.layer);
  head_delta_scale_ = std::move(head.position_delta_scale);
  torso_ = initial_torso(film_, torso_poses, head_, drivers_, options_.initialisation, context);
  head_moments_ = AdamMoments(head_);
  torso_moments_ = AdamMoments(torso_);
  head_unrest_ = Unrest(head_);
  torso_unrest_ = Unrest(torso_);
  frames_ = FrameVariables(tracked_states(*film_.track, torso_poses));
}

// Every training frame once, and those that show rare things (wide mouths, blinks) once more.
void Trainer::start_epoch() {
  const face::TrackedFilm& track = *film_.track;
  epoch_.clear();
  for (int f = 0; f < track.training_frames; ++f) {
    if (!track.observations[f].found) continue;
    epoch_.push_back(f);
    const face::Weights& w = track.weights[f];
    const bool rare = std::abs(w[face::kFirstMouth]) > 1.5F || w[face::kFirstBlink] > 0.4F;
    if (rare) epoch_.push_back(f);
  }
  for (std::size_t i = epoch_.size(); i > 1; --i) {
    std::swap(epoch_[i - 1], epoch_[random_.below(static_cast<std::uint32_t>(i))]);
  }
  cursor_ = 0;
}

int Trainer::next_frame() {
  if (cursor_ >= static_cast<int>(epoch_.size())) start_epoch();
  return epoch_[cursor_++];
}

void Trainer::draw_and_derive(PictureWork& work, const PictureScope& scope, bool with_torso) const {
  load_training_picture(film_, work.frame, scope, work.picture);
  work.scene.set(work.picture.camera, drivers_, head_, with_torso ? &torso_ : nullptr,
                 frames_.state(work.frame));
  renderer_->forward(work.scene.scene(), work.pass);
  const PictureTarget target{&work.picture.frame, &work.picture.behind, work.picture.weight,
                             work.picture.outside};
  work.score = picture_loss(work.pass.canvas, target, options_.loss, work.scratch, work.canvas_gradient);
  renderer_->backward(work.scene.scene(), work.pass, work.canvas_gradient, work.layers);
}

// Between the first rough fit and the last polish, so that both halves of a split can settle.
void Trainer::relocate_if_due(Stage stage, int done, double share_done) {
  if (options_.relocate_every <= 0 || done % options_.relocate_every != 0) return;
  if (share_done > 0.15 && share_done < 0.75) {
    std::vector<float> none;
    if (stage == Stage::kHead) {
      relocate(head_, head_moments_, head_delta_scale_, head_unrest_, {});
    } else {
      relocate(torso_, torso_moments_, none, torso_unrest_, {});
    }
  }
  head_unrest_.clear();
  torso_unrest_.clear();
}

void Trainer::step(Stage stage, std::vector<PictureWork>& work, const PictureScope& scope,
                   double share_done) {
  const bool with_torso = stage == Stage::kTorso;
  for (std::size_t b = 0; b < work.size(); ++b) {
    // the same frame twice in one step would be refined twice from one place
    do {
      work[b].frame = next_frame();
    } while (b > 0 && work[b].frame == work[b - 1].frame && epoch_.size() > 2);
  }
  pool_.run(static_cast<int>(work.size()), [&](int b, int) { draw_and_derive(work[b], scope, with_torso); });

  std::vector<BatchGradient> head_batch, torso_batch;
  const double share = fade(share_done);
  for (PictureWork& w : work) {
    frames_.step(w.frame, w.layers[0], with_torso ? &w.layers[1] : nullptr, FrameRates{},
                 static_cast<float>(share));
    head_batch.push_back({&w.layers[0], w.scene.head_weights()});
    if (with_torso) torso_batch.push_back({&w.layers[1], w.scene.torso_weights()});
    head_unrest_.add(w.layers[0], head_);
    if (with_torso) torso_unrest_.add(w.layers[1], torso_);
    recent_error_ += 0.03 * (w.score.squared_error - recent_error_);
  }
  // While the torso learns, the head follows slowly, so that the neck finds no seam.
  adam_step(head_, head_moments_, head_batch, layer_rates(with_torso ? 0.25 * share : share),
            head_delta_scale_, pool_);
  if (with_torso) adam_step(torso_, torso_moments_, torso_batch, layer_rates(share), {}, pool_);
}

void Trainer::train(Stage stage, const TrainerHooks& hooks, const WorkContext& context) {
  int& done = stage == Stage::kHead ? head_done_ : torso_done_;
  const int wanted = stage == Stage::kHead ? options_.head_steps : options_.torso_steps;
  PictureScope scope;
  scope.mouth_weight = options_.mouth_weight;
  scope.eye_weight = options_.eye_weight;
  scope.surround = stage == Stage::kHead ? Surround::kFilm : Surround::kPlate;
  const View coarse = head_view(film_, 2);
  const View fine = stage == Stage::kHead ? head_view(film_, 1) : whole_view(film_, 1);
  std::vector<PictureWork> work(options_.pictures_per_step);
  StageProgress progress(context, stage == Stage::kHead ? "learning the head" : "learning the torso");
  double last_checkpoint_s = monotonic_s();
  while (done < wanted) {
    try {
      progress.update(done, wanted, {{"psnr_db", recent_psnr_db()}, {"step", done}});
    } catch (...) {
      if (hooks.checkpoint) hooks.checkpoint(*this);
      throw;
    }
    const double share_done = static_cast<double>(done) / wanted;
    scope.view = stage == Stage::kHead && share_done < options_.coarse_share ? coarse : fine;
    step(stage, work, scope, share_done);
    ++done;
    relocate_if_due(stage, done, share_done);
    if (hooks.checkpoint && monotonic_s() - last_checkpoint_s > options_.checkpoint_every_s) {
      hooks.checkpoint(*this);
      last_checkpoint_s = monotonic_s();
    }
  }
  progress.update(wanted, wanted, {{"psnr_db", recent_psnr_db()}});
  if (hooks.checkpoint) hooks.checkpoint(*this);
}

std::vector<double> Trainer::fit_frames(int from, int to, int iterations, const WorkContext& context) {
  PictureScope coarse, fine;
  coarse.surround = fine.surround = Surround::kPlate;
  coarse.view = whole_view(film_, 2);
  fine.view = whole_view(film_, 1);
  std::vector<double> errors(std::max(0, to - from));
  std::vector<PictureWork> work(pool_.size());
  StageProgress progress(context, "fitting the frames");
  for (int first = from; first < to; first += static_cast<int>(work.size())) {
    progress.update(first - from, to - from);
    const int count = std::min<int>(static_cast<int>(work.size()), to - first);
    pool_.run(count, [&](int b, int) {
      PictureWork& w = work[b];
      w.frame = first + b;
      for (int i = 0; i < iterations; ++i) {
        context.cancellation.throw_if_requested("fitting the frames");
        draw_and_derive(w, i < iterations / 2 ? coarse : fine, true);
        const double share = fade(static_cast<double>(i) / iterations);
        frames_.step(w.frame, w.layers[0], &w.layers[1], FrameRates{}, static_cast<float>(2 * share));
      }
      draw_and_derive(w, fine, true);
      errors[w.frame - from] = w.score.squared_error;
    });
  }
  return errors;
}

Avatar Trainer::avatar() const {
  Avatar avatar;
  avatar.camera = film_.track->camera;
  avatar.head = head_;
  avatar.torso = torso_;
  avatar.drivers = drivers_;
  avatar.background = *film_.plate;
  for (const FrameState& state : frames_.states()) avatar.torso_poses.push_back(state.torso);
  return avatar;
}

void Trainer::save(TensorFile& checkpoint) const {
  checkpoint.metadata["anima.trainer_format"] = std::to_string(kTrainerFormat);
  head_.save(checkpoint, "trainer.head", TensorType::kF32);
  torso_.save(checkpoint, "trainer.torso", TensorType::kF32);
  head_moments_.save(checkpoint, "trainer.head_moments");
  torso_moments_.save(checkpoint, "trainer.torso_moments");
  head_unrest_.save(checkpoint, "trainer.head_unrest");
  torso_unrest_.save(checkpoint, "trainer.torso_unrest");
  frames_.save(checkpoint, "trainer.frames");
  checkpoint.put("trainer.delta_scale", {static_cast<std::int64_t>(head_delta_scale_.size())},
                 head_delta_scale_);
  std::vector<std::int32_t> numbers = {head_done_, torso_done_, cursor_,
                                       static_cast<std::int32_t>(random_.state() & 0xFFFFFFFFU),
                                       static_cast<std::int32_t>(random_.state() >> 32U)};
  float recent = static_cast<float>(recent_error_);
  std::int32_t recent_bits = 0;
  std::memcpy(&recent_bits, &recent, sizeof recent);
  numbers.push_back(recent_bits);
  checkpoint.put("trainer.numbers", {static_cast<std::int64_t>(numbers.size())}, numbers);
  const std::vector<std::int32_t> epoch(epoch_.begin(), epoch_.end());
  checkpoint.put("trainer.epoch", {static_cast<std::int64_t>(epoch.size())}, epoch);
}

Trainer::Trainer(const TrainingFilm& film, const TrainerOptions& options, const TensorFile& checkpoint)
    : film_(film),
      options_(options),
      drivers_(PoseDrivers::of(film.track->poses, film.track->training_frames)),
      random_(options.initialisation.seed, 9),
      renderer_(make_renderer("simd")),
      pool_(options.threads) {
  const auto format = checkpoint.metadata.find("anima.trainer_format");
  if (format == checkpoint.metadata.end() || format->second != std::to_string(kTrainerFormat)) {
    throw Error(ErrorCode::kCorruptData, "this checkpoint was made by another version of Anima",
                "train with --fresh to start again");
  }
  using Shape = std::vector<std::int64_t>;
  head_ = GaussianLayer::load(checkpoint, "trainer.head");
  torso_ = GaussianLayer::load(checkpoint, "trainer.torso");
  head_moments_.load(checkpoint, "trainer.head_moments", head_);
  torso_moments_.load(checkpoint, "trainer.torso_moments", torso_);
  head_unrest_.load(checkpoint, "trainer.head_unrest", head_);
  torso_unrest_.load(checkpoint, "trainer.torso_unrest", torso_);
  frames_ = FrameVariables::load(checkpoint, "trainer.frames");
  head_delta_scale_ = checkpoint.floats("trainer.delta_scale", Shape{head_.modal_count});
  if (frames_.count() != film.track->frames() || head_.modes != kHeadModes || torso_.modes != kTorsoModes) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("the checkpoint is of a film with {} frames; this one has {}", frames_.count(),
                            film.track->frames()),
                "train with --fresh to start again");
  }
  const std::vector<std::int32_t> numbers = checkpoint.integers("trainer.numbers", Shape{6});
  head_done_ = numbers[0];
  torso_done_ = numbers[1];
  if (head_done_ < 0 || torso_done_ < 0) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("the checkpoint has {} head and {} torso steps", head_done_, torso_done_),
                "train with --fresh to start again");
  }
  random_.set_state(static_cast<std::uint32_t>(numbers[3]) |
                    (static_cast<std::uint64_t>(static_cast<std::uint32_t>(numbers[4])) << 32U));
  float recent = 0;
  std::memcpy(&recent, &numbers[5], sizeof recent);
  recent_error_ = recent;
  for (const std::int32_t f : checkpoint.integers("trainer.epoch", Shape{-1})) {
    if (f < 0 || f >= film.track->training_frames) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("the checkpoint names frame {} of {}", f, film.track->training_frames),
                  "train with --fresh to start again");
    }
    epoch_.push_back(f);
  }
  cursor_ = std::clamp(numbers[2], 0, static_cast<int>(epoch_.size()));
}

}  // namespace anima::avatar
