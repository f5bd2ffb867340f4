"""The built program, as the tests beside this file call it: FLEETWATT_PROGRAM names it."""

import os
import pathlib
import pty
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("FLEETWATT_PROGRAM", str(ROOT / "build/release/fleetwatt"))
BUILT_IN = ROOT / "scenarios/library/two-regions/built-in.toml"
REAL_2024 = ROOT / "scenarios/library/two-regions/real-2024.toml"
ONE_DAY = ("--set", "scenario.duration=1d")
TEN_YEARS = ("--set", "scenario.duration=3650d")  # valid, and far longer than any test waits


def environment(**changes):
    """The environment without FLEETWATT_DATA, then `changes`."""
    return {**{name: value for name, value in os.environ.items() if name != "FLEETWATT_DATA"}, **changes}


def fleetwatt(*arguments, timeout_s=120, **options):
    """Runs the program to its end; stdout and stderr are text."""
    options.setdefault("env", environment())
    return subprocess.run([PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          encoding="utf-8", timeout=timeout_s, check=False, **options)


def data_folder():
    """The folder of measured data, or None."""
    for folder in (os.environ.get("FLEETWATT_DATA"), ROOT.parent / "shared/data"):
        if folder and pathlib.Path(folder).is_dir():
            return pathlib.Path(folder)
    return None


class ProgramTest(unittest.TestCase):
    """Each test has an empty folder of its own, self.folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fleetwatt-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def expect_exit(self, code, run):
        self.assertEqual(run.returncode, code, f"{run.args}\n{run.stdout}\n{run.stderr}")

    def expect_files(self, *names, folder=None):
        self.assertEqual(sorted(path.name for path in (folder or self.folder).iterdir()), sorted(names))

    def skip(self, reason):
        """Alone on its line, so that ctest sees it, and as unittest has it."""
        print(f"\n[skip] {reason}", flush=True)
        self.skipTest(reason)


def open_terminal(test):
    """Both ends of a pseudo-terminal; the test is skipped where the system has none to give (a bare chroot)."""
    try:
        return pty.openpty()
    except OSError as error:
        test.skipTest(f"no pseudo-terminal: {error}")
