// What a value is, whichever realm made it. A frame of a page or the context of a test runner has
// constructors of its own, and instanceof knows only those of the realm that this file runs in.

const tagOf = (value: unknown): string => Object.prototype.toString.call(value);

/** Whether the value is a Float64Array. */
export function isFloat64Array(value: unknown): value is Float64Array {
  return (
    value instanceof Float64Array ||
    (ArrayBuffer.isView(value) && tagOf(value) === "[object Float64Array]")
  );
}

/** Whether the value is an Int32Array. */
export function isInt32Array(value: unknown): value is Int32Array {
  return (
    value instanceof Int32Array ||
    (ArrayBuffer.isView(value) && tagOf(value) === "[object Int32Array]")
  );
}

/** Whether the value is a Uint8Array; a Buffer of Node is one. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array ||
    (ArrayBuffer.isView(value) && tagOf(value) === "[object Uint8Array]")
  );
}

/** Whether the value is a Map. */
export function isMap<K, V>(value: unknown | ReadonlyMap<K, V>): value is ReadonlyMap<K, V> {
  return value instanceof Map || tagOf(value) === "[object Map]";
}
