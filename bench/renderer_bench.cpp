// The avatar renderer and trainer, stage by stage, on a synthetic head of a trained one's size:
// Gaussians of about 2 px on the front of an ellipsoid that covers 300x380 of 512x512 pixels.
//
// Read the ratios, not the times. The plain loops beside a stage move the same bytes and give
// the machine's floor of that moment:
//   blend    reads every mode's deltas once            -> compare with read_deltas
//   adam     reads and writes values and two moments   -> compare with copy_adam
//   forward  one thread against two shows how tiles share
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstring>

#include "avatar/adam.h"
#include "avatar/picture_loss.h"
#include "avatar/renderer.h"
#include "avatar/simd_project.h"
#include "avatar/splat_tiles.h"
#include "core/random.h"
#include "core/threads.h"

namespace anima::avatar {
namespace {

constexpr int kModesHere = 23;

struct HeadScene {
  explicit HeadScene(int gaussians) {
    Random random(1);
    std::vector<NewGaussian> list(gaussians);
    for (int i = 0; i < gaussians; ++i) {
      NewGaussian& g = list[i];
      const double height = random.uniform(-1, 1), angle = random.uniform(0, 6.283);
      const double ring = std::sqrt(1 - height * height);
      g.position[0] = static_cast<float>(9 * ring * std::cos(angle));
      g.position[1] = static_cast<float>(11.4 * height);
      g.position[2] = static_cast<float>(-9 * std::abs(ring * std::sin(angle)));
      for (int k = 0; k < 3; ++k) {
        g.colour[k] = static_cast<float>(random.uniform());
        g.log_scale[k] = static_cast<float>(std::log(2.0 / 16.7) + random.uniform(-0.5, 0.5));
      }
      for (float& q : g.rotation) q = static_cast<float>(random.normal());
      g.opacity_logit = 1;
      // more than half of a trained head's Gaussians have modes
      if (i % 5 < 3) g.position_deltas.assign(kModesHere * 3, 0.01F);
    }
    layer = build_layer(list, kModesHere);
    weights.assign(kModesHere, 0.1F);
    scene.camera = {512, 512, 1000, 256, 256};
    scene.layers.push_back({&layer, {Eigen::Vector3d::Zero(), {0, 0, 60}}, weights});
    gradient.resize(512, 512);
    for (auto* plane : {&gradient.red, &gradient.green, &gradient.blue, &gradient.transmittance}) {
      for (float& v : *plane) v = static_cast<float>(random.normal());
    }
  }
  GaussianLayer layer;
  std::vector<float> weights;
  Scene scene;
  CanvasGradient gradient;
  RenderPass pass;
};

void forward(benchmark::State& state) {
  HeadScene head(static_cast<int>(state.range(0)));
  const auto renderer = make_renderer("simd");
  ThreadPool pool(static_cast<int>(state.range(1)));
  for (auto _ : state) renderer->forward(head.scene, head.pass, &pool);
  state.counters["fps"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(forward)
    ->ArgNames({"gaussians", "threads"})
    ->Args({20000, 1})
    ->Args({20000, 2})
    ->Args({30000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void backward(benchmark::State& state) {
  HeadScene head(static_cast<int>(state.range(0)));
  const auto renderer = make_renderer("simd");
  std::vector<LayerGradient> out;
  renderer->forward(head.scene, head.pass);
  for (auto _ : state) renderer->backward(head.scene, head.pass, head.gradient, out);
}
BENCHMARK(backward)->ArgName("gaussians")->Arg(20000)->Unit(benchmark::kMillisecond);

void blend(benchmark::State& state) {
  HeadScene head(20000);
  std::vector<float> blended(static_cast<std::size_t>(kModalPlanes) * head.layer.count);
  for (auto _ : state) {
    blend_layer(head.layer, head.weights, blended.data());
    benchmark::DoNotOptimize(blended.data());
  }
  state.SetBytesProcessed(
      static_cast<std::int64_t>(state.iterations() * head.layer.deltas.size() * sizeof(float)));
}
BENCHMARK(blend)->Unit(benchmark::kMillisecond);

void read_deltas(benchmark::State& state) {
  HeadScene head(20000);
  float sum = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < head.layer.deltas.size(); i += 16) sum += head.layer.deltas[i];
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(
      static_cast<std::int64_t>(state.iterations() * head.layer.deltas.size() * sizeof(float)));
}
BENCHMARK(read_deltas)->Unit(benchmark::kMillisecond);

void project(benchmark::State& state) {
  HeadScene head(20000);
  std::vector<float> blended(static_cast<std::size_t>(kModalPlanes) * head.layer.count);
  std::vector<Splat> splats(head.layer.count);
  blend_layer(head.layer, head.weights, blended.data());
  for (auto _ : state) project_layer(head.scene.camera, head.scene.layers[0], blended.data(), splats.data());
}
BENCHMARK(project)->Unit(benchmark::kMillisecond);

void sort_and_bin(benchmark::State& state) {
  HeadScene head(20000);
  make_renderer("simd")->forward(head.scene, head.pass);
  for (auto _ : state) sort_into_tiles(512, 512, head.pass);
}
BENCHMARK(sort_and_bin)->Unit(benchmark::kMillisecond);

void adam(benchmark::State& state) {
  HeadScene head(20000);
  AdamMoments moments(head.layer);
  ThreadPool pool(static_cast<int>(state.range(0)));
  LayerGradient g;
  g.base.assign(head.layer.base.size(), 1e-4F);
  AdamRates rates;
  rates.base.fill(1e-9F);
  rates.deltas.fill(1e-9F);
  const std::vector<BatchGradient> batch = {{&g, head.weights}, {&g, head.weights}};
  for (auto _ : state) adam_step(head.layer, moments, batch, rates, {}, pool);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * 6 * sizeof(float) *
                                                    (head.layer.deltas.size() + head.layer.base.size())));
}
BENCHMARK(adam)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void copy_adam(benchmark::State& state) {
  HeadScene head(20000);
  std::vector<float> from(3 * head.layer.deltas.size(), 1.0F), to(from.size());
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), from.size() * sizeof(float));
    benchmark::DoNotOptimize(to.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * 2 * from.size() * sizeof(float)));
}
BENCHMARK(copy_adam)->Unit(benchmark::kMillisecond);

void loss(benchmark::State& state) {
  HeadScene head(20000);
  make_renderer("simd")->forward(head.scene, head.pass);
  Image frame(512, 512, 3), behind(512, 512, 3);
  PictureLossOptions options;
  options.dissimilarity = static_cast<float>(state.range(0)) / 100;
  PictureScratch scratch;
  CanvasGradient out;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        picture_loss(head.pass.canvas, {&frame, &behind, {}, {}}, options, scratch, out).loss);
  }
}
BENCHMARK(loss)->ArgName("dissimilarity_percent")->Arg(0)->Arg(20)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace anima::avatar
