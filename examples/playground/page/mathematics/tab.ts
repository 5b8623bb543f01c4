// The mathematics tab: the exercise's toy run, every formula beside its numbers at the iteration
// one chooses.

import { drawCurves, NUMBER } from "../curve.ts";
import { byId, canvasPainter } from "../dom.ts";
import { Form } from "../form.ts";
import { Player } from "../player.ts";
import { FIELDS, initialSettings, type Settings } from "../settings.ts";
import { onLanguageChange, text } from "../text/text.ts";
import { onThemeChange, readTheme } from "../theme.ts";
import { showCheck, showNumbers, showUpdate } from "./numbers.ts";
import { checkToyGradients, createToyRun, toyNumbers } from "./toy-run.ts";

type MathematicsSettings = Settings["mathematics"];

const LAST = 200; // iterations of the exercise
const RATE = 60; // iterations a second

export class MathematicsTab {
  readonly #remember: (settings: MathematicsSettings) => void;
  readonly #form: Form<"mathematics">;
  readonly #playButton = byId("mathematics-play", HTMLButtonElement);
  readonly #slider = byId("mathematics-iteration", HTMLInputElement);
  readonly #paintCurve: () => void;
  readonly #player: Player;
  #theme = readTheme();
  #settings = initialSettings("mathematics");
  #run = createToyRun(this.#settings);

  /** `remember` is told the settings whenever they change. */
  constructor(remember: (settings: MathematicsSettings) => void) {
    this.#remember = remember;
    this.#player = new Player({
      advance: (iterations) => this.#advance(iterations),
      isDone: () => this.#settings.iteration === LAST,
      draw: () => this.#paint(),
      stopped: () => this.#rest(),
    });
    const canvas = byId("mathematics-curve", HTMLCanvasElement);
    this.#paintCurve = canvasPainter(canvas, (context, width, height) => {
      const curve = { values: this.#run.trainer.history.loss, color: this.#theme.inkRgb };
      const options = { xMax: LAST, yMax: 1.2, ...NUMBER };
      drawCurves(context, { width, height }, [curve], options, this.#theme);
    });
    const form = byId("mathematics-form", HTMLFormElement);
    this.#form = new Form(form, "mathematics", this.#settings, (settings) => {
      this.#player.pause();
      this.#settings = settings;
      this.#rewind();
      this.#rest();
    });
    this.#listen();
  }

  /** Shows the settings of a link. */
  show(settings: MathematicsSettings): void {
    this.#player.pause();
    this.#settings = settings;
    this.#rewind();
    this.#rest();
  }

  pause(): void {
    if (!this.#player.playing) return;
    this.#player.pause();
    this.#rest();
  }

  #listen(): void {
    this.#slider.addEventListener("input", () => {
      this.#player.pause();
      const value = FIELDS.mathematics.iteration.parse(this.#slider.value);
      if (value === undefined) return;
      this.#goTo(value);
      this.#paint();
    });
    this.#slider.addEventListener("change", () => this.#rest());
    this.#playButton.addEventListener("click", () => this.#playOrPause());
    byId("mathematics-step", HTMLButtonElement).addEventListener("click", () => {
      this.#player.pause();
      this.#goTo(Math.min(this.#settings.iteration + 1, LAST));
      this.#rest();
    });
    byId("mathematics-reset", HTMLButtonElement).addEventListener("click", () => {
      this.#player.pause();
      this.#goTo(0);
      this.#rest();
    });
    onThemeChange(() => {
      this.#theme = readTheme();
      this.#paintCurve();
    });
    onLanguageChange(() => this.#paint());
  }

  #playOrPause(): void {
    if (this.#player.playing) {
      this.pause();
      return;
    }
    if (this.#settings.iteration === LAST) this.#goTo(0);
    this.#player.play(RATE);
    this.#paint();
  }

  #advance(iterations: number): number {
    const before = this.#settings.iteration;
    this.#goTo(Math.min(before + iterations, LAST));
    return this.#settings.iteration - before;
  }

  /** Every iteration is reached in the same way, from the beginning. */
  #goTo(iteration: number): void {
    this.#settings = { ...this.#settings, iteration };
    if (iteration < this.#run.trainer.history.loss.length) this.#rewind();
    else this.#trainTo(iteration);
  }

  #rewind(): void {
    this.#run = createToyRun(this.#settings);
    this.#trainTo(this.#settings.iteration);
  }

  #trainTo(iteration: number): void {
    while (this.#run.trainer.history.loss.length < iteration) this.#run.trainer.step();
  }

  /** After the last of several changes. */
  #rest(): void {
    this.#paint();
    this.#form.show(this.#settings);
    this.#remember(this.#settings);
  }

  #paint(): void {
    const { X, y, net, trainer } = this.#run;
    const { iteration, reg } = this.#settings;
    const { playing } = this.#player;
    this.#playButton.textContent = text(playing ? "pause" : "play");
    this.#playButton.classList.toggle("playing", playing);
    const numbers = toyNumbers(this.#run, reg);
    this.#slider.value = String(iteration);
    byId("mathematics-iteration-now", HTMLOutputElement).textContent = String(iteration);
    showNumbers({ X, y }, numbers, reg);
    // the numeric gradient costs more than a frame has
    showCheck(numbers, playing ? undefined : checkToyGradients(this.#run, numbers, reg));
    showUpdate(trainer.history.loss, iteration);
    this.#paintCurve();
    if (playing) return;
    byId("mathematics-status", HTMLElement).textContent = text("mathematics.status", {
      iteration,
      loss: numbers.dataLoss + numbers.penalty,
      right: Math.round(net.accuracy(X, y) * X.rows),
      samples: X.rows,
    });
  }
}
