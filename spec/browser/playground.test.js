// The playground in Debian's chromium: what a visitor sees, does and may not do. Needs `npm ci`
// here and in the root.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import {
  adam,
  blobs,
  momentum,
  Random,
  sgd,
  spiral,
  split,
  TwoLayerNet,
  train,
  twoMoons,
} from "../../dist/index.js";
import { createDigitTraining, readDigits } from "../../examples/playground/page/digits/training.ts";
import { initialSettings } from "../../examples/playground/page/settings.ts";
import {
  chooseData,
  finished,
  hashOf,
  nodeHash,
  PATIENCE,
  picture,
  slide,
  TABS,
  text,
  trained,
  Visitor,
} from "./visitor.js";

const visitor = new Visitor();
const visit = (hash, use, options) => visitor.visit(hash, use, options);

before(() => visitor.start());
after(() => visitor.stop());

test("Training lowers the loss and separates the moons", async () => {
  await visit("#plane?iterations=400&speed=most", async (page) => {
    await page.click("#plane-step");
    const first = Number(await text(page, "plane-loss-now"));
    await page.click("#plane-play");
    await finished(page);
    const last = Number(await text(page, "plane-loss-now"));
    assert.ok(last < first / 3, `${first} -> ${last}`);
    assert.ok(parseFloat(await text(page, "plane-held-now")) > 90);
    assert.equal(await text(page, "plane-iteration"), "400");
  });
});

test("The same seed ends at the same weights as in Node, bit for bit", async () => {
  const cases = [
    {
      query: "seed=7&iterations=250&speed=most&rate=0.3&optimizer=sgd",
      seed: 7,
      make: twoMoons,
      noise: 0.15,
      classes: 2,
      optimizer: sgd(),
      learningRate: 0.3,
    },
    {
      query: "seed=8&iterations=250&speed=most&data=spiral&noise=0.2",
      seed: 8,
      make: spiral,
      noise: 0.2,
      classes: 3,
      optimizer: momentum(),
      learningRate: 0.03,
    },
    {
      query: "seed=9&iterations=250&speed=1&data=blobs&noise=0.5&optimizer=adam&rate=0.01",
      seed: 9,
      make: blobs,
      noise: 0.5,
      classes: 3,
      optimizer: adam(),
      learningRate: 0.01,
    },
  ];
  for (const { query, seed, make, noise, classes, optimizer, learningRate } of cases) {
    const random = new Random(seed);
    const data = make({ count: 300, noise, random });
    const parts = split(data, { validation: 0.3, random });
    const net = TwoLayerNet.create(
      { inputSize: 2, hiddenSize: 16, outputSize: classes },
      { random },
    );
    train(net, parts.train, {
      optimizer,
      learningRate,
      learningRateDecay: 1,
      reg: 1e-4,
      batchSize: 32,
      iterations: 250,
      random,
    });
    await visit(`#plane?${query}`, async (page) => {
      await page.click("#plane-play");
      await finished(page);
      assert.equal(await hashOf(page, "plane-hash"), nodeHash(net.params), query);
    });
  }
});

test("The digits net is the one that Node trains", async () => {
  const digits = readDigits(
    readFileSync(new URL("../../examples/digits/digits.csv", import.meta.url), "utf8"),
  );
  const settings = { ...initialSettings("digits"), hidden: 30, seed: 3 };
  const { net, trainer, heldOut } = createDigitTraining(digits, settings);
  while (!trainer.done) trainer.step();
  assert.ok(net.accuracy(heldOut.X, heldOut.y) > 0.95);
  await visit("#digits?hidden=30&seed=3", async (page) => {
    assert.equal(await hashOf(page, "digits-hash"), nodeHash(net.params));
    assert.match(
      await text(page, "digits-status"),
      /^1,222 iterations in \d+\.\d s: 9[5-9]\.\d% of 359 digits right/,
    );
  });
});

