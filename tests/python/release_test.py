"""What a release says of itself: CITATION.cff has the version of CMakeLists.txt, and the build finds its commit, where there is one."""

import os
import re
import shutil
import subprocess
import unittest

from fleetwatt_program import ROOT, ProgramTest, fleetwatt

SCRIPT = ROOT / "cmake/WriteCommitSource.cmake"
GIT = shutil.which("git")


def version_in_cmake():
    return re.search(r"project\(fleetwatt VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]


class Citation(unittest.TestCase):
    def setUp(self):
        self.text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
        self.keys = dict(re.findall(r"^([a-z-]+): *(.*)$", self.text, re.MULTILINE))

    def test_has_what_the_format_requires(self):
        self.assertLessEqual({"cff-version", "message", "title", "authors"}, self.keys.keys())
        self.assertEqual(self.keys["cff-version"], "1.2.0")
        self.assertIn("authors:\n  - name: The Fleetwatt developers\n", self.text)

    def test_version_is_that_of_the_build(self):
        self.assertEqual(self.keys["version"], version_in_cmake())


class Version(unittest.TestCase):
    def test_program_says_version_and_commit(self):
        self.assertRegex(fleetwatt("--version").stdout,
                         rf"^fleetwatt {re.escape(version_in_cmake())}( \(commit [0-9a-f]{{7,40}}\+?\))?\n$")


class Commit(ProgramTest):
    def setUp(self):
        super().setUp()
        self.source = self.folder / "source"
        self.output = self.folder / "commit.cpp"
        self.source.mkdir()

    def git(self, *arguments):
        subprocess.run([GIT, "-C", self.source, "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments], check=True,
                       capture_output=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull})

    def commit_file(self, text):
        (self.source / "file").write_text(text)
        self.git("add", "file")
        self.git("commit", "-m", "one")

    def written(self, git=GIT):
        subprocess.run(["cmake", f"-DOUTPUT={self.output}", f"-DSOURCE_DIR={self.source}", f"-DGIT={git or ''}", "-P", SCRIPT],
                       check=True, capture_output=True)
        return re.search(r'return "(.*)";', self.output.read_text())[1]

    def test_without_a_checkout_there_is_no_commit(self):
        self.assertEqual(self.written(), "")

    @unittest.skipIf(GIT is None, "there is no git")
    def test_clean_and_changed_trees(self):
        self.git("init")
        self.commit_file("a")
        clean = self.written()
        self.assertRegex(clean, "^[0-9a-f]{7}$")
        self.assertEqual(self.written(git=""), "")
        (self.source / "file").write_text("b")
        self.assertEqual(self.written(), clean + "+")
        self.commit_file("b")
        self.assertRegex(self.written(), "^[0-9a-f]{7}$")
        self.assertNotEqual(self.written(), clean)

    @unittest.skipIf(GIT is None, "there is no git")
    def test_an_archive_unpacked_in_another_checkout_has_no_commit(self):
        self.git("init")
        self.commit_file("a")
        self.source = self.source / "unpacked"
        self.source.mkdir()
        self.assertEqual(self.written(), "")

    def test_nothing_is_written_where_nothing_changed(self):
        self.written()
        os.utime(self.output, (1, 1))
        self.written()
        self.assertEqual(self.output.stat().st_mtime, 1)


if __name__ == "__main__":
    unittest.main()
