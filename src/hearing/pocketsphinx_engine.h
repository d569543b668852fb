// CMU PocketSphinx (BSD licence), linked: hears American English without any network.
#pragma once

#include <filesystem>
#include <memory>

#include "core/configuration.h"
#include "hearing/hearing_engine.h"

namespace anima::hearing {

// Configuration; options: folder (of the model: en-us, en-us.lm.bin, cmudict-en-us.dict; by default
// that of the Debian package pocketsphinx-en-us). Another language than English is refused with the
// names of the engines that know it. Decoders are made when first needed and kept.
std::unique_ptr<HearingEngine> make_pocketsphinx_engine(const EngineConfiguration& configuration);

// Where the Debian package puts the model; ANIMA_POCKETSPHINX_MODEL in the environment goes first.
std::filesystem::path default_pocketsphinx_folder();

}  // namespace anima::hearing
