// The 2-D tab: a training that one can watch, stop, step and start over.

import { DivergenceError, type Trainer, trainingCurves } from "twolayer";
import { drawCurves, NUMBER, SHARE } from "./curve.ts";
import { byId, canvasPainter, download, make } from "./dom.ts";
import { bindForm } from "./form.ts";
import { drawMarker, PlanePicture, viewOf } from "./plane-picture.ts";
import {
  createPlaneTraining,
  type PlaneTraining,
  USUAL_NOISE,
  USUAL_RATE,
} from "./plane-training.ts";
import { initialSettings, type Settings } from "./settings.ts";
import { onThemeChange, readTheme } from "./theme.ts";
import { drawUnit, favouredClass, strongestResponse } from "./unit-picture.ts";
import { weightsHash } from "./weights-hash.ts";

// milliseconds for training and drawing in a frame of 1/60 s; the rest is the browser's
const FRAME = 13;
const LEAST_SLICE = 1; // milliseconds of training, however long the drawing takes
const MOVING_STEPS = 64; // grid points along a side while training: 4096 predictions a frame
const RESTING_STEPS = 160;
const UNIT_SIZE = 46; // pixels, as in the style sheet

const EXAMPLE_CSV = `height,width,class
1.4,0.2,small
1.7,0.4,small
1.3,0.3,small
1.5,0.1,small
4.7,1.4,middle
4.1,1.3,middle
3.9,1.1,middle
4.5,1.5,middle
6.0,2.5,large
5.1,1.9,large
5.9,2.1,large
5.6,1.8,large`;

/**
 * Runs the tab; `remember` is told the settings whenever they change. The returned function shows
 * other settings.
 */
