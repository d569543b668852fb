#include "studio/bounded_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

namespace anima::studio {
namespace {

TEST(BoundedQueue, KeepsOrderAndNeverHoldsMoreThanItsCapacity) {
  BoundedQueue<int> queue(3);
  std::atomic<int> ahead{0};
  std::atomic<int> most{0};
  std::thread writer([&] {
    for (int i = 0; i < 1000; ++i) {
      queue.push(i);
      most = std::max(most.load(), ++ahead);
    }
    queue.finish();
  });
  for (int i = 0; i < 1000; ++i) {
    const auto value = queue.pop();
    ASSERT_TRUE(value.has_value());
    EXPECT_EQ(*value, i);
    --ahead;
  }
  EXPECT_FALSE(queue.pop().has_value());
  writer.join();
  EXPECT_LE(most, 4);  // three inside, one counted before the reader counts it off
}

TEST(BoundedQueue, AFailureArrivesAfterTheValuesBeforeIt) {
  BoundedQueue<int> queue(3);
  queue.push(1);
  queue.finish(std::make_exception_ptr(std::runtime_error("broken")));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_THROW(queue.pop(), std::runtime_error);
}

TEST(BoundedQueue, ClosingFreesAWaitingWriter) {
  BoundedQueue<int> queue(1);
  queue.push(1);
  std::thread closer([&] { queue.close(); });
  EXPECT_FALSE(queue.push(2));
  closer.join();
}

}  // namespace
}  // namespace anima::studio
