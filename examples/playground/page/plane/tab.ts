// The 2-D tab: a training that one can watch, stop, step, change by hand and start over.

import { DivergenceError, trainingCurves } from "twolayer";
import { drawCurves, NUMBER, SHARE, shareBelow } from "../curve.ts";
import { byId, canvasPainter, download, make, smallCanvas } from "../dom.ts";
import { Form } from "../form.ts";
import { Player } from "../player.ts";
import { type InputName, initialSettings, type Settings } from "../settings.ts";
import { onLanguageChange, text } from "../text/text.ts";
import { onThemeChange, readTheme } from "../theme.ts";
import { weightsHash } from "../weights-hash.ts";
import { isTooLongForLink, storeCsv, withCsv } from "./csv-store.ts";
import { drawDataThumbnails } from "./data-thumbnails.ts";
import { Grids, viewOf } from "./grid.ts";
import { toggleInput } from "./inputs.ts";
import { drawMarker } from "./marker.ts";
import { NetDiagram, type NetScene } from "./net-diagram.ts";
import { PlanePicture } from "./picture.ts";
import { currentLoss, showNumbers, stateInWords } from "./readout.ts";
import { SwitchedOff } from "./switched-off.ts";
import { createPlaneTraining, USUAL_NOISE, USUAL_RATE } from "./training.ts";
import { WeightEditor } from "./weight-editor.ts";

type PlaneSettings = Settings["plane"];

// Grid points along a side: while training fewer where drawing takes long, more where it is quick.
const STEPS = { fewest: 24, most: 72, resting: 160 };
const LONG_DRAWING = 13; // milliseconds
const SHORT_DRAWING = 7;
// settings that change only the picture, not the training
const VIEW_SETTINGS: readonly (keyof PlaneSettings)[] = ["speed", "lines", "test", "background"];

export class PlaneTab {
  readonly #remember: (settings: PlaneSettings) => void;
  readonly #form: Form<"plane">;
  readonly #formElement = byId("plane-form", HTMLFormElement);
  readonly #playButton = byId("plane-play", HTMLButtonElement);
  readonly #canvas = byId("plane-canvas", HTMLCanvasElement);
  readonly #status = byId("plane-status", HTMLElement);
  readonly #hash = byId("plane-hash", HTMLElement);
  readonly #picture = new PlanePicture();
  readonly #net: NetDiagram;
  readonly #editor: WeightEditor;
  readonly #player: Player;
  readonly #paintPlane: () => void;
  readonly #paintLoss: () => void;
  readonly #paintAccuracy: () => void;
  #theme = readTheme();
  #settings = initialSettings("plane");
  #training = createPlaneTraining(this.#settings);
  #view = viewOf(this.#training);
  #grids = new Grids(this.#view, this.#training.inputs);
  #off = new SwitchedOff(this.#training.net);
  #failure: (() => string) | undefined;
  #edited = false;
  #hovered: number | undefined;
  #steps = 40;
  #frames = 0;

