/** The command that judges a suite, as a person types it. */
export function suiteCommand(suite: string): string {
  return suite === 'domain' ? 'lint' : suite;
}
