import { describe, expect, it } from 'vitest';

import { textWidth } from '../../report/wrap.ts';
import type { Action, Plan, Step } from './model.ts';
import { renderPlanText } from './plan-text.ts';

const START: Step = { do: 'start-network', uuid: 'u' };

function action(name: string, given: Partial<Action> = {}): Action {
  return { object: { kind: 'network', name }, verb: 'create', summary: 'define', changes: [], step: START, ...given };
}

function plan(given: Partial<Plan> = {}): Plan {
  return {
    schema: 1,
    tool: { name: 'passcheck', version: '1.2.3' },
    command: 'apply',
    spec: 'lab',
    connection: 'qemu:///system',
    host: 'h',
    actions: [],
    pending: [],
    refused: [],
    notes: [],
    source: null,
    ...given,
  };
}

const plain = (given: Partial<Plan>): string => renderPlanText(plan(given), { colour: false, columns: 80 });

describe('a plan for people', () => {
  it('that has nothing to do says so in a line', () => {
    expect(plain({})).toBe('nothing to do: everything is as lab says\n');
  });

  it('groups what is done by object, and counts objects', () => {
    const text = plain({
      actions: [
        action('lab-net', { summary: '192.168.56.0/24' }),
        action('lab-net', { verb: 'start', summary: 'start' }),
        action('DC01', {
          object: { kind: 'domain', name: 'DC01' },
          verb: 'change',
          summary: 'memory 8 GiB → 16 GiB',
          changes: [
            { field: 'memory', from: '8 GiB', to: '16 GiB', effect: 'next start' },
            { field: 'disk vda: serial', from: null, to: 'a', effect: 'now' },
            { field: 'interface 52:54:00:00:00:02', from: '', to: null, effect: 'now' },
          ],
        }),
      ],
      pending: [{ object: { kind: 'domain', name: 'SCCM01' }, changes: [{ field: 'vcpu', from: '2', to: '4', effect: 'next start' }] }],
    });
    expect(text).toBe(`+ network lab-net: 192.168.56.0/24; start
~ VM DC01
    memory 8 GiB → 16 GiB: takes effect at the next start
    + disk vda: serial a
    - interface 52:54:00:00:00:02

Waits for the next start
  VM SCCM01
    vcpu 2 → 4

1 to create, 1 to change, nothing to destroy · 1 waits for a restart
`);
  });

  it('says first what is in the way, with a command to copy in one piece', () => {
    const fix = `Start it first: virsh -c qemu:///system net-start ${'x'.repeat(90)}`;
    const text = plain({
      refused: [
        { object: { kind: 'network', name: 'default' }, message: 'it does not run', fix },
        { object: null, message: 'swtpm is not installed', fix: 'Install it' },
      ],
      actions: [action('lab-net')],
      notes: [{ object: null, message: 'the disks dc01 stay', fix: null }],
    });
    expect(text.split('\n')).toEqual([
      'REFUSED  nothing is done before these are put right:',
      '  ✗ network default: it does not run',
      '    → Start it first:',
      `        virsh -c qemu:///system net-start ${'x'.repeat(90)}`,
      '  ✗ this host: swtpm is not installed',
      '    → Install it',
      '',
      '+ network lab-net: define',
      '',
      'Noted',
      '  · this host: the disks dc01 stay',
      '',
      '1 to create, nothing to destroy · refused: nothing is done',
      '',
    ]);
  });

  it('fits 80 columns, and keeps control characters of hostile names from a terminal', () => {
    const hostile = `evil\u001b[2J\u202e\n${'word '.repeat(60)}`;
    const object = { kind: 'domain', name: hostile } as const;
    const text = plain({
      actions: [action(hostile, { summary: hostile, object, changes: [{ field: hostile, from: hostile, to: hostile, effect: 'now' }] })],
      pending: [{ object, changes: [{ field: hostile, from: null, to: hostile, effect: 'next start' }] }],
      refused: [{ object, message: hostile, fix: hostile }],
      notes: [{ object, message: hostile, fix: hostile }],
      spec: hostile,
    });
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text.split('\n').filter((line) => textWidth(line) > 80)).toEqual([]);
  });

  it('counts what is too much to show', () => {
    const changes = Array.from({ length: 100 }, (_, index) => ({ field: `f${index}`, from: 'a', to: 'b', effect: 'now' as const }));
    const lines = plain({ actions: [action('n', { verb: 'change', changes })] }).split('\n');
    expect(lines.filter((line) => line.startsWith('    f'))).toHaveLength(60);
    expect(lines).toContain('    and 40 more (--format json)');
  });

  it('has colours only where they are wanted', () => {
    const given = plan({ actions: [action('n')] });
    expect(renderPlanText(given, { colour: true, columns: 80 })).toContain('\u001b[32m+\u001b[39m network n');
  });

  it.each([
    ['destroy', [action('n', { verb: 'remove' })], '1 to remove'],
    ['adopt', [action('n', { verb: 'adopt' })], '1 to adopt'],
    ['destroy', [], 'nothing to destroy'],
    ['prune', [], 'nothing to prune: everything marked with lab is in it'],
  ] as const)('of %s (%#) ends with its sum', (command, actions, sum) => {
    expect(plain({ command, actions: [...actions] })).toMatch(new RegExp(`${sum}\n$`));
  });
});
