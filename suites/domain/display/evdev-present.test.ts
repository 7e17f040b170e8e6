import { describe, expect, it } from 'vitest';

import type { EvdevNode } from '../../../src/facts/evdev-nodes.ts';
import { ABSENT, unreadable } from '../../../src/host/reading.ts';
import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import { aStat } from '../../../test/looking-glass.ts';
import rule from './evdev-present.ts';

const KEYBOARD = '/dev/input/by-id/usb-Board-event-kbd';
const input = (path: string): string => `<input type='evdev'><source dev='${path}'/></input>`;
const nodes = (stat: EvdevNode['stat']) => ({
  evdevNodes: new Map<string, EvdevNode>([[KEYBOARD, { stat, real: ABSENT, qemu: { ok: true, value: null } }]]),
});
const judge = (stat: EvdevNode['stat']) => judgeOneDomain(rule, { devices: input(KEYBOARD) }, nodes(stat));

describe(rule.id, () => {
  it('passes a device that is there', () => expect(judge(aStat({ kind: 'character-device' }))).toMatchObject({ status: 'pass' }));

  it('fails on one that is not', () => {
    expect(judge(ABSENT)).toMatchObject({
      status: 'fail',
      message: `${KEYBOARD} is not there`,
      evidence: [
        { source: 'win11.xml:9', observed: `<source dev='${KEYBOARD}'/>` },
        { source: KEYBOARD, observed: 'not there' },
      ],
    });
  });

  it('fails on a file', () => expect(judge(aStat())).toMatchObject({ status: 'fail', message: `${KEYBOARD} is no event device` }));

  it('says when it could not look', () => {
    expect(judge(unreadable('denied', 'permission denied'))).toMatchObject({ status: 'unknown' });
    expect(judgeOneDomain(rule, { devices: input('/dev/input/event9') }, nodes(ABSENT))).toMatchObject({ status: 'unknown' });
  });

  it('leaves what is no path to another rule, and says nothing without evdev', () => {
    expect(judgeDomain(rule, { devices: input('') + input('event4') }, nodes(ABSENT))).toMatchObject([{ status: 'not-applicable' }]);
    expect(judgeOneDomain(rule, {}, nodes(ABSENT))).toMatchObject({ status: 'not-applicable' });
  });
});
