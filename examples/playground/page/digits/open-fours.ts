// The writers of the UCI digits closed the top of their 4. People who draw with a mouse often leave
// it open, so the net also learns from drawn 4s with an open top, each different.

import { Matrix, type Random } from "twolayer";
import { digitImage, GREY, type Point, SIDE } from "./image.ts";

const NUMBERS = 9; // drawn for each 4

/** `count` open 4s (count, 64) in 0..1. */
export function openFours(count: number, random: Random): Matrix {
  const X = new Matrix(count, SIDE * SIDE);
  for (let i = 0; i < count; i++) {
    const image = digitImage(openFour(random.uniform(NUMBERS)))!;
    X.row(i).set(image.map((value) => value / GREY));
  }
  return X;
}

/** An arm that goes down and to the right, and a stem; in a square of 100 × 100. */
function openFour(at: Float64Array): Point[][] {
  const between = (i: number, least: number, greatest: number): number =>
    least + at[i] * (greatest - least);
  const corner = { x: between(0, 14, 32), y: between(1, 44, 64) };
  const arm = [
    { x: corner.x + between(2, -2, 22), y: between(3, 6, 24) },
    corner,
    { x: between(4, 70, 90), y: corner.y + between(5, -5, 5) },
  ];
  const stemX = between(6, 56, 74);
  const stem = [
    { x: stemX, y: between(7, 4, 36) },
    { x: stemX + between(8, -12, 5), y: 90 },
  ];
  return [arm, stem];
}
