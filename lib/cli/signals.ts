// Ctrl-C and SIGTERM, for commands that have something to put in order before they go.

export type Signals = {
  /** What to exit with once a signal has come: 130 or 143. */
  readonly code: number | undefined;
  /** Resolves when one comes. */
  readonly came: Promise<void>;
  /** Signals do again what they do to any program. */
  end(): void;
};

/**
 * From now on `handler` gets what to exit with whenever a signal comes, until the function returned
 * is called.
 */
export function onSignals(handler: (exitCode: number) => void): () => void {
  const ends = (
    [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const
  ).map(([name, exitCode]) => {
    const listener = (): void => handler(exitCode);
    process.on(name, listener);
    return (): unknown => process.off(name, listener);
  });
  return () => ends.forEach((end) => end());
}

/** From now on the first signal is noted; a second one ends the process at once. */
export function watchSignals(): Signals {
  let code: number | undefined;
  let resolve!: () => void;
  const came = new Promise<void>((resolveIt) => (resolve = resolveIt));
  const end = onSignals((exitCode) => {
    if (code !== undefined) process.exit(exitCode);
    code = exitCode;
    resolve();
  });
  return {
    get code() {
      return code;
    },
    came,
    end,
  };
}
