# Principal components by power iteration: the directions in which points vary most.
import numpy as np

rng = np.random.default_rng(0)
stretch = np.array([[3, 0, 0], [1, 1, 0], [0, 0, 0.2]])
points = rng.normal(size=(500, 3)) @ stretch  # (N, D)
X = points - points.mean(axis=0)
covariance = X.T @ X / len(X)  # (D, D)

for component in range(2):
    v = rng.normal(size=(3, 1))
    for step in range(100):
        next = covariance @ v
        v = next / np.linalg.norm(next)
    variance = (v.T @ covariance @ v).item()
    share = variance / np.square(X).mean(axis=0).sum()
    print(f"component {component + 1}", f"{100 * share:.1f}%")
    # what is left without this direction: C − λ·v·vᵀ
    covariance -= variance * v @ v.T