  /** `remember` is told the settings whenever they change. */
  constructor(remember: (settings: PlaneSettings) => void) {
    this.#remember = remember;
    this.#player = new Player({
      advance: (iterations, until) => this.#advance(iterations, until),
      isDone: () => this.#training.trainer.done || this.#failure !== undefined,
      draw: (lastDrawing) => this.#drawFrame(lastDrawing),
      stopped: () => this.#rest(),
    });
    this.#net = new NetDiagram(byId("plane-net", HTMLElement), {
      onHover: (unit) => this.#hover(unit),
      onUnit: (unit) => this.#toggleUnit(unit),
      onInput: (name) => this.#toggleInput(name),
      onWeight: (link) => this.#editor.pick(link),
    });
    this.#editor = new WeightEditor(() => this.#weightsEdited());
    this.#paintPlane = canvasPainter(this.#canvas, (context, width) =>
      this.#drawPlane(context, width),
    );
    const lossCanvas = byId("plane-loss", HTMLCanvasElement);
    this.#paintLoss = canvasPainter(lossCanvas, (context, width, height) =>
      this.#drawLoss(context, width, height),
    );
    const accuracyCanvas = byId("plane-accuracy", HTMLCanvasElement);
    this.#paintAccuracy = canvasPainter(accuracyCanvas, (context, width, height) =>
      this.#drawAccuracy(context, width, height),
    );
    this.#form = new Form(this.#formElement, "plane", this.#settings, (settings, name) =>
      this.#changed(settings, name),
    );
    this.#listen();
    this.#reset();
  }

  /** Shows the settings of a link. */
  show(settings: PlaneSettings): void {
    const shown = withCsv(settings);
    const same = JSON.stringify(shown) === JSON.stringify(this.#settings);
    this.#settings = shown;
    this.#form.show(shown);
    if (same) return; // back from another tab: the training stands where it stood
    this.#player.pause();
    this.#reset();
  }

  pause(): void {
    if (!this.#player.playing) return;
    this.#player.pause();
    this.#rest();
  }

  #listen(): void {
    const onClick = (name: string, use: () => void): void =>
      byId(`plane-${name}`, HTMLButtonElement).addEventListener("click", use);
    onClick("play", () => this.#playOrPause());
    onClick("step", () => this.#step());
    onClick("reset", () => this.#startOver(this.#settings));
    onClick("new", () => this.#startOver({ ...this.#settings, seed: this.#settings.seed + 1 }));
    onClick("fewer", () => this.#changeHidden(-1));
    onClick("more", () => this.#changeHidden(1));
    onClick("defaults", () =>
      this.#startOver({ ...initialSettings("plane"), hide: this.#settings.hide }),
    );
    onClick("save", () => this.#save());
    onClick("sheet", () => this.#toggleSettings());
    const csv = byId("plane-csv", HTMLTextAreaElement);
    // not only when the reader leaves the field
    csv.addEventListener("paste", () =>
      setTimeout(() => csv.dispatchEvent(new Event("change", { bubbles: true }))),
    );
    onThemeChange(() => {
      this.#theme = readTheme();
      this.#repaint();
    });
    onLanguageChange(() => this.#repaint());
  }

  /** Everything anew, for other colors or words. */
  #repaint(): void {
    drawDataThumbnails(this.#formElement, this.#theme);
    this.#listClasses();
    this.#editor.show(this.#training);
    this.#showCsvNote();
    this.#net.describe(this.#scene());
    if (this.#player.playing) this.#showPlaying();
    else this.#rest();
  }

  #changed(settings: PlaneSettings, name: keyof PlaneSettings): void {
    if (name === "data") settings = withCsv({ ...settings, noise: USUAL_NOISE[settings.data] });
    if (name === "optimizer") settings = { ...settings, rate: USUAL_RATE[settings.optimizer] };
    if (!VIEW_SETTINGS.includes(name)) {
      this.#restart(settings);
      return;
    }
    this.#settings = settings;
    this.#remember(settings);
    if (this.#player.playing) this.#player.play(this.#rate());
    else this.#paintPlane();
  }

  #restart(settings: PlaneSettings): void {
    this.#settings = settings;
    this.#form.show(settings);
    this.#remember(settings);
    this.#reset();
  }

  #startOver(settings: PlaneSettings): void {
    this.#player.pause();
    this.#restart(settings);
  }

  #changeHidden(difference: number): void {
    const hidden = Math.max(1, Math.min(64, this.#settings.hidden + difference));
    this.#restart({ ...this.#settings, hidden });
  }

  #toggleInput(name: InputName): void {
    this.#restart({ ...this.#settings, inputs: toggleInput(this.#settings.inputs, name) });
  }

  /**
   * Starts over from the seed. A CSV that cannot be used leaves the last picture, which then can be
   * neither trained nor saved.
   */
  #reset(): void {
    this.#showCsvNote();
    for (const label of this.#formElement.querySelectorAll<HTMLElement>(".sampled"))
      label.hidden = this.#settings.data === "csv";
    const error = byId("plane-csv-error", HTMLElement);
    error.textContent = "";
    this.#failure = undefined;
    this.#edited = false;
    try {
      this.#training = createPlaneTraining(this.#settings);
    } catch (problem) {
      error.textContent = (problem as Error).message;
      this.#failure = () => text("plane.unusable");
    }
    const usable = this.#failure === undefined;
    for (const name of ["play", "step", "save"])
      byId(`plane-${name}`, HTMLButtonElement).disabled = !usable;
    if (!usable) this.#player.pause();
    else this.#showTraining();
    if (this.#player.playing) this.#showPlaying();
    else this.#rest();
  }

  /** Shows a net that has not been trained yet. */
  #showTraining(): void {
    this.#view = viewOf(this.#training);
    this.#grids = new Grids(this.#view, this.#training.inputs);
    this.#off = new SwitchedOff(this.#training.net);
    this.#hovered = undefined;
    byId("plane-hidden", HTMLElement).textContent = String(this.#settings.hidden);
    this.#listClasses();
    this.#net.show(this.#scene());
    this.#editor.show(this.#training);
    drawDataThumbnails(this.#formElement, this.#theme);
  }

  #showCsvNote(): void {
    byId("plane-csv-box", HTMLElement).hidden = this.#settings.data !== "csv";
    const note = byId("plane-csv-note", HTMLElement);
    note.textContent = "";
    if (!isTooLongForLink(this.#settings)) return;
    note.textContent = text(storeCsv(this.#settings.csv) ? "csv.kept" : "csv.lost");
  }

  #playOrPause(): void {
    if (this.#player.playing) {
      this.pause();
      return;
    }
    if (this.#training.trainer.done || this.#failure !== undefined) this.#reset();
    this.#player.play(this.#rate());
    this.#showPlaying();
  }

  #step(): void {
    this.#player.pause();
    if (!this.#training.trainer.done && this.#failure === undefined) this.#advance(1, Infinity);
    this.#rest();
  }

  /** On a phone: opens the settings below the picture that they change, or closes them. */
  #toggleSettings(): void {
    const panel = byId("panel-plane", HTMLElement);
    const open = panel.classList.toggle("settings-open");
    const button = byId("plane-sheet", HTMLButtonElement);
    button.setAttribute("aria-expanded", String(open));
    if (open) this.#canvas.scrollIntoView({ block: "start" });
  }

  #rate(): number {
    return this.#settings.speed === "most" ? Infinity : 60 * Number(this.#settings.speed);
  }

  #advance(iterations: number, until: number): number {
    const { trainer } = this.#training;
    let done = 0;
    try {
      while (done < iterations && !trainer.done && performance.now() < until) {
        trainer.step();
        this.#off.apply();
        done++;
      }
    } catch (error) {
      if (!(error instanceof DivergenceError)) throw error;
      const { iteration } = error;
      this.#failure = () => text("plane.diverged", { iteration });
    }
    return done;
  }

  #drawFrame(lastDrawing: number): void {
    if (lastDrawing > LONG_DRAWING)
      this.#steps = Math.max(STEPS.fewest, Math.round(this.#steps * 0.85));
    else if (lastDrawing < SHORT_DRAWING) this.#steps = Math.min(STEPS.most, this.#steps + 2);
    this.#paintPlane();
    showNumbers(this.#training);
    // the curves and the net take turns: half as often is enough for them
    if (this.#frames++ % 2 === 0) this.#net.paint(this.#scene());
    else this.#paintCurves();
    if (this.#frames % 8 === 0) this.#editor.refresh();
  }

  #drawPlane(context: CanvasRenderingContext2D, size: number): void {
    this.#picture.draw(context, size, {
      training: this.#training,
      view: this.#view,
      grids: this.#grids,
      theme: this.#theme,
      steps: this.#player?.playing ? this.#steps : STEPS.resting,
      lines: this.#settings.lines,
      heldOut: this.#settings.test,
      hard: this.#settings.background === "hard",
      unit: this.#hovered,
    });
  }

  #drawLoss(context: CanvasRenderingContext2D, width: number, height: number): void {
    const { history, iterations } = this.#training.trainer;
    const shown = currentLoss(this.#training);
    const curve = { values: history.loss, color: this.#theme.inkRgb, shown };
    const options = { xMax: iterations, ...NUMBER };
    drawCurves(context, { width, height }, [curve], options, this.#theme);
  }

  #drawAccuracy(context: CanvasRenderingContext2D, width: number, height: number): void {
    const { trainer, iterationsPerEpoch } = this.#training;
    const { trainAccuracy, valAccuracy } = trainer.history;
    const at = (epoch: number): number => (epoch + 1) * iterationsPerEpoch;
    const { inkRgb, accent } = this.#theme;
    const curves = [
      { values: trainAccuracy, at, color: inkRgb, label: text("train") },
      { values: valAccuracy, at, color: accent, label: text("heldOut"), dashed: true },
    ];
    const yMin = shareBelow(trainAccuracy, valAccuracy);
    const options = { xMax: trainer.iterations, yMin, yMax: 1, ...SHARE };
    drawCurves(context, { width, height }, curves, options, this.#theme);
  }

  #paintCurves(): void {
    this.#paintLoss();
    this.#paintAccuracy();
  }

  #scene(): NetScene {
    return {
      training: this.#training,
      view: this.#view,
      theme: this.#theme,
      off: this.#off.units,
    };
  }

  #hover(unit: number | undefined): void {
    this.#hovered = unit;
    byId("plane-seen", HTMLElement).textContent =
      unit === undefined ? text("plane.legend") : text("plane.seen", { unit: unit + 1 });
    if (!this.#player.playing) this.#paintPlane();
  }

  #toggleUnit(unit: number): void {
    this.#off.toggle(unit);
    this.#weightsEdited();
  }

  #weightsEdited(): void {
    this.#edited = true;
    this.#editor.refresh();
    this.#net.describe(this.#scene());
    if (!this.#player.playing) this.#rest();
  }

  /** What is said and named would be out of date while weights change, so it is empty meanwhile. */
  #showPlaying(): void {
    this.#showButton(true);
    this.#hash.textContent = "";
    this.#status.textContent = text("plane.training");
    this.#status.classList.remove("failed");
    this.#canvas.setAttribute("aria-label", this.#canvasLabel(""));
  }

  /** Everything as it is at rest: the fine picture, the state in words, the hash. */
  #rest(): void {
    this.#showButton(false);
    const failed = this.#failure !== undefined;
    const state = this.#failure?.() ?? stateInWords(this.#training);
    this.#status.textContent = this.#edited ? `${state} ${text("plane.edited")}` : state;
    this.#status.classList.toggle("failed", failed);
    this.#canvas.setAttribute("aria-label", this.#canvasLabel(state));
    this.#hash.textContent = weightsHash(this.#training.net.params);
    this.#paintPlane();
    this.#paintCurves();
    this.#net.describe(this.#scene());
    this.#editor.refresh();
    showNumbers(this.#training);
  }

  #showButton(playing: boolean): void {
    this.#playButton.textContent = text(playing ? "pause" : "play");
    this.#playButton.classList.toggle("playing", playing);
  }

  #canvasLabel(state: string): string {
    const { train, heldOut, data } = this.#training;
    const points = train.X.rows + heldOut.X.rows;
    return `${text("plane.canvas", { points, classes: data.classNames.length })} ${state}`.trim();
  }

  #listClasses(): void {
    const { classNames, columns } = this.#training.data;
    const entries = classNames.map((name, label) => {
      const canvas = make("canvas", "marker");
      const marker = { label, x: 10, y: 10, reach: 6.5, filled: true };
      drawMarker(smallCanvas(canvas, 20), marker, this.#theme);
      return make("li", "", canvas, text("plane.class", { class: name }));
    });
    byId("plane-classes", HTMLUListElement).replaceChildren(...entries);
    byId("plane-axes", HTMLElement).textContent = text("plane.axes", {
      across: columns[0],
      up: columns[1],
    });
    byId("plane-seen", HTMLElement).textContent = text("plane.legend");
  }

  #save(): void {
    const title = text("plane.chart", { data: this.#settings.data });
    const svg = trainingCurves(this.#training.trainer.history, { title, width: 960 });
    download("training-curves.svg", "image/svg+xml", svg);
  }
}
