// Runs a training beside the drawing of it: so many iterations a second whatever the screen and
// the machine do, and a picture as often as there is time for.

import { reducedMotion } from "./dom.ts";

const TRAINING_SLICE = 10; // milliseconds of training in a frame, at least
const FRAME = 16; // milliseconds for training and drawing; the rest is the browser's
const CALM = 250; // milliseconds between pictures for readers who ask for less motion

export type Playable = {
  /** Trains up to `iterations` while `performance.now()` is below `until`; how many it did. */
  advance: (iterations: number, until: number) => number;
  isDone: () => boolean;
  /** Draws a frame and is told how long the last one took, in milliseconds. */
  draw: (lastDrawing: number) => void;
  stopped: () => void;
};

export class Player {
  readonly #playable: Playable;
  #rate = 0;
  #playing = false;
  #due = 0;
  #before = 0;
  #drawn = 0;
  #drawing = 0;

  constructor(playable: Playable) {
    this.#playable = playable;
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** `rate` iterations a second; Infinity for as many as the machine can do. */
  play(rate: number): void {
    this.#rate = rate;
    if (this.#playing) return;
    this.#playing = true;
    this.#due = 0;
    this.#before = performance.now();
    requestAnimationFrame(() => this.#frame());
  }

  pause(): void {
    this.#playing = false;
  }

  #frame(): void {
    if (!this.#playing) return;
    const start = performance.now();
    // after a pause of the browser a second's iterations are enough
    this.#due += (this.#rate * Math.min(1000, start - this.#before)) / 1000;
    this.#before = start;
    const slice = Math.max(TRAINING_SLICE, FRAME - this.#drawing);
    const wanted = this.#rate === Infinity ? Infinity : Math.floor(this.#due);
    const done = this.#playable.advance(wanted, start + slice);
    this.#due = done < wanted ? 0 : this.#due - done;
    if (this.#playable.isDone()) {
      this.#playing = false;
      this.#playable.stopped();
      return;
    }
    this.#draw();
    requestAnimationFrame(() => this.#frame());
  }

  #draw(): void {
    const start = performance.now();
    if (reducedMotion() && start - this.#drawn < CALM) return;
    this.#drawn = start;
    this.#playable.draw(this.#drawing);
    this.#drawing = performance.now() - start;
  }
}
