// Regular expressions with Unicode properties, made when first needed. V8 collects the characters
// of a property, 20 µs each, whenever it reads a literal, even in a function that is never called.

/** A function that returns the regular expression, which it makes when it is first called. */
export function lazyPattern(source: string, flags: string): () => RegExp {
  let pattern: RegExp | undefined;
  return () => (pattern ??= new RegExp(source, flags));
}
