// A fixed set of threads that share loops.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace anima {

// Runs `body(item, worker)` for items [0, count), items handed out one at a time in order.
// The calling thread works too, as worker 0. Not reentrant: a body must not call `run` of the
// same pool. The first exception thrown by a body is rethrown by `run` once all have stopped.
class ThreadPool {
 public:
  // `threads` counts the calling thread; 0 means one per core that this process may use.
  explicit ThreadPool(int threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int size() const { return static_cast<int>(helpers_.size()) + 1; }
  void run(int count, const std::function<void(int item, int worker)>& body);

 private:
  void help(int worker);
  void work(int worker);

  std::mutex mutex_;
  std::condition_variable start_;
  std::condition_variable finished_;
  const std::function<void(int, int)>* body_ = nullptr;
  int count_ = 0;
  int next_ = 0;
  int busy_ = 0;
  std::uint64_t generation_ = 0;
  bool stopping_ = false;
  std::exception_ptr failure_;
  std::vector<std::thread> helpers_;
};

// Cores that this process may use (respects affinity and container limits of the scheduler).
int available_cores();

}  // namespace anima
