// The digits tab: trains on the 1797 UCI digits in a second or two, then reads what one draws.

import { Matrix } from "twolayer";
import { drawCurves, SHARE, shareBelow } from "../curve.ts";
import { byId, canvasPainter, make } from "../dom.ts";
import { Form } from "../form.ts";
import { Player } from "../player.ts";
import { initialSettings, type Settings } from "../settings.ts";
import { count, onLanguageChange, text } from "../text/text.ts";
import { onThemeChange, readTheme } from "../theme.ts";
import { weightsHash } from "../weights-hash.ts";
import { digitImage, GREY, SIDE } from "./image.ts";
import { Pen } from "./pen.ts";
import { drawDigit, drawGridLines, drawWeights } from "./picture.ts";
import { CLASSES, createDigitTraining, type DigitTraining, readDigits } from "./training.ts";

type DigitsSettings = Settings["digits"];
type Sample = { image: Float64Array; label: number };
type Bar = { item: HTMLLIElement; fill: HTMLElement; value: HTMLElement };

const WEIGHTS_EVERY = 6; // frames
const PEN_SHARE = 1 / 12; // of the drawing's width; only for the eye, the net gets the strokes
const WEIGHT_COLUMNS = 10; // the 100 units of the initial settings fill a square
const QUIET = 700; // milliseconds after the last stroke before a screen reader is told the answer

export class DigitsTab {
  readonly #remember: (settings: DigitsSettings) => void;
  readonly #form: Form<"digits">;
  readonly #board = byId("digits-board", HTMLCanvasElement);
  readonly #weights = byId("digits-weights", HTMLCanvasElement);
  readonly #status = byId("digits-status", HTMLElement);
  readonly #answer = byId("digits-answer", HTMLElement);
  readonly #bars: Bar[];
  readonly #pen: Pen;
  readonly #player: Player;
  readonly #paintBoard: () => void;
  readonly #paintSeen: () => void;
  readonly #paintWeights: () => void;
  readonly #paintCurves: () => void;
  readonly #taken = new Int32Array(CLASSES); // how many samples of each class have been shown
  #theme = readTheme();
  #settings = initialSettings("digits");
  #digits: Promise<ReturnType<typeof readDigits>> | undefined;
  #training: DigitTraining | undefined;
  #sample: Sample | undefined; // shown instead of a drawing
  #started = 0;
  #frames = 0;
  #scheduled = false;
  #saying = 0;

