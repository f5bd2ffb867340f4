// Measured tables from CSV files, each fault of a file, and a service that runs on them.
#include "scenarios/loader/engine_tables.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "analysis/run/run_scenario.hpp"
#include "models/fleet/fleet.hpp"
#include "scenarios/loader/build_fleet.hpp"
#include "scenarios/loader/show_scenario.hpp"
#include "sim/random_stream.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

const std::string dense = "num_tokens,time_ms\n1,0.10\n256,0.12\n2304,0.60\n";
const std::string decode = "batch,mean_context,time_ms\n1,100,0.01\n1,8000,0.02\n256,100,0.05\n256,8000,1.2\n";
const std::string prefill = "chunk,context,time_ms\n1,0,0.01\n1,8000,0.02\n2048,0,0.2\n2048,8000,0.8\n";
const std::string collectives = "num_tokens,time_ms\n1,0.02\n2304,0.30\n";

/// A message with two blanks before each mend and no line end at its end.
std::string compact(std::string message) {
  const std::string indent = "\n       ";
  for (std::size_t at = message.find(indent); at != std::string::npos; at = message.find(indent, at + 1))
    message.replace(at, indent.size(), "\n  ");
  if (message.ends_with('\n')) message.pop_back();
  return message;
}

std::string token_fault(const std::string& text, int tensor_parallel = 1) {
  try {
    static_cast<void>(scenarios::read_token_table(text, "t.csv", tensor_parallel));
  } catch (const sim::InputError& error) {
    return compact(error.what());
  }
  return "no error";
}

std::string decode_fault(const std::string& text) {
  try {
    static_cast<void>(scenarios::read_decode_table(text, "t.csv", 1));
  } catch (const sim::InputError& error) {
    return compact(error.what());
  }
  return "no error";
}

std::string prefill_fault(const std::string& text) {
  try {
    static_cast<void>(scenarios::read_prefill_table(text, "t.csv", 1));
  } catch (const sim::InputError& error) {
    return compact(error.what());
  }
  return "no error";
}

std::string scenario_with_tables(const std::string& more = "") {
  return tiny_with("runs_on = [\"a.serving\"]", "runs_on = [\"a.serving\"]\nengine  = \"mine\"") + R"(
[catalog.engine.mine]
extends = "vllm-2025-h100"

[catalog.engine.mine.tables]
dense_operators   = "tables/dense.csv"
decode_attention  = "tables/decode.csv"
prefill_attention = "tables/prefill.csv"
)" + more;
}

/// A scenario of a service on measured tables, with its files.
struct Written {
  TemporaryFolder folder;
  std::string scenario;

  explicit Written(const std::string& text = scenario_with_tables()) : scenario(folder.write("s.toml", text)) {
    folder.write("tables/dense.csv", dense);
    folder.write("tables/decode.csv", decode);
    folder.write("tables/prefill.csv", prefill);
    folder.write("tables/collectives.csv", collectives);
  }
  [[nodiscard]] scenarios::BuiltFleet build(const std::vector<std::string>& overrides = {}) const {
    auto loaded = scenarios::load_scenario(scenario, overrides);
    return scenarios::build_fleet(loaded);
  }
  [[nodiscard]] std::string fault(const std::vector<std::string>& overrides = {}) const {
    try {
      static_cast<void>(build(overrides));
    } catch (const sim::InputError& error) {
      return folder.without_folder(error.what());
    }
    return "no error";
  }
};

}  // namespace

TEST_CASE("a table of tokens: rows in any order, other columns, comments, quotes, milliseconds become seconds",
          "[loader]") {
  const auto table =
      scenarios::read_token_table("# by hand\nkernel,time_ms,\"num_tokens\"\na,2.5,64\nb,1,8\nc,4,128\n", "t.csv", 1);
  CHECK(table.at == std::vector<double>{8, 64, 128});
  CHECK(table.values == std::vector<double>{1e-3, 2.5e-3, 4e-3});
}

TEST_CASE("a column tensor_parallel chooses the rows of that degree", "[loader]") {
  const std::string text = "num_tokens,tensor_parallel,time_ms\n1,1,8\n1,4,2\n64,4,3\n64,1,12\n";
  CHECK(scenarios::read_token_table(text, "t.csv", 4).values == std::vector<double>{2e-3, 3e-3});
  CHECK(scenarios::read_token_table(text, "t.csv", 1).values == std::vector<double>{8e-3, 12e-3});
  CHECK(token_fault(text, 2) ==
        "t.csv: error: no row with tensor_parallel = 2\n"
        "  measure it, or set the service's `tensor_parallel`: the file has 1, 4");
}

