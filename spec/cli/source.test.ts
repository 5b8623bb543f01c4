import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { deflateRawSync, gzipSync } from "node:zlib";
import { Arguments } from "../../lib/cli/arguments.ts";
import { csvOptions, readSource, type Source } from "../../lib/cli/source.ts";
import { serializeNpy } from "../../lib/formats/npy.ts";
import { serializeNpz } from "../../lib/formats/npz.ts";
import { idxBytes, inFolder } from "../helpers/cli.ts";

const args = (words: string[], options: Record<string, string | true> = {}): Arguments =>
  new Arguments("train", words, new Map(Object.entries(options)));

test("A CSV is read with its options, and its hash changes with its content", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.csv");
    writeFileSync(path, "1\t2\n3\t4\n");
    const read = async (): Promise<Source> =>
      readSource(args([path], { delimiter: "tab", "no-header": true }), 0, "train");
    const source = await read();
    assert.ok(source.kind === "table");
    assert.equal(source.name, "a.csv");
    assert.deepEqual(source.table.columns, ["column_1", "column_2"]);
    assert.equal(source.table.rowCount, 2);
    assert.equal((await read()).hash, source.hash);
    writeFileSync(path, "1\t2\n3\t5\n");
    assert.notEqual((await read()).hash, source.hash);
    assert.deepEqual(csvOptions(args([]), "-"), {
      name: "stdin",
      delimiter: undefined,
      decimal: undefined,
      expected: [],
      header: undefined,
      encoding: undefined,
    });
  });
});

test("IDX files are read, gzipped or not, and checked against each other", async () => {
  await inFolder(async (folder) => {
    const [images, labels] = [join(folder, "images"), join(folder, "labels")];
    writeFileSync(images, gzipSync(idxBytes([2, 1, 3], [1, 2, 3, 4, 5, 6])));
    writeFileSync(labels, idxBytes([2], [3, 0]));
    const source = await readSource(args([], { images, labels }), 0, "train");
    assert.ok(source.kind === "images");
    assert.deepEqual(source.images.shape, [2, 1, 3]);
    assert.deepEqual(source.y, Int32Array.of(3, 0));
    assert.deepEqual(source.classes, [0, 1, 2, 3]);
    const unlabeled = await readSource(args([], { images }), 0, "test", { needLabels: false });
    assert.ok(unlabeled.kind === "images" && unlabeled.y === undefined);
    await assert.rejects(readSource(args([], { images }), 0, "train"), {
      name: "UsageError",
      message: "expected --labels FILE, the labels of the images; see twolayer train --help",
    });
    writeFileSync(labels, idxBytes([3], [3, 0, 1]));
    await assert.rejects(readSource(args([], { images, labels }), 0, "train"), {
      name: "FileError",
      message: `${labels}: expected 2 labels for 2 images, got shape (3)`,
    });
    await assert.rejects(readSource(args([], { images: labels, labels }), 0, "train"), {
      name: "FileError",
      message: `${labels}: expected images of at least 2 dimensions, got 1`,
    });
    writeFileSync(images, gzipSync(idxBytes([2, 1, 3], [1, 2, 3, 4, 5, 6])).subarray(0, 40));
    await assert.rejects(
      readSource(args([], { images, labels }), 0, "train"),
      (error: Error) =>
        error.name === "FormatError" &&
        error.message.startsWith(
          `${images}: idx: expected gzip data of one IDX file, got damage: `,
        ),
    );
    writeFileSync(images, "no IDX");
    await assert.rejects(
      readSource(args([], { images, labels }), 0, "train"),
      (error: Error) =>
        error.name === "FormatError" && error.message.startsWith(`${images}: idx: `),
    );
  });
});

