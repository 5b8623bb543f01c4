// What ends a line of a text: CRLF, LF or a lone CR.

/** How many lines end in the text. */
export function countLineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