TEST_CASE("without that column, the rows stand for every degree", "[loader]") {
  CHECK(scenarios::read_token_table(collectives, "t.csv", 8).at == std::vector<double>{1, 2304});
}

TEST_CASE("a table of decode attention is a grid", "[loader]") {
  const auto table =
      scenarios::read_decode_table("mean_context,batch,time_ms\n500,8,4\n100,1,1\n100,8,2\n500,1,3\n", "t.csv", 1);
  CHECK(table.rows == std::vector<double>{1, 8});
  CHECK(table.columns == std::vector<double>{100, 500});
  CHECK(table.values == std::vector<double>{1e-3, 3e-3, 2e-3, 4e-3});
}

TEST_CASE("a table of prefill attention without contexts has the context 0 alone", "[loader]") {
  const auto table = scenarios::read_prefill_table("chunk,time_ms\n512,4\n64,1\n", "t.csv", 1);
  CHECK(table.rows == std::vector<double>{64, 512});
  CHECK(table.columns == std::vector<double>{0});
  CHECK(table.values == std::vector<double>{1e-3, 4e-3});
  CHECK(scenarios::read_prefill_table(prefill, "t.csv", 1).columns == std::vector<double>{0, 8000});
}

TEST_CASE("faults of the file as a whole", "[loader]") {
  CHECK(token_fault("") == "t.csv: error: the file is empty\n  a header line, then one row a point");
  CHECK(token_fault("num_tokens,time_ms\n") == "t.csv: error: the file has no rows\n  one row a point, two or more");
  CHECK(token_fault("tokens,time\n1,2\n") ==
        "t.csv:1: error: no column `num_tokens`\n  the file has: tokens, time\n"
        "t.csv:1: error: no column `time_ms`\n  the file has: tokens, time");
  CHECK(decode_fault("time_ms\n1\n") ==
        "t.csv:1: error: no column `batch`\n  the file has: time_ms\n"
        "t.csv:1: error: no column `mean_context`\n  the file has: time_ms");
  CHECK(prefill_fault("context,time_ms\n1,1\n") ==
        "t.csv:1: error: no column `chunk`\n  the file has: context, time_ms");
}

TEST_CASE("faults of rows, all at once", "[loader]") {
  CHECK(token_fault(
            "num_tokens,time_ms,tensor_parallel\n1,fast,1\n2,,1\n-3,1,1\n4,-0.5,1\n5,1\n6,1,1.5\n7,1,0\nx,nan,1\n") ==
        "t.csv:2: error: `fast` is no number\n  a number in `time_ms`\n"
        "t.csv:3: error: `` is no number\n  a number in `time_ms`\n"
        "t.csv:4: error: `num_tokens` is -3\n  0 or more\n"
        "t.csv:5: error: `time_ms` is -0.5\n  0 or more\n"
        "t.csv:6: error: 2 fields, the header has 3\n  mend or remove the row\n"
        "t.csv:7: error: `tensor_parallel` is 1.5\n  a whole number of GPUs, from 1\n"
        "t.csv:8: error: `tensor_parallel` is 0\n  a whole number of GPUs, from 1\n"
        "t.csv:9: error: `x` is no number\n  a number in `num_tokens`\n"
        "t.csv:9: error: `nan` is no number\n  a number in `time_ms`");
}

TEST_CASE("a point that is there twice, unless in another degree", "[loader]") {
  CHECK(token_fault("num_tokens,time_ms\n8,1\n16,2\n8,1\n") ==
        "t.csv:4: error: num_tokens = 8 is there twice (line 2)\n"
        "  one row a point: of repeated measurements, their median");
  CHECK(decode_fault("batch,mean_context,time_ms,tensor_parallel\n8,64,1,1\n8,64,1,2\n8,64,1,2\n") ==
        "t.csv:4: error: batch = 8, mean_context = 64, tensor_parallel = 2 is there twice (line 3)\n"
        "  one row a point: of repeated measurements, their median");
}

TEST_CASE("fewer than two points are no line", "[loader]") {
  CHECK(token_fault("num_tokens,time_ms\n8,1\n") ==
        "t.csv: error: one value of `num_tokens`, 8\n  two or more, to draw a line through");
  CHECK(decode_fault("batch,mean_context,time_ms\n8,64,1\n") ==
        "t.csv: error: one value of `batch`, 8\n  two or more, to draw a line through\n"
        "t.csv: error: one value of `mean_context`, 64\n  two or more, to draw a line through");
  CHECK(prefill_fault("chunk,context,time_ms\n8,0,1\n") ==
        "t.csv: error: one value of `chunk`, 8\n  two or more, to draw a line through");
}