test("Play, pause, step and reset lead to the same pictures and weights", async () => {
  await visit("#plane?data=circles&iterations=60&speed=1", async (page) => {
    const before = await picture(page, "plane-canvas");
    const iteration = async () => Number(await text(page, "plane-iteration"));
    await page.click("#plane-play");
    assert.equal(await text(page, "plane-play"), "Pause");
    await page.waitForFunction(
      () => Number(document.querySelector("#plane-iteration").textContent) >= 3,
      null,
      PATIENCE,
    );
    await page.click("#plane-play");
    const paused = await iteration();
    await page.waitForTimeout(100);
    assert.equal(await iteration(), paused);
    await page.click("#plane-step");
    assert.equal(await iteration(), paused + 1);
    assert.notEqual(await picture(page, "plane-canvas"), before);
    await page.click("#plane-play");
    await finished(page);
    const [end, hash] = [await picture(page, "plane-canvas"), await hashOf(page, "plane-hash")];
    await page.click("#plane-reset");
    assert.equal(await iteration(), 0);
    assert.equal(await picture(page, "plane-canvas"), before);
    for (let i = 0; i < 60; i++) await page.click("#plane-step");
    assert.equal(await picture(page, "plane-canvas"), end);
    assert.equal(await hashOf(page, "plane-hash"), hash);
    await page.click("#plane-play"); // at the end: starts over
    await finished(page);
    assert.equal(await hashOf(page, "plane-hash"), hash);
  });
});

/** Strokes in the unit square, drawn with the mouse. */
async function draw(page, strokes) {
  await page.click("#digits-clear");
  const box = await page.locator("#digits-board").boundingBox();
  for (const stroke of strokes) {
    for (const [i, [x, y]] of stroke.entries()) {
      await page.mouse.move(box.x + x * box.width, box.y + y * box.height, {
        steps: i === 0 ? 1 : 4,
      });
      if (i === 0) await page.mouse.down();
    }
    await page.mouse.up();
  }
  await page.waitForTimeout(50); // a frame or two
  return text(page, "digits-answer");
}
const line = (...numbers) =>
  Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
const oval = (cx, cy, rx, ry, from = -90, to = 270) =>
  Array.from({ length: 25 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 24) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });

test("Drawn digits are read, wherever and however large they are drawn", async () => {
  await visit("#digits", async (page) => {
    await trained(page);
    const drawings = [
      ["a bar", 1, [line(0.5, 0.15, 0.5, 0.85)]],
      ["a small bar in a corner", 1, [line(0.1, 0.1, 0.11, 0.3)]],
      ["a bar with a flag", 1, [line(0.35, 0.35, 0.55, 0.15, 0.55, 0.85)]],
      ["an oval", 0, [oval(0.5, 0.5, 0.25, 0.36)]],
      ["a small oval", 0, [oval(0.8, 0.8, 0.08, 0.12)]],
      ["a seven", 7, [line(0.28, 0.2, 0.72, 0.2, 0.45, 0.85)]],
      [
        "a crossed seven",
        7,
        [line(0.28, 0.2, 0.72, 0.2, 0.45, 0.85), line(0.38, 0.52, 0.68, 0.52)],
      ],
      ["a two", 2, [[...oval(0.5, 0.35, 0.2, 0.2, -170, 30), ...line(0.3, 0.85, 0.72, 0.85)]]],
      [
        "a three",
        3,
        [[...oval(0.47, 0.33, 0.2, 0.18, -150, 80), ...oval(0.47, 0.67, 0.22, 0.19, -80, 150)]],
      ],
      ["an open four", 4, [line(0.3, 0.15, 0.26, 0.56, 0.74, 0.56), line(0.62, 0.2, 0.62, 0.88)]],
    ];
    for (const [name, digit, strokes] of drawings)
      assert.equal(await draw(page, strokes), `This is a ${digit}`, name);
    const announced = await page.textContent("#digits-said");
    assert.notEqual(announced, "This is a 4", "a screen reader is told a moment later");
    await page.waitForFunction(
      () => document.querySelector("#digits-said").textContent === "This is a 4",
      null,
      PATIENCE,
    );
    const shares = await page.$$eval("#digits-bars .value", (cells) =>
      cells.map((cell) => parseFloat(cell.textContent)),
    );
    assert.equal(shares.length, 10);
    assert.ok(
      Math.abs(shares.reduce((sum, share) => sum + share) - 100) < 0.6,
      "the ten probabilities add up to 100%",
    );
    // a dot is no digit, and no error either
    assert.match(await draw(page, [[[0.5, 0.5]]]), /^This is a \d$/);
    await page.click("#digits-clear");
    assert.equal(await text(page, "digits-answer"), "Draw a digit");
    assert.equal(
      await page.$eval("#digits-board", (board) => getComputedStyle(board).touchAction),
      "none",
    );
  });
});

