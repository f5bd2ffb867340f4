"""calibrate from outside: a run's log in, a profile out, a scenario that serves with it; what is refused."""

import json
import re
import sys
import unittest

from fleetwatt_program import ProgramTest, data_folder, fleetwatt

SERVED = ("--model", "llama-3.1-8b", "--accelerator", "h100-sxm")

SCENARIO = """extends = "profile.toml"

[scenario]
title = "Served with a profile"
duration = "1h"

[site.here]
region = "CISO"
climate = "san-jose"

[site.here.cluster.serving]
server = "dgx-h100"
nodes = 1

[service.chat]
model = "llama-3.1-8b"
runs_on = ["here.serving"]
engine = "ours"

[service.chat.demand]
mean_requests_per_s = 5
"""

TABLES = """
[catalog.engine.ours]
extends = "vllm-2025-h100"

[catalog.engine.ours.tables]
dense_operators = "dense.csv"
decode_attention = "decode.csv"
prefill_attention = "prefill.csv"
"""

HEADER = "arrival_s,prompt_tokens,output_tokens,first_token_s,end_s\n"


def log_text(requests=60, token_s=0.02):
    """A lightly loaded engine: a token every 20 ms, whatever the batch; Unix time."""
    rows = []
    for i in range(requests):
        arrival = 1_750_000_000 + 0.5 * i
        output = 50 + 7 * (i % 11)
        first = arrival + 0.04 + 0.01 * (i % 3)
        rows.append(f"{arrival:.3f},{200 + 100 * (i % 5)},{output},{first:.3f},{first + token_s * (output - 1):.3f}\n")
    return HEADER + "".join(rows)


