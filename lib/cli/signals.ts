// The signals that ask a command to end: Ctrl-C, SIGTERM, and SIGHUP of a terminal that is closed.
// Node resets ignored signals at its start, so nohup does not keep SIGHUP away.

export type Signals = {
  /** The exit code for the signal that has come: 129, 130 or 143. */
  readonly code: number | undefined;
  /** Resolves when a signal comes. */
  readonly came: Promise<void>;
  /** Gives the signals their usual effect again. */
  end(): void;
};

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Calls `handler` with the exit code whenever one of the signals comes, until the returned function
 * is called.
 */
export function onSignals(handler: (exitCode: number) => void): () => void {
  const listeners = Object.entries(EXIT_CODES).map(
    ([name, exitCode]) => [name, () => handler(exitCode)] as const,
  );
  for (const [name, listener] of listeners) process.on(name, listener);
  return () => {
    for (const [name, listener] of listeners) process.off(name, listener);
  };
}

/** Notes the first signal; a second one ends the process at once. */
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