test("A finger draws as a mouse does", async () => {
  await visit(
    "#digits",
    async (page) => {
      await trained(page);
      await page.locator("#digits-board").scrollIntoViewIfNeeded();
      const scrolled = await page.evaluate(() => scrollY);
      const touch = await page.context().newCDPSession(page);
      const box = await page.locator("#digits-board").boundingBox();
      const at = (y) => [{ x: box.x + box.width / 2, y: box.y + y * box.height }];
      await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0.15) });
      for (let y = 0.2; y < 0.9; y += 0.05)
        await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(y) });
      await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
      await page.waitForFunction(
        () => document.querySelector("#digits-answer").textContent === "This is a 1",
        null,
        { timeout: 5000 },
      );
      assert.equal(
        await page.evaluate(() => scrollY),
        scrolled,
        "the page does not scroll meanwhile",
      );
    },
    { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  );
});

test("The mathematics shows the exercise's published loss and right gradients", async () => {
  await visit("#mathematics?reg=0.05", async (page) => {
    const loss = async () => Number(await page.textContent("#math-loss dd.total"));
    assert.equal(Math.fround(await loss()), 1.0986121892929077);
    const errors = await page.$$eval("#math-errors tr + tr td", (cells) =>
      cells.map((cell) => Number(cell.textContent.replace("−", "-"))),
    );
    assert.equal(errors.length, 8);
    for (const [i, error] of errors.entries())
      assert.ok(error < (i % 2 === 0 ? 1e-4 : 1e-8), `${i}: ${error}`);
    await page.click("#mathematics-step");
    assert.equal(await text(page, "mathematics-iteration-now"), "1");
    assert.ok(page.url().endsWith("#mathematics?reg=0.05&iteration=1"), page.url());
  });
  await visit("#mathematics?iteration=200", async (page) => {
    assert.match(
      await text(page, "mathematics-status"),
      /^Iteration 200: loss 0\.5\d+, 5 of 5 samples right\.$/,
    );
    const shapes = await page.$$eval("#panel-mathematics figcaption", (captions) =>
      captions.map((caption) => caption.textContent.split(" ").slice(0, 2).join(" ")),
    );
    for (const shape of [
      "X 5×4",
      "W1 4×10",
      "hidden 5×10",
      "W2 10×3",
      "scores 5×3",
      "dW1 4×10",
      "dW2 10×3",
    ])
      assert.ok(shapes.includes(shape), shape);
    const before = await text(page, "math-scores");
    await page.click("#mathematics-reset");
    assert.notEqual(await text(page, "math-scores"), before);
    await page.click("#mathematics-play");
    await page.waitForFunction(
      () => document.querySelector("#mathematics-status").textContent.startsWith("Iteration 200"),
      null,
      PATIENCE,
    );
    assert.equal(await text(page, "math-scores"), before);
  });
});

test("The slider goes to an iteration, which leaving the tab keeps", async () => {
  await visit("#mathematics", async (page) => {
    await page.focus("#mathematics-iteration");
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
    assert.equal(await text(page, "mathematics-iteration-now"), "3");
    await page.keyboard.press("ArrowLeft");
    assert.match(await text(page, "mathematics-status"), /^Iteration 2: /);
    assert.ok(page.url().endsWith("#mathematics?iteration=2"), page.url());
    await page.click("#mathematics-play");
    await page.click("#tab-plane");
    assert.ok(page.url().endsWith("#plane"), page.url());
    await page.waitForTimeout(100);
    assert.ok(page.url().endsWith("#plane"), page.url());
    await page.click("#tab-mathematics");
    assert.equal(await text(page, "mathematics-play"), "Play");
    const iteration = await text(page, "mathematics-iteration-now");
    assert.ok(Number(iteration) >= 2);
    assert.ok(page.url().endsWith(`#mathematics?iteration=${iteration}`), page.url());
  });
});

