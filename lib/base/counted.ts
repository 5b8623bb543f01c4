// How many of a thing there are, in words.

/** The number with the noun, which gets an s unless the number is 1: "1 line", "2 lines". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
