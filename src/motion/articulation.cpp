#include "motion/articulation.h"

namespace anima::motion {
namespace {

//                                       open  closed  lip-teeth tongue  round  spread  nothing
constexpr std::array<Articulation, audio::kPhones> kPhoneArticulation = {{
    /* +NSN+ */ {{0.10F, 0, 0, 0, 0, 0, 1}},
    /* +SPN+ */ {{0.10F, 0, 0, 0, 0, 0, 1}},
    /* AA */ {{1.00F, 0, 0, 0, 0.1F, 0, 0}},
    /* AE */ {{0.95F, 0, 0, 0, 0, 0.5F, 0}},
    /* AH */ {{0.60F, 0, 0, 0, 0, 0, 0}},
    /* AO */ {{0.80F, 0, 0, 0, 0.6F, 0, 0}},
    /* AW */ {{0.85F, 0, 0, 0, 0.4F, 0, 0}},
    /* AY */ {{0.85F, 0, 0, 0, 0, 0.3F, 0}},
    /* B */ {{0.00F, 1, 0, 0, 0, 0, 0}},
    /* CH */ {{0.25F, 0, 0, 0, 0.7F, 0, 0}},
    /* D */ {{0.25F, 0, 0, 0, 0, 0.2F, 0}},
    /* DH */ {{0.25F, 0, 0, 1, 0, 0, 0}},
    /* EH */ {{0.65F, 0, 0, 0, 0, 0.4F, 0}},
    /* ER */ {{0.35F, 0, 0, 0, 0.4F, 0, 0}},
    /* EY */ {{0.50F, 0, 0, 0, 0, 0.6F, 0}},
    /* F */ {{0.10F, 0, 1, 0, 0, 0, 0}},
    /* G */ {{0.35F, 0, 0, 0, 0, 0, 0}},
    /* HH */ {{0.50F, 0, 0, 0, 0, 0, 0}},
    /* IH */ {{0.40F, 0, 0, 0, 0, 0.4F, 0}},
    /* IY */ {{0.25F, 0, 0, 0, 0, 0.9F, 0}},
    /* JH */ {{0.25F, 0, 0, 0, 0.7F, 0, 0}},
    /* K */ {{0.35F, 0, 0, 0, 0, 0, 0}},
    /* L */ {{0.35F, 0, 0, 0.5F, 0, 0, 0}},
    /* M */ {{0.00F, 1, 0, 0, 0, 0, 0}},
    /* N */ {{0.25F, 0, 0, 0, 0, 0.2F, 0}},
    /* NG */ {{0.35F, 0, 0, 0, 0, 0, 0}},
    /* OW */ {{0.50F, 0, 0, 0, 0.9F, 0, 0}},
    /* OY */ {{0.60F, 0, 0, 0, 0.7F, 0, 0}},
    /* P */ {{0.00F, 1, 0, 0, 0, 0, 0}},
    /* R */ {{0.25F, 0, 0, 0, 0.5F, 0, 0}},
    /* S */ {{0.15F, 0, 0, 0, 0, 0.5F, 0}},
    /* SH */ {{0.25F, 0, 0, 0, 0.7F, 0, 0}},
    /* SIL */ {{0.10F, 0, 0, 0, 0, 0, 1}},
    /* T */ {{0.25F, 0, 0, 0, 0, 0.2F, 0}},
    /* TH */ {{0.25F, 0, 0, 1, 0, 0, 0}},
    /* UH */ {{0.35F, 0, 0, 0, 0.6F, 0, 0}},
    /* UW */ {{0.20F, 0, 0, 0, 1.0F, 0, 0}},
    /* V */ {{0.10F, 0, 1, 0, 0, 0, 0}},
    /* W */ {{0.10F, 0, 0, 0, 1.0F, 0, 0}},
    /* Y */ {{0.20F, 0, 0, 0, 0, 0.6F, 0}},
    /* Z */ {{0.15F, 0, 0, 0, 0, 0.5F, 0}},
    /* ZH */ {{0.25F, 0, 0, 0, 0.7F, 0, 0}},
}};

}  // namespace

Articulation articulation_of(const audio::PhonePosteriors& posteriors) {
  Articulation result{};
  for (int phone = 0; phone < audio::kPhones; ++phone) {
    float p = 0;
    for (int j = 0; j < audio::kStatesPerPhone; ++j) p += posteriors[phone * audio::kStatesPerPhone + j];
    for (int a = 0; a < kArticulators; ++a) result[a] += p * kPhoneArticulation[phone][a];
  }
  return result;
}

}  // namespace anima::motion
