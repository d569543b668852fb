#include "avatar/simd_raster.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "avatar/splat_tiles.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "avatar/simd_raster.cpp"
#include <hwy/foreach_target.h>
// Highway must come after foreach_target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace anima::avatar::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
// Eight pixels of a row at a time also where vectors are wider: splats are small, and wider
// blocks would mostly hold pixels outside of them.
using D = hn::CappedTag<float, 8>;
using V = hn::Vec<D>;

constexpr int kPixels = kTileSize * kTileSize;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
constexpr int kColumns = kTileSize / kLanes;
// A block of pixels is finished when less than this of what lies behind can be seen. In a smaller block
// more pixels come close to that, so it must be less there for the same mean error.
constexpr float kOpaque = kLanes >= 8 ? 1.0F / 1024.0F : 1.0F / 16384.0F;

V splat(float value) {
  return hn::Set(D(), value);
}

constexpr float kLog2MinAlpha = -7.99435344F;  // log2(kMinAlpha)

// 2^x for x in [-20, 0]: round to an integer, Taylor polynomial of degree 5 on [-1/2, 1/2].
// Relative error below 3.5e-6, the largest half-way between whole numbers.
HWY_INLINE V exp2_negative(V x) {
  const D d;
  const hn::RebindToSigned<D> di;
  x = hn::Max(x, splat(-20.0F));
  const V whole = hn::Round(x);
  const V f = hn::Sub(x, whole);
  V p = splat(1.33335581e-3F);
  p = hn::MulAdd(p, f, splat(9.61812911e-3F));
  p = hn::MulAdd(p, f, splat(5.55041087e-2F));
  p = hn::MulAdd(p, f, splat(2.40226507e-1F));
  p = hn::MulAdd(p, f, splat(6.93147181e-1F));
  p = hn::MulAdd(p, f, splat(1.0F));
  const auto exponent = hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(di, whole), hn::Set(di, 127)));
  return hn::Mul(p, hn::BitCast(d, exponent));
}

// A set of blocks (kLanes pixels of one row) of a tile: bit `row` of each column's mask.
struct BlockSet {
  std::uint16_t rows[kColumns];
};

// The blocks that the ellipse of `s` reaches: the quadratic a x^2 + 2 b y x + c y^2 = r^2 solved
// for x, several rows at once.
HWY_INLINE BlockSet blocks_reached(const Splat& s, float x0, float y0) {
  const D d;
  const V a = splat(s.a);
  const V inverse_a = splat(1.0F / s.a);
  const V b = splat(s.b);
  const V c = splat(s.c);
  const V r2 = splat(s.log2_opacity - kLog2MinAlpha);
  BlockSet reached{};
  for (int row = 0; row < kTileSize; row += kLanes) {
    const V dy = hn::Add(hn::Iota(d, static_cast<float>(row)), splat(y0 + 0.5F - s.v));
    const V by = hn::Mul(b, dy);
    const V discriminant = hn::NegMulAdd(a, hn::MulSub(hn::Mul(c, dy), dy, r2), hn::Mul(by, by));
    const auto touches = hn::Ge(discriminant, splat(0.0F));
    if (hn::AllFalse(d, touches)) continue;
    const V root = hn::Sqrt(hn::Max(discriminant, splat(0.0F)));
    const V centre = splat(s.u - x0 - 0.5F);  // in pixel centres of the tile
    const V left = hn::NegMulAdd(hn::Add(by, root), inverse_a, centre);
    const V right = hn::MulAdd(hn::Sub(root, by), inverse_a, centre);
    for (int column = 0; column < kColumns; ++column) {
      const auto inside =
          hn::And(touches, hn::And(hn::Le(left, splat(static_cast<float>(column * kLanes + kLanes - 1))),
                                   hn::Ge(right, splat(static_cast<float>(column * kLanes)))));
      std::uint8_t bits[8] = {0};
      hn::StoreMaskBits(d, inside, bits);
      reached.rows[column] = static_cast<std::uint16_t>(reached.rows[column] | (bits[0] << row));
    }
  }
  return reached;
}

// Blocks that still show what lies behind. Both directions walk them in the same order.
struct AliveBlocks {
  BlockSet set;
  int count = kColumns * kTileSize;
  AliveBlocks() { std::fill_n(set.rows, kColumns, static_cast<std::uint16_t>(0xFFFF)); }
  void finish(int column, int row) {
    set.rows[column] = static_cast<std::uint16_t>(set.rows[column] & ~(1U << row));
    --count;
  }
};

HWY_INLINE V alpha_of(const Splat& s, V dx, float dy) {
  const V power =
      hn::MulAdd(hn::MulAdd(splat(s.a), dx, splat(2 * s.b * dy)), dx, splat(s.c * dy * dy - s.log2_opacity));
  const V alpha = exp2_negative(hn::Neg(hn::Max(power, splat(0.0F))));
  return hn::IfThenElseZero(hn::Ge(alpha, splat(kMinAlpha)), hn::Min(alpha, splat(kMaxAlpha)));
}

