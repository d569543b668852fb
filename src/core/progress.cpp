#include "core/progress.h"

#include <algorithm>
#include <chrono>

#include "core/error.h"

namespace anima {

double monotonic_s() {
  using clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(clock::now().time_since_epoch()).count();
}

void CancellationToken::throw_if_requested(const std::string& what) const {
  if (requested()) {
    throw Error(ErrorCode::kCancelled, what + " was stopped", "run the same command again to go on from here");
  }
}

StageProgress::StageProgress(const WorkContext& context, std::string stage)
    : context_(context), stage_(std::move(stage)), started_s_(monotonic_s()) {}

void StageProgress::update(double done, double total, std::vector<std::pair<std::string, double>> figures) {
  context_.cancellation.throw_if_requested(stage_);
  const double now_s = monotonic_s();
  const bool last = total > 0 && done >= total;
  if (!last && now_s - last_report_s_ < 0.1) return;
  last_report_s_ = now_s;
  Progress report;
  report.stage = stage_;
  report.figures = std::move(figures);
  if (total > 0) {
    report.fraction = std::clamp(done / total, 0.0, 1.0);
    // A resumed stage starts above zero: only what was done in this run tells the speed.
    if (first_fraction_ < 0) first_fraction_ = report.fraction;
    const double gained = report.fraction - first_fraction_;
    if (gained > 1e-3) report.remaining_s = (now_s - started_s_) * (1 - report.fraction) / gained;
  } else {
    report.fraction = -1;
  }
  context_.report(report);
}

}  // namespace anima
