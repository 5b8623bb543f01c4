// The mathematics tab: the exercise's toy run, every formula beside its numbers at the iteration
// one chooses.

import type { Params } from "twolayer";
import { drawCurves, NUMBER } from "./curve.ts";
import { byId, canvasPainter, make } from "./dom.ts";
import { bindForm } from "./form.ts";
import { labelsFigure, matrixFigure } from "./matrix-table.ts";
import { FIELDS, initialSettings, type Settings } from "./settings.ts";
import { onThemeChange, readTheme } from "./theme.ts";
import {
  checkToyGradients,
  createToyRun,
  type GradientCheck,
  type ToyNumbers,
  toyNumbers,
} from "./toy-run.ts";

const LAST = 200; // iterations of the exercise
const PARAMETERS: readonly (keyof Params)[] = ["W1", "b1", "W2", "b2"];

/** Runs the tab; `remember` is told the settings whenever they change. */
export function startMathematicsTab(remember: (settings: Settings["mathematics"]) => void): {
  show: (settings: Settings["mathematics"]) => void;
  pause: () => void;
} {
  let theme = readTheme();
  let settings = initialSettings("mathematics");
  let run = createToyRun(settings);
  let playing = false;
  const playButton = byId("mathematics-play", HTMLButtonElement);
  const slider = byId("mathematics-iteration", HTMLInputElement);

  const paintCurve = canvasPainter(
    byId("mathematics-curve", HTMLCanvasElement),
    (context, width, height) => {
      const { loss } = run.trainer.history;
      drawCurves(
        context,
        width,
        height,
        [{ values: loss, color: theme.inkRgb }],
        { xMax: LAST, yMax: 1.2, ...NUMBER },
        theme,
      );
    },
  );

  const paint = (): void => {
    const iteration = run.trainer.history.loss.length;
    const numbers = toyNumbers(run, settings.reg);
    slider.value = String(iteration);
    byId("mathematics-iteration-now", HTMLOutputElement).textContent = String(iteration);
    showNumbers(run.X, run.y, numbers, settings.reg);
    showCheck(numbers, playing ? undefined : checkToyGradients(run, numbers, settings.reg));
    showUpdate(run.trainer.history.loss, iteration);
    paintCurve();
    if (playing) return;
    const right = run.net.accuracy(run.X, run.y) * run.X.rows;
    byId("mathematics-status", HTMLElement).textContent =
      `Iteration ${iteration}: loss ${numbers.dataLoss + numbers.penalty}, ${Math.round(right)} of ${run.X.rows} samples right.`;
  };

  /**
   * Starts over and trains up to the iteration that is asked for: every iteration is reached the
   * same way.
   */
  const rewind = (): void => {
    run = createToyRun(settings);
    while (run.trainer.history.loss.length < settings.iteration) run.trainer.step();
    paint();
  };
  const goTo = (iteration: number): void => {
    if (iteration < run.trainer.history.loss.length) {
      settings = { ...settings, iteration };
      rewind();
      return;
    }
    while (run.trainer.history.loss.length < iteration) run.trainer.step();
    settings = { ...settings, iteration };
    paint();
  };
  const setPlaying = (value: boolean): void => {
    playing = value;
    playButton.textContent = playing ? "Pause" : "Play";
    playButton.classList.toggle("playing", playing);
    if (playing) requestAnimationFrame(frame);
    else settle();
  };
  /** After the last of several changes. */
  const settle = (): void => {
    paint();
    showForm(settings);
    remember(settings);
  };
  const frame = (): void => {
    if (!playing) return;
    goTo(settings.iteration + 1);
    if (settings.iteration === LAST) setPlaying(false);
    else requestAnimationFrame(frame);
  };

  const showForm = bindForm(
    byId("mathematics-form", HTMLFormElement),
    "mathematics",
    settings,
    (changed) => {
      playing = false;
      settings = changed;
      remember(settings);
      rewind();
      setPlaying(false);
    },
  );
  slider.addEventListener("input", () => {
    playing = false;
    const value = FIELDS.mathematics.iteration.parse(slider.value);
    if (value !== undefined) goTo(value);
  });
  slider.addEventListener("change", () => setPlaying(false));
  playButton.addEventListener("click", () => {
    if (!playing && settings.iteration === LAST) goTo(0);
    setPlaying(!playing);
  });
  byId("mathematics-step", HTMLButtonElement).addEventListener("click", () => {
    if (settings.iteration < LAST) goTo(settings.iteration + 1);
    setPlaying(false);
  });
  byId("mathematics-reset", HTMLButtonElement).addEventListener("click", () => {
    goTo(0);
    setPlaying(false);
  });
  onThemeChange(() => {
    theme = readTheme();
    paintCurve();
  });
  return {
    show: (shown) => {
      settings = shown;
      showForm(settings);
      rewind();
    },
    pause: () => {
      if (playing) setPlaying(false);
    },
  };
}

