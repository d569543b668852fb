#include "avatar/renderer.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "avatar/simd_composite.cpp"
#include <hwy/foreach_target.h>
// Highway must come after foreach_target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace anima::avatar::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<float, 8>;
using V = hn::Vec<D>;
using DInt = hn::RebindToSigned<D>;
using DByte = hn::Rebind<std::uint8_t, D>;

HWY_INLINE hn::Vec<DByte> to_bytes(V colour, V left, hn::Vec<DByte> behind) {
  const V back = hn::ConvertTo(D(), hn::PromoteTo(DInt(), behind));
  const V value = hn::MulAdd(colour, hn::Set(D(), 255.0F), hn::Mul(left, back));
  const V limited = hn::Min(hn::Max(value, hn::Zero(D())), hn::Set(D(), 255.0F));
  return hn::DemoteTo(DByte(), hn::ConvertTo(DInt(), hn::Add(limited, hn::Set(D(), 0.5F))));
}

void Composite(const Canvas& canvas, const std::uint8_t* background, std::uint8_t* out) {
  const D d;
  const DByte bytes;
  const std::size_t step = hn::Lanes(d);
  const std::size_t pixels = static_cast<std::size_t>(canvas.width) * canvas.height;
  std::size_t i = 0;
  for (; i + step <= pixels; i += step) {
    auto red = hn::Zero(bytes), green = red, blue = red;
    hn::LoadInterleaved3(bytes, background + i * 3, red, green, blue);
    const V left = hn::LoadU(d, canvas.transmittance.data() + i);
    red = to_bytes(hn::LoadU(d, canvas.red.data() + i), left, red);
    green = to_bytes(hn::LoadU(d, canvas.green.data() + i), left, green);
    blue = to_bytes(hn::LoadU(d, canvas.blue.data() + i), left, blue);
    hn::StoreInterleaved3(red, green, blue, bytes, out + i * 3);
  }
  for (; i < pixels; ++i) {
    const float* const planes[3] = {canvas.red.data(), canvas.green.data(), canvas.blue.data()};
    for (int c = 0; c < 3; ++c) {
      const float value =
          planes[c][i] * 255 + canvas.transmittance[i] * static_cast<float>(background[i * 3 + c]);
      out[i * 3 + c] = static_cast<std::uint8_t>((value < 0 ? 0 : value > 255 ? 255 : value) + 0.5F);
    }
  }
}

}  // namespace
}  // namespace anima::avatar::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace anima::avatar {

HWY_EXPORT(Composite);

void composite(const Canvas& canvas, const std::uint8_t* background_rgb, std::uint8_t* out_rgb) {
  HWY_DYNAMIC_DISPATCH(Composite)(canvas, background_rgb, out_rgb);
}

}  // namespace anima::avatar
#endif
