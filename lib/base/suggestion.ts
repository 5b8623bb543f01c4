// Which of the known names somebody meant who typed an unknown one.

/** "; did you mean X?" for the choice closest to what was typed, or "" when none is close. */
export function didYouMean(typed: string, choices: readonly string[], prefix = ""): string {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(typed.length / 3)) + 1;
  const word = typed.toLowerCase();
  for (const choice of choices) {
    const begins = choice.startsWith(typed) && typed.length > 1;
    const distance = begins ? 1 : editDistance(word, choice.toLowerCase());
    if (distance < least && distance < Math.max(typed.length, 1))
      [best, least] = [choice, distance];
  }
  return best === undefined ? "" : `; did you mean ${prefix}${best}?`;
}

/**
 * The number of insertions, deletions, replacements and swaps of neighboring characters that turn
 * `a` into `b`.
 */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row[b.length];
}
