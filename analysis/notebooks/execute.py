"""Executes a notebook of this folder from a clean kernel; as a program, writes its pictures.

A picture is named after the id of the cell that draws it: `execute.py first-run.ipynb --pictures FOLDER/two-regions-` writes
FOLDER/two-regions-load.svg for the cell `load`. Equal results files give equal bytes. Leaves out: it never writes the notebook.
"""

import argparse
import os
import pathlib
import sys
import tempfile

import nbclient
import nbformat

HERE = pathlib.Path(__file__).resolve().parent
TIMEOUT_S = 300

# Before the notebook's own cells: figures as SVG without a date, their inner names made from their contents alone.
SVG_CELL = """\
%config InlineBackend.figure_formats = ["svg"]
%config InlineBackend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": {"Date": None, "Creator": None}}
import matplotlib
matplotlib.rcParams["svg.hashsalt"] = "fleetwatt"
"""


def execute(notebook, svg=False, **environment):
    """The notebook with its outputs. The kernel starts in this folder, with this interpreter, and without the user's own settings
    of Jupyter, IPython and matplotlib; `environment` adds to its variables. Throws nbclient.exceptions.CellExecutionError."""
    document = nbformat.read(HERE / notebook, as_version=4)
    if svg:
        document.cells.insert(0, nbformat.v4.new_code_cell(SVG_CELL, id="svg"))
    with tempfile.TemporaryDirectory(prefix="fleetwatt-kernel-") as empty:
        clean = {"JUPYTER_CONFIG_DIR": empty, "JUPYTER_DATA_DIR": empty, "JUPYTER_RUNTIME_DIR": empty, "IPYTHONDIR": empty,
                 "MATPLOTLIBRC": os.devnull, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        before = dict(os.environ)
        os.environ.update(clean)  # jupyter_client reads its folders from here
        try:
            client = nbclient.NotebookClient(document, timeout=TIMEOUT_S, kernel_name="python3",
                                             resources={"metadata": {"path": str(HERE)}})
            client.execute(env={**os.environ, **environment})
        finally:
            os.environ.clear()
            os.environ.update(before)
    return document


def pictures(document, kind="image/svg+xml"):
    """Pictures by the id of the cell that drew them."""
    return {cell.id: output.data[kind] for cell in document.cells if cell.cell_type == "code"
            for output in cell.outputs if kind in output.get("data", {})}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook")
    parser.add_argument("--pictures", metavar="PREFIX", required=True, help="path that each picture's name begins with")
    arguments = parser.parse_args()
    try:
        drawn = pictures(execute(arguments.notebook, svg=True))
    except nbclient.exceptions.CellExecutionError as error:
        sys.exit(f"{arguments.notebook}: a cell failed: {error.ename}: {error.evalue}")
    for name, picture in drawn.items():
        path = pathlib.Path(f"{arguments.pictures}{name}.svg")
        path.write_text(picture.rstrip("\n") + "\n", encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