function place(id: string, ...children: Node[]): void {
  byId(id, HTMLElement).replaceChildren(...children);
}

function showNumbers(
  X: ToyNumbers["hidden"],
  y: Int32Array,
  numbers: ToyNumbers,
  reg: number,
): void {
  const {
    W1,
    b1,
    W2,
    b2,
    hidden,
    scores,
    probabilities,
    dataLoss,
    penalty,
    dscores,
    dhidden,
    dW1,
    db1,
    dW2,
    db2,
  } = numbers;
  place("math-data", matrixFigure("X", X), labelsFigure("y", y));
  place(
    "math-hidden",
    matrixFigure("W1", W1),
    matrixFigure("b1", b1),
    matrixFigure("hidden", hidden),
  );
  place(
    "math-scores",
    matrixFigure("W2", W2),
    matrixFigure("b2", b2),
    matrixFigure("scores", scores),
  );
  place("math-probabilities", matrixFigure("p", probabilities));
  place(
    "math-loss",
    make(
      "dl",
      "sum",
      make("dt", "", "−mean log p of the right class"),
      make("dd", "", String(dataLoss)),
      make(
        "dt",
        "",
        `penalty, reg = ${reg === 0 ? 0 : reg < 0.001 ? reg.toExponential().replace("-", "−") : reg}`,
      ),
      make("dd", "", penalty.toPrecision(6)),
      make("dt", "total", "loss"),
      make("dd", "total", String(dataLoss + penalty)),
    ),
  );
  place("math-dscores", matrixFigure("dscores", dscores));
  place("math-second", matrixFigure("dW2", dW2), matrixFigure("db2", db2));
  place(
    "math-first",
    matrixFigure("dhidden", dhidden),
    matrixFigure("dW1", dW1),
    matrixFigure("db1", db1),
  );
}

function showCheck({ dW2 }: ToyNumbers, check: GradientCheck | undefined): void {
  const size = (value: number | undefined): string =>
    value === undefined ? "…" : value.toExponential(1).replace("-", "−");
  const head = make(
    "tr",
    "",
    ...["", "h = 1e−7, as the exercise", "best step for each element"].map((text) =>
      make("th", "", text),
    ),
  );
  const rows = PARAMETERS.map((name) =>
    make(
      "tr",
      "",
      make("th", "", make("i", "", `d${name}`)),
      make("td", "", size(check?.exercise[name])),
      make("td", "", size(check?.best[name])),
    ),
  );
  place(
    "math-errors",
    make("table", "errors", make("caption", "", "Relative error"), head, ...rows),
  );
  if (check !== undefined)
    place(
      "math-numeric",
      matrixFigure("dW2", dW2, "by back-propagation"),
      matrixFigure("dW2", check.numeric.W2, "by differences"),
    );
}

function showUpdate(losses: readonly number[], iteration: number): void {
  const rate = 0.1 * 0.95 ** iteration;
  place(
    "math-update",
    make(
      "dl",
      "sum",
      make("dt", "", "η at this iteration"),
      make("dd", "", rate.toPrecision(4)),
      make("dt", "", "loss of the last minibatch"),
      make("dd", "", iteration === 0 ? "–" : String(losses[iteration - 1])),
    ),
  );
}
