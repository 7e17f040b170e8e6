import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aPciDevice, anAudioFunction } from '../../../test/facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { NumaNode } from '../../../src/facts/numa.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import rule from './numa-placement.ts';

const GIB = 1024 * 1024;
const node = (id: number, memoryKiB = 16 * GIB): NumaNode => ({ id, cpus: [id], memoryKiB, distances: [] });
const NODES = [node(0), node(1)];
const GPU_ON_1: readonly PciDevice[] = [aPciDevice({ numaNode: 1 }), anAudioFunction({ numaNode: 0 })];

function judge(numatune: string, { nodes = NODES, devices = GPU_ON_1, gib = 8 } = {}): Outcome {
  return judgeOneDomain(rule, { body: `<memory unit='GiB'>${gib}</memory>\n  ${numatune}` }, { numaNodes: nodes, pciDevices: devices });
}
const bound = (mode: string, nodeset: string): string => `<numatune>\n    <memory mode='${mode}' nodeset='${nodeset}'/>\n  </numatune>`;

describe(rule.id, () => {
  it('passes when the memory is bound to the node of the GPU', () => {
    expect(judge(bound('strict', '1'))).toMatchObject({ status: 'pass', evidence: [{ source: 'win11.xml:9', observed: '<numatune>' }] });
    expect(judge(bound('restrictive', '1'))).toMatchObject({ status: 'pass' });
  });

  it('fails when nothing binds it', () => {
    for (const numatune of ['', bound('preferred', '1'), bound('interleave', '0-1'), "<numatune><memory placement='auto'/></numatune>"]) {
      expect(judge(numatune)).toMatchObject({
        status: 'fail',
        message: 'nothing binds the memory to NUMA node 1, where the GPU is',
        evidence: [{ expected: "mode='strict' nodeset='1'" }, { source: '/sys/bus/pci/devices/0000:01:00.0/numa_node', observed: '1' }],
      });
    }
  });

  it('fails when it is bound elsewhere, and counts less when it may be there', () => {
    expect(judge(bound('strict', '0'))).toMatchObject({
      status: 'fail',
      message: 'the memory comes from NUMA node 0, and the GPU is on 1',
    });
    expect(judge(bound('strict', '0-1'))).toMatchObject({ status: 'fail', severity: 'minor' });
  });

  it('passes when the guest is larger than the node', () => {
    expect(judge(bound('strict', '0-1'), { gib: 24 })).toMatchObject({ status: 'pass' });
  });

  it('passes when one of the cells is there', () => {
    const cells = "<cpu><numa><cell memory='4' unit='GiB'/><cell memory='4' unit='GiB'/></numa></cpu>";
    const tuned = (second: number): string =>
      `${cells}<numatune><memnode cellid='0' mode='strict' nodeset='0'/><memnode cellid='1' mode='strict' nodeset='${second}'/></numatune>`;
    expect(judge(tuned(1))).toMatchObject({ status: 'pass' });
    expect(judge(tuned(0))).toMatchObject({ status: 'fail' });
  });

  it('does not apply with one node, nor when the firmware does not say where the GPU is', () => {
    expect(judge('', { nodes: [node(0), node(1, 0)] })).toMatchObject({ status: 'not-applicable' });
    expect(judge('', { devices: [aPciDevice()] })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { gpu: false }, { numaNodes: NODES, pciDevices: GPU_ON_1 })).toMatchObject({ status: 'not-applicable' });
  });

  it('takes any passed device where there is no GPU', () => {
    expect(judge('', { devices: [aPciDevice({ classCode: '010802', numaNode: 0 })] })).toMatchObject({ status: 'fail' });
  });
});
