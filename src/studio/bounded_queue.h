// Hands values from one thread to another, a few at most in between: the maker of a long film
// cannot run ahead of its encoder and fill the memory.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

namespace anima::studio {

template <typename Value>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  // Waits for room. False once the reader has closed the queue: stop making values.
  bool push(Value value) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return values_.size() < capacity_ || closed_; });
    if (closed_) return false;
    values_.push_back(std::move(value));
    changed_.notify_all();
    return true;
  }

  // The writer's end: no more values; with a failure, the reader gets it after what was pushed.
  void finish(std::exception_ptr failure = nullptr) {
    const std::scoped_lock lock(mutex_);
    finished_ = true;
    failure_ = failure;
    changed_.notify_all();
  }

  // Waits for a value; nothing at the end. Rethrows the writer's failure.
  std::optional<Value> pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !values_.empty() || finished_; });
    if (values_.empty()) {
      if (failure_) std::rethrow_exception(failure_);
      return std::nullopt;
    }
    Value value = std::move(values_.front());
    values_.pop_front();
    changed_.notify_all();
    return value;
  }

  // The reader's end: wakes a waiting writer for good.
  void close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Value> values_;
  bool finished_ = false;
  bool closed_ = false;
  std::exception_ptr failure_;
};

}  // namespace anima::studio
