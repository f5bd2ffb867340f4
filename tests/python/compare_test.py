"""compare from outside: the differences file in xarray, wide tables in pandas, completion in bash."""

import io
import json
import subprocess
import sys
import unittest

import numpy as np
import pandas as pd
import xarray as xr

from fleetwatt_program import BUILT_IN, ONE_DAY, ProgramTest, fleetwatt

WARM = ("--set", "site.dallas.cooling.supply_air_c=27")


class Compare(ProgramTest):
    def run_and_compare(self):
        a, b, differences = (self.folder / name for name in ("a.h5", "b.h5", "d.h5"))
        self.expect_exit(0, fleetwatt("run", BUILT_IN, *ONE_DAY, "-o", a))
        self.expect_exit(0, fleetwatt("run", BUILT_IN, *ONE_DAY, *WARM, "-o", b))
        compared = fleetwatt("compare", a, b, "--json", "--all", "-o", differences)
        self.expect_exit(0, compared)
        return a, b, differences, json.loads(compared.stdout)

    def test_differences_are_those_that_xarray_makes(self):
        a, b, differences, compared = self.run_and_compare()
        with xr.open_dataset(a) as A, xr.open_dataset(b) as B, xr.open_dataset(differences) as D:
            self.assertEqual(D.attrs["format"], "fleetwatt differences 1")
            self.assertEqual(D.attrs["title"], "Two regions: B - A")
            self.assertIn("site.dallas.cooling.supply_air_c:  -> 27", D.attrs["changes"])
            hourly = [name for name, variable in A.data_vars.items() if "time" in variable.dims and name != "time_bnds"]
            self.assertEqual({name for name in D.data_vars if "units" in D[name].attrs} - {"time_bnds"}, set(hourly))
            for name in hourly:
                np.testing.assert_array_equal(D[name].values, (B[name] - A[name]).values, err_msg=name)
                self.assertEqual(D[name].dims, A[name].dims)
            self.assertLess(float(D.site_cooling_load_mw.sel(site="dallas").sum()), 0)
            self.assertEqual(float(abs(D.site_load_mw.sel(site="san-jose")).sum()), 0)

            # Ten batches of the 24 hours, of two or three hours each, worked out apart from the program.
            quantity = compared["quantities"]["site.dallas.energy_mwh"]
            hours = D.site_load_mw.sel(site="dallas").values
            edges = [i * 24 // 10 for i in range(11)]
            deviations = [(end - begin) / 2.4 * (hours[begin:end].mean() - hours.mean())
                          for begin, end in zip(edges, edges[1:])]
            noise = 1.96 * 24 * np.sqrt(np.sum(np.square(deviations)) / 90)
            self.assertAlmostEqual(quantity["noise"], noise, delta=1e-9 * noise)
            self.assertAlmostEqual(quantity["difference"], hours.sum(), delta=1e-9)
            self.assertFalse(quantity["below_noise"])

    def test_equal_bytes_for_any_number_of_threads(self):
        files = []
        for threads in (1, 3):
            path = self.folder / f"{threads}.h5"
            self.expect_exit(0, fleetwatt("compare", BUILT_IN, *WARM, "--threads", threads, "-o", path))
            files.append(path.read_bytes())
        self.assertEqual(files[0], files[1])
        self.assertNotIn(str(self.folder).encode(), files[0])

    def test_differences_are_shown_and_exported_like_runs(self):
        _, _, differences, _ = self.run_and_compare()
        shown = fleetwatt("show", differences, "--by", "site", "--var", "cooling_load_mw")
        self.expect_exit(0, shown)
        self.assertIn("B - A: power of the cooling plant", shown.stdout)
        self.expect_exit(0, fleetwatt("export", differences, "--wide"))


class WideTable(ProgramTest):
    def test_wide_and_tidy_hold_the_same(self):
        path = self.folder / "day.h5"
        self.expect_exit(0, fleetwatt("run", BUILT_IN, *ONE_DAY, "-o", path))
        wide = fleetwatt("export", path, "--wide", "-o", "-")
        tidy = fleetwatt("export", path, "-o", "-")
        self.expect_exit(0, wide)
        self.expect_exit(0, tidy)
        wide = pd.read_csv(io.StringIO(wide.stdout), index_col="time", float_precision="round_trip")
        tidy = pd.read_csv(io.StringIO(tidy.stdout), float_precision="round_trip")
        tidy["column"] = tidy["variable"] + "/" + tidy["entity"]
        pivoted = tidy.pivot(index="time", columns="column", values="value")
        self.assertEqual(sorted(wide.columns), sorted(pivoted.columns))
        np.testing.assert_array_equal(wide[pivoted.columns].values, pivoted.values)


class Completion(ProgramTest):
    def completed(self, *words):
        """What bash offers for the last of these words, in self.folder."""
        script = fleetwatt("completion", "bash")
        self.expect_exit(0, script)
        path = self.folder / "completion"
        path.write_text(script.stdout)
        self.expect_exit(0, subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False))
        call = f"""source completion
                   COMP_WORDS=({" ".join(f"'{word}'" for word in words)}); COMP_CWORD={len(words) - 1}
                   [[ $(complete -p fleetwatt) == 'complete -F _fleetwatt fleetwatt' ]] || exit 1
                   _fleetwatt; printf '%s\\n' "${{COMPREPLY[@]}}" """
        answered = subprocess.run(["bash", "-c", call], capture_output=True, text=True, check=False, cwd=self.folder)
        self.expect_exit(0, answered)
        self.assertEqual(answered.stderr, "")
        return set(answered.stdout.split("\n")) - {""}

    def test_commands(self):
        self.assertEqual(self.completed("fleetwatt", "r"), {"run"})
        self.assertLessEqual({"run", "show", "compare", "export", "completion", "--help", "--version"},
                             self.completed("fleetwatt", ""))

    def test_options_and_what_follows_them(self):
        self.assertEqual(self.completed("fleetwatt", "run", "--th"), {"--threads"})
        self.assertEqual(self.completed("fleetwatt", "export", "x.h5", "--by", "re"), {"region"})
        self.assertEqual(self.completed("fleetwatt", "completion", "z"), {"zsh"})
        self.assertEqual(self.completed("fleetwatt", "run", "--threads", ""), set())

    def test_files_of_the_right_kind(self):
        for name in ("my fleet.toml", "a.h5", "notes.txt"):
            (self.folder / name).touch()
        (self.folder / "inner").mkdir()
        self.assertEqual(self.completed("fleetwatt", "run", ""), {"my fleet.toml", "inner"})
        self.assertEqual(self.completed("fleetwatt", "export", ""), {"a.h5", "inner"})
        self.assertEqual(self.completed("fleetwatt", "show", ""), {"my fleet.toml", "a.h5", "inner"})
        self.assertEqual(self.completed("fleetwatt", "show", "no"), set())


if __name__ == "__main__":
    sys.exit(unittest.main())
