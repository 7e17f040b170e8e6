/**
 * How passcheck is typed here: npm does not put the programs of a project on the PATH, so who started it with npx has to
 * do so again. https://docs.npmjs.com/cli/v10/commands/npm-exec
 */
export function programName(environment: Readonly<Record<string, string | undefined>>): string {
  return environment['npm_command'] === 'exec' ? 'npx passcheck' : 'passcheck';
}

/** The examples of a help text (`$ sudo passcheck preflight`) as they are typed here. */
export function typedHere(help: string, program: string): string {
  return program === 'passcheck' ? help : help.replaceAll(/\$ (sudo )?passcheck /g, `$ $1${program} `);
}
