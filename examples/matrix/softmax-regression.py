# Softmax regression: the probabilities of three classes from a linear layer.
import numpy as np

rng = np.random.default_rng(0)
y = np.arange(300) % 3  # (N)
angle = 2 * np.pi * y / 3
X = 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + rng.normal(scale=0.5, size=(300, 2))
W = np.zeros((2, 3))
b = np.zeros((1, 3))


def probabilities():
    scores = X @ W + b  # (N, C)
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


for step in range(100):
    dscores = probabilities()
    dscores[range(len(X)), y] -= 1
    dscores /= len(X)  # (N, C)
    W -= X.T @ dscores
    b -= dscores.sum(axis=0)

p = probabilities()
print("loss", f"{-np.log(p[range(len(X)), y]).mean():.4f}")
print("accuracy", f"{(p.argmax(axis=1) == y).mean():.3f}")
