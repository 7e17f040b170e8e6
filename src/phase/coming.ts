/** What is said where only a command could go on that this version does not have. */
export function notInThisVersion(command: string): string {
  return `a later version of passcheck measures it (${command}), this one cannot`;
}