test("Everything works from the keyboard, with the focus in sight", async () => {
  await visit("", async (page) => {
    const focused = () => page.evaluate(() => document.activeElement.id);
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "tab-plane");
    assert.equal(
      await page.$eval("#tab-plane", (tab) => getComputedStyle(tab).outlineStyle),
      "solid",
    );
    for (const [key, tab] of [
      ["ArrowRight", "digits"],
      ["ArrowRight", "mathematics"],
      ["ArrowRight", "plane"],
      ["End", "mathematics"],
      ["Home", "plane"],
      ["ArrowLeft", "mathematics"],
      ["ArrowLeft", "digits"],
    ]) {
      await page.keyboard.press(key);
      assert.equal(await focused(), `tab-${tab}`);
      assert.deepEqual(
        await page.$$eval('[role="tab"][aria-selected="true"]', (tabs) => tabs.map(({ id }) => id)),
        [`tab-${tab}`],
      );
      assert.deepEqual(
        await page.$$eval('[role="tabpanel"]:not([hidden])', (panels) =>
          panels.map(({ id }) => id),
        ),
        [`panel-${tab}`],
      );
    }
    await trained(page);
    await page.locator("#digits-samples button").nth(4).focus();
    await page.keyboard.press("Enter");
    assert.equal(await text(page, "digits-answer"), "This is a 4, and it is a 4");
    await page.focus("#tab-digits");
    await page.keyboard.press("Home");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "language");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "plane-play");
    await page.keyboard.press("Space");
    await page.waitForFunction(
      () => Number(document.querySelector("#plane-iteration").textContent) > 0,
      null,
      PATIENCE,
    );
    await page.keyboard.press("Space");
    assert.equal(await text(page, "plane-play"), "Play");
  });
});

test("Every control is reached by the keyboard and has a name", async () => {
  for (const tab of TABS) {
    await visit(`#${tab}`, async (page) => {
      if (tab === "digits") await trained(page);
      // one of the hidden units and one of the data sets stand for all: the arrow keys go on
      const wanted = await page.$$eval(
        `#panel-${tab} :is(button, input, select, textarea)`,
        (controls) =>
          controls.filter(
            (control) =>
              control.checkVisibility() &&
              control.tabIndex === 0 &&
              (control.type !== "radio" || control.checked),
          ).length,
      );
      const reached = new Set();
      for (let i = 0; i < wanted + 60; i++) {
        await page.keyboard.press("Tab");
        reached.add(
          await page.evaluate((name) => {
            const controls = [
              ...document.querySelectorAll(`#panel-${name} :is(button, input, select, textarea)`),
            ];
            return controls.indexOf(document.activeElement);
          }, tab),
        );
      }
      reached.delete(-1);
      assert.equal(reached.size, wanted);
      const nameless = await page.$$eval(
        `#panel-${tab} :is(button, input, select, textarea, canvas[role])`,
        (controls) =>
          controls
            .filter(
              (control) =>
                !(
                  control.getAttribute("aria-label") ||
                  control.labels?.length ||
                  control.textContent.trim()
                ),
            )
            .map((control) => control.outerHTML),
      );
      assert.deepEqual(nameless, []);
    });
  }
});

