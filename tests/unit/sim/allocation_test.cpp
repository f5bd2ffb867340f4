// An event loop in steady state takes no memory: every allocation of the program is counted.
#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <new>

#include "sim/event_loop.hpp"
#include "sim/random_stream.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FLEETWATT_COUNTS_ALLOCATIONS 0  // the sanitizers bring their own allocator
#else
#define FLEETWATT_COUNTS_ALLOCATIONS 1
#endif

namespace {
std::atomic<std::uint64_t> allocations{0};
}

#if FLEETWATT_COUNTS_ALLOCATIONS
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
#endif

namespace fleetwatt::sim {

TEST_CASE("no allocation in steady state", "[unit]") {
  if (!FLEETWATT_COUNTS_ALLOCATIONS) {
    WARN("[skip] the sanitizers bring their own allocator");
    return;
  }
  enum class Kind : std::uint8_t { hold };
  EventLoop loop;
  RandomStream stream(1, "allocation test", "gaps");
  const auto gap = [&] {
    return Duration::from_ticks(static_cast<std::int64_t>(stream.below(std::uint64_t{1} << 35)));
  };
  for (std::uint64_t i = 0; i < 5'000; ++i) loop.schedule(Event::make(SimTime::at(gap()), Kind::hold, i));
  const auto hold = [&](const Event& event) {
    loop.schedule(Event::make(event.time + gap(), Kind::hold, event.subject()));
  };
  loop.run_until(SimTime::at(Duration::from_whole_s(60)), hold);  // warm: 300,000 events

  const std::uint64_t before = allocations;
  const std::uint64_t handled_before = loop.handled();
  loop.run_until(SimTime::at(Duration::from_whole_s(120)), hold);
  CHECK(loop.handled() > handled_before + 250'000);
  CHECK(allocations == before);
}

}  // namespace fleetwatt::sim
