#include "models/training/job_queue.hpp"

#include <catch2/catch.hpp>
#include <vector>

namespace {

using fleetwatt::models::BatchJob;
using fleetwatt::models::JobQueue;
using Positions = std::vector<std::size_t>;

BatchJob job(std::size_t index) {
  BatchJob made;
  made.number = static_cast<std::int64_t>(100 + index);
  return made;
}

JobQueue queue_of(std::size_t jobs) {
  JobQueue queue;
  for (std::size_t i = 0; i < jobs; ++i) queue.push(job(i), i);
  return queue;
}

Positions left_in(const JobQueue& queue) {
  Positions indexes;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    indexes.push_back(queue.index_at(i));
    CHECK(queue.jobs()[i].number == static_cast<std::int64_t>(100 + queue.index_at(i)));
  }
  CHECK(queue.jobs().size() == queue.size());
  return indexes;
}

}  // namespace

TEST_CASE("a job queue keeps its order when jobs leave from the front, the middle and the end") {
  JobQueue queue = queue_of(8);
  queue.remove(Positions{});
  CHECK(left_in(queue).size() == 8);
  queue.remove(Positions{0, 1});
  CHECK(left_in(queue) == Positions{2, 3, 4, 5, 6, 7});
  queue.remove(Positions{0, 2, 5});
  CHECK(left_in(queue) == Positions{3, 5, 6});
  queue.push(job(8), 8);
  CHECK(left_in(queue) == Positions{3, 5, 6, 8});
  queue.remove(Positions{3, 1});  // in any order
  CHECK(left_in(queue) == Positions{3, 6});
  queue.remove(Positions{0, 1});
  CHECK(queue.size() == 0);
  queue.push(job(9), 9);
  CHECK(left_in(queue) == Positions{9});
}
