import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aVm } from '../../../test/machines.ts';
import { tenancyOf } from '../cpu-tenants.ts';
import { markOf, type Marking } from './cpu-marks.ts';

function marking(vcpus: Parameters<typeof aVm>[0], given: Parameters<typeof aVm>[1] = {}): Marking {
  return { tenancy: tenancyOf(aVm(vcpus, given)), others: new Map(), crowded: new Set() };
}

describe('the mark of a CPU', () => {
  it.each([
    ['one vCPU', marking([[4]]), ['4', 'v0']],
    [
      'vCPUs that may run elsewhere, too',
      marking([
        [4, 5],
        [4, 5],
      ]),
      ['4', '~v0-1'],
    ],
    ['a vCPU of its own and one that may run elsewhere', marking([[4], [4, 5]]), ['4', '~v0-1']],
    ['more vCPUs than a box has room for', marking(Array.from({ length: 40 }, (_, id) => [id % 2 === 0 ? 4 : 5, 6])), ['4', '~v0+19']],
    ['more than are counted', marking(Array.from({ length: 2000 }, () => [4, 5])), ['4', '~v0…']],
    ['the emulator and I/O threads', marking([], { emulator: [4], iothreads: [1, 2].map((id) => ({ id, cpus: [4] })) }), ['4', 'E I1-2']],
    ['an I/O thread alone', marking([], { iothreads: [{ id: 12, cpus: [4] }] }), ['4', 'I12']],
    ['nobody', marking([[5]]), ['4']],
  ])('names %s', (_name, given, lines) => {
    expect(markOf(4, given).lines).toEqual(lines);
  });

  it('has a sign where there are more vCPUs than CPUs', () => {
    const given = marking([[4], [4]]);
    const crowded = new Set(given.tenancy?.vcpus);
    expect(markOf(4, { ...given, crowded })).toEqual({ role: 'crowded', lines: ['4', '!v0-1'] });
  });

  it('names other VMs by number, unless it is about none', () => {
    const others = new Map([[4, [2, 3, 17]]]);
    expect(markOf(4, { ...marking([[5]]), others })).toEqual({ role: 'other', lines: ['4', '#2+2'] });
    expect(markOf(4, { tenancy: null, crowded: new Set(), others })).toEqual({ role: 'host', lines: ['4'] });
  });

  it('fits into its box, whatever the numbers', () => {
    const ids = fc.array(fc.oneof(fc.integer(), fc.constantFrom(1e300, -0.5, 4096)), { maxLength: 80 });
    fc.assert(
      fc.property(ids, ids, fc.boolean(), (vcpus, iothreads, isShared) => {
        const cpus = isShared ? [4, 5] : [4];
        const places = (numbers: readonly number[]) => numbers.map((id) => ({ id, cpus }));
        const { lines } = markOf(4, marking([], { vcpus: places(vcpus), iothreads: places(iothreads), emulator: [4] }));
        expect(lines.every((line) => line.length > 0 && line.length <= 6)).toBe(true);
        expect(lines.length).toBe(vcpus.length === 0 ? 2 : 3);
      }),
    );
  });
});
