"""The format's JSON Schema: right by its own rules, the library is valid by it, and wrong files are refused at the key at
which the program refuses them."""

import datetime
import json
import re
import tomllib
import unittest

from jsonschema import Draft7Validator

from fleetwatt_program import ROOT, ProgramTest, fleetwatt

GOOD = """
[scenario]
title    = "Good"
start    = 2024-07-15T00:00:00Z
duration = "2h"

[site.a]
region = "CISO"
[site.a.cooling]
family = "tower-economizer"
[site.a.cluster.serving]
server = "dgx-h100"
nodes  = 1
[site.a.cluster.training]
jobs   = { synthetic = { mean_interarrival_s = 600 } }

[service.chat]
model   = "llama-3.1-8b"
runs_on = ["*.serving"]
[service.chat.demand]
mean_requests_per_s = 0.2
lengths = { prompt = { fixed = 100 } }

[region.CISO]
carbon_basis = "direct"

[[expect]]
quantity = "total.pue"
value    = 1.2
source   = "somebody"

[catalog.accelerator.mine]
extends = "h100-sxm"
"""

# What stands in the good file, what is put in its place, and the key that is then wrong.
FAULTS = (
    # no such key
    ('title    = "Good"', 'titel = "Good"', "scenario.titel"),
    ("nodes  = 1", "nods = 1", "site.a.cluster.serving.nods"),
    ("[scenario]", "colour = 1\n[scenario]", "colour"),
    ("[region.CISO]", "[regions.CISO]", "regions"),
    ('family = "tower-economizer"', 'family = "static-pue"\nsupply_air_c = 22', "site.a.cooling.supply_air_c"),
    ('family = "tower-economizer"', "pue = 1.2", "site.a.cooling.pue"),
    ('extends = "h100-sxm"', 'extends = "h100-sxm"\ntdp_kw = 1', "catalog.accelerator.mine.tdp_kw"),
    ("fixed = 100", "mean = 100", "service.chat.demand.lengths.prompt.mean"),
    # out of range
    ("nodes  = 1", "nodes = 0", "site.a.cluster.serving.nodes"),
    ('family = "tower-economizer"', "supply_air_c = 90", "site.a.cooling.supply_air_c"),
    ("mean_requests_per_s = 0.2", "mean_requests_per_s = -1", "service.chat.demand.mean_requests_per_s"),
    ("mean_interarrival_s = 600", "mean_interarrival_s = 600, run_sigma = 9",
     "site.a.cluster.training.jobs.synthetic.run_sigma"),
    ('extends = "h100-sxm"', 'extends = "h100-sxm"\ntdp_w = 0', "catalog.accelerator.mine.tdp_w"),
    ('region = "CISO"', "region = { CISO = 1.5 }", "site.a.region.CISO"),
    ("fixed = 100", "quantiles = [[0, 1], [1.5, 9]]", "service.chat.demand.lengths.prompt.quantiles"),
    # another type
    ("nodes  = 1", 'nodes = "1"', "site.a.cluster.serving.nodes"),
    ("nodes  = 1", "nodes = 1.5", "site.a.cluster.serving.nodes"),
    ('title    = "Good"', "title = 5", "scenario.title"),
    ('region = "CISO"', "region = 5", "site.a.region"),
    ('server = "dgx-h100"', "server = true", "site.a.cluster.serving.server"),
    ('runs_on = ["*.serving"]', "runs_on = [1]", "service.chat.runs_on"),
    ('duration = "2h"', "duration = 7200", "scenario.duration"),
    ('duration = "2h"', 'duration = "2 hours"', "scenario.duration"),
    ('duration = "2h"', 'duration = "-2h"', "scenario.duration"),
    ("start    = 2024-07-15T00:00:00Z", "start = 2024-07-15T00:00:00", "scenario.start"),
    ("start    = 2024-07-15T00:00:00Z", "start = 2024-07-15", "scenario.start"),
    ("[site.a.cooling]", "it_capacity_mw = []\n[site.a.cooling]", "site.a.it_capacity_mw"),
    # another choice
    ('carbon_basis = "direct"', 'carbon_basis = "marginal"', "region.CISO.carbon_basis"),
    ('family = "tower-economizer"', 'family = "pond"', "site.a.cooling.family"),
    ('model   = "llama-3.1-8b"', 'model = "llama-3.1-8b"\nprecision = "fp9"', "service.chat.precision"),
    ('runs_on = ["*.serving"]', 'runs_on = ["serving"]', "service.chat.runs_on"),
    ("value    = 1.2", 'value = 1.2\ntolerance = "about"', "expect.tolerance"),
    # missing
    ('region = "CISO"', "", "site.a.region"),
    ('model   = "llama-3.1-8b"', "", "service.chat.model"),
    ('source   = "somebody"', "", "expect.source"),
    ("value    = 1.2", "", "expect"),
    ("mean_requests_per_s = 0.2", "", "service.chat.demand"),
    ('carbon_basis = "direct"', 'carbon = { column = "direct" }', "region.CISO.carbon.file"),
    # two where one is meant
    ("fixed = 100", "fixed = 100, lognormal = { median = 9 }", "service.chat.demand.lengths.prompt"),
    ("synthetic = {", 'log = "jobs.swf", synthetic = {', "site.a.cluster.training.jobs"),
    ("value    = 1.2", 'at_least = 1.2\ntolerance = "1 %"', "expect"),
    ('carbon_basis = "direct"', 'price_usd_per_mwh = 1\nprice = { file = "p.csv" }', "region.CISO"),
    ('model   = "llama-3.1-8b"', 'model = "llama-3.1-8b"\nkv_cache_tokens = 4096\nkv_cache_blocks = 64', "service.chat"),
)


