"""The notebooks run from a clean kernel, draw what they promise and check their own sums; what is committed has no outputs."""

import subprocess
import sys

import h5py
import nbclient
import nbformat

from fleetwatt_program import BUILT_IN, ONE_DAY, ROOT, ProgramTest, environment, fleetwatt

NOTEBOOKS = ROOT / "analysis/notebooks"
FIGURES = ROOT / "analysis/docs/figures"
FIRST_RUN, SWEEP = "first-run.ipynb", "sweep.ipynb"
SUPPLY_AIR = "site.*.cooling.supply_air_c"
MOST_BYTES = 150_000

sys.path.insert(0, str(NOTEBOOKS))
from execute import execute, pictures  # noqa: E402


def cell(document, name):
    return next(cell for cell in document.cells if cell.id == name)


def printed(document, name):
    return "".join(output.text for output in cell(document, name).outputs if output.output_type == "stream")


def texts(svg):
    """What is written in a picture: matplotlib notes the text of each group of glyphs in a comment."""
    return [line.strip()[5:-4] for line in svg.splitlines() if line.strip().startswith("<!-- ")]


class NotebookTest(ProgramTest):
    def run_program(self, *arguments):
        self.expect_exit(0, fleetwatt(*arguments))

    def expect_clean(self, document):
        """Nothing on stderr: no warnings either."""
        for code in document.cells:
            for output in code.get("outputs", []):
                self.assertNotEqual(output.get("name"), "stderr", f"{code.id}: {output.get('text')}")

    def expect_texts(self, svg, *expected):
        for text in expected:
            self.assertIn(text, texts(svg))

    def expect_failure(self, expected, notebook, **variables):
        with self.assertRaises(nbclient.exceptions.CellExecutionError) as failure:
            execute(notebook, **variables)
        self.assertIn(expected, f"{failure.exception.ename}: {failure.exception.evalue}")