TEST_CASE("a grid with holes: each is named", "[loader]") {
  CHECK(decode_fault("batch,mean_context,time_ms\n1,64,1\n2,128,1\n4,64,1\n4,128,1\n") ==
        "t.csv: error: no row for batch = 1, mean_context = 128\n  a full grid: every batch with every mean_context\n"
        "t.csv: error: no row for batch = 2, mean_context = 64\n  a full grid: every batch with every mean_context");
  CHECK(prefill_fault("chunk,context,time_ms\n1,0,1\n2,64,1\n") ==
        "t.csv: error: no row for chunk = 1, context = 64\n  a full grid: every chunk with every context\n"
        "t.csv: error: no row for chunk = 2, context = 0\n  a full grid: every chunk with every context");
}

TEST_CASE("what a deployment may ask beyond the tables is said", "[loader]") {
  const models::IterationTables tables{
      scenarios::read_token_table(dense, "t.csv", 1), scenarios::read_decode_table(decode, "t.csv", 1),
      scenarios::read_prefill_table(prefill, "t.csv", 1), scenarios::read_token_table(collectives, "t.csv", 1)};
  models::Deployment deployment{.batch_limit = 256, .prefill_tokens_per_iteration = 2048};
  CHECK(scenarios::beyond_tables(tables, deployment).empty());
  deployment.batch_limit = 512;
  CHECK(scenarios::beyond_tables(tables, deployment) ==
        std::vector<std::string>{
            "a batch of 512 is beyond the last point of `decode_attention`, 256: extrapolated there"});
  deployment.data_parallel = 2;
  CHECK(scenarios::beyond_tables(tables, deployment).empty());  // 256 on each copy
  deployment.prefill_tokens_per_iteration = 8192;
  CHECK(scenarios::beyond_tables(tables, deployment) ==
        std::vector<std::string>{
            "a prompt chunk of 8192 is beyond the last point of `prefill_attention`, 2048: extrapolated there",
            "an iteration of 8192 is beyond the last point of `dense_operators`, 2304: extrapolated there",
            "an iteration of 8192 is beyond the last point of `collectives`, 2304: extrapolated there"});
}

TEST_CASE("a service's files are found beside the scenario and stand among its inputs", "[loader]") {
  const auto built = Written().build();
  REQUIRE(built.inputs.size() == 3);
  CHECK(built.inputs[0].written == "tables/dense.csv");
  CHECK(built.inputs[0].content_hash == sim::hash_of(dense));
  CHECK(built.inputs[1].content_hash == sim::hash_of(decode));
  CHECK(built.inputs[2].content_hash == sim::hash_of(prefill));
}

TEST_CASE("a path relative to a base file is found beside it, and a variable expands", "[loader]") {
  const TemporaryFolder folder;
  folder.write("profiles/mine.toml", R"([catalog.engine.mine]
extends = "vllm-2025-h100"
[catalog.engine.mine.tables]
dense_operators   = "dense.csv"
decode_attention  = "$FLEETWATT_TEST_TABLES/decode.csv"
prefill_attention = "prefill.csv"
)");
  folder.write("profiles/dense.csv", dense);
  folder.write("elsewhere/decode.csv", decode);
  folder.write("profiles/prefill.csv", prefill);
  const std::string scenario = folder.write(
      "s.toml", "extends = \"profiles/mine.toml\"\n" +
                    tiny_with("runs_on = [\"a.serving\"]", "runs_on = [\"a.serving\"]\nengine  = \"mine\""));
  const ScopedVariable variable("FLEETWATT_TEST_TABLES", folder.path("elsewhere"));
  auto loaded = scenarios::load_scenario(scenario, {});
  CHECK(scenarios::build_fleet(loaded).inputs.size() == 3);
}

TEST_CASE("one complaint for a variable that is not set", "[loader]") {
  const ScopedVariable variable("FLEETWATT_TEST_TABLES", std::nullopt);
  const std::string fault =
      Written().fault({"catalog.engine.mine.tables.dense_operators=$FLEETWATT_TEST_TABLES/dense.csv",
                       "catalog.engine.mine.tables.decode_attention=$FLEETWATT_TEST_TABLES/decode.csv"});
  CHECK_THAT(fault, Contains("`$FLEETWATT_TEST_TABLES/dense.csv` cannot be found: $FLEETWATT_TEST_TABLES is not set"));
  CHECK_THAT(fault, !Contains("decode.csv"));
}

