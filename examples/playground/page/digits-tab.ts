// The digits tab: trains on the 1797 UCI digits in about a second, then says what one draws.

import { Matrix } from "twolayer";
import { drawCurves, SHARE } from "./curve.ts";
import { digitImage, GREY, SIDE } from "./digit-image.ts";
import { drawDigit, drawWeights } from "./digit-picture.ts";
import { CLASSES, createDigitTraining, type DigitTraining, readDigits } from "./digit-training.ts";
import { byId, canvasPainter, make } from "./dom.ts";
import { bindForm } from "./form.ts";
import { Pen } from "./pen.ts";
import { initialSettings, type Settings } from "./settings.ts";
import { onThemeChange, readTheme } from "./theme.ts";
import { weightsHash } from "./weights-hash.ts";

const SLICE = 13; // milliseconds of training in a frame
const WEIGHTS_EVERY = 6; // frames
const PEN_SHARE = 1 / 12; // of the drawing's width; only for the eye, the net gets the strokes

/** Runs the tab; `remember` is told the settings whenever they change. */
export function startDigitsTab(remember: (settings: Settings["digits"]) => void): {
  show: (settings: Settings["digits"]) => void;
  pause: () => void;
} {
  let theme = readTheme();
  let settings = initialSettings("digits");
  let digits: ReturnType<typeof readDigits> | undefined;
  let training: DigitTraining | undefined;
  let run = 0; // which training is the one going on; an older one stops
  let sample: { image: Float64Array; label: number } | undefined; // shown instead of a drawing
  const taken = new Int32Array(CLASSES); // how many samples of each class have been shown

  const board = byId("digits-board", HTMLCanvasElement);
  const status = byId("digits-status", HTMLElement);
  const answer = byId("digits-answer", HTMLElement);
  const bars = Array.from({ length: CLASSES }, (_, digit) => {
    const fill = make("span", "fill");
    const value = make("span", "value", "–");
    const item = make(
      "li",
      "",
      make("span", "name", String(digit)),
      make("span", "bar", fill),
      value,
    );
    return { item, fill, value };
  });
  byId("digits-bars", HTMLOListElement).replaceChildren(...bars.map(({ item }) => item));

  const shownImage = (): Float64Array | undefined =>
    sample?.image ?? digitImage(pen.strokes)?.map((value) => value / GREY);
  const paintBoard = canvasPainter(board, (context, width) => {
    if (sample !== undefined) drawDigit(context, width, sample.image, theme);
    else pen.draw(context, width * PEN_SHARE, theme.ink);
  });
  const paintSeen = canvasPainter(byId("digits-seen", HTMLCanvasElement), (context, width) => {
    const image = shownImage();
    if (image !== undefined) drawDigit(context, width, image, theme);
    context.strokeStyle = theme.grid;
    context.lineWidth = 1;
    context.beginPath();
    for (let k = 1; k < SIDE; k++) {
      const at = Math.round((k * width) / SIDE) + 0.5;
      context.moveTo(at, 0);
      context.lineTo(at, width);
      context.moveTo(0, at);
      context.lineTo(width, at);
    }
    context.stroke();
  });
  const weightsCanvas = byId("digits-weights", HTMLCanvasElement);
  const paintWeights = canvasPainter(weightsCanvas, (context, width) => {
    if (training !== undefined)
      drawWeights(context, width, training.net.params.W1, weightColumns(width), theme);
  });
  const paintCurves = canvasPainter(
    byId("digits-curves", HTMLCanvasElement),
    (context, width, height) => {
      if (training === undefined) return;
      const { history, iterations } = training.trainer;
      const at = (epoch: number): number => ((epoch + 1) * iterations) / training!.epochs;
      drawCurves(
        context,
        width,
        height,
        [
          { values: history.trainAccuracy, at, color: theme.inkRgb, label: "train" },
          {
            values: history.valAccuracy,
            at,
            color: theme.accent,
            label: "held out",
            dashed: true,
          },
        ],
        { xMax: iterations, yMax: 1, ...SHARE },
        theme,
      );
    },
  );

  const classify = (): void => {
    paintBoard();
    paintSeen();
    const image = shownImage();
    const ready = training !== undefined && image !== undefined;
    const probabilities = ready
      ? training!.net.predictProba(new Matrix(1, SIDE * SIDE, image)).data
      : new Float64Array(CLASSES);
    const best = probabilities.indexOf(Math.max(...probabilities));
    for (const [digit, { item, fill, value }] of bars.entries()) {
      fill.style.setProperty("--share", String(probabilities[digit]));
      value.textContent = ready ? `${(100 * probabilities[digit]).toFixed(1)}%` : "–";
      item.classList.toggle("best", ready && digit === best);
    }
    const truth =
      sample === undefined
        ? ""
        : sample.label === best
          ? `, and it is a ${sample.label}`
          : `, but it is a ${sample.label}`;
    answer.textContent = ready
      ? `This is a ${best}${truth}`
      : image === undefined
        ? "Draw a digit"
        : "Training first …";
  };
  let scheduled = false;
  const classifySoon = (): void => {
    // pointers report more often than the screen is drawn
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      classify();
    });
  };
  const pen: Pen = new Pen(
    board,
    () => {
      if (sample !== undefined) pen.clear();
      sample = undefined;
    },
    classifySoon,
  );

  const train = async (): Promise<void> => {
    const mine = ++run;
    byId("digits-hash", HTMLElement).textContent = "";
    status.textContent = "Loading the digits …";
    try {
      digits ??= readDigits(await fetchText("digits.csv"));
    } catch (error) {
      status.textContent = `The digits could not be loaded: ${(error as Error).message}`;
      return;
    }
    if (mine !== run) return;
    training = createDigitTraining(digits, settings);
    sizeWeights();
    const { trainer, net, heldOut } = training;
    const start = performance.now();
    for (let frames = 0; !trainer.done; frames++) {
      const end = performance.now() + SLICE;
      while (!trainer.done && performance.now() < end) trainer.step();
      status.textContent = `Training: ${trainer.history.loss.length.toLocaleString("en")} of ${trainer.iterations.toLocaleString("en")} iterations`;
      byId("digits-progress", HTMLProgressElement).value =
        trainer.history.loss.length / trainer.iterations;
      classify();
      paintCurves();
      if (frames % WEIGHTS_EVERY === 0 || trainer.done) paintWeights();
      if (!trainer.done) await nextFrame();
      if (mine !== run) return;
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const hash = await weightsHash(net.params);
    if (mine !== run) return;
    status.textContent =
      `${trainer.iterations.toLocaleString("en")} iterations in ${seconds} s: ${(100 * net.accuracy(heldOut.X, heldOut.y)).toFixed(1)}% ` +
      `of ${heldOut.X.rows} digits right that it never saw.`;
    byId("digits-hash", HTMLElement).textContent = hash;
    weightsCanvas.setAttribute(
      "aria-label",
      `First-layer weights of the ${net.hiddenSize} hidden units, an 8 by 8 image for each.`,
    );
  };

  const weightColumns = (width: number): number => Math.max(10, Math.floor(width / 46));
  /** Gives the weights' canvas the height that its rows need. */
  const sizeWeights = (): void => {
    const width = weightsCanvas.clientWidth;
    if (training === undefined || width === 0) return;
    const perRow = weightColumns(width);
    weightsCanvas.style.setProperty(
      "height",
      `${Math.ceil(training.net.hiddenSize / perRow) * (width / perRow)}px`,
    );
  };
  new ResizeObserver(sizeWeights).observe(weightsCanvas);

  const samples = Array.from({ length: CLASSES }, (_, digit) => {
    const button = make("button", "", String(digit));
    button.type = "button";
    button.setAttribute("aria-label", `Show a held-out ${digit}`);
    button.addEventListener("click", () => {
      if (training === undefined) return;
      const { X, y } = training.heldOut;
      const rows = Array.from(y.keys()).filter((row) => y[row] === digit);
      pen.clear();
      sample = { image: X.row(rows[taken[digit]++ % rows.length]), label: digit };
      classify();
    });
    return button;
  });
  byId("digits-samples", HTMLElement).replaceChildren(...samples);
  byId("digits-clear", HTMLButtonElement).addEventListener("click", () => {
    pen.clear();
    sample = undefined;
    classify();
  });
  byId("digits-train", HTMLButtonElement).addEventListener("click", () => void train());
  const showForm = bindForm(byId("digits-form", HTMLFormElement), "digits", settings, (changed) => {
    settings = changed;
    remember(settings);
    void train();
  });
  onThemeChange(() => {
    theme = readTheme();
    classify();
    paintWeights();
    paintCurves();
  });
  classify();
  return {
    show: (shown) => {
      const same = JSON.stringify(shown) === JSON.stringify(settings);
      settings = shown;
      showForm(settings);
      if (!same || training === undefined) void train();
    },
    pause: () => undefined,
  };
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}

function nextFrame(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}