struct TileBuffers {
  alignas(64) float red[kPixels], green[kPixels], blue[kPixels], left[kPixels];
};

void copy_rows(const float* from, int from_stride, float* to, int to_stride, int columns, int rows) {
  for (int y = 0; y < rows; ++y)
    std::memcpy(to + y * to_stride, from + y * from_stride, sizeof(float) * columns);
}

void DrawTile(const Splat* splats, const std::uint32_t* items, std::size_t item_count, int tile_x, int tile_y,
              Canvas& canvas) {
  const D d;
  TileBuffers t;
  std::fill_n(t.red, kPixels, 0.0F);
  std::fill_n(t.green, kPixels, 0.0F);
  std::fill_n(t.blue, kPixels, 0.0F);
  std::fill_n(t.left, kPixels, 1.0F);
  AliveBlocks alive;
  for (std::size_t n = 0; n < item_count && alive.count > 0; ++n) {
    const Splat& s = splats[items[n]];
    const BlockSet reached = blocks_reached(s, static_cast<float>(tile_x), static_cast<float>(tile_y));
    const V red = splat(s.red), green = splat(s.green), blue = splat(s.blue);
    for (int column = 0; column < kColumns; ++column) {
      unsigned blocks = reached.rows[column] & alive.set.rows[column];
      while (blocks != 0) {
        const int row = std::countr_zero(blocks);
        blocks &= blocks - 1;
        const int at = row * kTileSize + column * kLanes;
        const V dx = hn::Add(hn::Iota(d, static_cast<float>(column * kLanes)),
                             splat(static_cast<float>(tile_x) + 0.5F - s.u));
        const V alpha = alpha_of(s, dx, static_cast<float>(tile_y + row) + 0.5F - s.v);
        V left = hn::Load(d, t.left + at);
        const V weight = hn::Mul(left, alpha);
        left = hn::Sub(left, weight);
        hn::Store(hn::MulAdd(weight, red, hn::Load(d, t.red + at)), d, t.red + at);
        hn::Store(hn::MulAdd(weight, green, hn::Load(d, t.green + at)), d, t.green + at);
        hn::Store(hn::MulAdd(weight, blue, hn::Load(d, t.blue + at)), d, t.blue + at);
        hn::Store(left, d, t.left + at);
        if (hn::AllTrue(d, hn::Lt(left, splat(kOpaque)))) alive.finish(column, row);
      }
    }
  }
  const int columns = std::min(kTileSize, canvas.width - tile_x);
  const int rows = std::min(kTileSize, canvas.height - tile_y);
  const std::size_t origin = static_cast<std::size_t>(tile_y) * canvas.width + tile_x;
  copy_rows(t.red, kTileSize, canvas.red.data() + origin, canvas.width, columns, rows);
  copy_rows(t.green, kTileSize, canvas.green.data() + origin, canvas.width, columns, rows);
  copy_rows(t.blue, kTileSize, canvas.blue.data() + origin, canvas.width, columns, rows);
  copy_rows(t.left, kTileSize, canvas.transmittance.data() + origin, canvas.width, columns, rows);
}

