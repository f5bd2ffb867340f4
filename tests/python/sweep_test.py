"""`fleetwatt sweep` as a shell sees it: the file in xarray, Ctrl-C and --resume, two processes, progress, exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
import unittest

import numpy as np
import xarray as xr

from fleetwatt_program import BUILT_IN, PROGRAM, ProgramTest, environment, fleetwatt, open_terminal

OK, CHECK_FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
HOURS = 6
SHORT = ("--set", f"scenario.duration={HOURS}h")
AIR = "site.dallas.cooling.supply_air_c"
CHAIN = "site.dallas.power.redundancy"


class SweepTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "sweep.h5"

    def sweep(self, *arguments, path=None, **options):
        return fleetwatt("sweep", BUILT_IN, *SHORT, *arguments, "-o", path or self.path, **options)

    def start(self, *arguments):
        process = subprocess.Popen([PROGRAM, "sweep", BUILT_IN, *arguments, "-o", self.path], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def wait_for_runs(self, process, runs):
        """Until so many runs are in the side file."""
        partial = self.path.with_name("sweep.h5.partial")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.assertIsNone(process.poll(), "the sweep ended before it was interrupted")
            if partial.exists() and partial.read_bytes().count(b"\n") > runs:
                return
            time.sleep(0.02)
        self.fail("no run was finished")


class File(SweepTest):
    def test_opens_in_xarray_and_each_run_is_the_run_alone(self):
        run = self.sweep("--vary", f"{AIR}=18:27:4", "--vary", f"{CHAIN}=N,2N", "--series",
                         "site_load_mw,fleet_load_mw,region_co2_t", "--json")
        self.expect_exit(OK, run)
        self.expect_files("sweep.h5")
        with xr.open_dataset(self.path, engine="h5netcdf") as data:
            self.assertEqual(data.sizes["run"], 8)
            self.assertLessEqual({AIR, CHAIN}, set(data.coords))
            np.testing.assert_array_equal(data[AIR], np.repeat([18.0, 21, 24, 27], 2))
            self.assertEqual(list(data[CHAIN].values), ["N", "2N"] * 4)
            self.assertEqual(data.fleet_energy_total_mwh.dims, ("run",))
            self.assertEqual(data.site_pue_mean.dims, ("run", "site"))
            self.assertEqual(data.site_load_mw.dims, ("run", "time", "site"))
            self.assertEqual(data.time.values[0], np.datetime64("2024-07-15T00:00:00"))
            self.assertEqual(list(data.error.values), [""] * 8)

            # Warmer air asks less of the plant of that site, and of no other; two chains lose more than one.
            dallas = data.site_pue_mean.sel(site="dallas").values.reshape(4, 2)
            self.assertTrue((np.diff(dallas, axis=0) < 0).all(), dallas)
            self.assertTrue((dallas[:, 1] > dallas[:, 0]).all(), dallas)
            self.assertEqual(len(np.unique(data.site_pue_mean.sel(site="san-jose"))), 1)
            # Common random numbers: the same requests in every run.
            self.assertEqual(len(np.unique(data.service_requests_total)), 1)
            np.testing.assert_allclose(data.site_load_mw.sum("site"), data.fleet_load_mw, rtol=1e-12)
            np.testing.assert_allclose(data.fleet_load_mw.mean("time"), data.fleet_load_mean_mw, rtol=1e-12)

            alone = self.folder / "alone.h5"
            self.expect_exit(OK, fleetwatt("run", BUILT_IN, *SHORT, "--set", f"{AIR}=24", "--set", f"{CHAIN}=2N", "-o",
                                           alone))
            with xr.open_dataset(alone, engine="h5netcdf") as one:
                for name in ("fleet_energy_total_mwh", "site_water_total_m3", "service_ttft_p99_overall_s",
                             "site_load_mw", "region_co2_t"):
                    np.testing.assert_array_equal(data[name].isel(run=5), one[name], name)
            summary = json.loads(run.stdout)
            self.assertEqual(summary["results"][5]["inputs"], {AIR: 24.0, CHAIN: "2N"})
            self.assertEqual(summary["results"][5]["quantities"]["total.energy_mwh"]["value"],
                             float(data.fleet_energy_total_mwh[5]))

    def test_equal_bytes_for_any_number_of_threads(self):
        files = []
        for threads in (1, 2, 5):
            path = self.folder / f"{threads}.h5"
            self.expect_exit(OK, self.sweep("--vary", "scenario.seed=1:6:6", "--threads", threads, path=path))
            files.append(path.read_bytes())
        self.assertEqual(files[1:], files[:1] * 2)

    def test_a_failing_run_is_recorded(self):
        """Six hours from the sixth hour on are not in a file of eight hours."""
        csv = self.folder / "price.csv"
        csv.write_text("time,price\n" + "".join(f"2024-07-15T{hour:02}:00:00Z,50\n" for hour in range(8)))
        run = self.sweep("--set", f"region.CISO.price={{ file = \"{csv}\" }}", "--vary",
                         "scenario.start=2024-07-15T00:00:00Z,2024-07-15T06:00:00Z,2024-07-15T02:00:00Z")
        self.expect_exit(CHECK_FAILED, run)
        self.assertIn("failed   1 run of 3", run.stdout)
        with xr.open_dataset(self.path, engine="h5netcdf") as data:
            np.testing.assert_array_equal(data.error != "", [False, True, False])
            self.assertIn("price.csv", str(data.error.values[1]))
            np.testing.assert_array_equal(np.isnan(data.fleet_cost_total_usd), [False, True, False])


class Interrupted(SweepTest):
    GRID = ("--vary", "scenario.seed=1:40:40")

    def test_finished_runs_are_kept_and_resumed(self):
        whole = self.folder / "whole.h5"
        self.expect_exit(OK, self.sweep(*self.GRID, path=whole))
        for which, code in ((signal.SIGINT, INTERRUPTED), (signal.SIGTERM, INTERRUPTED), (signal.SIGKILL, -9)):
            with self.subTest(signal=which.name):
                process = self.start(*SHORT, *self.GRID)
                self.wait_for_runs(process, 2)
                process.send_signal(which)
                _, err = process.communicate(timeout=60)
                self.assertEqual(process.returncode, code, err)
                if code == INTERRUPTED:
                    self.assertRegex(err, r"^interrupted: \d+ of 40 runs are in .*sweep.h5.partial; "
                                          r"the same command with --resume completes them\n$")
                self.expect_files("sweep.h5.partial", "whole.h5")
                refused = self.sweep(*self.GRID)
                self.expect_exit(BAD_INPUT, refused)
                self.assertIn("--resume completes it", refused.stderr)
                resumed = self.sweep(*self.GRID, "--resume")
                self.expect_exit(OK, resumed)
                self.assertRegex(resumed.stderr, r"^resumed: \d+ runs were done before\n$")
                self.assertEqual(self.path.read_bytes(), whole.read_bytes())
                self.expect_files("sweep.h5", "whole.h5")
                self.path.unlink()

    def test_nothing_is_left_where_no_run_was_finished(self):
        process = self.start("--set", "scenario.duration=3650d", "--vary", "scenario.seed=1,2")
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, INTERRUPTED, err)
        self.assertEqual(err, "interrupted: nothing was written\n")
        self.expect_files()

    def test_interrupted_before_the_first_new_run_the_earlier_are_there(self):
        """Runs of seconds and of years: the first are done, the others never."""
        grid = ("--vary", "scenario.duration=6h,3650d", "--threads", 1)
        process = self.start(*map(str, grid))
        self.wait_for_runs(process, 1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        before = self.path.with_name("sweep.h5.partial").read_bytes()
        process = self.start(*map(str, grid), "--resume")
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, INTERRUPTED, err)
        self.assertNotIn("nothing was written", err)
        self.assertRegex(err, r"^interrupted: 1 of 2 runs are in .*sweep.h5.partial; ")
        self.assertEqual(self.path.with_name("sweep.h5.partial").read_bytes(), before)

    def test_a_damaged_line_is_told_and_run_again(self):
        whole = self.folder / "whole.h5"
        self.expect_exit(OK, self.sweep(*self.GRID, path=whole))
        process = self.start(*SHORT, *self.GRID)
        self.wait_for_runs(process, 3)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        partial = self.path.with_name("sweep.h5.partial")
        lines = partial.read_bytes().split(b"\n")
        lines[2] = lines[2].replace(b'"totals":[[', b'"totals":[[9', 1)
        partial.write_bytes(b"\n".join(lines))
        run = self.sweep(*self.GRID, "--resume")
        self.expect_exit(OK, run)
        self.assertIn("1 line of ", run.stderr)
        self.assertIn(" was damaged, and what it held was run again\n", run.stderr)
        self.assertEqual(self.path.read_bytes(), whole.read_bytes())

    def test_another_sweep_is_not_resumed(self):
        process = self.start(*SHORT, *self.GRID)
        self.wait_for_runs(process, 1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        run = self.sweep("--vary", "scenario.seed=1:41:41", "--resume")
        self.expect_exit(BAD_INPUT, run)
        self.assertIn("belongs to another sweep: its axes is", run.stderr)

    def test_two_processes_on_one_output(self):
        process = self.start("--set", "scenario.duration=60d", "--vary", "scenario.seed=1:40:40")
        partial = self.path.with_name("sweep.h5.partial")
        deadline = time.monotonic() + 60
        while not partial.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.1)
        second = self.sweep(*self.GRID, "--resume")
        self.expect_exit(BAD_INPUT, second)
        self.assertIn("another process is at work on this sweep", second.stderr)
        self.assertIsNone(process.poll())


class BadInput(SweepTest):
    def expect_refusal(self, *arguments, says):
        run = self.sweep(*arguments)
        self.expect_exit(BAD_INPUT, run)
        for text in says:
            self.assertIn(text, run.stderr)
        self.expect_files()

    def test_refused_before_the_first_run(self):
        self.expect_refusal("--vary", "site.dallas.cooling.suply_air_c=18,20", says=["did you mean `supply_air_c`?"])
        self.expect_refusal("--vary", "site.dalas.cooling.supply_air_c=18,20", says=["did you mean `dallas`?"])
        self.expect_refusal("--vary", f"{AIR}=18:50:3", says=[f"--vary {AIR}=50", "10 to 40 C"])
        self.expect_refusal("--vary", "scenario.seed=1:400:400", "--vary", f"{AIR}=18:27:300",
                            says=["the grid has 120,000 runs (400 x 300), more than the budget of 100,000"])
        self.expect_refusal("--vary", "scenario.seed=1,2", "--series", "site_lode_mw", says=["`site_load_mw`?"])
        self.expect_refusal(says=["--vary"])


class Progress(SweepTest):
    def test_runs_and_time_left_on_a_terminal(self):
        reading, terminal = open_terminal(self)
        self.addCleanup(os.close, reading)
        process = subprocess.Popen([PROGRAM, "sweep", BUILT_IN, *SHORT, "--vary", "scenario.seed=1:12:12", "-o",
                                    self.path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=terminal,
                                   env=environment())
        os.close(terminal)
        shown = b""
        try:
            while piece := os.read(reading, 4096):
                shown += piece
        except OSError:  # EIO: closed, as Linux says it
            pass
        out, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, OK)
        self.assertRegex(shown.decode(), r"\d+/12 runs, \d+ s left")
        self.assertTrue(shown.decode().endswith("\r\033[K"), shown)
        self.assertIn("a sweep of 12 runs", out.decode())

    def test_none_elsewhere(self):
        run = self.sweep("--vary", "scenario.seed=1,2")
        self.expect_exit(OK, run)
        self.assertEqual(run.stderr, "")


if __name__ == "__main__":
    sys.exit(unittest.main())
