// Progress and cancellation: how long work tells its caller where it stands, and is stopped.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace anima {

// One report. Plain data: the terminal, a job record and a browser show the same thing.
struct Progress {
  std::string stage;     // what is being done, e.g. "tracking the face"
  double fraction = 0;   // of this stage, 0 to 1; negative where the end is unknown
  double remaining_s = -1;  // estimated seconds left of this stage; negative when unknown
  std::vector<std::pair<std::string, double>> figures;  // live values, e.g. {"psnr_db", 31.2}
};

// Called on whichever thread does the work, never concurrently for one piece of work. It must
// return quickly and must not throw.
using ProgressSink = std::function<void(const Progress&)>;

// A flag shared between who may stop the work and who does it. Copies share one flag.
// `request` is safe from any thread and from a signal handler.
class CancellationToken {
 public:
  CancellationToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}
  void request() const noexcept { flag_->store(true, std::memory_order_relaxed); }
  bool requested() const noexcept { return flag_->load(std::memory_order_relaxed); }
  // Throws Error(kCancelled) naming `what` if a stop was requested.
  void throw_if_requested(const std::string& what) const;

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

// What every long function takes: where to report, and whether to stop.
struct WorkContext {
  ProgressSink progress;  // may be empty
  CancellationToken cancellation;

  void report(const Progress& p) const {
    if (progress) progress(p);
  }
};

// Turns "item i of n" into reports with a remaining time, at most about ten per second.
class StageProgress {
 public:
  StageProgress(const WorkContext& context, std::string stage);
  // Reports `done` of `total` and throws Error(kCancelled) if a stop was requested.
  void update(double done, double total, std::vector<std::pair<std::string, double>> figures = {});

 private:
  const WorkContext& context_;
  std::string stage_;
  double started_s_;
  double last_report_s_ = -1e9;
  double first_fraction_ = -1;
};

// Seconds of a monotonic clock.
double monotonic_s();

}  // namespace anima
