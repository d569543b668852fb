#include "text/markup_reader.h"

#include <gtest/gtest.h>

#include "text/markup_cases.h"

namespace anima::text {
namespace {

TEST(MarkupReader, MarksVanishAndWordsStay) {
  for (const MarkupCase& line : kMarkupCases)
    EXPECT_EQ(without_markup(line.written), line.plain) << line.written;
}

}  // namespace
}  // namespace anima::text
