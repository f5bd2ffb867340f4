"""Do the tests see? Each change of mutants.toml is made in a copy of the tree, one at a time; then the tests are built and run until one fails.
A mutant that no test notices is a hole in the tests, and makes this program exit with 1.

usage: mutants.py [--only WORD] [--list]       (./dev check --deep runs all)

Build folder and copy: build/mutants. Unit tests come first, then property, golden and program tests. A change that does not compile is a fault of the list,
unless the entry says `caught_by = "the compiler"`.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
COPY = ROOT / "build" / "mutants" / "tree"
BUILD = COPY / "build" / "release"
STAGES = ["unit", "property", "golden"]
LINE = "{:<9} {:<58} {}"


def read_list(word):
    with open(pathlib.Path(__file__).with_name("mutants.toml"), "rb") as file:
        mutants = tomllib.load(file)["mutant"]
    return [m for m in mutants if word in m["file"] + " " + m["says"]]


def mutated(mutant):
    """The file's text with the change made; the text to be changed must be there exactly once."""
    text = (ROOT / mutant["file"]).read_text(encoding="utf-8")
    if text.count(mutant["text"]) != 1:
        sys.exit(f"mutants.toml: {mutant['file']} holds {text.count(mutant['text'])} times, not once: {mutant['text']}")
    return text.replace(mutant["text"], mutant["change"])


def run(command, **options):
    return subprocess.run(command, cwd=COPY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)


def copy_tree():
    """What git knows or would add; a file is touched only where its text differs, so that later runs build little."""
    names = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True).stdout
    wanted = {name for name in names.decode().split("\0") if name and (ROOT / name).is_file()}
    for path in sorted(COPY.rglob("*")) if COPY.exists() else []:
        name = path.relative_to(COPY).as_posix()
        if path.is_file() and not name.startswith("build/") and name not in wanted:
            path.unlink()
    for name in wanted:
        source, target = ROOT / name, COPY / name
        if target.exists() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


def build():
    programs = ["fleetwatt"] + [f"fleetwatt_{stage}_tests" for stage in STAGES]
    return run(["cmake", "--build", "--preset", "release", "--target", *programs, "--", "--quiet"])


def first_failure():
    """The name of the first test that fails; None when all pass."""
    for stage in STAGES:
        program = str(BUILD / "tests" / f"fleetwatt_{stage}_tests")
        try:
            result = run([program, "--abort", "--reporter", "compact"], timeout=900)
        except subprocess.TimeoutExpired:
            return f"{stage}: it never ends"
        if result.returncode != 0:
            failed = [line for line in result.stdout.splitlines() if ": failed: " in line or "error" in line or "Falsifiable" in line]
            return f"{stage}: {failed[0].replace(str(COPY) + '/', '')[:110] if failed else 'exit code ' + str(result.returncode)}"
    return None


def try_mutant(mutant):
    """How it was caught; None when it was not."""
    path = COPY / mutant["file"]
    original = path.read_text(encoding="utf-8")
    path.write_text(mutated(mutant), encoding="utf-8")
    try:
        built = build()
        if built.returncode == 0:
            return first_failure()
        if mutant.get("caught_by") == "the compiler":
            return "the compiler"
        sys.exit(f"this change does not compile: {mutant['file']}: {mutant['change']}\n{built.stdout}")
    finally:
        path.write_text(original, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="mutants whose file or words hold this")
    parser.add_argument("--list", action="store_true", help="check the list and print it")
    arguments = parser.parse_args()
    mutants = read_list(arguments.only)
    for mutant in mutants:
        mutated(mutant)
    if arguments.list:
        for mutant in mutants:
            print(f"{mutant['file']}: {mutant['says']}")
        print(f"{len(mutants)} mutants")
        return 0

    os.environ.pop("FLEETWATT_DATA", None)
    copy_tree()
    if not (BUILD / "build.ninja").exists():
        configured = run(["cmake", "--preset", "release"])
        if configured.returncode != 0:
            sys.exit(configured.stdout)
    built = build()
    if built.returncode != 0:
        sys.exit(built.stdout)
    unchanged = first_failure()
    if unchanged:
        sys.exit(f"a test fails without any change: {unchanged}")

    survivors = []
    for mutant in mutants:
        begin = time.monotonic()
        caught = try_mutant(mutant)
        if caught is None:
            survivors.append(mutant)
        verdict = "caught" if caught else "SURVIVED"
        print(LINE.format(verdict, mutant["says"], f"{caught or mutant['file']} ({time.monotonic() - begin:.0f} s)"), flush=True)
    print(f"{len(mutants) - len(survivors)} of {len(mutants)} mutants caught")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
