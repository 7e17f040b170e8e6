import { describe, expect, it } from 'vitest';

import { judgeDomain } from '../../../test/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { NumaNode } from '../../../src/facts/numa.ts';
import rule from './numa-nodes.ts';

const GIB = 1024 * 1024;
const node = (id: number, memoryKiB: number | null = 16 * GIB): NumaNode => ({ id, cpus: [id], memoryKiB, distances: [] });
const judge = (numatune: string, nodes: readonly NumaNode[] = [node(0), node(2)]): readonly Outcome[] =>
  judgeDomain(rule, { body: `<numatune>${numatune}</numatune>` }, { numaNodes: nodes });

describe(rule.id, () => {
  it('passes when the nodes are there', () => {
    expect(judge("<memory mode='strict' nodeset='0,2'/>")).toMatchObject([{ status: 'pass' }]);
    expect(judge("<memory mode='strict' nodeset='0'/>", [node(0, null)])).toMatchObject([{ status: 'pass' }]);
  });

  it('fails when one is not, and names it', () => {
    expect(judge("<memory nodeset='0-2'/><memnode cellid='0' nodeset='7'/>")).toMatchObject([
      {
        status: 'fail',
        message: 'this host has no NUMA node 1',
        evidence: [
          { source: 'win11.xml:8', observed: "nodeset='0-2'" },
          { source: '/sys/devices/system/node', observed: 'node0, node2' },
        ],
      },
      { status: 'fail', message: 'this host has no NUMA node 7' },
    ]);
  });

  it('fails when the nodes are without memory, or no nodes', () => {
    expect(judge("<memory nodeset='1'/>", [node(0), node(1, 0)])).toMatchObject([{ status: 'fail', message: 'NUMA node 1 has no memory' }]);
    expect(judge("<memory nodeset='0-99999999'/>")).toMatchObject([{ status: 'fail', message: '"0-99999999" is no set of NUMA nodes' }]);
  });

  it('does not apply without a nodeset, nor to a kernel without NUMA', () => {
    expect(judge("<memory placement='auto'/>")).toMatchObject([{ status: 'not-applicable' }]);
    expect(judge("<memory nodeset='1'/>", [])).toMatchObject([{ status: 'not-applicable' }]);
  });
});
