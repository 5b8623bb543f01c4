# k-means: three centers, each the mean of the points that are nearest to it.
import numpy as np

rng = np.random.default_rng(0)
angle = 2 * np.pi * (np.arange(300) % 3) / 3
X = 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + rng.normal(scale=0.5, size=(300, 2))
centers = X[[0, 10, 20]]  # (K, D)
for step in range(10):
    # |x − c|² = |x|² − 2·x·c + |c|²
    distances = (
        -2 * X @ centers.T
        + np.square(X).sum(axis=1, keepdims=True)
        + np.square(centers).sum(axis=1)
    )  # (N, K)
    nearest = np.zeros((len(X), 3))  # (N, K) of 0 and 1
    nearest[range(len(X)), distances.argmin(axis=1)] += 1
    sums = nearest.T @ X  # (K, D)
    centers = sums / nearest.sum(axis=0)[:, None]

for x1, x2 in centers:
    print("center", f"{x1:.2f}", f"{x2:.2f}")
print("mean squared distance", f"{distances.min(axis=1).mean():.3f}")
