#include "analysis/calibrate/engine_text.hpp"

#include <catch2/catch.hpp>

#include "analysis/calibrate/engine_fit.hpp"
#include "analysis/calibrate/measurement_table.hpp"
#include "analysis/calibrate/ml_energy_rows.hpp"
#include "sim/error.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinRel;

TEST_CASE("an engine as text: three digits, only what is not zero", "[unit]") {
  scenarios::EngineEntry entry;
  entry.id = "mine";
  entry.title = "Mine";
  entry.accelerator = "h100-sxm";
  entry.source = "a test";
  entry.basis = sim::Basis::calibrated;
  entry.host.iteration = 230.456e-6;
  entry.dense.emplace().time.dense_weights = 1.23456;
  entry.dense->power.resident = 2345.6;
  const std::string text = engine_text(entry, "catalog.");
  CHECK_THAT(text, Contains("[catalog.engine.mine]\n"));
  CHECK_THAT(text, Contains("[catalog.engine.mine.host]\niteration_us                      = 230\n"));
  CHECK_THAT(text, Contains("dense_weight_factor               = 1.23\n"));
  CHECK_THAT(text, Contains("resident_w                        = 2350\n"));
  CHECK_THAT(text, !Contains("kv_cache_factor") && !Contains(".moe]"));
  const auto round = rounded(entry);
  CHECK_THAT(round.host.iteration, WithinRel(230e-6, 1e-12));
  CHECK(round.dense->power.resident == 2350);
}

TEST_CASE("a fit recovers the constants from which rows were made", "[unit]") {
  // Rows of three models on one H100, made by the product's own model with known constants.
  const auto truth = tests::rounded_h100_engine();
  std::vector<TimeRow> rows;
  for (const auto& model : {tests::llama_8b(), tests::llama_70b(), tests::llama_405b()}) {
    for (const int gpus : {8, 16}) {
      for (const double sequences : {1.0, 8.0, 64.0, 256.0}) {
        const models::Deployment deployment{.tensor_parallel = gpus, .batch_limit = 1};
        TimeRow row{model, tests::h100(), deployment, {{{.sequences = sequences}, 1.0}}, sequences * 500, 0.0, 0.0};
        row.measured_s = models::IterationModel(model, tests::h100(), truth, deployment)
                             .evaluate(row.loads.front().load, row.context_tokens, 0.0)
                             .unlimited_time_s;
        rows.push_back(row);
      }
    }
  }
  const std::vector<Unknown> unknowns = {{"layer", false, 50e-6, 1e3, {{sets::dense, "layer_us"}}},
                                         {"sequence", false, 50e-6, 1e3, {{sets::all_families, "sequence_us"}}},
                                         {"weights", true, 0.7, 1e3, {{sets::dense, "dense_weight_factor"}}},
                                         {"cache", true, 0.7, 1e3, {{sets::dense, "kv_cache_factor"}}}};
  EnginesByAccelerator engines = {{"h100-sxm", truth}};
  engines["h100-sxm"].dense->time.layer = 1.0;  // what is fitted does not depend on what was there
  fit_time(rows, unknowns, engines);
  const auto& fitted = engines.at("h100-sxm");
  CHECK_THAT(fitted.dense->time.layer, WithinRel(76e-6, 0.01));
  CHECK_THAT(fitted.host.sequence, WithinRel(25e-6, 0.01));
  CHECK_THAT(fitted.dense->time.dense_weights, WithinRel(1.0, 0.01));
  CHECK_THAT(fitted.dense->time.kv_cache, WithinRel(1.3, 0.02));
  CHECK(fitted.dense->time.compute == 1.4);  // no unknown: kept
}

TEST_CASE("benchmark rows: classes, what is left out, and faults of the file", "[unit]") {
  const std::string header =
      "model,task,architecture,weight_precision,gpu_model,num_gpus,expert_parallel,data_parallel,max_num_seqs,avg_"
      "batch_size,"
      "avg_output_len,avg_power_watts,output_throughput_tokens_per_sec,median_itl_ms\n";
  const auto rows =
      read_ml_energy(header +
                         "meta-llama/Llama-3.1-8B-Instruct,lm-arena-chat,Dense "
                         "Transformer,bfloat16,H100,1,1,1,64,63.9,396,610,5147,11.5\n"
                         "meta-llama/Llama-3.1-8B-Instruct,lm-arena-chat,Dense "
                         "Transformer,bfloat16,B200,1,1,1,64,63.9,396,400,3000,20\n"
                         "Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8,sourcegraph-fim,MoE,fp8,B200,8,8,8,64,60,247,"
                         "4000,900,60\n"
                         "Qwen/Qwen3-VL-8B-Instruct,image-chat,Dense "
                         "Transformer,bfloat16,H100,1,1,1,64,60,900,600,3000,15\n",
                     "rows.csv");
  REQUIRE(rows.size() == 3);  // no images
  CHECK(rows[0].model == "llama-3.1-8b");
  CHECK(rows[0].left_out.empty());
  CHECK(rows[0].median_is_decode);
  CHECK(rows[1].left_out == "starved");
  CHECK(rows[2].left_out == "data parallel");
  CHECK(rows[2].deployment.tensor_parallel == 1);
  CHECK(rows[2].deployment.data_parallel == 8);
  CHECK_THROWS_WITH(read_ml_energy("model,task\n", "rows.csv"), Contains("no column 'architecture'"));
  CHECK_THROWS_WITH(read_ml_energy(header + "a,b\n", "rows.csv"), Contains("2 cells where the header has 14"));
  CHECK_THROWS_WITH(
      read_ml_energy(header + "Qwen/Qwen3-8B,gpqa,Dense Transformer,bfloat16,H100,1,1,1,many,60,900,600,3000,15\n",
                     "rows.csv"),
      Contains("'many' in column max_num_seqs"));
}