def as_json(value):
    """TOML as JSON has it: times as text."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else value


def path_of(error):
    """The key that a fault is about; rows of a list and elements of a value are part of their key."""
    keys = [key for key in error.absolute_path if isinstance(key, str)]
    if error.validator == "additionalProperties":
        keys.append(next(key for key in error.instance if key not in error.schema.get("properties", {})))
    if error.validator == "required":
        keys.append(next(key for key in error.schema["required"] if key not in error.instance))
    return ".".join(keys)


def path_said(message):
    """The key that the program's message names; None where it names none."""
    in_table = re.search(r"(?:unknown key )?`([^`]+)` (?:is missing )?(?:in \[(.*)\]|at the top of the file)", message)
    if in_table and ("unknown key" in message or "is missing" in message):
        return ".".join(filter(None, (in_table[2], in_table[1])))
    named = re.search(r" for `([^`]+)`$", message) or re.match(r"`([a-z_]+[.][^`]+)` (?:is |= |has )", message)
    return named[1] if named else None


class Schema(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(fleetwatt("schema").stdout)
        cls.validator = Draft7Validator(cls.schema)

    def faults(self, text):
        return sorted({path_of(error) for error in self.validator.iter_errors(as_json(tomllib.loads(text)))})

    def validate(self, text):
        file = self.folder / "wrong.toml"
        file.write_text(text, encoding="utf-8")
        return fleetwatt("validate", file)

    def test_is_a_schema(self):
        self.assertEqual(self.schema["$schema"], Draft7Validator.META_SCHEMA["$id"])
        Draft7Validator.check_schema(self.schema)

    def test_defaults_are_valid(self):
        def walk(schema, path):
            if "default" in schema:
                with self.subTest(path):
                    Draft7Validator(schema).validate(schema["default"])
            for key, inner in schema.get("properties", {}).items():
                walk(inner, f"{path}.{key}")
            for key in ("additionalProperties", "items"):
                if isinstance(schema.get(key), dict):
                    walk(schema[key], f"{path}.*")

        walk(self.schema, "")

    def test_library_and_examples_are_valid(self):
        files = [*(ROOT / "scenarios/library").rglob("*.toml"), *(ROOT / "scenarios/schema/examples").glob("*.toml")]
        self.assertGreater(len(files), 35)
        for file in files:
            with self.subTest(file.relative_to(ROOT)):
                self.assertEqual(self.faults(file.read_text(encoding="utf-8")), [])

    def test_good_file_is_good_to_both(self):
        self.assertEqual(self.faults(GOOD), [])
        self.expect_exit(0, self.validate(GOOD))

    def test_wrong_files_are_refused_at_the_same_key(self):
        for old, new, path in FAULTS:
            with self.subTest(path, new=new):
                self.assertIn(old, GOOD)
                text = GOOD.replace(old, new, 1)
                self.assertEqual(self.faults(text), [path])
                refused = self.validate(text)
                self.expect_exit(2, refused)
                said = re.match(r"[^\n]*?:(\d+):\d+: error: (.*)", refused.stderr)
                named = path_said(said[2])
                if named:
                    self.assertEqual(re.sub(r"\[\d*\]", "", named), path)
                else:  # a rule between keys: the message points at the table, or at one of the keys
                    line = text.splitlines()[int(said[1]) - 1]
                    key = line.split("=")[0].strip(" []")
                    self.assertTrue(path.rsplit(".", 1)[-1] in line or f"{key} = " in new, line)

    def test_a_file_that_extends_others_need_not_repeat_their_keys(self):
        (self.folder / "base.toml").write_text(GOOD, encoding="utf-8")
        change = """
extends = "base.toml"
unset   = ["site.a.cluster.training", "service.chat.demand.lengths"]
[site.a]
cooling = { cycles_of_concentration = 5 }
[service.chat]
batch_limit = 64
"""
        self.assertEqual(self.faults(change), [])
        self.expect_exit(0, self.validate(change))
        self.assertEqual(self.faults(change.replace("batch_limit", "batch_limits")), ["service.chat.batch_limits"])
        self.assertEqual(self.faults(change.replace('"base.toml"', "5")), ["extends"])
        self.assertEqual(self.faults(change.replace('unset   = [', 'unset = [1, ')), ["unset"])

    def test_sites_of_a_table_need_not_repeat_its_columns(self):
        text = GOOD.replace('region = "CISO"', "")
        self.assertEqual(self.faults('[site_table.us]\nfile = "sites.csv"\n' + text), [])
        self.assertEqual(self.faults("[site_table.us]\n" + GOOD), ["site_table.us.file"])

    def test_entries_of_the_scenarios_own_are_allowed_where_names_are_offered(self):
        server = self.schema["properties"]["site"]["additionalProperties"]["properties"]["cluster"][
            "additionalProperties"]["properties"]["server"]
        self.assertIn("dgx-h100", server["anyOf"][0]["enum"])
        self.assertEqual(self.faults(GOOD.replace('"dgx-h100"', '"my-own"')), [])


if __name__ == "__main__":
    unittest.main()
