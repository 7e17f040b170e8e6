/** May a terminal get colours? https://no-color.org: any value of NO_COLOR that is not empty says no. */
export function useColour(environment: Readonly<Record<string, string | undefined>>): boolean {
  return (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}
