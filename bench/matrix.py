"""Times NumPy expressions for bench/matrix.ts: reads a JSON object a line, answers with a number.

{"shape": [rows, cols], "evens": [...]} makes new operands and is answered with 0.
{"expression": "np.add(a, b, out=out)", "seconds": 0.1} is answered with the median in seconds.
"""

import json
import statistics
import sys
import time

import numpy as np

SAMPLE_SECONDS = 0.002


def operands(rows, cols, evens):
    random = np.random.default_rng(3)
    half = cols // 2
    a = random.standard_normal((rows, cols))
    return {
        "np": np,
        "a": a,
        "b": random.standard_normal((rows, cols)),
        "positive": np.abs(a),
        "row": random.standard_normal((1, cols)),
        "column": random.standard_normal((rows, 1)),
        "out": a.copy(),
        "row_out": np.zeros(cols),
        "column_out": np.zeros(rows),
        "half": np.zeros((rows, half)),
        "turned": np.zeros((cols, rows)),
        "order": random.permutation(rows),
        "evens": np.array(evens, dtype=int),
    }


def median_seconds(expression, names, seconds):
    run = eval(f"lambda: {expression}", names)

    def sample(repeats):
        start = time.perf_counter()
        for _ in range(repeats):
            run()
        return (time.perf_counter() - start) / repeats

    sample(1)
    repeats = max(1, round(SAMPLE_SECONDS / sample(3)))
    samples = [sample(repeats) for _ in range(max(7, round(seconds / SAMPLE_SECONDS / 2)))]
    return statistics.median(samples)


names = {}
for line in sys.stdin:
    question = json.loads(line)
    if "shape" in question:
        names = operands(*question["shape"], question["evens"])
        print(0, flush=True)
    else:
        print(median_seconds(question["expression"], names, question["seconds"]), flush=True)
