"""The training step of bench/train.ts, written by hand in NumPy: steps a second, median and best.

python3 bench/train.py [64-100-10/32 ...]      on one thread of its BLAS, as this package's default

The same work in the same order: the batch is copied, then forward pass, softmax loss with
reg * (sum of squares of W1 and W2), backward pass and SGD, all in arrays that are used again.
"""

import ctypes
import glob
import os
import statistics
import sys
import time

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # before NumPy is loaded

import numpy as np  # noqa: E402

REG = 5e-6
LEARNING_RATE = 1e-4
SECONDS = 2.0
SAMPLE_SECONDS = 0.01


def make_step(D, H, C, N):
    random = np.random.default_rng(1)
    X, y = random.standard_normal((N, D)), random.integers(C, size=N)
    W1 = random.standard_normal((D, H)) * (2 / D) ** 0.5
    W2 = random.standard_normal((H, C)) * (2 / H) ** 0.5
    b1, b2 = np.zeros(H), np.zeros(C)
    batch, hidden, scores = np.empty((N, D)), np.empty((N, H)), np.empty((N, C))
    dhidden, mask = np.empty((N, H)), np.empty((N, H), dtype=bool)
    dW1, dW2, db1, db2 = np.empty((D, H)), np.empty((H, C)), np.empty(H), np.empty(C)
    square1, square2, rows = np.empty((D, H)), np.empty((H, C)), np.arange(N)

    def step():
        np.copyto(batch, X)
        np.matmul(batch, W1, out=hidden)
        np.add(hidden, b1, out=hidden)
        np.maximum(hidden, 0, out=hidden)
        np.matmul(hidden, W2, out=scores)
        np.add(scores, b2, out=scores)
        np.subtract(scores, scores.max(1, keepdims=True), out=scores)
        right = scores[rows, y]
        np.exp(scores, out=scores)
        sums = scores.sum(1, keepdims=True)
        loss = (np.log(sums).sum() - right.sum()) / N
        np.multiply(W1, W1, out=square1)
        np.multiply(W2, W2, out=square2)
        loss += REG * (square1.sum() + square2.sum())
        np.divide(scores, sums * N, out=scores)
        scores[rows, y] -= 1 / N
        np.matmul(hidden.T, scores, out=dW2)
        scores.sum(0, out=db2)
        np.matmul(scores, W2.T, out=dhidden)
        np.greater(hidden, 0, out=mask)
        np.multiply(dhidden, mask, out=dhidden)
        np.matmul(batch.T, dhidden, out=dW1)
        dhidden.sum(0, out=db1)
        for param, grad, square in ((W1, dW1, square1), (W2, dW2, square2)):
            np.multiply(param, 2 * REG, out=square)
            np.add(grad, square, out=grad)
        for param, grad in ((W1, dW1), (W2, dW2), (b1, db1), (b2, db2)):
            np.multiply(grad, LEARNING_RATE, out=grad)
            np.subtract(param, grad, out=param)
        return loss

    return step


def steps_per_second(step):
    """Median and best of samples of 10 ms."""

    def sample(repeats):
        start = time.perf_counter()
        for _ in range(repeats):
            step()
        return (time.perf_counter() - start) / repeats

    sample(3)
    repeats = max(1, round(SAMPLE_SECONDS / sample(10)))
    samples = [sample(repeats)]
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(samples) < 7:
        samples.append(sample(repeats))
    return 1 / statistics.median(samples), 1 / min(samples)


def blas():
    """The name and version of the BLAS that NumPy calls, and the core that OpenBLAS found."""
    found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    core = ""
    for path in glob.glob(os.path.join(os.path.dirname(np.__file__), "../numpy.libs/*openblas*")):
        corename = getattr(ctypes.CDLL(path), "scipy_openblas_get_corename64_", None)
        if corename is not None:
            corename.restype = ctypes.c_char_p
            core = f" for {corename().decode()}"
    return f"{found['name']} {found['version']}{core}"


print(f"NumPy {np.__version__}, {blas()}, {os.environ['OPENBLAS_NUM_THREADS']} thread")
for net in sys.argv[1:] or ["64-100-10/32", "784-128-10/100", "3072-128-10/1000"]:
    sizes = [int(size) for size in net.replace("/", "-").split("-")]
    median, best = steps_per_second(make_step(*sizes))
    print(f"{net}: {median:.5g} steps/s, best {best:.5g}")