TEST_CASE("faults of several files come at once, each with its file and line", "[loader]") {
  const Written written;
  written.folder.write("tables/dense.csv", "num_tokens,time_ms\n1,-1\n2,1\n");
  written.folder.write("tables/prefill.csv", "chunk\n1\n");
  std::filesystem::remove(written.folder.path("tables/decode.csv"));
  const std::string fault = written.fault();
  CHECK_THAT(fault, Contains("tables/dense.csv:2: error: `time_ms` is -1"));
  CHECK_THAT(fault, Contains("s.toml:25:21: error: cannot read tables/decode.csv: No such file or directory"));
  CHECK_THAT(fault, Contains("tables/prefill.csv:1: error: no column `time_ms`"));
}

TEST_CASE("tables are all there or not at all", "[loader]") {
  const std::string text = scenario_with_tables();
  const std::string without = text.substr(0, text.find("decode_attention"));
  const std::string fault = Written(without).fault();
  CHECK_THAT(fault, Contains("decode_attention"));
  CHECK_THAT(fault, Contains("prefill_attention"));
}

TEST_CASE("several GPUs need a table of collectives", "[loader]") {
  CHECK_THAT(Written().fault({"service.chat.tensor_parallel=4"}),
             Contains("error: 4 GPUs share a layer, and the engine `mine` has no table of collectives") &&
                 Contains("collectives = \"FILE.csv\", by num_tokens"));
  const Written written(scenario_with_tables("collectives = \"tables/collectives.csv\"\n"));
  CHECK(written.fault({"service.chat.tensor_parallel=4"}) == "no error");
  CHECK(written.build().inputs.size() == 4);
}

TEST_CASE("an engine of tables alone has no power constants", "[loader]") {
  std::string text = scenario_with_tables();
  const std::string extends = "extends = \"vllm-2025-h100\"\n";
  text.erase(text.find(extends), extends.size());
  CHECK_THAT(Written(text).fault(), Contains("error: engine mine has no constants for dense models") &&
                                        Contains("let it extend an entry that has them: extends = \"NAME\""));
}

TEST_CASE("extrapolation is flagged with the service", "[loader]") {
  const auto built = Written().build({"service.chat.batch_limit=300"});
  const auto& flags = built.fleet.flags;
  CHECK(std::ranges::count_if(flags, [](const models::Flag& flag) {
          return flag.subject == "chat" &&
                 flag.text == "a batch of 300 is beyond the last point of `decode_attention`, 256: extrapolated there";
        }) == 1);
}

TEST_CASE("a run takes its times from the tables, and loses no request", "[loader]") {
  const Written written(
      scenario_with_tables("[catalog.engine.mine.host]\niteration_us = 0\nsequence_us = 0\nprompt_us = 0\n"));
  // 1 ms a layer whatever happens: 32 ms an iteration of Llama 3.1 8B
  written.folder.write("tables/dense.csv", "num_tokens,time_ms\n1,1\n2,1\n");
  written.folder.write("tables/decode.csv", "batch,mean_context,time_ms\n1,0,0\n1,1,0\n2,0,0\n2,1,0\n");
  written.folder.write("tables/prefill.csv", "chunk,time_ms\n1,0\n2,0\n");
  const auto run = analysis::run_scenario(scenarios::load_scenario(written.scenario, {}), {});
  const models::ServiceTotals& chat = run.result.services.at(0);
  CHECK(chat.counts.done > 1000);
  CHECK(chat.counts.arrived == chat.counts.done + chat.counts.rejected + chat.running + chat.waiting);
  CHECK(chat.counts.time_per_output_token.quantile_s(0.5) == Approx(0.032).epsilon(0.002));  // a bucket's width
  CHECK(chat.counts.time_per_output_token.quantile_s(0.99) == Approx(0.032).epsilon(0.002));
}

TEST_CASE("validate, show and run find the tables", "[loader]") {
  const Written written;
  const Outcome valid = run_program({"validate", written.scenario});
  CHECK(valid.err == "");
  CHECK_THAT(valid.out, Contains("s.toml: valid"));
  CHECK_THAT(run_program({"show", written.scenario}).out, Contains("catalog.engine.mine.tables.dense_operators"));
  const Outcome run = run_program({"run", written.scenario, "-o", written.folder.path("run.h5")});
  CHECK(run.err == "");
  CHECK(run.code == analysis::ExitCode::ok);

  written.folder.write("tables/decode.csv", "batch\n");
  const Outcome faulty = run_program({"validate", written.scenario});
  CHECK(faulty.code == analysis::ExitCode::bad_input);
  CHECK_THAT(faulty.err, Contains("tables/decode.csv:1: error: no column `mean_context`"));
  CHECK(run_program({"show", written.scenario}).code == analysis::ExitCode::ok);  // opens no file
}