test("A CIFAR-10 directory gives its training or test batches, a file one batch", async () => {
  await inFolder(async (folder) => {
    const directory = join(folder, "cifar");
    mkdirSync(directory);
    await assert.rejects(readSource(args([], { cifar10: directory }), 0, "test"), {
      name: "FileError",
      message: `${directory}: expected test_batch.bin, got none of them`,
    });
    const batch = (...labels: number[]): Uint8Array =>
      Uint8Array.from(labels.flatMap((label) => [label, ...new Array<number>(3072).fill(label)]));
    writeFileSync(join(directory, "data_batch_2.bin"), batch(7));
    writeFileSync(join(directory, "data_batch_1.bin"), batch(1, 2));
    writeFileSync(join(directory, "test_batch.bin"), batch(9));
    const labelsOf = async (cifar10: string, part: "train" | "test"): Promise<number[]> => {
      const source = await readSource(args([], { cifar10 }), 0, part);
      return source.kind === "images" ? Array.from(source.y!) : [];
    };
    assert.deepEqual(await labelsOf(directory, "train"), [1, 2, 7]);
    assert.deepEqual(await labelsOf(directory, "test"), [9]);
    assert.deepEqual(await labelsOf(join(directory, "data_batch_2.bin"), "test"), [7]);
  });
});

test("npy files and npz archives are read as images, with numbers or text as labels", async () => {
  await inFolder(async (folder) => {
    const [images, labels, archive] = ["X.npy", "y.npy", "d.npz"].map((name) => join(folder, name));
    const X = { shape: [3, 2, 2], data: Uint8Array.from({ length: 12 }, (_, i) => i) };
    const text = { shape: [3], data: ["no", "yes", "no"] };
    writeFileSync(images, serializeNpy(X, { dtype: "uint8" }));
    writeFileSync(labels, serializeNpy(text));
    const sources = [
      await readSource(args([images], { labels }), 0, "train"),
      await readSource(args([], { images, labels }), 0, "train"),
    ];
    const arrays = { x_train: X, y_train: text, x_test: X, y_test: text, other: text };
    writeFileSync(archive, serializeNpz(arrays, { deflate: deflateRawSync }));
    sources.push(await readSource(args([], { npz: archive }), 0, "test"));
    sources.push(await readSource(args([], { npz: archive, arrays: "x_test,other" }), 0, "train"));
    for (const source of sources) {
      assert.ok(source.kind === "images");
      assert.deepEqual(source.images.shape, [3, 2, 2]);
      assert.deepEqual(Array.from(source.images.data), Array.from(X.data));
      assert.deepEqual(source.y, Int32Array.of(0, 1, 0));
      assert.deepEqual(source.classes, ["no", "yes"]);
      assert.equal(source.byName, true);
    }
    const count = (npz: string, part: "train" | "test"): Promise<Source> =>
      readSource(args([], { npz }), 0, part);
    writeFileSync(
      archive,
      serializeNpz({ images: X, y: { shape: [3, 1], data: X.data.slice(0, 3) } }),
    );
    await assert.rejects(count(archive, "train"), {
      message: `${archive}: expected labels beside the images, got none; see --arrays`,
    });
    writeFileSync(archive, serializeNpz({ a: X }));
    await assert.rejects(count(archive, "train"), {
      message:
        `${archive}: npz: expected the arrays x_train and y_train, or X and y, got a; ` +
        "name them with --arrays IMAGES,LABELS",
    });
    writeFileSync(labels, serializeNpy({ shape: [3], data: Float64Array.of(0, 0.5, 1) }));
    await assert.rejects(readSource(args([images], { labels }), 0, "train"), {
      message: `${labels}: expected whole numbers or text as labels, got 0.5 for image 1`,
    });
  });
});

test("A gzip file takes no more memory than its header states, which its size bounds", async () => {
  await inFolder(async (folder) => {
    const images = join(folder, "images.gz");
    const read = (): Promise<Source> =>
      readSource(args([], { images }), 0, "train", { needLabels: false });
    const header = idxBytes([2 ** 31, 28, 28], []);
    writeFileSync(images, gzipSync(header));
    await assert.rejects(read(), (error: Error) =>
      /expected at most \d+ bytes in a gzip file of \d+, got a header for 1683627180048 /.test(
        error.message,
      ),
    );
    writeFileSync(images, gzipSync(Buffer.concat([idxBytes([1, 2], [1, 2]), Buffer.alloc(1e6)])));
    await assert.rejects(read(), /got damage: Cannot create a Buffer larger than/);
    writeFileSync(images, gzipSync("1,2\n"));
    await assert.rejects(read(), /idx: reading the magic number, expected 00 00, got 31 2c/);
  });
});
