import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Arguments } from "../../../lib/cli/arguments.ts";
import { predict } from "../../../lib/cli/commands/predict.ts";
import { parseCsv } from "../../../lib/formats/csv/csv.ts";
import { configuration, configure } from "../../../lib/kernels/configuration.ts";
import { serializeModel } from "../../../lib/model/model-file.ts";
import { prepareImages } from "../../../lib/model/prepare.ts";
import {
  idxBytes,
  inFolder,
  runCli,
  startCli,
  writeImages,
  writeModel,
} from "../../helpers/cli.ts";

test("predict gives a line for each row, in the rows' order, as the classifier does", async () => {
  await inFolder((folder) => {
    const { csv, classifier } = writeModel(folder);
    const { status, stdout, stderr } = runCli(folder, [
      "predict",
      "shapes.safetensors",
      "shapes.csv",
    ]);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    assert.equal(stdout, `prediction\n${classifier.predict(parseCsv(csv)).join("\n")}\n`);
    const turned = runCli(
      folder,
      ["predict", "shapes.safetensors", "-", "--proba", "--keep", "note"],
      { input: 'color,note,size\nred,"a,b",1.2\ngreen,,5\n' },
    );
    const proba = classifier.predictProba([
      { color: "red", size: 1.2 },
      { color: "green", size: 5 },
    ]);
    assert.equal(
      turned.stdout,
      "note,prediction,p(circle),p(square)\n" +
        `"a,b",circle,${proba.row(0).join(",")}\n,square,${proba.row(1).join(",")}\n`,
    );
    const json = runCli(folder, ["predict", "shapes.safetensors", "-", "--json", "--proba"], {
      input: "color,size\nred,1.2\n",
    });
    assert.deepEqual(JSON.parse(json.stdout), [
      { prediction: "circle", probabilities: { circle: proba.get(0, 0), square: proba.get(0, 1) } },
    ]);
    assert.equal(
      runCli(folder, ["predict", "shapes.safetensors", "-"], { input: "color,size\n" }).stdout,
      "prediction\n",
    );
  });
});

test("predict streams: a file of many pieces gives as many lines, in order", async () => {
  await inFolder((folder) => {
    const { classifier } = writeModel(folder);
    const rows = Array.from(
      { length: 150_000 },
      (_, i) => `${i},${i % 3 === 0 ? "red,1.5" : "green,5.25"}`,
    );
    writeFileSync(join(folder, "long.csv"), `id,color,size\n${rows.join("\n")}\n`);
    const { status, stderr } = runCli(folder, [
      "predict",
      "shapes.safetensors",
      "long.csv",
      "--keep",
      "id",
      "--out",
      "labels.csv",
    ]);
    const remarks = stderr.replace(/^reading .*\n/gm, ""); // progress, where two seconds are over
    assert.deepEqual({ status, remarks }, { status: 0, remarks: "" });
    const [red, green] = classifier.predict([
      { color: "red", size: 1.5 },
      { color: "green", size: 5.25 },
    ]);
    const expected = rows.map((_, i) => `${i},${i % 3 === 0 ? red : green}`).join("\n");
    assert.ok(readFileSync(join(folder, "labels.csv"), "utf8") === `id,prediction\n${expected}\n`);
  });
});

test("A row that cannot be read ends the command with 1, its place, and no file", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const wrong = runCli(folder, ["predict", "shapes.safetensors", "-", "--out", "labels.csv"], {
      input: "color,size\nred,1\nred\n",
    });
    assert.deepEqual(wrong, {
      status: 1,
      stdout: "",
      stderr: "twolayer: stdin:3:2: expected 2 cells as in the first line, got 1\n",
    });
    assert.ok(!existsSync(join(folder, "labels.csv")));
    const missing = runCli(folder, ["predict", "shapes.safetensors", "-"], {
      input: "size,shape\n1,circle\n",
    });
    assert.deepEqual({ status: missing.status, stdout: missing.stdout }, { status: 1, stdout: "" });
    assert.equal(
      missing.stderr,
      'twolayer: stdin: expected a column "color", got "size", "shape"\n',
    );
    const kept = runCli(folder, ["predict", "shapes.safetensors", "-", "--keep", "name"], {
      input: "size,color\n1,red\n",
    });
    assert.equal(kept.stderr, 'twolayer: stdin: expected a column "name", got "size", "color"\n');
  });
});