test("The address holds the settings and brings them back", async () => {
  await visit(
    "#plane?data=spiral&points=120&noise=0.05&heldOut=40&inputs=x.y.xy&hidden=9&optimizer=adam" +
      "&rate=0.002&reg=0.001&batch=16&iterations=50&seed=5&speed=most&lines=false&test=false" +
      "&background=hard",
    async (page) => {
      const values = await page.$eval("#plane-form", (form) =>
        Object.fromEntries(
          [...form.elements]
            .filter(({ name, type, checked }) => name && (type !== "radio" || checked))
            .map((control) => [
              control.name,
              control.type === "checkbox" ? control.checked : control.value,
            ]),
        ),
      );
      delete values.csv;
      assert.deepEqual(values, {
        data: "spiral",
        points: "120",
        noise: "0.05",
        heldOut: "40",
        hidden: "9",
        optimizer: "adam",
        rate: "0.002",
        reg: "0.001",
        batch: "16",
        iterations: "50",
        seed: "5",
        speed: "most",
        lines: false,
        test: false,
        background: "hard",
      });
      assert.equal(await page.locator("#plane-net .unit").count(), 9);
      assert.equal(await page.locator("#plane-net .input[aria-pressed=true]").count(), 3);
      await page.click("#plane-play");
      await finished(page);
      const hash = await hashOf(page, "plane-hash");
      await chooseData(page, "xor");
      await page.fill("#plane-form [name=seed]", "6");
      await page.press("#plane-form [name=seed]", "Enter");
      assert.match(
        page.url(),
        /#plane\?data=xor&points=120&noise=0\.05&heldOut=40&inputs=x\.y\.xy&hidden=9.*&seed=6&/,
      );
      await page.reload();
      assert.equal(await page.inputValue("#plane-form [name=seed]"), "6");
      await page.click("#tab-digits");
      assert.match(page.url(), /#digits$/);
      await page.goBack();
      assert.equal(await page.isVisible("#panel-plane"), true);
      assert.equal(await page.isChecked("#plane-form [value=xor]"), true);
      await chooseData(page, "spiral");
      await slide(page, "noise", 0.05);
      await page.fill("#plane-form [name=seed]", "5");
      await page.click("#plane-play");
      await finished(page);
      assert.equal(await hashOf(page, "plane-hash"), hash);
    },
  );
});

test("An unreadable address opens the initial settings", async () => {
  for (const hash of [
    "#nowhere",
    "#plane?hidden=-1&seed=x&data=%00&rate=NaN&__proto__=1&toString=2",
    "#digits?hidden=1e9&warp=maybe",
    "#mathematics?iteration=201&reg=-1",
    "#plane?%%%&=&&",
    "#?#?",
  ]) {
    await visit(hash, async (page) => {
      if (hash.startsWith("#digits")) {
        await trained(page);
        assert.equal(await page.inputValue("#digits-form [name=hidden]"), "100");
      } else if (!hash.startsWith("#mathematics")) {
        assert.equal(await page.inputValue("#plane-form [name=hidden]"), "16");
      }
    });
  }
});

test("A value out of range is answered in words and changes nothing", async () => {
  await visit("#plane", async (page) => {
    const hidden = page.locator("#plane-form [name=hidden]");
    await hidden.fill("65");
    await hidden.press("Enter");
    assert.equal(await hidden.getAttribute("aria-invalid"), "true");
    assert.equal(await page.textContent(".complaint"), "Enter a whole number from 1 to 64.");
    assert.equal(await page.locator("#plane-net .unit").count(), 16);
    await hidden.fill("3");
    await hidden.press("Enter");
    assert.equal(await hidden.getAttribute("aria-invalid"), null);
    assert.equal(await page.locator(".complaint").count(), 0);
    assert.equal(await page.locator("#plane-net .unit").count(), 3);
  });
});

test("A pasted CSV is learnt, a wrong one answered with its line and column", async () => {
  await visit("#plane?speed=most&iterations=500", async (page) => {
    await chooseData(page, "csv");
    assert.match(await text(page, "plane-classes"), /class large.*class middle.*class small/);
    const paste = async (csv) => {
      await page.fill("#plane-csv", csv);
      await page.press("#plane-csv", "Tab");
    };
    await paste("a;b;kind\n1;2;x\n1;oops;y\n");
    assert.equal(await text(page, "plane-csv-error"), 'pasted:3:2: expected a number, got "oops"');
    assert.equal(
      await text(page, "plane-status"),
      "This CSV cannot be learnt; the picture still shows the data before.",
    );
    const usable = () =>
      Promise.all(["play", "step", "save"].map((name) => page.isEnabled(`#plane-${name}`)));
    assert.deepEqual(await usable(), [false, false, false], "what is drawn is not this CSV");
    await page.click("#plane-reset");
    assert.deepEqual(await usable(), [false, false, false]);
    await paste("a,b\n1,2\n");
    assert.equal(
      await text(page, "plane-csv-error"),
      "pasted: expected two columns of numbers and one of classes, got 2 in all",
    );
    await paste("");
    assert.match(await text(page, "plane-csv-error"), /^pasted:1:1: /);
    const rows = Array.from(
      { length: 60 },
      (_, i) => `${1000 + (i % 2) * 50 + (i % 7)},${i % 5},${i % 2 ? "right" : "left"}`,
    );
    await paste(`x,y,side\n${rows.join("\n")}\n`);
    assert.equal(await text(page, "plane-csv-error"), "");
    assert.deepEqual(await usable(), [true, true, true]);
    assert.match(await text(page, "plane-classes"), /class left.*class right/);
    await page.click("#plane-play");
    await finished(page);
    assert.equal(await text(page, "plane-held-now"), "100.0%");
    const hash = await hashOf(page, "plane-hash");
    await page.reload();
    await page.click("#plane-play");
    await finished(page);
    assert.equal(await hashOf(page, "plane-hash"), hash, "the link holds the pasted data too");
  });
});

test("A training that diverges says so and can be started over", async () => {
  await visit("#plane?rate=100&reg=10&speed=most", async (page) => {
    await page.click("#plane-play");
    await finished(page);
    assert.match(
      await text(page, "plane-status"),
      /^Diverged at iteration \d+\. Try a smaller learning rate\.$/,
    );
    await page.selectOption("#plane-form [name=rate]", "0.03");
    await page.selectOption("#plane-form [name=reg]", "0.0001");
    assert.match(await text(page, "plane-status"), /^Ready at iteration 0/);
  });
});

test("The curves are saved as an SVG of the library's own", async () => {
  await visit("#plane?iterations=50&speed=most", async (page) => {
    await page.click("#plane-play");
    await finished(page);
    const [file] = await Promise.all([page.waitForEvent("download"), page.click("#plane-save")]);
    assert.equal(file.suggestedFilename(), "training-curves.svg");
    assert.match(
      readFileSync(await file.path(), "utf8"),
      /^<svg [^]*Training on moons[^]*<\/svg>\s*$/,
    );
  });
});

test("The page may run nothing but its own scripts", async () => {
  const context = await visitor.browser.newContext();
  const page = await context.newPage();
  await page.goto(visitor.url);
  const violations = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const seen = [];
        document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
          seen.push(effectiveDirective);
          if (seen.length === 3) resolve(seen.sort());
        });
        const script = document.createElement("script");
        script.textContent = "window.inlineRan = true";
        document.head.append(script);
        const style = document.createElement("style");
        style.textContent = "body { color: red }";
        document.head.append(style);
        fetch("http://127.0.0.1:9/").catch(() => undefined);
      }),
  );
  assert.deepEqual(violations, ["connect-src", "script-src-elem", "style-src-elem"]);
  assert.equal(await page.evaluate(() => window.inlineRan), undefined);
  await context.close();
});

test("The server gives nothing from outside its folder", async () => {
  const { port } = new URL(visitor.url);
  for (const target of [
    "/../package.json",
    "/%2e%2e/package.json",
    "/dist/%2e%2e/%2e%2e/etc/passwd",
    "/..\\package.json",
    "/index.html%00",
    "//etc/passwd",
    "/server.ts",
  ]) {
    const answer = await new Promise((resolve, reject) => {
      let bytes = "";
      const socket = connect(Number(port), "127.0.0.1", () =>
        socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
      );
      socket
        .setEncoding("latin1")
        .on("data", (chunk) => (bytes += chunk))
        .on("end", () => resolve(bytes))
        .on("error", reject);
    });
    assert.match(answer, /^HTTP\/1\.1 404 /, target);
  }
});
