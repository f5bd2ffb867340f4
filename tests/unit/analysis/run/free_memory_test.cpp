#include "analysis/run/free_memory.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;

TEST_CASE("sizes of memory as people write them", "[unit]") {
  CHECK(analysis::bytes_from("8GB") == 8e9);
  CHECK(analysis::bytes_from("500 mb") == 500e6);
  CHECK(analysis::bytes_from("1.5TB") == 1.5e12);
  CHECK(analysis::bytes_from("2GiB") == 2147483648.0);
  for (const auto* wrong : {"", "8", "GB", "-1GB", "0GB", "8 apples", "8GB more", "nanGB", "infGB", "1e999GB"}) {
    INFO(wrong);
    CHECK_FALSE(analysis::bytes_from(wrong));
  }
}

TEST_CASE("free memory: the machine's, or the control group's where it is less", "[unit]") {
  const tests::TemporaryFolder folder;
  const auto free_bytes = [&] { return analysis::free_memory(folder.path()).bytes; };
  CHECK(std::isinf(free_bytes()));
  folder.write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:          100 kB\nMemAvailable:    8000000 kB\n");
  CHECK(free_bytes() == 8000000.0 * 1024);
  CHECK(analysis::free_memory(folder.path()).name == "free on this machine");

  folder.write("proc/self/cgroup", "0::/job/step\n");
  folder.write("sys/fs/cgroup/job/step/memory.max", "max\n");
  folder.write("sys/fs/cgroup/job/step/memory.current", "5000\n");
  CHECK(free_bytes() == 8000000.0 * 1024);
  folder.write("sys/fs/cgroup/job/memory.max", "4000000000\n");  // of the group above
  folder.write("sys/fs/cgroup/job/memory.current", "3000000000\n");
  folder.write("sys/fs/cgroup/job/memory.stat", "anon 5\ninactive_file 500000000\n");
  CHECK(free_bytes() == 1.5e9);
  CHECK(analysis::free_memory(folder.path()).name == "left in this control group");

  folder.write("proc/self/cgroup", "5:cpu:/\n4:hugetlb,memory:/old\n");
  folder.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  folder.write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000\n");
  CHECK(free_bytes() == 8000000.0 * 1024);
  folder.write("sys/fs/cgroup/memory/old/memory.limit_in_bytes", "700000000\n");
  folder.write("sys/fs/cgroup/memory/old/memory.usage_in_bytes", "900000000\n");
  CHECK(free_bytes() == 0.0);
}
