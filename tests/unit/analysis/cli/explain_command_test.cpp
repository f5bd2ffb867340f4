// fleetwatt explain, called in process: what it prints, and what it refuses.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using analysis::ExitCode;
using Catch::Matchers::Contains;

namespace {

/// What it complains of, having made sure that it is bad input and that nothing was printed.
std::string refusal_of(std::vector<std::string> args) {
  args.insert(args.begin(), "explain");
  const Outcome outcome = run_program(std::move(args));
  CHECK(outcome.code == ExitCode::bad_input);
  CHECK(outcome.out.empty());
  return outcome.err;
}

}  // namespace

TEST_CASE("explain has help with an example", "[cli]") {
  const Outcome help = run_program({"explain", "--help"});
  CHECK(help.code == ExitCode::ok);
  CHECK_THAT(help.out, Contains("Usage: fleetwatt explain") && Contains("\n  fleetwatt explain llama-3.1-8b h100-sxm"));
  CHECK_THAT(run_program({"--help"}).out, Contains("\n  explain "));
}

TEST_CASE("explain says what fits, batches and their parts", "[cli]") {
  const Outcome outcome = run_program({"explain", "llama-3.1-8b", "h100-sxm"});
  CHECK(outcome.code == ExitCode::ok);
  CHECK(outcome.err.empty());
  CHECK_THAT(outcome.out,
             Contains("Llama 3.1 8B in bf16 on 1 x NVIDIA H100 80 GB SXM5, vLLM 0.11 (2025) on H100 (calibrated)\n"
                      "memory   weights 16.06 GB a GPU of 70.0 GB usable; cache 411,529 tokens: 685 requests of "
                      "200 + 400 tokens\n"));
  CHECK_THAT(outcome.out,
             Contains("\nbatch   TPOT ms   decode step ms   tokens/s   first token ms   power W   of TDP   J/token   "
                      "J/request   limit\n"));
  CHECK_THAT(outcome.out, Contains("memory full\n") && Contains("\nms a token   batch 1   share") &&
                              Contains("\n= TPOT ") && Contains("\nJ a token   batch 1   share") &&
                              Contains("\n= token ") && Contains("note: batches above 685 do not fit the cache\n"));
  const auto of_three = run_program({"explain", "llama-3.1-8b", "h100-sxm", "--batch", "8,64,256"}).out;
  CHECK_THAT(of_three, Contains("batch 8   share   batch 64   share   batch 256   share") && !Contains("note"));
}

TEST_CASE("explain takes the options' layout", "[cli]") {
  const auto json = nlohmann::json::parse(run_program({"explain",
                                                       "llama-3.1-70b",
                                                       "h200-sxm",
                                                       "--precision",
                                                       "fp8",
                                                       "--tensor-parallel",
                                                       "2",
                                                       "--pipeline-parallel",
                                                       "2",
                                                       "--data-parallel",
                                                       "3",
                                                       "--engine",
                                                       "vllm-2024-h100",
                                                       "--prompt",
                                                       "1000",
                                                       "--output",
                                                       "50",
                                                       "--batch",
                                                       "16",
                                                       "--json"})
                                              .out);
  CHECK(json["gpus"] == 12);
  CHECK(json["tensor_parallel"] == 2);
  CHECK(json["pipeline_parallel"] == 2);
  CHECK(json["data_parallel"] == 3);
  CHECK(json["precision"] == "fp8");
  CHECK(json["engine"] == "vllm-2024-h100");
  CHECK(json["prompt_tokens"] == 1000);
  CHECK(json["output_tokens"] == 50);
  CHECK(json["batches"].size() == 1);
  CHECK_THAT(json["notes"][0].get<std::string>(), Contains("beyond the calibrated range") && Contains("h100-sxm"));
}

TEST_CASE("explain suggests the names that there are", "[cli]") {
  const std::string err = refusal_of({"llama-3.1-8", "h100-smx", "--engine", "vllm-2025-h10", "--precision", "fp9"});
  CHECK_THAT(err, Contains("error: no precision `fp9`\n       did you mean `fp8`? one of: bf16, fp8, mxfp4, int4\n"));
  CHECK_THAT(err, Contains("error: no model `llama-3.1-8`\n       did you mean `llama-3.1-8b`? one of: "));
  CHECK_THAT(err, Contains("error: no accelerator `h100-smx`\n       did you mean `h100-sxm`? one of: ") &&
                      Contains(", rtx-pro-6000\n"));
  CHECK_THAT(err, Contains("error: no engine `vllm-2025-h10`\n       did you mean `vllm-2025-h100`? one of: "));
  CHECK_THAT(refusal_of({"xyzzy", "h100-sxm"}), Contains("error: no model `xyzzy`\n       one of: "));
}

