// Seeded damage to well-formed bytes: what a reader of foreign files must survive.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <span>
#include <vector>

#include "core/error.h"
#include "core/random.h"

namespace anima::test {

// One damaged copy: flipped bits, a cut end, edited lengths (any aligned or unaligned 1, 2, 4 or
// 8 bytes set to a value that length fields break on), a removed, doubled or inserted part.
inline std::vector<std::byte> mutate(std::span<const std::byte> original, Random& random) {
  std::vector<std::byte> bytes(original.begin(), original.end());
  const auto place = [&] {
    return bytes.empty() ? 0 : random.below(static_cast<std::uint32_t>(bytes.size()));
  };
  const int edits = 1 + static_cast<int>(random.below(3));
  for (int edit = 0; edit < edits && !bytes.empty(); ++edit) {
    // Half of the edits aim at the first bytes, where headers are.
    const std::size_t at = random.below(2) == 0 ? place() : std::min<std::size_t>(place(), random.below(256));
    switch (random.below(6)) {
      case 0:
        bytes[at] ^= static_cast<std::byte>(1U << random.below(8));
        break;
      case 1:
        bytes[at] = static_cast<std::byte>(random.below(256));
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3: {
        constexpr std::uint64_t kValues[] = {0,
                                             1,
                                             0x7F,
                                             0x80,
                                             0xFF,
                                             0x7FFF,
                                             0xFFFF,
                                             0x7FFFFFFF,
                                             0x80000000,
                                             0xFFFFFFFF,
                                             0x7FFFFFFFFFFFFFFF,
                                             0x8000000000000000,
                                             0xFFFFFFFFFFFFFFFF};
        const std::uint64_t value = kValues[random.below(std::size(kValues))] + random.below(3) - 1;
        const std::size_t size = std::min<std::size_t>(std::size_t{1} << random.below(4), bytes.size() - at);
        std::memcpy(bytes.data() + at, &value, size);
        break;
      }
      case 4: {
        const std::size_t size = std::min<std::size_t>(1 + random.below(16), bytes.size() - at);
        bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
        break;
      }
      case 5: {
        const std::size_t size = std::min<std::size_t>(1 + random.below(16), bytes.size() - at);
        const std::vector<std::byte> part(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                          bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(place()), part.begin(), part.end());
        break;
      }
    }
  }
  return bytes;
}

// Hands `count` damaged copies of `original` to `read(std::span<const std::byte>)`, which must
// return or throw anima::Error: anything else, a crash included, fails the test. Returns how
// many copies were refused, so that a test can see that damage is noticed at all.
template <typename Reader>
int expect_survives_mutations(std::span<const std::byte> original, int count, std::uint64_t seed,
                              const Reader& read) {
  int refused = 0;
  for (int i = 0; i < count; ++i) {
    Random random(seed, static_cast<std::uint64_t>(i));
    // An own allocation of the exact size, so that the address sanitizer sees a read past its end.
    const std::vector<std::byte> damaged = mutate(original, random);
    try {
      read(std::span<const std::byte>(damaged));
    } catch (const Error&) {
      ++refused;
    } catch (const std::exception& other) {
      ADD_FAILURE() << "mutation " << i << " of seed " << seed << " escaped as: " << other.what();
      return refused;
    }
  }
  return refused;
}

}  // namespace anima::test
