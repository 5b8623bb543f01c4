// The drawn net of the playground's plane tab, in Chromium: inputs, hidden units and weights, with
// the mouse and with the keyboard.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { finished, hashOf, iterationAbove, picture, text, Visitor } from "./visitor.js";

const visitor = new Visitor();
const visit = (hash, use, options) => visitor.visit(hash, use, options);

before(() => visitor.start());
after(() => visitor.stop());

const pressed = (page, kind) =>
  page.$$eval(`#plane-net .${kind}`, (buttons) =>
    buttons.map((button) => button.getAttribute("aria-pressed") === "true"),
  );

test("An input is switched on and off in the drawing, and the link holds it", async () => {
  await visit("#plane", async (page) => {
    const on = async () => (await pressed(page, "input")).map(Number).join("");
    assert.equal(await on(), "1100000");
    await page.locator("#plane-net .input").nth(4).click();
    assert.equal(await on(), "1100100");
    assert.match(page.url(), /inputs=x\.y\.xy/);
    await page.locator("#plane-net .input").nth(0).click();
    await page.locator("#plane-net .input").nth(1).click();
    await page.locator("#plane-net .input").nth(4).click();
    assert.equal(await on(), "0000100", "the last input stays");
  });
});

test("x₁x₂ as the only input is enough for XOR", async () => {
  await visit(
    "#plane?data=xor&noise=0.02&inputs=xy&hidden=4&iterations=600&speed=most",
    async (page) => {
      await page.click("#plane-play");
      await finished(page);
      assert.ok(parseFloat(await text(page, "plane-held-now")) > 95);
    },
  );
});

test("The number of hidden units is changed beside the drawing", async () => {
  await visit("#plane?hidden=2", async (page) => {
    await page.click("#plane-more");
    assert.equal(await page.locator("#plane-net .unit").count(), 3);
    assert.equal(await page.inputValue("#plane-form [name=hidden]"), "3");
    for (let i = 0; i < 4; i++) await page.click("#plane-fewer");
    assert.equal(await page.locator("#plane-net .unit").count(), 1);
  });
});

test("Pointing at a hidden unit shows what it sees in the large picture", async () => {
  await visit("#plane", async (page) => {
    const before = await picture(page, "plane-canvas");
    await page.hover("#plane-net .unit >> nth=5");
    assert.notEqual(await picture(page, "plane-canvas"), before);
    assert.match(await text(page, "plane-seen"), /^What hidden unit 6 sees/);
    await page.mouse.move(5, 5);
    assert.equal(await picture(page, "plane-canvas"), before);
  });
});

test("The hidden units are one stop of the keyboard with arrow keys in between", async () => {
  await visit("#plane?hidden=5", async (page) => {
    await page.locator("#plane-net .input").nth(6).focus();
    const focused = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("#plane-net .unit")].indexOf(document.activeElement),
      );
    await page.keyboard.press("Tab");
    assert.equal(await focused(), 0);
    for (const [key, unit] of [
      ["ArrowRight", 1],
      ["ArrowDown", 2],
      ["ArrowLeft", 1],
      ["End", 4],
      ["ArrowRight", 4],
      ["Home", 0],
    ]) {
      await page.keyboard.press(key);
      assert.equal(await focused(), unit, key);
    }
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Space");
    assert.deepEqual(await pressed(page, "unit"), [true, false, true, true, true]);
    await page.keyboard.press("Tab");
    assert.equal(await focused(), -1);
  });
});

test("A unit that is switched off stays off while training and comes back", async () => {
  await visit("#plane?hidden=3", async (page) => {
    const hash = await hashOf(page, "plane-hash");
    await page.locator("#plane-net .unit").nth(1).click();
    assert.notEqual(await hashOf(page, "plane-hash"), hash);
    assert.match(await text(page, "plane-status"), /The weights were changed by hand\.$/);
    await page.click("#plane-play");
    await iterationAbove(page, 50);
    await page.click("#plane-play");
    assert.deepEqual(await pressed(page, "unit"), [true, false, true]);
    await page.selectOption("#weight-from", { value: "unit 1" });
    assert.equal(await page.inputValue("#weight-value"), "0");
    await page.locator("#plane-net .unit").nth(1).click();
    assert.notEqual(await page.inputValue("#weight-value"), "0");
    await page.click("#plane-reset");
    assert.equal(await hashOf(page, "plane-hash"), hash);
  });
});

test("A weight is chosen by a click on its line and changed by typing", async () => {
  await visit("#plane?hidden=2", async (page) => {
    const box = await page.locator("#plane-net").boundingBox();
    const [unit, output] = await Promise.all([
      page.locator("#plane-net .unit").nth(1).boundingBox(),
      page.locator("#plane-net .output").nth(1).boundingBox(),
    ]);
    assert.ok(unit.x > box.x && output.x > unit.x);
    // a line ends in the middle of the output's left edge
    await page.mouse.click(output.x - 2, output.y + output.height / 2);
    assert.match(await page.inputValue("#weight-from"), /^unit \d$/);
    assert.equal(await page.inputValue("#weight-to"), "class 1");
    const hash = await hashOf(page, "plane-hash");
    await page.keyboard.type("3.5");
    await page.keyboard.press("Enter");
    assert.equal(await page.inputValue("#weight-value"), "3.5");
    assert.notEqual(await hashOf(page, "plane-hash"), hash);
    await page.fill("#weight-value", "much");
    await page.keyboard.press("Enter");
    assert.notEqual(await page.getAttribute("#weight-value", "aria-invalid"), null);
  });
});

test("Every weight and bias is reached by the lists", async () => {
  await visit("#plane?hidden=2", async (page) => {
    const options = (id) =>
      page.$$eval(`#${id} option`, (list) => list.map((option) => option.value));
    assert.deepEqual(await options("weight-from"), [
      "input 0",
      "input 1",
      "bias",
      "unit 0",
      "unit 1",
    ]);
    assert.deepEqual(await options("weight-to"), ["unit 0", "unit 1"]);
    await page.selectOption("#weight-from", "bias");
    assert.deepEqual(await options("weight-to"), ["unit 0", "unit 1", "class 0", "class 1"]);
    await page.selectOption("#weight-from", { value: "unit 0" });
    assert.deepEqual(await options("weight-to"), ["class 0", "class 1"]);
  });
});
