"""NumPy's side of numpy.interop.ts.

read FILE     prints the arrays of an npy or npz file, or of a safetensors file (read here with
struct and json)
write FOLDER  writes npy and npz files there and prints the same of them
copy IN OUT   loads an npz file with NumPy and saves it again

An array is printed as {"dtype", "shape", "bytes": hex of its elements as float64, row-major,
little-endian}.
"""

import json
import os
import struct
import sys

import numpy as np


def describe(array):
    return {
        "dtype": array.dtype.name,
        "shape": list(array.shape),
        "bytes": array.astype("<f8").tobytes(order="C").hex(),
    }


def read_safetensors(path):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length].decode("utf-8"))
    header.pop("__metadata__", None)
    arrays = {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        data = np.frombuffer(
            content[8 + length + begin : 8 + length + end],
            dtype={"F64": "<f8", "F32": "<f4"}[tensor["dtype"]],
        )
        arrays[name] = data.reshape(tensor["shape"])
    return arrays


def read(path):
    if path.endswith(".safetensors"):
        return read_safetensors(path)
    loaded = np.load(path, allow_pickle=False)
    return (
        {"": loaded}
        if isinstance(loaded, np.ndarray)
        else {name: loaded[name] for name in loaded.files}
    )


def write(folder):
    rng = np.random.default_rng(12345)
    bits = rng.integers(0, 2**64, size=(7, 5), dtype=np.uint64).view(
        "<f8"
    )  # every kind of float64 there is
    doubles = np.where(np.isnan(bits), -0.0, bits)
    arrays = {}
    for kind in ("f8", "f4", "f2", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"):
        if kind == "f8":
            base = doubles
        elif kind[0] == "f":
            base = rng.standard_normal((7, 5)) * 100
        elif kind == "b1":
            base = rng.integers(0, 2, (7, 5))
        else:
            info = np.iinfo(kind)
            low, high = max(int(info.min), -(2**53) + 1), min(int(info.max), 2**53 - 1)
            base = rng.integers(low, high, (7, 5), endpoint=True)
        for order in ("<", ">"):
            array = base.astype(np.dtype(order + kind))
            for shape, name in (
                (array, "2d"),
                (np.asfortranarray(array), "fortran"),
                (array[0], "1d"),
                (array[0, 0].reshape(()), "0d"),
                (array[:0], "empty"),
            ):
                arrays[f"{'big' if order == '>' else 'little'}-{kind}-{name}"] = shape
    printed = {}
    for name, array in arrays.items():
        np.save(os.path.join(folder, name + ".npy"), array)
        printed[name] = describe(array)
    np.savez(os.path.join(folder, "stored.npz"), **arrays)
    np.savez_compressed(os.path.join(folder, "compressed.npz"), **arrays)
    return printed


command, *paths = sys.argv[1:]
if command == "read":
    result = {name: describe(array) for name, array in read(paths[0]).items()}
elif command == "write":
    result = write(paths[0])
else:
    with np.load(paths[0], allow_pickle=False) as loaded:
        np.savez_compressed(paths[1], **loaded)
    result = {}
print(json.dumps({"numpy": np.__version__, "arrays": result}))
