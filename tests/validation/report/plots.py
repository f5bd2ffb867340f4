"""Pictures of the validation page: plots.py ROWS.csv FOLDER writes predicted-measured.svg and errors-by-batch.svg."""

import csv
import math
import statistics
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FuncFormatter, MultipleLocator

STYLE = Path(__file__).resolve().parents[3] / "analysis/notebooks/fleetwatt.mplstyle"
QUANTITIES = ["median gap", "throughput", "energy a token"]
CLASSES = ["H100 dense", "H100 MoE", "H100 hybrid", "B200 dense", "B200 MoE"]


def read_rows(path):
    """Rows that are scored, by quantity and class: (batch, measured, predicted, error with the model left out)."""
    points = {}
    units = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["left_out"]:
                continue
            units[row["quantity"]] = row["unit"]
            point = tuple(float(row[key]) for key in ("batch", "measured", "predicted", "model_left_out_error_percent"))
            points.setdefault((row["quantity"], row["class"]), []).append(point)
    return points, units


def log_ticks(axis):
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def draw_predicted(points, units, path):
    """With the model left out, against measured, on logarithmic axes; the band is 15 per cent."""
    figure, panels = plt.subplots(1, 3, figsize=(10.5, 3.9))
    for panel, quantity in zip(panels, QUANTITIES):
        extent = [1e9, 0.0]
        for name in CLASSES:
            rows = points.get((quantity, name), [])
            measured = [row[1] for row in rows]
            predicted = [row[1] * (1 + row[3] / 100) for row in rows]
            panel.plot(measured, predicted, "o", alpha=0.6, markersize=3.5, label=name, markeredgewidth=0)
            extent = [min([extent[0], *measured, *predicted]), max([extent[1], *measured, *predicted])]
        line = [extent[0] * 0.9, extent[1] * 1.1]
        panel.plot(line, line, color="black", linewidth=0.8)
        panel.fill_between(line, [0.85 * v for v in line], [1.15 * v for v in line], color="#DDDDDD", zorder=0, label="within 15 %")
        panel.set(xscale="log", yscale="log", title=f"{quantity} ({units[quantity]})", xlabel="measured", xlim=line, ylim=line)
        log_ticks(panel.xaxis)
        log_ticks(panel.yaxis)
    panels[0].set_ylabel("predicted, model left out")
    panels[0].legend(fontsize=8, loc="upper left", handletextpad=0.1)
    figure.savefig(path, metadata={"Date": None})


def by_octave(rows):
    """Middle of each doubling of the batch, and the tenth, the median and the ninetieth per cent of the errors in it."""
    groups = {}
    for batch, _, _, error in rows:
        groups.setdefault(math.floor(math.log2(batch) + 0.5), []).append((batch, error))
    bands = []
    for _, group in sorted(groups.items()):
        batches, errors = zip(*group)
        bands.append((statistics.geometric_mean(batches), *np.quantile(errors, [0.1, 0.5, 0.9])))
    return np.array(bands).T


def draw_errors(points, path):
    """Signed errors with the model left out, by the mean batch in flight: a row a quantity, a column a class of models."""
    figure, panels = plt.subplots(len(QUANTITIES), len(CLASSES), figsize=(10.5, 7.6), sharex=True, sharey=True)
    for row, quantity in zip(panels, QUANTITIES):
        for number, (panel, name) in enumerate(zip(row, CLASSES)):
            rows = points.get((quantity, name), [])
            panel.axhspan(-15, 15, color="#EEEEEE", zorder=0)
            panel.axhline(0, color="black", linewidth=0.8)
            panel.plot([r[0] for r in rows], [r[3] for r in rows], "o", color=f"C{number}", alpha=0.45, markersize=3, markeredgewidth=0)
            if rows:
                middle, low, median, high = by_octave(rows)
                panel.fill_between(middle, low, high, color=f"C{number}", alpha=0.25, linewidth=0)
                panel.plot(middle, median, color=f"C{number}", linewidth=1.8)
            panel.set(xscale="log", xlim=(6, 6000), xticks=(10, 100, 1000))
            panel.yaxis.set_major_locator(MultipleLocator(15))
            panel.minorticks_off()
            panel.grid(axis="y", visible=False)
            log_ticks(panel.xaxis)
        row[0].set_ylabel(f"{quantity}\nerror (%), model left out")
    for panel, name in zip(panels[0], CLASSES):
        panel.set_title(name)
    figure.supxlabel("sequences in flight. Line: median error of each doubling; its band: 80 % of the errors; grey: within 15 %", fontsize=10)
    figure.savefig(path, metadata={"Date": None})


def main():
    rows, folder = sys.argv[1], Path(sys.argv[2])
    plt.style.use(STYLE)
    plt.rcParams["svg.hashsalt"] = "fleetwatt"
    points, units = read_rows(rows)
    draw_predicted(points, units, folder / "predicted-measured.svg")
    draw_errors(points, folder / "errors-by-batch.svg")


if __name__ == "__main__":
    main()
