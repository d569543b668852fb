#include "core/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace anima {
namespace {

TEST(ThreadPool, DoesEachItemOnce) {
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.size(), threads);
    for (const int count : {0, 1, 3, 1000}) {
      std::vector<std::atomic<int>> done(static_cast<std::size_t>(count));
      std::atomic<int> strange_workers = 0;
      pool.run(count, [&](int item, int worker) {
        ++done[static_cast<std::size_t>(item)];
        if (worker < 0 || worker >= threads) ++strange_workers;
      });
      for (const auto& times : done) ASSERT_EQ(times, 1);
      EXPECT_EQ(strange_workers, 0);
    }
  }
}

TEST(ThreadPool, HandsOnTheFirstExceptionAndWorksOn) {
  ThreadPool pool(3);
  std::atomic<int> done = 0;
  EXPECT_THROW(pool.run(1000,
                        [&](int item, int) {
                          if (item == 10) throw std::runtime_error("item 10");
                          ++done;
                        }),
               std::runtime_error);
  EXPECT_LT(done, 1000);
  done = 0;
  pool.run(50, [&](int, int) { ++done; });
  EXPECT_EQ(done, 50);
}

TEST(ThreadPool, ManyShortRuns) {
  ThreadPool pool(4);
  long total = 0;
  for (int i = 0; i < 2000; ++i) {
    std::atomic<int> sum = 0;
    pool.run(4, [&](int item, int) { sum += item; });
    total += sum;
  }
  EXPECT_EQ(total, 2000L * 6);
}

TEST(Threads, ThereIsACore) {
  EXPECT_GE(available_cores(), 1);
}

}  // namespace
}  // namespace anima
