import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { CIFAR10_LABELS, parseCifar10 } from "../../lib/formats/cifar10.ts";

/**
 * A batch byte by byte: for each label, the label and 3072 pixels that depend on record, channel,
 * row and column.
 */
function batch(...labels: number[]): Uint8Array {
  const bytes: number[] = [];
  labels.forEach((label, record) => {
    bytes.push(label);
    for (let channel = 0; channel < 3; channel++) {
      for (let row = 0; row < 32; row++) {
        for (let column = 0; column < 32; column++)
          bytes.push((100 * record + 50 * channel + 7 * row + column) % 256);
      }
    }
  });
  return Uint8Array.from(bytes);
}

test("parseCifar10 reads labels and pixels: record, channel, row, column", () => {
  const { y, images } = parseCifar10(batch(3, 0, 9));
  assert.deepEqual(y, Int32Array.of(3, 0, 9));
  assert.equal(images.dtype, "uint8");
  assert.deepEqual(images.shape, [3, 3, 32, 32]);
  assert.equal(images.data.length, 3 * 3072);
  for (const [record, channel, row, column] of [
    [0, 0, 0, 0],
    [0, 1, 0, 0],
    [1, 2, 31, 31],
    [2, 0, 5, 17],
  ]) {
    const at = ((record * 3 + channel) * 32 + row) * 32 + column;
    assert.equal(images.data[at], (100 * record + 50 * channel + 7 * row + column) % 256);
  }
});

test("parseCifar10 joins several batches in their order", () => {
  const [one, two] = [batch(1, 2), batch(7)];
  const both = parseCifar10([one, two]);
  assert.deepEqual(both.y, Int32Array.of(1, 2, 7));
  assert.deepEqual(both.images.shape, [3, 3, 32, 32]);
  assert.deepEqual(both.images.data.subarray(2 * 3072), parseCifar10(two).images.data);
  one.fill(0);
  assert.deepEqual(
    both.images.data.subarray(0, 3072),
    parseCifar10(batch(1)).images.data,
    "a copy",
  );
});

test("There are ten class names in the order of the labels", () => {
  assert.equal(CIFAR10_LABELS.length, 10);
  assert.deepEqual(
    [CIFAR10_LABELS[0], CIFAR10_LABELS[3], CIFAR10_LABELS[9]],
    ["airplane", "cat", "truck"],
  );
});

test("parseCifar10 refuses empty and cut batches, and labels above 9", () => {
  const cases: [Uint8Array | Uint8Array[], string, number][] = [
    [
      new Uint8Array(0),
      "cifar10: reading batch 0, expected a multiple of 3073 bytes, got 0 (byte 0)",
      0,
    ],
    [
      batch(1, 2).subarray(0, 5000),
      "cifar10: reading batch 0, expected a multiple of 3073 bytes, got 1 records and 1927 " +
        "bytes (byte 3073)",
      3073,
    ],
    [
      [batch(1), new Uint8Array(3074)],
      "cifar10: reading batch 1, expected a multiple of 3073 bytes, got 1 records and 1 bytes " +
        "(byte 3073)",
      3073,
    ],
    [
      [batch(1), batch(0, 10)],
      "cifar10: reading the label of record 1 in batch 1, expected 0..9, got 10 (byte 3073)",
      3073,
    ],
  ];
  for (const [input, message, offset] of cases) {
    assert.throws(
      () => parseCifar10(input),
      (error) => {
        assert.ok(error instanceof FormatError, String(error));
        assert.deepEqual([error.message, error.format, error.offset], [message, "cifar10", offset]);
        return true;
      },
    );
  }
});

test("parseCifar10 refuses what are no bytes, and no batches", () => {
  const message = "parseCifar10: batches expected a Uint8Array or an array of them, got ";
  assert.throws(() => parseCifar10("dir" as never), {
    name: "TypeError",
    message: `${message}"dir"`,
  });
  assert.throws(() => parseCifar10([batch(1), 5] as never), {
    name: "TypeError",
    message: `${message}an array of 2`,
  });
  assert.throws(() => parseCifar10([]), {
    name: "RangeError",
    message: "parseCifar10: batches expected at least one, got none",
  });
});

test("Every truncation to anything but whole records throws a FormatError", () => {
  const file = batch(4, 5);
  for (let length = 0; length < file.length; length++) {
    if (length === 3073)
      assert.deepEqual(parseCifar10(file.subarray(0, length)).y, Int32Array.of(4));
    else
      assert.throws(() => parseCifar10(file.subarray(0, length)), FormatError, `${length} bytes`);
  }
});

test("500 byte changes throw a FormatError or change one pixel or label", () => {
  const file = batch(4, 5, 6);
  const before = parseCifar10(file);
  const random = new Random(1);
  const places = random.integers(500, file.length);
  const values = random.integers(500, 256);
  let refused = 0;
  places.forEach((place, i) => {
    const at = i % 5 === 0 ? 3073 * (i % 3) : place; // a fifth of them hit a label
    const bytes = Uint8Array.from(file);
    bytes[at] = values[i];
    try {
      const { y, images } = parseCifar10(bytes);
      const changed =
        y.filter((label, k) => label !== before.y[k]).length +
        images.data.filter((pixel, k) => pixel !== before.images.data[k]).length;
      assert.ok(changed <= 1);
    } catch (error) {
      assert.ok(error instanceof FormatError, String(error));
      refused++;
    }
  });
  assert.ok(refused > 50 && refused < 120, `${refused} refused`);
});