class Calibrate(ProgramTest):
    def setUp(self):
        super().setUp()
        self.log = self.folder / "requests.csv"
        self.log.write_text(log_text())

    def calibrate(self, *arguments, log=None):
        return fleetwatt("calibrate", log or self.log, *SERVED, *arguments)

    def refused(self, run, *parts, code=2):
        self.expect_exit(code, run)
        self.assertEqual(run.stdout, "")
        for part in parts:
            self.assertIn(part, run.stderr)

    def test_a_profile_that_a_scenario_runs_with(self):
        profile = self.folder / "profile.toml"
        run = self.calibrate("--fit", "memory,host.iteration_us", "-o", profile, "--name", "ours")
        self.expect_exit(0, run)
        self.assertIn("wrote", run.stdout)
        row = next(line for line in run.stdout.splitlines() if line.startswith("mean time per output token"))
        fitted, error = re.search(r"([\d.]+) ms\s+([+-][\d.]+) %$", row).groups()
        self.assertAlmostEqual(float(fitted), 20, delta=0.4)
        self.assertLess(abs(float(error)), 2)

        text = profile.read_text()
        self.assertTrue(text.startswith("# Constants of a serving engine, fitted by `fleetwatt calibrate`.\n"))
        for part in ("[catalog.engine.ours]", "fitted to 60 requests of requests.csv (", "of 2025-06-15T15:06:40Z",
                     "batch limit 256", "errors in %", "[catalog.engine.ours.host]"):
            self.assertIn(part, text)
        self.assertNotIn(str(self.folder), text)

        scenario = self.folder / "scenario.toml"
        scenario.write_text(SCENARIO)
        out = self.folder / "run.h5"
        ran = fleetwatt("run", scenario, "-o", out, "--json")
        self.expect_exit(0, ran)

        def tpot_s(run):
            return json.loads(run.stdout)["quantities"]["service.chat.tpot_mean_s"]["value"]
        self.assertAlmostEqual(tpot_s(ran), 0.020, delta=0.003)  # near the log's, at another load
        shown = fleetwatt("show", scenario, "--all")
        iteration = re.search(r"\niteration_us\s+= ([\d.]+)\n", text).group(1)
        self.assertRegex(shown.stdout, rf"catalog\.engine\.ours\.host\.iteration_us\s.*\s{re.escape(iteration)}")

        plain = fleetwatt("run", scenario, "--set", 'service.chat.engine="vllm-2025-h100"', "--json",
                          "-o", self.folder / "plain.h5")
        self.expect_exit(0, plain)
        self.assertLess(tpot_s(plain), 0.010)

    def test_equal_logs_give_equal_bytes(self):
        files = []
        for name in ("a.toml", "b.toml"):
            self.expect_exit(0, self.calibrate("-o", self.folder / name, "--name", "ours"))
            files.append((self.folder / name).read_bytes())
        self.assertEqual(files[0], files[1])

    def test_json_lines_and_named_columns_are_the_same_log(self):
        lines = []
        for line in log_text().splitlines()[1:]:
            arrival, prompt, output, first, end = map(float, line.split(","))
            lines.append(json.dumps({"t0": arrival, "in": int(prompt), "out": int(output), "t1": first, "t2": end}))
        log = self.folder / "requests.jsonl"
        log.write_text("\n".join(lines))
        columns = [part for field, name in (("arrival", "t0"), ("prompt_tokens", "in"), ("output_tokens", "out"),
                                            ("first_token", "t1"), ("end", "t2"))
                   for part in ("--column", f"{field}={name}")]
        named = self.calibrate(*columns, log=log)
        self.expect_exit(0, named)
        self.assertEqual(named.stdout.splitlines()[1:], self.calibrate().stdout.splitlines()[1:])

    def test_power_is_fitted_where_it_was_measured(self):
        power = self.folder / "power.csv"
        rows = [f"{1_750_000_000 + t},{300 if t < 20 else 9000}\n" for t in range(35) if not 10 <= t < 12]
        power.write_text("time_s,power_w\n" + "".join(rows[:18]))  # to 20 s, with a gap of 2 s
        run = self.calibrate("--power-log", power)
        self.expect_exit(0, run)
        row = next(line for line in run.stdout.splitlines() if line.startswith("mean GPU power"))
        self.assertIn("300 W", row)
        self.assertLess(abs(float(re.search(r"([+-][\d.]+) %$", row).group(1))), 3)
        self.assertIn("the power log covers", run.stdout)
        self.assertIn("dense.resident_w", run.stdout)
        power.write_text("time_s,power_w\n1,300\n2,300\n")
        self.refused(self.calibrate("--power-log", power),
                     "power.csv: error: no power above 0 while requests were served",
                     "both logs must be of one run and one clock")

    def test_what_is_refused_and_leaves_no_file(self):
        out = self.folder / "profile.toml"
        cases = [
            (("--fit", "dense.layer_u"), "--fit dense.layer_u: error: no constant `dense.layer_u`",
             "did you mean `dense.layer_us`?"),
            (("--fit", "moe.layer_us"), "no constant `moe.layer_us`: this model is served with `host` and `dense`"),
            (("--fit", "dense.state_factor"), "`dense.state_factor` is 0 in vllm-2025-h100"),
            (("--fit", "dense.network_factor"), "`dense.network_factor` has no effect on this run", "leave it out"),
            (("--fit", "memory,dense.kv_cache_factor"), "`dense.kv_cache_factor` is already fitted by `memory`"),
            (("--fit", "power"), "a constant of power, and there is no power log", "--power-log FILE"),
            (("--kv-tokens", "400"), "tokens and was served; the cache would hold 400",
             "--kv-blocks N or --kv-tokens N"),
            (("--kv-tokens", "400", "--kv-blocks", "9"), "--kv-blocks and --kv-tokens are both given"),
            (("--kv-blocks", "0"), "--kv-blocks 0: not a number that it can be", "a whole number from 1"),
            (("--batch-limit", "0"), "--batch-limit 0: not a number that it can be", "a whole number from 1 to 16384"),
            (("--precision", "fp7"), "no precision `fp7`", "did you mean `fp8`?"),
            (("--engine", "vllm-2025-h10"), "no engine `vllm-2025-h10`", "did you mean `vllm-2025-h100`?"),
            (("--name", "vllm-2025-h100"), "--name vllm-2025-h100: the catalogue has an engine of that name"),
            (("--name", "a b"), "--name a b: not a plain name"),
            (("--column", "arival=t"), "--column arival=t: no field `arival`", "did you mean `arrival`?"),
            (("--column", "arrival"), "--column arrival: not FIELD=NAME"),
            (("--column", "arrival=t"), "requests.csv", "`t`"),
        ]
        for arguments, *parts in cases:
            with self.subTest(arguments=arguments):
                self.refused(self.calibrate("-o", out, *arguments), *parts)
                self.expect_files("requests.csv")
        self.refused(fleetwatt("calibrate", self.log, "--model", "llama-3.1-405b", "--accelerator", "h100-sxm",
                               "--tensor-parallel", "1", "-o", out), "does not fit on 1 x", "tensor_parallel = 16")
        self.refused(fleetwatt("calibrate", self.log, "--model", "llama-3.1-8", "--accelerator", "h100-sxm"),
                     "no model `llama-3.1-8`", "did you mean `llama-3.1-8b`?")
        self.refused(fleetwatt("calibrate", self.log, "--model", "nemotron-nano-9b-v2", "--accelerator", "h100-sxm",
                               "--engine", "vllm-2024-h100"),
                     "vllm-2024-h100 has no constants for state-space hybrids", "another --engine, one of: ")
        scenario = self.folder / "scenario.toml"
        scenario.write_text(SCENARIO.replace('extends = "profile.toml"', "") + TABLES)
        self.refused(self.calibrate("--catalog", scenario, "--engine", "ours"),
                     "engine ours has measured tables in place of constants", "begin with an --engine of constants")
        scenario.unlink()
        self.refused(self.calibrate(log=self.folder / "none.csv"), "none.csv: error: there is no such file")
        self.expect_files("requests.csv")

    def test_bad_logs(self):
        self.log.write_text(HEADER + "1,100,5,1.1,1.5\n")
        self.refused(self.calibrate(),
                     "requests.csv: error: the log has 1 answered request, fewer than the 2 constants",
                     "a longer log, or fewer --fit")
        self.log.write_text(HEADER + "1,100,5,1.1,1.5\n2,100,5,1.9,3\n")
        self.refused(self.calibrate(), "requests.csv:3: error: the first token comes 0.1 s before the arrival")
        self.log.write_text("arrival_s,prompt_tokens\n1,2\n")
        self.refused(self.calibrate(), "requests.csv", "output tokens")
        self.log.write_text("")
        self.refused(self.calibrate(), "requests.csv")

    def test_a_fit_of_the_wrong_run_is_told(self):
        right = self.calibrate("--fit", "memory,host.iteration_us")
        wrong = fleetwatt("calibrate", self.log, "--model", "llama-3.1-405b", "--accelerator", "h100-sxm",
                          "--precision", "fp8", "--fit", "prefill")
        for run, is_told in ((right, False), (wrong, True)):
            self.expect_exit(0, run)
            self.assertEqual("the fit is far from the run" in run.stdout, is_told, run.stdout)

    def test_only_a_profile_is_replaced(self):
        out = self.folder / "scenario.toml"
        out.write_text("[scenario]\n")
        self.refused(self.calibrate("-o", out), "scenario.toml: error: is there, and no profile",
                     "--force to replace it")
        self.assertEqual(out.read_text(), "[scenario]\n")
        self.expect_exit(0, self.calibrate("-o", out, "--force"))
        self.expect_exit(0, self.calibrate("-o", out, "--name", "again"))
        self.assertIn("[catalog.engine.again]", out.read_text())
        self.refused(self.calibrate("-o", self.folder / "no" / "such.toml"), "such.toml", code=3)

    def test_the_measured_run(self):
        data = data_folder()
        log = data and data / "serving-runs/vllm-0.19-rtxpro6000-llama-3.1-8b/requests.jsonl"
        if not log or not log.exists():
            self.skip("no measured data")
        run = fleetwatt("calibrate", log, "--model", "llama-3.1-8b", "--accelerator", "rtx-pro-6000",
                        "--batch-limit", 128)
        self.expect_exit(0, run)
        for name in ("mean time to first token", "mean time per output token", "mean latency"):
            row = next(line for line in run.stdout.splitlines() if line.startswith(name))
            self.assertLessEqual(abs(float(re.search(r"([+-][\d.]+) %$", row).group(1))), 5, row)


if __name__ == "__main__":
    sys.exit(unittest.main())
