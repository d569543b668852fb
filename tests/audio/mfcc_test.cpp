#include "audio/mfcc.h"

#include <gtest/gtest.h>

#include "test_speech.h"

namespace anima::audio {
namespace {

// By pocketsphinx_batch 5prealpha of the same sound, with -remove_noise no -remove_silence no
// -dither no -mfclogdir.
TEST(Mfcc, EqualsTheSphinxFrontEnd) {
  struct Expected {
    int frame;
    Cepstra cepstra;
  };
  const Expected expected[] = {
      {10,
       {60.0149F, 52.2124F, -50.5947F, -28.7537F, -8.4463F, -25.1253F, -4.9960F, -22.1797F, -21.1074F,
        29.4504F, 17.4741F, 2.9316F, 5.0896F}},
      {50,
       {61.9607F, 47.3380F, -49.8096F, 7.6629F, 14.0885F, -32.7776F, -38.1241F, -45.1429F, 2.2203F, 16.2668F,
        -21.5901F, 3.0895F, 9.4087F}},
      {90,
       {63.3803F, 35.4096F, -39.4251F, 42.8441F, 21.5709F, -37.5265F, -26.1132F, -6.0866F, 2.3219F, -33.8875F,
        -20.4433F, 12.3141F, -13.0522F}},
  };
  FrameSpectrumStream stream;
  stream.push(voice_by_formula().samples);
  stream.finish();
  std::vector<FrameSpectrum> frames;
  FrameSpectrum frame;
  while (stream.pull(frame)) frames.push_back(frame);
  const Mfcc mfcc;
  for (const Expected& e : expected) {
    const Cepstra cepstra = mfcc.compute(frames[e.frame]);
    for (int c = 0; c < kCepstra; ++c)
      EXPECT_NEAR(cepstra[c], e.cepstra[c], 2e-3) << "frame " << e.frame << " c" << c;
  }
}

}  // namespace
}  // namespace anima::audio
