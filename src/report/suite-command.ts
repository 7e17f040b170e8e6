/** The command that judges a suite, as a person types it; of reports that were put together, that of the first. */
export function suiteCommand(suite: string): string {
  const [first = suite] = suite.split(' + ');
  return first === 'domain' ? 'lint' : first;
}
