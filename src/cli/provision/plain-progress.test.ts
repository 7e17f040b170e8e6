import { describe, expect, it } from 'vitest';

import type { Action, Plan } from '../../provision/plan/model.ts';
import { plainProgress } from './plain-progress.ts';

function action(name: string): Action {
  return {
    object: { kind: 'volume', name },
    verb: 'create',
    summary: '60 GiB, qcow2',
    changes: [],
    step: { do: 'own-volume', pool: 'p', volume: name, path: `/p/${name}` },
  };
}

const actions = ['a', 'b', 'c'].map((name) => action(name));
const plan: Plan = {
  schema: 1,
  tool: { name: 'passcheck', version: '0.0.0' },
  command: 'apply',
  spec: 'lab',
  connection: 'qemu:///system',
  host: 'host',
  actions: [...actions],
  pending: [],
  refused: [],
  notes: [],
  source: null,
};

function shown(...ends: readonly (readonly [number, string | null])[]): {
  readonly before: readonly string[];
  readonly after: readonly string[];
} {
  const lines: string[] = [];
  const view = plainProgress(plan, { note: (line) => lines.push(line) });
  for (const [index, message] of ends) {
    const one = actions[index] ?? action('none');
    view.onProgress({ index, action: one, state: 'begun' });
    view.onProgress(message === null ? { index, action: one, state: 'done' } : { index, action: one, state: 'failed', message });
  }
  const before = [...lines];
  void view.end();
  return { before, after: lines };
}

describe('progress in a pipe', () => {
  it('is a line for each action that ended', () => {
    expect(shown([0, null], [1, null]).before).toEqual(['✓ create volume a: 60 GiB, qcow2', '✓ create volume b: 60 GiB, qcow2']);
  });

  it('has the order of the plan, whichever ends first', () => {
    const { before, after } = shown([2, null], [0, null], [1, null]);
    expect(before.map((line) => line.slice(16, 17))).toEqual(['a', 'b', 'c']);
    expect(after).toEqual(before);
  });

  it('tells at the end what ended behind one that never did', () => {
    const { before, after } = shown([0, 'no space'], [2, null]);
    expect(before).toEqual(['✗ create volume a: 60 GiB, qcow2: no space']);
    expect(after).toEqual([...before, '✓ create volume c: 60 GiB, qcow2']);
  });
});
