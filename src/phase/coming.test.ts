import { expect, it } from 'vitest';

import { notInThisVersion } from './coming.ts';

it('a command that this version has is named with what it shows', () => {
  expect(notInThisVersion('plan')).toBe('passcheck plan SPEC shows it; a later version of passcheck takes its answer into the phase');
  expect(notInThisVersion('latency')).toBe('a later version of passcheck measures it (latency), this one cannot');
});
