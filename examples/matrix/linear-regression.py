# Linear regression by gradient descent: y = X·w + b.
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(200, 3))  # (N, D)
noise = rng.normal(scale=0.1, size=(200, 1))
y = X @ np.array([[2], [-1], [0.5]]) + 4 + noise  # (N, 1)

w = np.zeros((3, 1))
b = 0
for step in range(100):
    error = X @ w + b - y  # (N, 1)
    dw = X.T @ error / len(X)  # (D, 1)
    w -= 0.2 * dw
    b -= 0.2 * error.mean()

residual = X @ w + b - y
print("w", *(f"{value:.2f}" for value in w.ravel()), "b", f"{b:.2f}")
print("root mean square error", f"{np.sqrt(np.square(residual).mean()):.3f}")
