import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { UsageError } from '../../usage-error.ts';
import type { Action, Plan } from './model.ts';
import { planProblem, readPlan } from './stored-plan.ts';

const CREATE: Action = {
  object: { kind: 'volume', name: 'dc01' },
  verb: 'create',
  summary: '60 GiB, qcow2',
  changes: [],
  step: { do: 'create-volume', pool: 'homelab', volume: 'dc01.qcow2', path: '/p/dc01.qcow2', xml: '<volume/>' },
};

function plan(given: Partial<Plan> = {}): Plan {
  return {
    schema: 1,
    tool: { name: 'passcheck', version: '1.2.3' },
    command: 'apply',
    spec: 'lab',
    connection: 'qemu:///system',
    host: 'this',
    actions: [CREATE],
    pending: [],
    refused: [],
    notes: [],
    source: 'name: lab\n',
    ...given,
  };
}

function outcome(text: string): string {
  try {
    readPlan('p', text);
    return 'plan';
  } catch (error) {
    return error instanceof Error ? error.name : 'no error';
  }
}

describe('a stored plan', () => {
  it('is read as it was written', () => {
    expect(readPlan('lab.plan', JSON.stringify(plan()))).toEqual(plan());
  });

  it.each([
    ['', 'lab.plan is empty'],
    ['\n', 'lab.plan is empty'],
    ['name: lab', 'lab.plan is no JSON, so no plan of passcheck'],
    ['[]', 'lab.plan is no plan of passcheck'],
    ['null', 'lab.plan is no plan of passcheck'],
    ['{"tool":{"name":"terraform"}}', 'lab.plan is no plan of passcheck'],
    ['{"schema":1,"tool":{"name":"passcheck","version":"1"},"results":[]}', 'lab.plan is no plan of passcheck'],
    [
      '{"schema":2,"tool":{"name":"passcheck"}}',
      'lab.plan was made by a newer passcheck (plan schema 2, this one reads 1): update passcheck',
    ],
    [JSON.stringify(plan()).slice(0, -30), 'lab.plan is truncated: its end is missing'],
    [JSON.stringify({ ...plan(), host: 5 }), 'lab.plan is damaged: no usable value at host'],
    [JSON.stringify({ ...plan(), more: 1 }), 'lab.plan is damaged: no usable value at its top'],
    [
      JSON.stringify({ ...plan(), actions: [{ ...CREATE, step: { do: 'rm', path: '/' } }] }),
      'lab.plan is damaged: no usable value at actions.0.step.do',
    ],
  ])('%j: %s', (text, message) => {
    expect(() => readPlan('lab.plan', text)).toThrow(new UsageError(message));
  });

  it('with several faults gets a line for each', () => {
    const text = JSON.stringify({ ...plan(), host: 5, spec: null });
    expect(() => readPlan('p', text)).toThrow('p is damaged: no usable value at spec\np is damaged: no usable value at host');
  });

  it('of any text is a plan or a usage error, nothing else', () => {
    const damaged = fc.json().map((text) => JSON.stringify(plan()).replace('"this"', () => text));
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), damaged), (text) => ['plan', 'UsageError'].includes(outcome(text))));
  });
});

describe('a stored plan, held against the world', () => {
  it('fits when the same would be done, whatever is noted', () => {
    const notes = [{ object: null, message: 'less space', fix: null }];
    expect(planProblem(plan(), plan({ notes, tool: { name: 'passcheck', version: '2' } }), 'this')).toBeNull();
  });

  it.each([
    [{ host: 'that' }, {}, 'it was made on another machine'],
    [{ connection: 'qemu:///session' as const }, {}, 'it is for qemu:///session, not qemu:///system'],
    [{ spec: 'office' }, {}, 'it is for the spec office, not lab'],
    [{ command: 'destroy' as const }, {}, 'it is a plan of destroy, not one of passcheck plan'],
    [{ source: null }, {}, 'the spec that it was made from is not in it'],
    [{}, { actions: [] }, 'the world has changed since: volume dc01 (60 GiB, qcow2) is not to be done any more'],
    [{ actions: [] }, {}, 'the world has changed since: volume dc01 (60 GiB, qcow2) is to be done now, too'],
    [
      {},
      { actions: [{ ...CREATE, step: { ...CREATE.step, xml: '<volume>1</volume>' } as Action['step'] }] },
      'the world has changed since: volume dc01 (60 GiB, qcow2) is to be done differently',
    ],
    [
      {},
      { refused: [{ object: { kind: 'volume' as const, name: 'dc01' }, message: 'it is taken', fix: null }] },
      'the world has changed since: volume dc01: it is taken',
    ],
  ])('%j and then %j: %s', (then, now, problem) => {
    expect(planProblem(plan(then), plan(now), 'this')).toBe(problem);
  });
});
