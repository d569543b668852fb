// How a text will be read, as people and programs read it: `anima speak --explain`.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "text/explanation.h"

namespace anima::app {

// A line a piece: what is written, its class, its words, and the syllables of Chinese.
std::string to_text(const std::vector<text::ExplainedClause>& clauses);
nlohmann::ordered_json to_json(const std::vector<text::ExplainedClause>& clauses);

}  // namespace anima::app
