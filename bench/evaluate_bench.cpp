// The measures that `anima evaluate` takes of every frame: they must not cost more than drawing.
#include <benchmark/benchmark.h>

#include "core/random.h"
#include "evaluate/image_metrics.h"

namespace anima::evaluate {
namespace {

Image noise(std::uint64_t seed) {
  Random random(seed);
  Image image(512, 512, 3);
  for (auto& p : image.pixels) p = static_cast<std::uint8_t>(random.below(256));
  return image;
}

// One 512x512 colour picture, one core.
void BM_Psnr(benchmark::State& state) {
  const Image a = noise(1);
  const Image b = noise(2);
  for (auto _ : state) benchmark::DoNotOptimize(psnr_db(a, b));
}
BENCHMARK(BM_Psnr)->Unit(benchmark::kMillisecond);

void BM_Ssim(benchmark::State& state) {
  const Image a = noise(1);
  const Image b = noise(2);
  for (auto _ : state) benchmark::DoNotOptimize(ssim(a, b));
}
BENCHMARK(BM_Ssim)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace anima::evaluate
