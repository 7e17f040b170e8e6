const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that must not be cut off in the middle. The first Ctrl-C only asks it to stop; with the second the process ends as it does
 * everywhere else.
 */
export async function interruptible<Result>(
  /** Told at the first one, and at the second. */
  told: { readonly first: () => void; readonly second: () => void },
  work: (isStopped: () => boolean) => Promise<Result>,
): Promise<Result> {
  const usual = SIGNALS.map((signal) => ({ signal, listeners: process.listeners(signal) }));
  let isStopped = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!isStopped) {
      isStopped = true;
      told.first();
      return;
    }
    told.second();
    for (const listener of usual.find((one) => one.signal === signal)?.listeners ?? []) listener(signal);
  };
  for (const { signal, listeners } of usual) {
    for (const listener of listeners) process.removeListener(signal, listener);
    process.on(signal, onSignal);
  }
  try {
    return await work(() => isStopped);
  } finally {
    for (const { signal, listeners } of usual) {
      process.removeListener(signal, onSignal);
      for (const listener of listeners) process.on(signal, listener);
    }
  }
}
