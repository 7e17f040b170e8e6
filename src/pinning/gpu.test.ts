import { describe, expect, it } from 'vitest';

import { aGpu, anAudioFunction, aPassthrough, aPciDevice } from '../../test/facts.ts';
import { aTopology, nodesOf } from '../../test/topologies.ts';
import { FactError } from '../facts/fact-error.ts';
import type { Attempt } from '../facts/fact.ts';
import { findGpu, type GpuAnswer, type GpuQuestion } from './gpu.ts';

const TWO_NODES = nodesOf(
  aTopology([
    { cores: 4, node: 0 },
    { cores: 4, node: 1 },
  ]),
);
const ONE_NODE = TWO_NODES.slice(0, 1);
const NEAR = aPciDevice({ address: '0000:01:00.0', numaNode: 0 });
const FAR = aPciDevice({ address: '0000:41:00.0', numaNode: 1 });
const SOUND = anAudioFunction({ address: '0000:41:00.1', numaNode: 1 });
const HIDDEN: Attempt<never> = { ok: false, error: new FactError({ source: '/sys/bus/pci/devices', reason: 'not recorded' }) };

function ask(given: Partial<GpuQuestion>): GpuAnswer {
  return findGpu({
    asked: null,
    given: null,
    numaNodes: TWO_NODES,
    devices: { ok: true, value: [NEAR, FAR, SOUND] },
    passthrough: { ok: true, value: aPassthrough([aGpu([FAR])]) },
    ...given,
  });
}

const AT_FAR: GpuAnswer = { gpu: { kind: 'GPU', address: '0000:41:00.0', node: 1 } };
const UNSEEN_GPU: GpuAnswer = {
  gpu: null,
  note: 'The devices could not be looked at (/sys/bus/pci/devices: not recorded): where the GPU is was not minded.',
};
const several = aPassthrough([], { candidates: [NEAR.address, FAR.address] });

describe('findGpu', () => {
  it.each<[string, Partial<GpuQuestion>, GpuAnswer]>([
    ['takes the one that preflight takes', {}, AT_FAR],
    ['takes the one of the definition', { given: ['0000:01:00.0'] }, { gpu: { kind: 'GPU', address: '0000:01:00.0', node: 0 } }],
    [
      'takes another device of a definition without a GPU',
      { given: ['0000:41:00.1'] },
      { gpu: { kind: 'device', address: '0000:41:00.1', node: 1 } },
    ],
    ['takes the one that is asked for, whatever the definition has', { asked: '0000:41:00.0', given: ['0000:01:00.0'] }, AT_FAR],
    ['takes none when told so, and then needs no devices', { asked: 'none', devices: HIDDEN }, { gpu: null }],
    ['needs no devices where all cores are on one node', { devices: HIDDEN, numaNodes: ONE_NODE }, UNSEEN_GPU],
    [
      'needs no devices where one node has memory',
      { devices: HIDDEN, numaNodes: TWO_NODES.map((node) => ({ ...node, memoryKiB: node.id })) },
      UNSEEN_GPU,
    ],
    ['names none of several where it does not matter', { numaNodes: ONE_NODE, passthrough: { ok: true, value: several } }, { gpu: null }],
    ['takes none for a VM that is given no device', { given: [] }, { gpu: null }],
  ])('%s', (_name, given, answer) => expect(ask(given)).toEqual(answer));

  it.each<[string, Partial<GpuQuestion>, string, string]>([
    ['an address that is not there', { asked: '0000:99:00.0' }, 'no device 0000:99:00.0', 'its GPUs are 0000:01:00.0 and 0000:41:00.0'],
    ['what is no GPU', { asked: '0000:41:00.1' }, '0000:41:00.1 is no GPU', 'its GPUs are'],
    [
      'to choose between nodes',
      { passthrough: { ok: true, value: several } },
      '0000:01:00.0 on node 0 and 0000:41:00.0 on node 1',
      '--gpu 0000:41:00.0',
    ],
    ['devices of another host', { given: ['0000:77:00.0'] }, 'none of the devices that the VM is given (0000:77:00.0)', '--gpu none'],
    ['a configured GPU that is gone', { passthrough: { ok: true, value: aPassthrough([], { problems: ['gone'] }) } }, 'gone', '--gpu none'],
  ])('refuses %s', (_name, given, reason, instead) => {
    expect(ask(given)).toMatchObject({ refusal: { reason: expect.stringContaining(reason), instead: expect.stringContaining(instead) } });
  });

  it('could not look where devices are hidden and there are several nodes', () => {
    expect(ask({ devices: HIDDEN })).toEqual({ unseen: '/sys/bus/pci/devices: not recorded; --gpu none plans without a GPU' });
    expect(ask({ devices: HIDDEN, numaNodes: ONE_NODE, asked: '0000:01:00.0' })).toHaveProperty('unseen');
  });
});