  /** `remember` is told the settings whenever they change. */
  constructor(remember: (settings: DigitsSettings) => void) {
    this.#remember = remember;
    this.#bars = makeBars();
    this.#player = new Player({
      advance: (iterations, until) => this.#advance(iterations, until),
      isDone: () => this.#training!.trainer.done,
      draw: () => this.#drawFrame(),
      stopped: () => this.#finished(),
    });
    this.#pen = new Pen(
      this.#board,
      () => this.#strokeStarts(),
      () => this.#classifySoon(),
    );
    this.#paintBoard = canvasPainter(this.#board, (context, width) => {
      if (this.#sample !== undefined) drawDigit(context, width, this.#sample.image, this.#theme);
      else this.#pen.draw(context, width * PEN_SHARE, this.#theme.ink);
    });
    const seen = byId("digits-seen", HTMLCanvasElement);
    this.#paintSeen = canvasPainter(seen, (context, width) => this.#drawSeen(context, width));
    this.#paintWeights = canvasPainter(this.#weights, (context, width) => {
      if (this.#training === undefined) return;
      const { W1 } = this.#training.net.params;
      drawWeights(context, width, W1, WEIGHT_COLUMNS, this.#theme);
    });
    const curves = byId("digits-curves", HTMLCanvasElement);
    this.#paintCurves = canvasPainter(curves, (context, width, height) =>
      this.#drawCurves(context, width, height),
    );
    const form = byId("digits-form", HTMLFormElement);
    this.#form = new Form(form, "digits", this.#settings, (settings) => this.#changed(settings));
    this.#listen();
    this.#classify();
  }

  /** Shows the settings of a link and trains with them. */
  show(settings: DigitsSettings): void {
    const same = JSON.stringify(settings) === JSON.stringify(this.#settings);
    this.#settings = settings;
    this.#form.show(settings);
    if (!same || this.#training === undefined) void this.#train();
  }

  /** The training goes on while another tab is shown: it takes a second or two. */
  pause(): void {}

  #listen(): void {
    new ResizeObserver(() => this.#sizeWeights()).observe(this.#weights);
    const samples = Array.from({ length: CLASSES }, (_, digit) => {
      const button = make("button", "", String(digit));
      button.type = "button";
      button.addEventListener("click", () => this.#showSample(digit));
      return button;
    });
    byId("digits-samples", HTMLElement).replaceChildren(...samples);
    const nameSamples = (): void => {
      for (const [digit, button] of samples.entries())
        button.setAttribute("aria-label", text("digits.sample", { digit }));
    };
    nameSamples();
    byId("digits-clear", HTMLButtonElement).addEventListener("click", () => this.#clear());
    byId("digits-train", HTMLButtonElement).addEventListener("click", () => void this.#train());
    onThemeChange(() => {
      this.#theme = readTheme();
      this.#classify();
      this.#paintWeights();
      this.#paintCurves();
    });
    onLanguageChange(() => {
      nameSamples();
      this.#classify();
      this.#paintCurves();
      if (this.#training?.trainer.done) this.#showResult();
    });
  }

  #changed(settings: DigitsSettings): void {
    this.#settings = settings;
    this.#remember(settings);
    void this.#train();
  }

  async #train(): Promise<void> {
    const settings = this.#settings;
    byId("digits-hash", HTMLElement).textContent = "";
    this.#status.textContent = text("digits.loading");
    this.#digits ??= fetchText("digits.csv").then(readDigits);
    let digits: ReturnType<typeof readDigits>;
    try {
      digits = await this.#digits;
    } catch (error) {
      this.#digits = undefined;
      this.#status.textContent = text("digits.failed", { reason: (error as Error).message });
      return;
    }
    if (settings !== this.#settings) return; // another training has begun
    this.#training = createDigitTraining(digits, settings);
    this.#sizeWeights();
    this.#status.textContent = text("digits.training");
    this.#started = performance.now();
    this.#player.play(Infinity);
  }

  #advance(iterations: number, until: number): number {
    const { trainer } = this.#training!;
    let done = 0;
    while (done < iterations && !trainer.done && performance.now() < until) {
      trainer.step();
      done++;
    }
    return done;
  }

  #drawFrame(): void {
    const { trainer } = this.#training!;
    this.#showProgress(trainer.history.loss.length / trainer.iterations);
    this.#classify();
    this.#paintCurves();
    if (this.#frames++ % WEIGHTS_EVERY === 0) this.#paintWeights();
  }

  #finished(): void {
    this.#drawFrame();
    this.#paintWeights();
    this.#showResult();
  }

  #showProgress(share: number): void {
    byId("digits-progress", HTMLProgressElement).value = share;
  }

  #showResult(): void {
    const { trainer, net, heldOut } = this.#training!;
    const seconds = (performance.now() - this.#started) / 1000;
    this.#status.textContent = text("digits.result", {
      iterations: count(trainer.iterations),
      seconds: seconds.toFixed(1),
      share: `${(100 * net.accuracy(heldOut.X, heldOut.y)).toFixed(1)}%`,
      digits: heldOut.X.rows,
    });
    byId("digits-hash", HTMLElement).textContent = weightsHash(net.params);
    const label = text("digits.weightsLabel", { units: net.hiddenSize });
    this.#weights.setAttribute("aria-label", label);
  }

  #drawCurves(context: CanvasRenderingContext2D, width: number, height: number): void {
    if (this.#training === undefined) return;
    const { trainer, epochs } = this.#training;
    const { trainAccuracy, valAccuracy } = trainer.history;
    const at = (epoch: number): number => ((epoch + 1) * trainer.iterations) / epochs;
    const { inkRgb, accent } = this.#theme;
    const curves = [
      { values: trainAccuracy, at, color: inkRgb, label: text("train") },
      { values: valAccuracy, at, color: accent, label: text("heldOut"), dashed: true },
    ];
    const yMin = shareBelow(trainAccuracy, valAccuracy);
    const options = { xMax: trainer.iterations, yMin, yMax: 1, ...SHARE };
    drawCurves(context, { width, height }, curves, options, this.#theme);
  }

  #drawSeen(context: CanvasRenderingContext2D, width: number): void {
    const image = this.#image();
    if (image !== undefined) drawDigit(context, width, image, this.#theme);
    drawGridLines(context, width, this.#theme);
  }

  #image(): Float64Array | undefined {
    return this.#sample?.image ?? digitImage(this.#pen.strokes)?.map((value) => value / GREY);
  }

  #strokeStarts(): void {
    if (this.#sample !== undefined) this.#pen.clear();
    this.#sample = undefined;
  }

  /** Pointers report more often than the screen is drawn. */
  #classifySoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#classify();
    });
  }

  #classify(): void {
    this.#paintBoard();
    this.#paintSeen();
    const image = this.#image();
    const probabilities =
      this.#training !== undefined && image !== undefined
        ? this.#training.net.predictProba(new Matrix(1, SIDE * SIDE, image)).data
        : undefined;
    const best = probabilities?.indexOf(Math.max(...probabilities));
    for (const [digit, { item, fill, value }] of this.#bars.entries()) {
      const share = probabilities?.[digit];
      fill.style.setProperty("--share", String(share ?? 0));
      value.textContent = share === undefined ? "–" : `${(100 * share).toFixed(1)}%`;
      item.classList.toggle("best", digit === best);
    }
    const answer = this.#answerInWords(image !== undefined, best);
    if (answer === this.#answer.textContent) return;
    this.#answer.textContent = answer;
    this.#sayLater(answer);
  }

  #answerInWords(drawn: boolean, best: number | undefined): string {
    if (best === undefined) return text(drawn ? "digits.trainingFirst" : "digits.draw");
    if (this.#sample === undefined) return text("digits.answer", { digit: best });
    const { label } = this.#sample;
    const key = label === best ? "digits.answerRight" : "digits.answerWrong";
    return text(key, { digit: best, label });
  }

  /** Tells a screen reader the answer when it has not changed for a while, not at every point. */
  #sayLater(answer: string): void {
    clearTimeout(this.#saying);
    this.#saying = window.setTimeout(() => {
      byId("digits-said", HTMLElement).textContent = answer;
    }, QUIET);
  }

  #showSample(digit: number): void {
    if (this.#training === undefined) return;
    const { X, y } = this.#training.heldOut;
    const rows = Array.from(y.keys()).filter((row) => y[row] === digit);
    this.#pen.clear();
    this.#sample = { image: X.row(rows[this.#taken[digit]++ % rows.length]), label: digit };
    this.#classify();
  }

  #clear(): void {
    this.#pen.clear();
    this.#sample = undefined;
    this.#classify();
  }

  /** Gives the weights' canvas the height that its rows need. */
  #sizeWeights(): void {
    const width = this.#weights.clientWidth;
    if (width === 0) return;
    const rows = Math.ceil(this.#settings.hidden / WEIGHT_COLUMNS);
    this.#weights.style.setProperty("height", `${rows * (width / WEIGHT_COLUMNS)}px`);
  }
}

function makeBars(): Bar[] {
  const bars = Array.from({ length: CLASSES }, (_, digit) => {
    const fill = make("span", "fill");
    const value = make("span", "value", "–");
    const name = make("span", "name", String(digit));
    return { item: make("li", "", name, make("span", "bar", fill), value), fill, value };
  });
  byId("digits-bars", HTMLOListElement).replaceChildren(...bars.map(({ item }) => item));
  return bars;
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}
