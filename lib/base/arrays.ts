// The types of typed arrays that the library makes, in every version of TypeScript.

/**
 * An Int32Array with an ArrayBuffer of its own: Int32Array<ArrayBuffer> since TypeScript 5.7, where
 * it assigns to variables that `new Int32Array` made, and Int32Array before.
 */
export type NewInt32Array = ReturnType<Int32ArrayConstructor["of"]>;

/** The same for a Float64Array. */
export type NewFloat64Array = ReturnType<Float64ArrayConstructor["of"]>;
