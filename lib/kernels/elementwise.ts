// Element by element over whole arrays, and the two sums over all elements.

export { add, addScaled, mul, relu, reluMask, scale, sub, sum, sumOfSquares } from "./reference.ts";
