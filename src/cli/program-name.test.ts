import { expect, it } from 'vitest';

import { programName, typedHere } from './program-name.ts';

it.each([
  [{}, 'passcheck'],
  [{ npm_command: 'exec' }, 'npx passcheck'],
  [{ npm_command: 'run-script' }, 'passcheck'],
])('how it is typed where the environment is %j', (environment, name) => {
  expect(programName(environment)).toBe(name);
});

it('changes the examples of a help text, and nothing else in it', () => {
  const help = 'Usage: passcheck COMMAND\n  $ passcheck preflight\n  $ sudo passcheck snapshot x (passcheck snapshot)\n';
  expect(typedHere(help, 'passcheck')).toBe(help);
  expect(typedHere(help, 'npx passcheck')).toBe(
    'Usage: passcheck COMMAND\n  $ npx passcheck preflight\n  $ sudo npx passcheck snapshot x (passcheck snapshot)\n',
  );
});
