import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, type DomainParts } from '../../test/domain-rule.ts';
import { known } from '../../test/facts.ts';
import { FactError } from '../facts/fact-error.ts';
import { othersOf } from './beside.ts';

const PINS = "<vcpu>2</vcpu><cputune><vcpupin vcpu='0' cpuset='4'/><vcpupin vcpu='1' cpuset='12'/></cputune>";
const vm = (name: string, parts: DomainParts = {}): ReturnType<typeof aDocument> =>
  aDocument(aDefinition({ name, body: PINS, gpu: false, ...parts }));
const defined = (...documents: readonly ReturnType<typeof vm>[]): Parameters<typeof othersOf>[1] =>
  known(documents.map((document) => ({ document, state: 'shut off' })));
const GPU = { kind: 'GPU', address: '0000:01:00.0', node: 0 } as const;
const WORK = { domain: 'work', cpus: [4, 12], isFirm: true };

describe('othersOf', () => {
  it('are the pinned domains that can run beside the planned one', () => {
    const all = defined(vm('win11'), vm('work'), vm('free', { body: '<vcpu>2</vcpu>' }));
    expect(othersOf({ document: vm('win11'), gpu: null }, all)).toEqual({ others: [WORK], notes: [] });
  });

  it('are none that are given the same device', () => {
    const all = defined(vm('work', { gpu: true }));
    expect(othersOf({ document: vm('win11', { gpu: true }), gpu: null }, all).others).toEqual([]);
    expect(othersOf({ document: null, gpu: GPU }, all).others).toEqual([]);
    expect(othersOf({ document: null, gpu: { ...GPU, address: '0000:41:00.0' } }, all).others).toEqual([WORK]);
    expect(othersOf({ document: null, gpu: null }, all).others).toEqual([WORK]);
  });

  it('are not known where libvirt shows nothing, which is a note', () => {
    const error = new FactError({ source: 'virsh list', reason: 'denied' });
    expect(othersOf({ document: null, gpu: null }, { ok: false, error })).toEqual({
      others: [],
      notes: ['The VMs of libvirt could not be looked at (virsh list: denied): --avoid keeps their CPUs out of the plan.'],
    });
  });
});
