// How close one picture is to another: PSNR and SSIM.
#pragma once

#include "core/image.h"

namespace anima::evaluate {

// Two identical pictures have no finite PSNR; reports and means use this ceiling instead.
inline constexpr double kPsnrCeilingDb = 100;

// Mean squared error over all pixels and channels, in (0..255)^2. Throws Error(kInvalidArgument)
// when the pictures differ in size or channels, or are empty: so do all functions here.
double mean_squared_error(const Image& a, const Image& b);

// 10 log10(255^2 / MSE) decibels, at most kPsnrCeilingDb.
double psnr_db(double mean_squared_error);
double psnr_db(const Image& a, const Image& b);

// Mean squared error where each pixel counts as much as `weight` (1 channel, same size) says.
// A weight of zero everywhere throws Error(kInvalidArgument).
double weighted_mean_squared_error(const Image& a, const Image& b, const Image& weight);

// Structural similarity (Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error
// visibility to structural similarity", 2004): Gaussian window of 11x11 with sigma 1.5, K1 = 0.01,
// K2 = 0.03, dynamic range 255, only windows that lie wholly inside the picture, mean over the
// channels. In [-1, 1], 1 for identical pictures. Needs pictures of at least 11x11.
double ssim(const Image& a, const Image& b);

}  // namespace anima::evaluate
