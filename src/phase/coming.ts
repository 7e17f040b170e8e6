/** Commands that show it already, though no report has their answers yet. */
const SHOWN_BY: Readonly<Record<string, string>> = { plan: 'passcheck plan SPEC', vm: 'passcheck vm' };

/** What is said where only a command could go on that this version does not have, or whose answers no report has. */
export function notInThisVersion(command: string): string {
  const shown = SHOWN_BY[command];
  return shown === undefined
    ? `a later version of passcheck measures it (${command}), this one cannot`
    : `${shown} shows it; a later version of passcheck takes its answer into the phase`;
}