class Committed(ProgramTest):
    def test_without_outputs(self):
        self.assertEqual(sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")), [FIRST_RUN, SWEEP])
        for name in (FIRST_RUN, SWEEP):
            document = nbformat.read(NOTEBOOKS / name, as_version=nbformat.NO_CONVERT)
            nbformat.validate(document)
            self.assertEqual(len({cell.id for cell in document.cells}), len(document.cells))
            for code in (cell for cell in document.cells if cell.cell_type == "code"):
                self.assertEqual((code.outputs, code.execution_count, code.metadata), ([], None, {}), f"{name}: {code.id}")

    def test_pictures_of_the_readme(self):
        for name in ("two-regions-load.svg", "two-regions-pue.svg"):
            picture = (FIGURES / name).read_text(encoding="utf-8")
            self.assertLess(len(picture.encode()), MOST_BYTES, name)
            self.assertNotIn("<dc:date>", picture, name)


class FirstRun(NotebookTest):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "day.h5"
        self.run_program("run", BUILT_IN, *ONE_DAY, "-o", self.path)

    def test_draws_and_agrees(self):
        document = execute(FIRST_RUN, FLEETWATT_RESULTS=str(self.path))
        self.expect_clean(document)
        self.assertEqual(set(pictures(document, "image/png")), {"load", "pue"})
        self.assertIn("Two regions: 24 hours from 2024-07-15 00:00 UTC", printed(document, "open"))
        self.assertEqual(printed(document, "checks"), "all sums agree\n")
        with h5py.File(self.path) as file:
            peaks = file["region_load_peak_mw"][:]
        table = cell(document, "table").outputs[0].data["text/plain"]
        for peak in peaks:
            self.assertIn(f"{peak:.3f}", table)

    def run_of(self, regions, *overrides):
        """Executes the notebook on a run with a site of jobs in each region."""
        scenario = self.folder / "regions.toml"
        scenario.write_text('[scenario]\ntitle = "Regions"\nstart = 2024-01-01T00:00:00Z\nduration = "2d"\ntick = "1h"\n'
                            'peak_interval = "1h"\n' + "".join(
                                f'[site.s{i}]\nregion = "{region}"\n[site.s{i}.cluster.c]\nnodes = {i + 1}\n'
                                "jobs = { synthetic = { mean_interarrival_s = 4000 } }\n" for i, region in enumerate(regions)),
                            encoding="utf-8")
        self.run_program("run", scenario, *overrides, "--force", "-o", self.path)
        document = execute(FIRST_RUN, svg=True, FLEETWATT_RESULTS=str(self.path))
        self.expect_clean(document)
        self.assertEqual(set(pictures(document)), {"load", "pue"})
        self.assertEqual(printed(document, "checks"), "all sums agree\n")
        return pictures(document)

    def test_one_region(self):
        drawn = self.run_of(["CISO"])
        self.expect_texts(drawn["load"], "CISO", "load (MW), mean of each hour", "time (UTC), 2024-01-01 to 2024-01-03")
        self.expect_texts(drawn["pue"], "s0 (CISO)")

    def test_twelve_regions(self):
        regions = ["CISO", "ERCO", "PJM", "MISO", "NYIS", "ISNE", "SWPP", "BPAT", "DUK", "SOCO", "TVA", "FPL"]
        drawn = self.run_of(regions)
        self.expect_texts(drawn["load"], "3 others, summed", *regions[3:])  # the larger the later
        self.assertFalse(set(regions[:3]) & set(texts(drawn["load"])))
        self.expect_texts(drawn["pue"], "others", *regions[3:])

    def test_a_year_is_drawn_by_days(self):
        drawn = self.run_of(["CISO", "ERCO"], "--set", "scenario.duration=365d")
        self.expect_texts(drawn["load"], "load (MW), mean of each day", "time (UTC), 2024-01-01 to 2024-12-31")
        for picture in drawn.values():
            self.assertLess(len(picture.encode()), 4 * MOST_BYTES)

    def test_a_last_day_that_is_cut_short(self):
        drawn = self.run_of(["CISO"], "--set", "scenario.duration=517h")
        self.expect_texts(drawn["load"], "load (MW), mean of each day", "time (UTC), 2024-01-01 to 2024-01-22")

    def test_writes_its_pictures_with_equal_bytes(self):
        run = subprocess.run([sys.executable, NOTEBOOKS / "execute.py", FIRST_RUN, "--pictures", self.folder / "day-"],
                             env=environment(FLEETWATT_RESULTS=str(self.path)), capture_output=True, text=True, check=False)
        self.expect_exit(0, run)
        self.expect_files("day.h5", "day-load.svg", "day-pue.svg")
        again = pictures(execute(FIRST_RUN, svg=True, FLEETWATT_RESULTS=str(self.path)))
        for name in ("load", "pue"):
            picture = (self.folder / f"day-{name}.svg").read_text(encoding="utf-8")
            self.assertEqual(picture.rstrip("\n"), again[name].rstrip("\n"))
            self.assertLess(len(picture.encode()), MOST_BYTES)
            self.assertNotIn("<dc:date>", picture)
        self.expect_texts(again["load"], "CISO", "ERCO", "load (MW), mean of each hour", "time (UTC), 2024-07-15 to 2024-07-16")
        self.expect_texts(again["pue"], "dallas (ERCO)", "san-jose (CISO)", "PUE (no unit) of each hour",
                          "outdoor temperature (°C), dry bulb, mean of each hour")

    def test_hours_that_do_not_sum_to_the_total_stop_it(self):
        with h5py.File(self.path, "r+") as file:
            file["region_load_mw"][3, 0] += 1e-6
        self.expect_failure("AssertionError", FIRST_RUN, FLEETWATT_RESULTS=str(self.path))

    def test_no_file(self):
        none = self.folder / "none.h5"
        self.expect_failure(f"FileNotFoundError: no file {none}: make one with ./dev run, or set FLEETWATT_RESULTS to another",
                            FIRST_RUN, FLEETWATT_RESULTS=str(none))


class Sweep(NotebookTest):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "sweep.h5"
        self.run_program("sweep", BUILT_IN, *ONE_DAY, "--vary", f"{SUPPLY_AIR}=28,18,23",
                         "--vary", "site.dallas.power.redundancy=N,2N", "-o", self.path)

    def sweep(self, *varied):
        """Executes the notebook on a sweep of these settings."""
        options = [word for setting in varied for word in ("--vary", setting)]
        self.run_program("sweep", BUILT_IN, "--set", "scenario.duration=2h", *options, "--force", "-o", self.path)
        document = execute(SWEEP, svg=True, FLEETWATT_SWEEP=str(self.path))
        self.expect_clean(document)
        self.assertEqual(set(pictures(document)), {"energy-pue-water"})
        self.assertEqual(printed(document, "checks"), "all sums agree\n")
        self.expect_texts(pictures(document)["energy-pue-water"], "energy of the fleet (MWh)", "PUE (no unit)", "make-up water (m³)")
        return document

    def test_two_axes(self):
        document = execute(SWEEP, svg=True, FLEETWATT_SWEEP=str(self.path))
        self.expect_clean(document)
        self.expect_texts(pictures(document)["energy-pue-water"], "N", "2N", "redundancy", "air at the servers' inlets (°C), all sites")
        self.assertIn("Two regions: 6 runs, of which 0 failed", printed(document, "open"))
        self.assertEqual(printed(document, "setting"),
                         f"{SUPPLY_AIR} = 18.0, 23.0, 28.0\na line each: site.dallas.power.redundancy = N, 2N\n")
        self.assertEqual(printed(document, "checks"), "all sums agree\n")

    def test_one_axis(self):
        document = self.sweep(f"{SUPPLY_AIR}=28,18,23")
        self.expect_texts(pictures(document)["energy-pue-water"], "dallas", "san-jose", "air at the servers' inlets (°C), all sites")
        self.assertEqual(printed(document, "setting"), f"{SUPPLY_AIR} = 18.0, 23.0, 28.0\n")
        self.assertIn("change (%)", cell(document, "table").outputs[0].data["text/plain"])

    def test_one_axis_of_words(self):
        document = self.sweep("site.*.power.redundancy=2N,N")
        self.expect_texts(pictures(document)["energy-pue-water"], "2N", "N", "dallas", "site.*.power.redundancy")
        self.assertEqual(printed(document, "setting"), "site.*.power.redundancy = 2N, N\n")

    def test_three_axes_and_a_fourth_that_is_held(self):
        words, rate, limit = "site.*.power.redundancy", "service.chat.demand.mean_requests_per_s", "service.chat.batch_limit"
        document = self.sweep(f"{words}=N,2N", f"{SUPPLY_AIR}=28,18", f"{rate}=1,2,3", f"{limit}=64,32")
        self.assertEqual(printed(document, "setting"), f"{SUPPLY_AIR} = 18.0, 28.0\na line each: {words} = N, 2N\n"
                         f"a row each: {rate} = 1.0, 2.0, 3.0\nheld: {limit} = 64.0\n")
        picture = pictures(document)["energy-pue-water"]
        self.expect_texts(picture, "N", "2N", *(f"mean_requests_per_s = {value}" for value in ("1.0", "2.0", "3.0")))
        self.assertNotIn("dallas", texts(picture))
        table = cell(document, "table").outputs[0].data["text/plain"]
        self.assertNotIn("change (%)", table)

    def test_leaves_out_runs_that_failed(self):
        with h5py.File(self.path, "r+") as file:
            file["error"][4] = "the runs are numbered 28 N, 28 2N, 18 N, 18 2N, 23 N, 23 2N"
            file["fleet_energy_total_mwh"][4] = float("nan")
        document = execute(SWEEP, FLEETWATT_SWEEP=str(self.path))
        self.assertIn("6 runs, of which 1 failed", printed(document, "open"))
        self.assertNotIn("NaN", cell(document, "table").outputs[0].data["text/plain"])
        self.assertEqual(set(pictures(document, "image/png")), {"energy-pue-water"})

    def test_sites_that_do_not_sum_to_the_fleet_stop_it(self):
        with h5py.File(self.path, "r+") as file:
            file["site_water_total_m3"][2, 1] += 1e-3
        self.expect_failure("AssertionError", SWEEP, FLEETWATT_SWEEP=str(self.path))

    def test_no_file(self):
        none = self.folder / "none.h5"
        self.expect_failure(f"FileNotFoundError: no file {none}: make one with fleetwatt sweep, or set FLEETWATT_SWEEP to another",
                            SWEEP, FLEETWATT_SWEEP=str(none))