test("predict takes images without labels", async () => {
  await inFolder((folder) => {
    const { labels } = writeImages(folder);
    assert.equal(
      runCli(folder, [
        "train",
        "--images",
        "images.idx",
        "--labels",
        "labels.idx",
        "--iterations",
        "60",
        "--hidden",
        "6",
      ]).status,
      0,
    );
    const { status, stdout } = runCli(folder, [
      "predict",
      "model.safetensors",
      "--images",
      "images.idx",
    ]);
    assert.equal(status, 0);
    assert.equal(stdout, `prediction\n${labels.join("\n")}\n`);
    writeModel(folder);
    const other = runCli(folder, ["predict", "shapes.safetensors", "--images", "images.idx"]);
    assert.deepEqual(
      { status: other.status, stderr: other.stderr },
      {
        status: 1,
        stderr: "twolayer: images.idx: expected images of 4 values, as the model takes, got 16\n",
      },
    );
  });
});

test("predict takes all cores once that pays, to the same bits", async () => {
  await inFolder(async (folder) => {
    const at = (name: string): string => join(folder, name);
    const two = { shape: [2, 32, 32], data: new Uint8Array(2048) };
    const net = { hiddenSize: 1024, validation: 0 };
    const { classifier } = prepareImages(two, Int32Array.of(0, 1), ["dark", "light"], net);
    writeFileSync(at("model.safetensors"), serializeModel(classifier));
    const count = 4150; // 4.4e9 multiplications
    const pixels = new Uint8Array(1024 * count).map((_, i) => (i * i) >> 5);
    writeFileSync(at("images.idx"), Buffer.concat([idxBytes([count, 32, 32], []), pixels]));
    const predicted = async (options: Record<string, string>): Promise<string> => {
      const named = { images: at("images.idx"), out: at("labels.csv"), ...options };
      const given = new Map(Object.entries(named));
      await predict.run(new Arguments("predict", [at("model.safetensors")], given));
      return readFileSync(at("labels.csv"), "utf8");
    };
    const expected = await predicted({ threads: "1" });
    assert.equal(configuration().threads, 1);
    const actual = await predicted({});
    assert.equal(configuration().threads, availableParallelism());
    configure({ threads: 1 });
    assert.equal(actual, expected);
  });
});

test("A signal is heard between two pieces of images", {
  skip: process.platform === "win32" && "no signals to send here",
}, async () => {
  await inFolder(async (folder) => {
    writeImages(folder);
    assert.equal(
      runCli(folder, [
        "train",
        "--images",
        "images.idx",
        "--labels",
        "labels.idx",
        "--iterations",
        "2",
        "--hidden",
        "2000",
      ]).status,
      0,
    );
    // seconds of work
    writeFileSync(
      join(folder, "many.idx"),
      Buffer.concat([idxBytes([1_000_000, 4, 4], []), new Uint8Array(16_000_000)]),
    );
    const before = readdirSync(folder).sort();
    const child = startCli(folder, [
      "predict",
      "model.safetensors",
      "--images",
      "many.idx",
      "--out",
      "labels.csv",
    ]);
    const exited = once(child, "exit");
    while (
      !readdirSync(folder).some(
        (name) =>
          name.endsWith(".tmp") && statSync(join(folder, name), { throwIfNoEntry: false })?.size,
      )
    )
      await sleep(5);
    child.kill("SIGTERM");
    assert.deepEqual(await exited, [143, null]);
    assert.deepEqual(readdirSync(folder).sort(), before);
  });
});

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  test(`${signal} leaves neither a file nor half of one, and ends with ${code}`, {
    skip: process.platform === "win32" && "no signals to send here",
  }, async () => {
    await inFolder(async (folder) => {
      writeModel(folder);
      const child = startCli(folder, ["predict", "shapes.safetensors", "-", "--out", "labels.csv"]);
      const exited = once(child, "exit");
      child.stdin!.write("size,color\n1,red\n");
      while (!readdirSync(folder).some((name) => name.endsWith(".tmp"))) await sleep(1);
      child.kill(signal);
      assert.deepEqual(await exited, [code, null]);
      assert.deepEqual(readdirSync(folder).sort(), ["shapes.csv", "shapes.safetensors"]);
    });
  });
}