// Front to back again, as forward went. With g the derivative with respect to the pixel's
// colour, `behind` holds (whole picture . g) minus what was passed so far, so that
//   d loss / d alpha_i = T_i (c_i . g) - behind_i / (1 - alpha_i)
// needs no list of what was drawn.
void DrawTileBackward(const Splat* splats, const std::uint32_t* items, std::size_t item_count, int tile_x,
                      int tile_y, const Canvas& canvas, const CanvasGradient& gradient, SplatGradient* sums) {
  const D d;
  TileBuffers g;  // g.left stays unused: the transmittance's part is in `behind`
  alignas(64) float behind[kPixels];
  alignas(64) float left[kPixels];
  const int columns = std::min(kTileSize, canvas.width - tile_x);
  const int rows = std::min(kTileSize, canvas.height - tile_y);
  if (columns < kTileSize || rows < kTileSize) {
    std::fill_n(g.red, kPixels, 0.0F);
    std::fill_n(g.green, kPixels, 0.0F);
    std::fill_n(g.blue, kPixels, 0.0F);
    std::fill_n(behind, kPixels, 0.0F);
  }
  const std::size_t origin = static_cast<std::size_t>(tile_y) * canvas.width + tile_x;
  copy_rows(gradient.red.data() + origin, canvas.width, g.red, kTileSize, columns, rows);
  copy_rows(gradient.green.data() + origin, canvas.width, g.green, kTileSize, columns, rows);
  copy_rows(gradient.blue.data() + origin, canvas.width, g.blue, kTileSize, columns, rows);
  for (int y = 0; y < rows; ++y) {
    const std::size_t line = origin + static_cast<std::size_t>(y) * canvas.width;
    for (int x = 0; x < columns; ++x) {
      const std::size_t at = line + x;
      behind[y * kTileSize + x] = canvas.red[at] * gradient.red[at] + canvas.green[at] * gradient.green[at] +
                                  canvas.blue[at] * gradient.blue[at] +
                                  canvas.transmittance[at] * gradient.transmittance[at];
    }
  }
  std::fill_n(left, kPixels, 1.0F);
  AliveBlocks alive;
  for (std::size_t n = 0; n < item_count && alive.count > 0; ++n) {
    const Splat& s = splats[items[n]];
    const BlockSet reached = blocks_reached(s, static_cast<float>(tile_x), static_cast<float>(tile_y));
    const V red = splat(s.red), green = splat(s.green), blue = splat(s.blue);
    V sum_q = splat(0.0F), sum_qx = sum_q, sum_qy = sum_q, sum_qxx = sum_q, sum_qxy = sum_q, sum_qyy = sum_q;
    V sum_red = sum_q, sum_green = sum_q, sum_blue = sum_q;
    for (int column = 0; column < kColumns; ++column) {
      unsigned blocks = reached.rows[column] & alive.set.rows[column];
      while (blocks != 0) {
        const int row = std::countr_zero(blocks);
        blocks &= blocks - 1;
        const int at = row * kTileSize + column * kLanes;
        const float dy_value = static_cast<float>(tile_y + row) + 0.5F - s.v;
        const V dx = hn::Add(hn::Iota(d, static_cast<float>(column * kLanes)),
                             splat(static_cast<float>(tile_x) + 0.5F - s.u));
        const V alpha = alpha_of(s, dx, dy_value);
        const V g_red = hn::Load(d, g.red + at), g_green = hn::Load(d, g.green + at),
                g_blue = hn::Load(d, g.blue + at);
        V t = hn::Load(d, left + at);
        const V weight = hn::Mul(t, alpha);
        const V colour_g = hn::MulAdd(red, g_red, hn::MulAdd(green, g_green, hn::Mul(blue, g_blue)));
        const V rest = hn::NegMulAdd(weight, colour_g, hn::Load(d, behind + at));
        hn::Store(rest, d, behind + at);
        const V d_alpha = hn::MulSub(t, colour_g, hn::Div(rest, hn::Sub(splat(1.0F), alpha)));
        const V q = hn::IfThenElseZero(hn::Lt(alpha, splat(kMaxAlpha)), hn::Mul(alpha, d_alpha));
        const V dy = splat(dy_value);
        const V qx = hn::Mul(q, dx);
        const V qy = hn::Mul(q, dy);
        sum_q = hn::Add(sum_q, q);
        sum_qx = hn::Add(sum_qx, qx);
        sum_qy = hn::Add(sum_qy, qy);
        sum_qxx = hn::MulAdd(qx, dx, sum_qxx);
        sum_qxy = hn::MulAdd(qx, dy, sum_qxy);
        sum_qyy = hn::MulAdd(qy, dy, sum_qyy);
        sum_red = hn::MulAdd(weight, g_red, sum_red);
        sum_green = hn::MulAdd(weight, g_green, sum_green);
        sum_blue = hn::MulAdd(weight, g_blue, sum_blue);
        t = hn::Sub(t, weight);
        hn::Store(t, d, left + at);
        if (hn::AllTrue(d, hn::Lt(t, splat(kOpaque)))) alive.finish(column, row);
      }
    }
    SplatGradient& out = sums[items[n]];
    const auto total = [&](V v) { return hn::GetLane(hn::SumOfLanes(d, v)); };
    out.q += total(sum_q);
    out.qx += total(sum_qx);
    out.qy += total(sum_qy);
    out.qxx += total(sum_qxx);
    out.qxy += total(sum_qxy);
    out.qyy += total(sum_qyy);
    out.red += total(sum_red);
    out.green += total(sum_green);
    out.blue += total(sum_blue);
  }
}

void Exp2Negative(const float* x, float* out, std::size_t count) {
  const D d;
  for (std::size_t i = 0; i < count; i += hn::Lanes(d))
    hn::StoreU(exp2_negative(hn::LoadU(d, x + i)), d, out + i);
}

}  // namespace
}  // namespace anima::avatar::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace anima::avatar {

HWY_EXPORT(DrawTile);
HWY_EXPORT(DrawTileBackward);
HWY_EXPORT(Exp2Negative);

void draw_tile(const Splat* splats, std::span<const std::uint32_t> items, int tile_x_px, int tile_y_px,
               Canvas& canvas) {
  HWY_DYNAMIC_DISPATCH(DrawTile)(splats, items.data(), items.size(), tile_x_px, tile_y_px, canvas);
}

void draw_tile_backward(const Splat* splats, std::span<const std::uint32_t> items, int tile_x_px,
                        int tile_y_px, const Canvas& canvas, const CanvasGradient& gradient,
                        SplatGradient* sums) {
  HWY_DYNAMIC_DISPATCH(DrawTileBackward)
  (splats, items.data(), items.size(), tile_x_px, tile_y_px, canvas, gradient, sums);
}

void exp2_negative(std::span<const float> x, std::span<float> out) {
  HWY_DYNAMIC_DISPATCH(Exp2Negative)(x.data(), out.data(), x.size());
}

}  // namespace anima::avatar
#endif
