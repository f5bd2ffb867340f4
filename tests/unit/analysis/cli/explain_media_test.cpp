// fleetwatt explain of models that make images and videos.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using analysis::ExitCode;
using Catch::Matchers::Contains;

TEST_CASE("a diffusion model is explained batch by batch, and what a batch is made of", "[cli]") {
  const Outcome outcome = run_program({"explain", "stable-diffusion-3-medium", "h100-sxm", "--steps", "25", "--engine",
                                       "diffusers-2024-h100", "--batch", "1,4"});
  CHECK(outcome.code == ExitCode::ok);
  CHECK_THAT(outcome.out, Contains("Stable Diffusion 3 Medium (text to image) on 1 x NVIDIA H100") &&
                              Contains("1024 x 1024 px, 25 steps: 4,096 tokens of picture and 154 of text") &&
                              Contains("J an image") && Contains("element-wise") && Contains("= batch"));
}

TEST_CASE("the same as JSON, whose parts belong to the time", "[cli]") {
  const Outcome outcome =
      run_program({"explain", "cogvideox-2b", "h100-sxm", "--batch", "1", "--frames", "25", "--json"});
  REQUIRE(outcome.code == ExitCode::ok);
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK(json.at("latent_tokens") == 45 * 30 * 7);
  CHECK(json.at("notes").size() == 1);  // 25 frames were not measured
  const auto& batch = json.at("batches").at(0);
  CHECK(batch.at("parts_s").at("attention").get<double>() < batch.at("time_s").get<double>());
}

TEST_CASE("parts of a batch of images or videos are shares that add up to its time", "[cli]") {
  // On the H100 launches are beside much arithmetic; on eight GPUs a small image is all launches.
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"stable-diffusion-3-medium", "h100-sxm", "--batch", "1,4,16"},
           {"stable-diffusion-3.5-large", "h100-sxm", "--ulysses", "2", "--width", "512", "--height", "512"},
           {"cogvideox-2b", "h100-sxm", "--ulysses", "2", "--ring", "2", "--batch", "1"}}) {
    std::vector<std::string> command = {"explain", "--json"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Outcome outcome = run_program(std::move(command));
    REQUIRE(outcome.code == ExitCode::ok);
    const auto json = nlohmann::json::parse(outcome.out);
    for (const auto& batch : json.at("batches")) {
      double sum_s = 0.0;
      for (const auto& part : batch.at("parts_s")) sum_s += part.get<double>();
      CHECK(sum_s == Approx(batch.at("time_s").get<double>()).epsilon(1e-9));
    }
  }
}

TEST_CASE("options of the other kind, sizes and engines that do not fit are refused at once", "[cli]") {
  const Outcome wrong =
      run_program({"explain", "stable-diffusion-3.5-large", "h100-sxm", "--width", "1000", "--prompt", "5"});
  CHECK(wrong.code == ExitCode::bad_input);
  CHECK_THAT(wrong.err, Contains("--prompt is an option of a language model") && Contains("no multiple of 16 px"));
  const Outcome language = run_program({"explain", "llama-3.1-8b", "h100-sxm", "--steps", "5"});
  CHECK(language.code == ExitCode::bad_input);
  CHECK_THAT(language.err, Contains("--steps is an option of a diffusion model"));
  CHECK_THAT(run_program({"explain", "cogvideox-2b", "l40s"}).err, Contains("no engine for images or videos"));
  CHECK_THAT(run_program({"explain", "cogvideox-2b", "h100-sxm", "--ulysses", "7"}).err, Contains("30 heads"));
}

TEST_CASE("a model of one's own that lacks figures is refused", "[cli]") {
  const TemporaryFolder folder;
  const std::string catalog = folder.write(
      "mine.toml", tiny_scenario() + "[catalog.diffusion_model.mine]\ntitle = \"Mine\"\ntoken_weights_billion = 1\n");
  const Outcome outcome = run_program({"explain", "mine", "h100-sxm", "--catalog", catalog});
  CHECK(outcome.code == ExitCode::bad_input);
  CHECK_THAT(outcome.err, Contains("the diffusion model `mine` has no layers, hidden, head_dim"));
}
