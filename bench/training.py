"""How long the training of training.ts takes with NumPy or PyTorch, written by hand in float64.

    OPENBLAS_NUM_THREADS=1 python3 bench/training.py numpy 1
    GOMP_SPINCOUNT=0 python3 bench/training.py torch 2
"""

import sys
import time

import numpy as np

library, threads = sys.argv[1], int(sys.argv[2])
D, H, C, N, ROWS, EPOCHS = 784, 128, 10, 100, 60000, 10
REG, RATE = 1e-4, 0.01
generator = np.random.default_rng(1)
middles = np.random.default_rng(7).normal(size=(C, D))


def data(rows):
    y = generator.integers(C, size=rows)
    return generator.normal(size=(rows, D)) + 0.15 * middles[y], y


(X, y), (Xv, yv) = data(ROWS), data(ROWS // 6)
W1 = generator.normal(size=(D, H)) * np.sqrt(2 / D)
W2 = generator.normal(size=(H, C)) * np.sqrt(2 / H)
b1, b2 = np.zeros(H), np.zeros(C)


def numpy_step(i):
    global W1, b1, W2, b2
    Xb, yb = X[i], y[i]
    hidden = np.maximum(Xb @ W1 + b1, 0)
    scores = hidden @ W2 + b2
    scores -= scores.max(axis=1, keepdims=True)
    probabilities = np.exp(scores)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    rows = np.arange(len(yb))
    loss = -np.log(probabilities[rows, yb]).mean() + REG * ((W1 * W1).sum() + (W2 * W2).sum())
    dscores = probabilities
    dscores[rows, yb] -= 1
    dscores /= len(yb)
    dhidden = dscores @ W2.T
    dhidden[hidden <= 0] = 0
    grads = [Xb.T @ dhidden + 2 * REG * W1, dhidden.sum(0)]
    grads += [hidden.T @ dscores + 2 * REG * W2, dscores.sum(0)]
    for p, dp in zip((W1, b1, W2, b2), grads):
        p -= RATE * dp
    return float(loss)


def numpy_accuracy(X, y):
    scores = np.maximum(X @ W1 + b1, 0) @ W2 + b2
    return float((scores.argmax(axis=1) == y).mean())


if library == "torch":
    import torch

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    X, y, Xv, yv, W1, b1, W2, b2 = map(torch.from_numpy, (X, y, Xv, yv, W1, b1, W2, b2))


def torch_step(i):
    i = torch.from_numpy(i)
    Xb, yb = X[i], y[i]
    hidden = torch.addmm(b1, Xb, W1).clamp_(min=0)
    scores = torch.addmm(b2, hidden, W2)
    logs = scores.log_softmax(1)
    rows = torch.arange(len(yb))
    loss = -logs[rows, yb].mean() + REG * ((W1 * W1).sum() + (W2 * W2).sum())
    dscores = logs.exp_()
    dscores[rows, yb] -= 1
    dscores /= len(yb)
    dhidden = dscores @ W2.T
    dhidden *= hidden > 0
    grads = [(Xb.T @ dhidden).add_(W1, alpha=2 * REG), dhidden.sum(0)]
    grads += [(hidden.T @ dscores).add_(W2, alpha=2 * REG), dscores.sum(0)]
    for p, dp in zip((W1, b1, W2, b2), grads):
        p.add_(dp, alpha=-RATE)
    return float(loss)


def torch_accuracy(X, y):
    scores = torch.addmm(b1, X, W1).clamp_(min=0) @ W2 + b2
    return float((scores.argmax(1) == y).double().mean())


step, accuracy = (
    (numpy_step, numpy_accuracy) if library == "numpy" else (torch_step, torch_accuracy)
)
start = time.perf_counter()
for epoch in range(EPOCHS):
    order = generator.permutation(ROWS)
    for first in range(0, ROWS, N):
        step(order[first : first + N])
    measured = accuracy(X, y), accuracy(Xv, yv)
seconds = time.perf_counter() - start
print(f"{library}, {threads} threads: {seconds:.2f} s, validation accuracy {measured[1]}")