export function startPlaneTab(remember: (settings: Settings["plane"]) => void): {
  show: (settings: Settings["plane"]) => void;
  pause: () => void;
} {
  const picture = new PlanePicture();
  let theme = readTheme();
  let settings = initialSettings("plane");
  let training = createPlaneTraining(settings);
  let view = viewOf(training);
  let playing = false;
  let failure = "";
  let marked: number | undefined;
  let frames = 0;
  let drawing = 0; // milliseconds that drawing the last frame took

  const form = byId("plane-form", HTMLFormElement);
  const csvText = byId("plane-csv", HTMLTextAreaElement);
  const playButton = byId("plane-play", HTMLButtonElement);
  const trainingButtons = [
    playButton,
    byId("plane-step", HTMLButtonElement),
    byId("plane-save", HTMLButtonElement),
  ];
  const unitList = byId("plane-units", HTMLUListElement);
  const planeCanvas = byId("plane-canvas", HTMLCanvasElement);
  const units: { button: HTMLButtonElement; canvas: HTMLCanvasElement }[] = [];

  const paintPlane = canvasPainter(planeCanvas, (context, width) => {
    picture.draw(context, width, training, view, theme, {
      steps: playing ? MOVING_STEPS : RESTING_STEPS,
      lines: settings.lines,
      marked,
    });
  });
  const paintLoss = canvasPainter(
    byId("plane-loss", HTMLCanvasElement),
    (context, width, height) => {
      const { history, iterations } = training.trainer;
      drawCurves(
        context,
        width,
        height,
        [{ values: history.loss, color: theme.inkRgb }],
        { xMax: iterations, ...NUMBER },
        theme,
      );
    },
  );
  const paintAccuracy = canvasPainter(
    byId("plane-accuracy", HTMLCanvasElement),
    (context, width, height) => {
      const { history, iterations } = training.trainer;
      const at = (epoch: number): number => (epoch + 1) * training.iterationsPerEpoch;
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

  const paintUnits = (): void => {
    const strongest = strongestResponse(training.net, view);
    const ratio = Math.min(window.devicePixelRatio, 3);
    for (const [h, { canvas }] of units.entries()) {
      const size = Math.round(UNIT_SIZE * ratio);
      if (canvas.width !== size) Object.assign(canvas, { width: size, height: size });
      const context = canvas.getContext("2d")!;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, UNIT_SIZE, UNIT_SIZE);
      drawUnit(context, UNIT_SIZE, training.net, h, view, strongest, theme);
    }
  };
  const paintCurves = (): void => {
    paintLoss();
    paintAccuracy();
  };
  const paint = (): void => {
    paintPlane();
    paintCurves();
    paintUnits();
    showNumbers();
  };

  const showNumbers = (): void => {
    const { history } = training.trainer;
    const share = (values: number[]): string =>
      values.length === 0 ? "–" : `${(100 * values[values.length - 1]).toFixed(1)}%`;
    byId("plane-iteration", HTMLElement).textContent = history.loss.length.toLocaleString("en");
    byId("plane-loss-now", HTMLElement).textContent =
      history.loss.length === 0 ? "–" : smoothedLoss(history.loss).toPrecision(3);
    byId("plane-train-now", HTMLElement).textContent = share(history.trainAccuracy);
    byId("plane-held-now", HTMLElement).textContent = share(history.valAccuracy);
  };

  /** What a screen reader hears and a hash can be compared with: at rest only. */
  const describe = (): void => {
    const { trainer, net, train, heldOut, data } = training;
    const done = trainer.history.loss.length;
    const accuracy = `${percent(net.accuracy(train.X, train.y))} of ${train.X.rows} points right, ${percent(net.accuracy(heldOut.X, heldOut.y))} of ${heldOut.X.rows} held out`;
    const state =
      failure !== ""
        ? failure
        : `${trainer.done ? "Finished" : done === 0 ? "Ready" : "Paused"} at iteration ${done}: ${accuracy}.`;
    const status = byId("plane-status", HTMLElement);
    status.textContent = state;
    status.classList.toggle("failed", failure !== "");
    planeCanvas.setAttribute(
      "aria-label",
      `${train.X.rows + heldOut.X.rows} points of ${data.classNames.length} classes and the net's decision boundary. ${state}`,
    );
    for (const [h, { button }] of units.entries())
      button.setAttribute("aria-label", describeUnit(training, h));
    const shown = byId("plane-hash", HTMLElement);
    shown.textContent = "";
    const { params } = net;
    void weightsHash(params).then((hash) => {
      if (training.net.params === params && !playing && trainer.history.loss.length === done)
        shown.textContent = hash;
    });
  };

  const listUnits = (): void => {
    units.length = 0;
    marked = undefined;
    for (let h = 0; h < settings.hidden; h++) {
      const canvas = make("canvas", "");
      const button = make("button", "unit", canvas);
      button.type = "button";
      const mark = (unit: number | undefined): void => {
        marked = unit;
        if (!playing) paintPlane();
      };
      button.addEventListener("pointerenter", () => mark(h));
      button.addEventListener("pointerleave", () => mark(undefined));
      button.addEventListener("focus", () => mark(h));
      button.addEventListener("blur", () => mark(undefined));
      units.push({ button, canvas });
    }
    unitList.replaceChildren(...units.map(({ button }) => make("li", "", button)));
  };

  const listClasses = (): void => {
    const entries = training.data.classNames.map((name, c) => {
      const canvas = make("canvas", "marker");
      const ratio = Math.min(window.devicePixelRatio, 3);
      Object.assign(canvas, { width: 16 * ratio, height: 16 * ratio });
      const context = canvas.getContext("2d")!;
      context.scale(ratio, ratio);
      drawMarker(context, c, 8, 8, 5.5, theme.classes[c], theme.surface, true);
      return make("li", "", canvas, `class ${name}`);
    });
    byId("plane-classes", HTMLUListElement).replaceChildren(...entries);
    byId("plane-axes", HTMLElement).textContent =
      `${training.data.columns[0]} across, ${training.data.columns[1]} up`;
  };

  const setPlaying = (value: boolean): void => {
    playing = value;
    playButton.textContent = playing ? "Pause" : "Play";
    playButton.classList.toggle("playing", playing);
    if (playing) {
      byId("plane-status", HTMLElement).textContent = "Training …";
      requestAnimationFrame(frame);
    } else {
      describe();
    }
    paint();
  };

  const advance = (trainer: Trainer, iterations: number, milliseconds = Infinity): void => {
    const end = performance.now() + milliseconds;
    try {
      for (let i = 0; i < iterations && !trainer.done; i++) {
        trainer.step();
        if (performance.now() > end) break;
      }
    } catch (error) {
      if (!(error instanceof DivergenceError)) throw error;
      failure = `Diverged at iteration ${error.iteration}. Try a smaller learning rate.`;
    }
  };

  const frame = (): void => {
    if (!playing) return;
    advance(
      training.trainer,
      settings.speed === "most" ? Infinity : Number(settings.speed),
      Math.max(LEAST_SLICE, FRAME - drawing),
    );
    if (training.trainer.done || failure !== "") {
      setPlaying(false);
      return;
    }
    const start = performance.now();
    paintPlane();
    showNumbers();
    // these two take turns: 30 times a second is enough for them
    if (frames++ % 2 === 0) paintUnits();
    else paintCurves();
    drawing = performance.now() - start;
    requestAnimationFrame(frame);
  };

  /**
   * Starts over from the seed. Data that will not do leave the last picture, which then can be
   * neither trained nor saved.
   */
  const reset = (): void => {
    const error = byId("plane-csv-error", HTMLElement);
    byId("plane-csv-box", HTMLElement).hidden = settings.data !== "csv";
    for (const label of form.querySelectorAll<HTMLElement>(".sampled"))
      label.hidden = settings.data === "csv";
    error.textContent = "";
    failure = "";
    try {
      training = createPlaneTraining(settings);
    } catch (problem) {
      error.textContent = (problem as Error).message;
      failure = "This CSV cannot be learnt; the picture is still of the data before.";
      for (const button of trainingButtons) button.disabled = true;
      setPlaying(false);
      return;
    }
    for (const button of trainingButtons) button.disabled = false;
    view = viewOf(training);
    listUnits();
    listClasses();
    setPlaying(playing);
  };

  const restart = (changed: Settings["plane"]): void => {
    settings = changed;
    remember(settings);
    reset();
  };
  const showForm = bindForm(form, "plane", settings, (changed, name) => {
    if (name === "data") {
      changed = { ...changed, noise: USUAL_NOISE[changed.data] };
      if (changed.data === "csv" && changed.csv === "") changed = { ...changed, csv: EXAMPLE_CSV };
    }
    if (name === "optimizer") changed = { ...changed, rate: USUAL_RATE[changed.optimizer] };
    showForm(changed);
    if (name === "speed" || name === "lines") {
      settings = changed;
      remember(settings);
      if (!playing) paintPlane();
    } else {
      restart(changed);
    }
  });
  playButton.addEventListener("click", () => {
    if (!playing && (training.trainer.done || failure !== "")) reset();
    setPlaying(!playing);
  });
  byId("plane-step", HTMLButtonElement).addEventListener("click", () => {
    if (!training.trainer.done && failure === "") advance(training.trainer, 1);
    setPlaying(false);
  });
  byId("plane-reset", HTMLButtonElement).addEventListener("click", () => {
    playing = false;
    reset();
  });
  byId("plane-defaults", HTMLButtonElement).addEventListener("click", () => {
    playing = false;
    showForm(initialSettings("plane"));
    restart(initialSettings("plane"));
  });
  byId("plane-save", HTMLButtonElement).addEventListener("click", () => {
    download(
      "training-curves.svg",
      "image/svg+xml",
      trainingCurves(training.trainer.history, {
        title: `Training on ${settings.data}`,
        width: 960,
      }),
    );
  });
  csvText.addEventListener("input", () =>
    csvText.setAttribute(
      "rows",
      String(Math.min(14, Math.max(6, csvText.value.split("\n").length))),
    ),
  );
  csvText.addEventListener("paste", () => {
    // do not wait until the reader leaves the field
    setTimeout(() => csvText.dispatchEvent(new Event("change", { bubbles: true })));
  });
  onThemeChange(() => {
    theme = readTheme();
    listClasses();
    paint();
  });
  reset();
  return {
    show: (shown) => {
      const same = JSON.stringify(shown) === JSON.stringify(settings);
      settings = shown;
      showForm(settings);
      if (same) return; // back from another tab: go on where it stood
      playing = false;
      reset();
    },
    pause: () => {
      if (playing) setPlaying(false);
    },
  };
}

/** The mean of the last epoch or so: one minibatch alone jumps about. */
function smoothedLoss(losses: readonly number[]): number {
  const last = losses.slice(-10);
  return last.reduce((sum, loss) => sum + loss, 0) / last.length;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function describeUnit({ net, train, data }: PlaneTraining, h: number): string {
  const { W1, b1 } = net.params;
  const on = Array.from(
    { length: train.X.rows },
    (_, i) =>
      train.X.get(i, 0) * W1.get(0, h) + train.X.get(i, 1) * W1.get(1, h) + b1.get(0, h) > 0,
  );
  const share = on.filter(Boolean).length / train.X.rows;
  const number = (value: number): string => value.toFixed(2).replace("-", "−");
  return (
    `Hidden unit ${h + 1}: on where ${number(W1.get(0, h))}·x1 + ${number(W1.get(1, h))}·x2 + ${number(b1.get(0, h))} > 0, ` +
    `for ${Math.round(100 * share)}% of the points; speaks for class ${data.classNames[favouredClass(net, h)]}`
  );
}