TEST_CASE("explain refuses what makes no sense, with the mend", "[cli]") {
  CHECK(refusal_of({"h100-sxm", "llama-3.1-8b"}) ==
        "error: h100-sxm is an accelerator and llama-3.1-8b a model\n"
        "       the model comes first: fleetwatt explain llama-3.1-8b h100-sxm\n");
  CHECK(refusal_of({"my-fleet.toml", "h100-sxm"}) ==
        "error: explain takes a model, and my-fleet.toml looks like a file\n"
        "       fleetwatt explain MODEL ACCELERATOR --catalog my-fleet.toml\n");
  const std::vector<std::string> pair = {"llama-3.1-8b", "h100-sxm"};
  const auto with = [&](const std::string& option, const std::string& value) {
    return refusal_of({pair[0], pair[1], option, value});
  };
  CHECK(with("--batch", "8,0") ==
        "error: --batch 0: not a number that it can be\n       a whole number from 1 to 16384\n");
  CHECK_THAT(with("--batch", "1.5"), Contains("--batch 1.5") && Contains("a whole number from 1 to 16384"));
  CHECK_THAT(with("--batch", "many"), Contains("--batch many"));
  CHECK_THAT(with("--output", "0"), Contains("--output 0") && Contains("a whole number from 1 to 10000000"));
  CHECK_THAT(with("--prompt", "-5"), Contains("--prompt"));
  CHECK_THAT(with("--tensor-parallel", "0"), Contains("a whole number from 1 to 1024"));
  CHECK_THAT(with("--pipeline-parallel", "two"), Contains("a whole number from 1 to 64"));
  CHECK_THAT(with("--data-parallel", "99999999999"), Contains("a whole number from 1 to 1024"));
  CHECK(with("--output", "200000") ==
        "error: 200 + 200000 tokens are more than the context of Llama 3.1 8B, 131072\n"
        "       a shorter --prompt or --output\n");
  CHECK_THAT(refusal_of({"llama-3.1-8b"}), Contains("ACCELERATOR is required"));
  CHECK_THAT(refusal_of({"llama-3.1-8b", "h100-sxm", "b200-sxm"}), Contains("b200-sxm"));
  CHECK(refusal_of({"llama-3.1-8b", "a100-80-sxm", "--precision", "fp8"}) ==
        "error: NVIDIA A100 80 GB SXM4 has no FP8\n       --precision bf16\n");
  CHECK_THAT(refusal_of({"llama-3.1-405b", "l40s"}),
             Contains("error: no engine was calibrated on NVIDIA L40S 48 GB\n       name one that is near enough, "
                      "--engine vllm-") &&
                 Contains("fleetwatt calibrate"));
  CHECK_THAT(refusal_of({"llama-3.1-70b", "h100-sxm", "--tensor-parallel", "1"}),
             Contains("71.1 GB more than the 70.0 GB usable\n       --tensor-parallel 4 or more"));
}

TEST_CASE("explain knows a scenario's own entries", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.toml", tiny_scenario() + R"(
[catalog.accelerator.half]
extends         = "h100-sxm"
title           = "Half a bandwidth"
memory_tb_per_s = 1.675

[catalog.model.bare]
title         = "Bare"
kernel_family = "dense"
layers        = 2
)");
  const auto json_of = [&](const std::string& accelerator) {
    return nlohmann::json::parse(
        run_program({"explain", "llama-3.1-8b", accelerator, "--catalog", path, "--batch", "1", "--json"}).out);
  };
  const double whole_ms = json_of("h100-sxm")["batches"][0]["time_per_output_token_ms_of"]["weights"];
  CHECK(json_of("half")["batches"][0]["time_per_output_token_ms_of"]["weights"] == Approx(2 * whole_ms));
  CHECK_THAT(refusal_of({"bare", "half", "--catalog", path}),
             Contains("error: the model `bare` has no parameters_billion, dense_read_billion, hidden") &&
                 Contains("extends = \"NAME\""));
  CHECK_THAT(refusal_of({"llama-3.1-8b", "h100-sxm", "--catalog", folder.path("none.toml")}),
             Contains("there is no such file"));
}
