"""A results file opens in xarray with nothing of ours installed, and its parts agree with each other and with other exports."""

import io
import json
import pathlib
import sys
import tempfile
import unittest

import numpy as np
import pandas as pd
import xarray as xr

from fleetwatt_program import BUILT_IN, ONE_DAY, fleetwatt

START = np.datetime64("2024-07-15T00:00:00")
HOURS = 24
SIZES = {"time": HOURS, "bnds": 2, "site": 2, "region": 2, "service": 1, "cluster": 4}
ENTITIES = ("site", "region", "service", "cluster")
EXACT = {"rtol": 1e-12, "atol": 1e-12}


class ResultsFile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="fleetwatt-test-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name) / "day.h5"
        cls.run_ = fleetwatt("run", BUILT_IN, *ONE_DAY, "--json", "-o", cls.path)
        if cls.run_.returncode != 0:
            raise AssertionError(cls.run_.stderr)
        cls.json = json.loads(cls.run_.stdout)
        cls.data = xr.open_dataset(cls.path, engine="h5netcdf")
        cls.addClassCleanup(cls.data.close)

    def test_opens_with_its_dimensions_and_labels(self):
        sizes = dict(self.data.sizes)
        self.assertGreater(sizes.pop("source"), 50)
        self.assertEqual(sizes, SIZES)
        self.assertEqual(list(self.data.site.values), ["dallas", "san-jose"])
        self.assertEqual(list(self.data.region.values), ["CISO", "ERCO"])
        self.assertEqual(list(self.data.service.values), ["chat"])
        self.assertEqual(list(self.data.cluster.values),
                         ["dallas.serving", "dallas.training", "san-jose.serving", "san-jose.training"])
        self.assertEqual(dict(zip(self.data.site.values, self.data.site_region.values)),
                         {"dallas": "ERCO", "san-jose": "CISO"})
        self.assertEqual(list(self.data.cluster_site.values), ["dallas", "dallas", "san-jose", "san-jose"])
        self.assertEqual(set(self.data.cluster_server.values), {"dgx-h100"})

    def test_time_is_utc_at_the_start_of_each_hour(self):
        hours = START + np.arange(HOURS) * np.timedelta64(1, "h")
        np.testing.assert_array_equal(self.data.time.values, hours)
        bounds = np.stack([hours, hours + np.timedelta64(1, "h")], axis=1)
        np.testing.assert_array_equal(self.data.time_bnds.values, bounds)
        self.assertEqual(self.data.time_bnds.dims, ("time", "bnds"))
        self.assertEqual(self.data.time.attrs["bounds"], "time_bnds")
        self.assertEqual(self.data.time.encoding["units"], "seconds since 2024-07-15 00:00:00")
        self.assertEqual(self.data.time.encoding["calendar"], "proleptic_gregorian")

    def test_variables_are_selected_by_name(self):
        dallas = self.data.sel(site="dallas")
        self.assertEqual(dallas.site_load_mw.shape, (HOURS,))
        self.assertEqual(dallas.site_energy_total_mwh.shape, ())
        chat = self.data.sel(service="chat", time="2024-07-15T05:00")
        self.assertEqual(chat.service_ttft_p50_s.shape, ())
        self.assertEqual(self.data.fleet_energy_total_mwh.shape, ())
        self.assertGreater(float(self.data.region_co2_t.sel(region="ERCO").sum()), 0)

    def test_every_variable_has_a_unit_and_a_name(self):
        labels = {"site_region", "cluster_site", "cluster_server", "time_bnds", "source_entry", "source_basis",
                  "source_text"}
        for name, variable in self.data.data_vars.items():
            with self.subTest(variable=name):
                if name not in labels:
                    self.assertTrue(variable.attrs.get("units"))
                if name != "time_bnds":
                    self.assertTrue(variable.attrs.get("long_name"))
                if "time" in variable.dims and name != "time_bnds":
                    self.assertRegex(variable.attrs["cell_methods"], r"^time: \w+$")

    def test_every_figure_in_force_has_its_source(self):
        text = dict(zip(self.data.source_entry.values, self.data.source_text.values))
        basis = dict(zip(self.data.source_entry.values, self.data.source_basis.values))
        self.assertEqual(len(text), self.data.sizes["source"])
        self.assertEqual(set(basis.values()),
                         {"measured", "calibrated", "modelled", "assumed", "file", "given", "default"})
        self.assertIn("NVIDIA H100 data sheet", text["catalog.accelerator.h100-sxm"])
        self.assertEqual(basis["site.dallas.region"], "given")
        self.assertRegex(text["built-in.toml"], "^scenario file, content [0-9a-f]{16}$")
        self.assertFalse([entry for entry in text if entry.startswith("catalog.") and text[entry] == "no source given"])

    def test_numbers_stay_numbers(self):
        """xarray makes timedeltas of what has the unit `seconds` or `hours`: ours are `s` and `h`."""
        numbers = {name for name, variable in self.data.data_vars.items() if "units" in variable.attrs}
        self.assertGreater(len(numbers), 80)
        for name in numbers - {"time_bnds"}:
            self.assertEqual(self.data[name].dtype, np.float64, name)
        self.assertEqual(self.data.service_ttft_p50_s.attrs["units"], "s")
        self.assertTrue((self.data.service_ttft_p50_s > 0.05).all() and (self.data.service_ttft_p50_s < 5).all())
        self.assertEqual(self.data.cluster_wait_mean_h.attrs["units"], "h")

    def test_sums_agree(self):
        data = self.data
        np.testing.assert_allclose(data.region_load_mw.sum("region"), data.fleet_load_mw, **EXACT)
        np.testing.assert_allclose(data.site_load_mw.sum("site"), data.fleet_load_mw, **EXACT)
        parts = data.site_it_load_mw + data.site_cooling_load_mw + data.site_loss_mw
        np.testing.assert_allclose(parts, data.site_load_mw, **EXACT)
        np.testing.assert_allclose(data.site_water_m3.sum(), data.region_water_m3.sum(), **EXACT)

    def test_totals_are_those_of_the_hours(self):
        data = self.data
        for dimension in ("fleet", "site", "region"):
            load_mw = data[f"{dimension}_load_mw"]
            np.testing.assert_allclose(load_mw.mean("time") * HOURS, data[f"{dimension}_energy_total_mwh"], **EXACT)
            np.testing.assert_allclose(load_mw.mean("time"), data[f"{dimension}_load_mean_mw"], **EXACT)
            self.assertTrue((data[f"{dimension}_load_peak_mw"] >= load_mw.max("time") * (1 - 1e-12)).all())
        for hourly, total in (("region_co2_t", "region_co2_total_t"), ("region_cost_usd", "region_cost_total_usd"),
                              ("region_water_m3", "region_water_total_m3"), ("site_water_m3", "site_water_total_m3"),
                              ("service_requests", "service_requests_total"),
                              ("service_requests_done", "service_requests_done_total"),
                              ("service_output_tokens", "service_output_tokens_total"),
                              ("service_energy_mwh", "service_gpu_energy_total_mwh"),
                              ("cluster_energy_mwh", "cluster_energy_total_mwh")):
            np.testing.assert_allclose(data[hourly].sum("time"), data[total], err_msg=total, **EXACT)

    def test_derived_quantities_follow_from_their_parts(self):
        data = self.data
        np.testing.assert_allclose(data.site_pue, data.site_load_mw / data.site_it_load_mw, **EXACT)
        np.testing.assert_allclose(data.site_pue_mean, data.site_energy_total_mwh / data.site_it_energy_total_mwh, **EXACT)
        # A MW over an hour at 1 g/kWh is a kilogram.
        np.testing.assert_allclose(data.region_co2_t, data.region_load_mw * data.region_carbon_intensity_g_per_kwh / 1e3,
                                   **EXACT)
        np.testing.assert_allclose(data.region_cost_usd, data.region_load_mw * data.region_price_usd_per_mwh, **EXACT)
        requests = data.service_requests_total - data.service_requests_done_total - data.service_requests_rejected_total
        np.testing.assert_array_equal(requests,
                                      data.service_requests_running_at_end + data.service_requests_waiting_at_end)

    def test_attributes_say_what_was_run(self):
        attributes = self.data.attrs
        self.assertEqual(attributes["title"], "Two regions")
        self.assertEqual(int(attributes["seed"]), 1)
        self.assertEqual(attributes["scenario"], BUILT_IN.read_text(encoding="utf-8"))
        self.assertEqual(attributes["overrides"], "scenario.duration=1d")
        self.assertEqual(attributes["source"], f"fleetwatt {self.json['version']}")
        self.assertEqual(attributes["format"], "fleetwatt results 1")
        self.assertTrue(attributes["Conventions"].startswith("CF-"))
        shares = [float(line.split()[1]) for line in attributes["energy_basis"].splitlines()]
        self.assertAlmostEqual(sum(shares), 1, delta=2e-4)  # four digits each

    def test_nothing_of_the_machine_is_in_the_file(self):
        content = self.path.read_bytes()
        for volatile in (str(self.path.parent), str(BUILT_IN.parent), "wall"):
            self.assertNotIn(volatile.encode(), content)

    def test_json_agrees_with_the_totals(self):
        self.assertEqual((self.json["title"], self.json["seed"], self.json["hours"]), ("Two regions", 1, HOURS))
        totals = {name: variable for name, variable in self.data.data_vars.items()
                  if "units" in variable.attrs and "time" not in variable.dims}
        in_json = sorted(self.number(entry) for entry in self.json["quantities"].values())
        in_file = sorted(float(x) for variable in totals.values() for x in np.nan_to_num(variable.values, nan=-1.0).flat)
        self.assertEqual(in_json, in_file)  # each value of the one is in the other, to the last digit
        for path, variable in (("total.energy_mwh", self.data.fleet_energy_total_mwh),
                               ("site.dallas.pue", self.data.site_pue_mean.sel(site="dallas")),
                               ("region.CISO.co2_t", self.data.region_co2_total_t.sel(region="CISO")),
                               ("service.chat.ttft_p99_s", self.data.service_ttft_p99_overall_s.sel(service="chat")),
                               ("cluster.dallas.training.jobs_done",
                                self.data.cluster_jobs_done_total.sel(cluster="dallas.training"))):
            self.assertEqual(self.json["quantities"][path]["value"], float(variable), path)
            self.assertEqual(self.json["quantities"][path]["unit"], variable.attrs["units"], path)

    @staticmethod
    def number(entry):
        return -1.0 if entry["value"] is None else float(entry["value"])

    def test_csv_agrees_value_by_value(self):
        exported = fleetwatt("export", self.path, "--csv", "-o", "-")
        self.assertEqual(exported.returncode, 0, exported.stderr)
        table = pd.read_csv(io.StringIO(exported.stdout), float_precision="round_trip")
        self.assertEqual(list(table.columns), ["time", "dimension", "entity", "variable", "unit", "value"])
        table["time"] = pd.to_datetime(table["time"]).dt.tz_convert(None)
        hourly = [name for name, variable in self.data.data_vars.items()
                  if "time" in variable.dims and name != "time_bnds"]
        self.assertEqual(sorted(table["variable"].unique()), sorted(hourly))
        for name, rows in table.groupby("variable"):
            with self.subTest(variable=name):
                variable = self.data[name]
                dimension = next((d for d in variable.dims if d in ENTITIES), None)
                self.assertEqual(set(rows["dimension"]), {dimension or "fleet"})
                self.assertEqual(set(rows["unit"]), {variable.attrs["units"]})
                self.assertEqual(len(rows), variable.size)
                wide = rows.pivot(index="time", columns="entity", values="value")
                order = variable[dimension].values if dimension else ["fleet"]
                np.testing.assert_array_equal(wide.index.values, variable.time.values)
                np.testing.assert_array_equal(wide[order].values, variable.values.reshape(HOURS, -1))

    def test_csv_lands_beside_the_file(self):
        exported = fleetwatt("export", self.path, "--csv")
        self.assertEqual(exported.returncode, 0, exported.stderr)
        self.assertIn("day.csv", exported.stdout)
        self.assertTrue(self.path.with_suffix(".csv").read_text(encoding="utf-8").startswith("time,dimension,entity,"))

    def test_opens_undecoded(self):
        """Plain variables all the way down: whole seconds, no groups, no types that need h5py itself."""
        with xr.open_dataset(self.path, engine="h5netcdf", decode_cf=False) as raw:
            self.assertEqual(raw.time.dtype, np.int64)
            self.assertEqual(set(raw.variables), set(self.data.variables))


if __name__ == "__main__":
    sys.exit(unittest.main())
