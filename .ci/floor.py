"""floor.py FLOOR <OUTPUT: judges the output of score.py -v by the file FLOOR, whose
lines are a measure's name and the least share that it may have."""
import re
import sys

NAMES = {
    "strict": "top-cause",
    "exact": "exact-with-all-or-configs",
    "sure": "of those said confirmed",
    "ranked": "in-first-three",
    "quiet": "healthy-quiet",
    "confirmed": "confirmed-and-right",
}
SHOWN = 40  # misses, where the floor is missed

floor = {}
for line in open(sys.argv[1], encoding="utf-8"):
    line = line.split("#")[0].split()
    if line:
        name, least = line
        if name not in NAMES:
            sys.exit(f"{sys.argv[1]}: {name}: no such measure, only {', '.join(NAMES)}")
        floor[name] = float(least)

lines = sys.stdin.read().splitlines()
last = lines[-1] if lines else ""
ends = re.search(r"; runs (\d+) errors (\d+)$", last)
if not ends:
    print("\n".join(lines[-SHOWN:]))
    sys.exit("score.py ended without a score")
print("\n".join(lines[-2:]))

share = {}
for name, label in NAMES.items():
    m = re.search(rf"(?:^|; ){re.escape(label)} (\d+)/(\d+)", last)
    if not m:
        sys.exit(f"score.py does not tell {label!r}")
    # Of nothing, nothing is wrong and nothing is right.
    right, all_ = int(m[1]), int(m[2])
    share[name] = right / all_ if all_ else float(name in ("quiet", "confirmed"))

bad = []
if int(ends[1]) == 0:
    bad.append("no runs")
if int(ends[2]):
    bad.append(f"{ends[2]} runs without a report")
for name, least in floor.items():
    if share[name] < least:
        bad.append(f"{name} is {share[name]:.4f}, its floor {least}")
    elif int(share[name] * 100) / 100 > least:
        print(f"hint: {name} could be raised to {int(share[name] * 100) / 100:.2f} in {sys.argv[1]}")
for name in NAMES.keys() - floor.keys():
    if share[name] >= 0.01:
        print(f"hint: {name} is {share[name]:.4f} and has no floor")
if bad:
    wrong = [l for l in lines if re.match(r"[A-Z-]+ ", l)]
    # What is never allowed comes first.
    wrong.sort(key=lambda l: not l.startswith(("ERROR", "FALSE")))
    print("\n".join(wrong[:SHOWN]))
    if len(wrong) > SHOWN:
        print(f"and {len(wrong) - SHOWN} more: ../shared/score.py -v")
    sys.exit("; ".join(bad))
