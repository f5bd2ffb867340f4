"""explain from outside: its JSON and its text are the same figures, parts add up, bad input is refused."""

import json
import re
import subprocess
import unittest

from fleetwatt_program import ProgramTest, fleetwatt

CASES = (("llama-3.1-8b", "h100-sxm"), ("llama-3.1-405b", "h100-sxm", "--precision", "fp8"),
         ("qwen3-235b-a22b", "b200-sxm"), ("deepseek-r1", "h100-sxm", "--precision", "fp8"),
         ("gpt-oss-120b", "b200-sxm", "--precision", "mxfp4"))


def cells_of(text, head):
    """The rows under the line that begins with `head`, up to the next line that is not part of the table."""
    lines = text.splitlines()
    begin = next(i for i, line in enumerate(lines) if line.lstrip().startswith(head)) + 1
    end = next((i for i in range(begin, len(lines)) if not lines[i].strip()), len(lines))
    return [re.split(r" {3,}", line.strip()) for line in lines[begin:end]]


class Explain(ProgramTest):
    def explained(self, *arguments):
        text = fleetwatt("explain", *arguments)
        self.expect_exit(0, text)
        self.assertEqual(text.stderr, "")
        as_json = fleetwatt("explain", *arguments, "--json")
        self.expect_exit(0, as_json)
        return text.stdout, json.loads(as_json.stdout)

    def same(self, shown, value):
        """Three significant digits, thousands apart."""
        self.assertAlmostEqual(float(shown.replace(",", "")), value, delta=0.0051 * abs(value) + 1e-9)

    def test_text_and_json_are_the_same_figures(self):
        for arguments in CASES:
            with self.subTest(arguments):
                text, told = self.explained(*arguments)
                rows = [row for row in cells_of(text, "batch") if row[0].replace(",", "").isdigit()]
                self.assertEqual(len(rows), len(told["batches"]))
                for row, batch in zip(rows, told["batches"]):
                    keys = ("batch", "time_per_output_token_ms", "decode_step_ms", "tokens_per_s",
                            "time_to_first_token_ms", "power_w")
                    for shown, key in zip(row[:6], keys):
                        self.same(shown, batch[key])
                    self.assertAlmostEqual(float(row[6].rstrip(" %")), 100 * batch["tdp_fraction"], delta=0.51)
                    self.same(row[7], batch["energy_j_per_token"])
                    self.same(row[8], batch["energy_j_per_request"])
                    self.assertEqual(row[9], batch["limit"] + (", memory full" if batch["memory_full"] else ""))
                parts = {row[0]: row for row in cells_of(text, "ms a token")}
                for column, batch in ((1, told["batches"][0]), (5, told["batches"][-1])):
                    for name, value in batch["time_per_output_token_ms_of"].items():
                        if name in parts:
                            self.same(parts[name][column], value)
                    self.same(parts["= TPOT"][column], batch["time_per_output_token_ms"])
                for note in told["notes"]:
                    self.assertIn(f"note: {note}\n", text)

    def test_parts_add_up(self):
        for arguments in CASES:
            for batch in self.explained(*arguments)[1]["batches"]:
                with self.subTest(arguments, batch=batch["batch"]):
                    parts = batch["time_per_output_token_ms_of"]
                    self.assertAlmostEqual(sum(parts.values()) / batch["time_per_output_token_ms"], 1, delta=1e-12)
                    decoding = sum(parts.values()) - parts["prompts"]
                    self.assertAlmostEqual(decoding / batch["decode_step_ms"], 1, delta=1e-11)
                    energy = sum(batch["energy_j_per_token_of"].values())
                    self.assertAlmostEqual(energy / batch["energy_j_per_token"], 1, delta=1e-12)
                    self.assertAlmostEqual(batch["power_w"] / batch["tokens_per_s"] / energy, 1, delta=1e-12)

    def test_near_what_was_measured(self):
        # ML.ENERGY v3, Llama 3.1 8B, BF16, one H100, chat, 8 in flight: 7.32 ms, 1,070 tokens/s, 486 W, 0.455 J/token.
        told = self.explained("llama-3.1-8b", "h100-sxm", "--batch", "8")[1]["batches"][0]
        for key, measured in (("decode_step_ms", 7.32), ("tokens_per_s", 1070), ("power_w", 486),
                              ("energy_j_per_token", 0.455)):
            self.assertAlmostEqual(told[key] / measured, 1, delta=0.15, msg=key)  # as far as equal runs differ in power

    def test_bad_input(self):
        for arguments, said in ((("llama-3.1-8", "h100-sxm"), "did you mean `llama-3.1-8b`?"),
                                (("h100-sxm", "llama-3.1-8b"), "the model comes first"),
                                (("llama-3.1-405b", "l40s"), "--engine vllm-"),
                                (("llama-3.1-8b", "h100-sxm", "--batch", "0"), "a whole number from 1 to 16384"),
                                (("llama-3.1-8b", "h100-sxm", "--output", "0"), "a whole number from 1 to"),
                                (("llama-3.1-405b", "h100-sxm", "--tensor-parallel", "8"), "--precision fp8"),
                                (("llama-3.1-8b",), "ACCELERATOR is required")):
            with self.subTest(arguments):
                run = fleetwatt("explain", *arguments)
                self.expect_exit(2, run)
                self.assertEqual(run.stdout, "")
                self.assertIn(said, run.stderr)

    def test_bash_completes_the_catalogue(self):
        script = self.folder / "completion.bash"
        script.write_text(fleetwatt("completion", "bash").stdout, encoding="utf-8")
        asked = f"source {script}; COMP_WORDS=(fleetwatt explain llama-3.1-4); COMP_CWORD=2; _fleetwatt; " \
                'printf "%s\\n" "${COMPREPLY[@]}"'
        completed = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
        self.assertEqual(completed.stdout.split(), ["llama-3.1-405b"])


if __name__ == "__main__":
    unittest.main()
