#include "models/training/queue_discipline.hpp"

#include <catch2/catch.hpp>
#include <vector>

namespace {

using fleetwatt::models::AnyQueueDiscipline;
using fleetwatt::models::BatchJob;
using fleetwatt::models::EasyBackfill;
using fleetwatt::models::Fcfs;
using fleetwatt::models::jobs_to_start;
using fleetwatt::models::queue_disciplines;
using fleetwatt::models::RunningJob;
using fleetwatt::sim::Duration;
using fleetwatt::sim::SimTime;
using Indexes = std::vector<std::size_t>;

SimTime at(std::int64_t time_s) {
  return SimTime::at(Duration::from_whole_s(time_s));
}

BatchJob job(int gpus, std::int64_t estimate_s) {
  BatchJob made;
  made.estimate = Duration::from_whole_s(estimate_s);
  made.gpus = gpus;
  return made;
}

/// At 100 s.
Indexes easy(int free_gpus, const std::vector<BatchJob>& queue, const std::vector<RunningJob>& running) {
  return jobs_to_start(EasyBackfill{}, at(100), free_gpus, queue, running);
}

Indexes fcfs(int free_gpus, const std::vector<BatchJob>& queue, const std::vector<RunningJob>& running) {
  return jobs_to_start(Fcfs{}, at(100), free_gpus, queue, running);
}

}  // namespace

TEST_CASE("the table of queue disciplines names each alternative at its place") {
  CHECK(queue_disciplines[0].name == "fcfs");
  CHECK(queue_disciplines[1].name == "easy-backfill");
  for (std::size_t i = 0; i < queue_disciplines.size(); ++i) CHECK(queue_disciplines[i].discipline.index() == i);
}

TEST_CASE("first come, first served starts jobs until one does not fit") {
  CHECK(fcfs(4, {}, {}).empty());
  CHECK(fcfs(4, {job(2, 9), job(2, 9), job(1, 9)}, {}) == Indexes{0, 1});
  CHECK(fcfs(4, {job(2, 9), job(3, 9), job(1, 9)}, {}) == Indexes{0});  // job 2 would fit, but waits behind job 1
  CHECK(fcfs(0, {job(1, 9)}, {{at(110), 4}}).empty());
}

TEST_CASE("EASY starts a later job that ends by the shadow time, to the tick") {
  const std::vector<RunningJob> running = {{at(110), 3}};  // 1 of 4 free; a head of 4 starts at 110 s, nothing to spare
  CHECK(easy(1, {job(4, 5), job(1, 10)}, running) == Indexes{1});
  CHECK(easy(1, {job(4, 5), job(1, 11)}, running).empty());
  CHECK(easy(1, {job(4, 5), job(2, 5)}, running).empty());  // does not fit now
  std::vector<BatchJob> a_tick_late = {job(4, 5), job(1, 10)};
  a_tick_late[1].estimate += Duration::from_ticks(1);
  CHECK(easy(1, a_tick_late, running).empty());
  CHECK(fcfs(1, {job(4, 5), job(1, 10)}, running).empty());
}

TEST_CASE("EASY starts a long job on extra GPUs, and counts them down") {
  const std::vector<RunningJob> running = {{at(110), 6}};  // 4 of 10 free; a head of 7 leaves 3 spare at 110 s
  CHECK(easy(4, {job(7, 5), job(2, 1000), job(1, 1000), job(1, 1000)}, running) == Indexes{1, 2});
  CHECK(easy(4, {job(7, 5), job(4, 1000)}, running).empty());
  // What ends by the shadow time takes none of the extra GPUs.
  CHECK(easy(4, {job(7, 5), job(1, 10), job(3, 1000)}, running) == Indexes{1, 2});
}

TEST_CASE("EASY reserves for the first job that does not fit, after those that do") {
  // Job 0 starts and is planned to end at 105 s: then 3 + 1 free; the head (job 1, 4 GPUs) has its shadow time there.
  CHECK(easy(4, {job(3, 5), job(4, 5), job(1, 5)}, {}) == Indexes{0, 2});
  CHECK(easy(4, {job(3, 5), job(4, 5), job(1, 6)}, {}) == Indexes{0});
}

TEST_CASE("EASY counts all that end at the shadow time, in whatever order jobs are listed") {
  const std::vector<RunningJob> running = {{at(120), 2}, {at(110), 2}, {at(110), 2}};  // 1 of 7 free
  // Head of 3: at 110 s 1 + 2 + 2 = 5 are free, 2 are spare.
  CHECK(easy(1, {job(3, 5), job(1, 1000)}, running) == Indexes{1});
  // Head of 5: nothing spare.
  CHECK(easy(1, {job(5, 5), job(1, 1000)}, running).empty());
  CHECK(easy(1, {job(6, 5), job(1, 20)}, running) == Indexes{1});  // shadow time 120 s
}

TEST_CASE("EASY takes a job beyond its estimate as ending now") {
  const std::vector<RunningJob> running = {{at(60), 3}};             // 1 of 4 free; planned end in the past
  CHECK(easy(1, {job(4, 5), job(1, 1)}, running).empty());           // the shadow time is now
  CHECK(easy(1, {job(4, 5), job(1, 0)}, running) == Indexes{1});     // a job that ends at once delays nobody
  CHECK(easy(1, {job(3, 5), job(1, 1000)}, running) == Indexes{1});  // one GPU spare
}

TEST_CASE("EASY starts nothing where nothing is free or nobody waits") {
  CHECK(easy(0, {job(1, 1), job(1, 1)}, {{at(110), 4}}).empty());
  CHECK(easy(4, {}, {}).empty());
  CHECK(easy(4, {job(4, 1)}, {}) == Indexes{0});
}

TEST_CASE("an estimate up to the end of simulated time does not wrap") {
  BatchJob endless = job(1, 0);
  endless.estimate = Duration::from_whole_s(Duration::max_whole_s);
  CHECK(easy(1, {job(4, 5), endless}, {{at(110), 3}}).empty());
}
