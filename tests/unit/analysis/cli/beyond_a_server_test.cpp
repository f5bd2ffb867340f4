// A layout that leaves its server is flagged wherever it is asked for.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

TEST_CASE("tensor parallel across servers is flagged by run, validate and explain alike", "[cli]") {
  constexpr auto said = "tensor parallel over 16 GPUs, and a server has 8: links between servers count as those within";
  const TemporaryFolder folder;
  const std::string path = folder.write("s.toml", tiny_scenario());
  const auto output_of = [&](const char* gpus, std::vector<std::string> command) {
    command.insert(command.end(), {"--set", "site.a.cluster.serving.nodes=2", "--set"});
    command.push_back(fmt::format("service.chat.tensor_parallel={}", gpus));
    return run_program(std::move(command)).out;
  };
  CHECK_THAT(output_of("16", {"validate", path}), Contains(fmt::format("flag: chat: {}", said)));
  CHECK_THAT(output_of("16", {"run", path, "-o", folder.path("s.h5")}), Contains(said));
  CHECK_THAT(run_program({"explain", "llama-3.1-8b", "h100-sxm", "--tensor-parallel", "16"}).out, Contains(said));
  CHECK_THAT(output_of("8", {"validate", path}), !Contains("tensor parallel over"));
}
