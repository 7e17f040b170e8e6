import { describe, expect, it } from 'vitest';

import { aDescribedCpu } from '../../test/machines.ts';
import { aTopology } from '../../test/topologies.ts';
import { cpuWords } from './inventory-words.ts';

describe('the words for a processor', () => {
  it.each([
    [[5118, 5118], 'L3 2 × 5 MiB'],
    [[25_344], 'L3 24.75 MiB'],
    [[98_304, 32_768], 'L3 96 + 32 MiB'],
  ])('round sizes of caches (%j KiB) to what people read', (sizes, words) => {
    const cpu = aDescribedCpu('AMD Opteron', aTopology(sizes.map((sizeKiB) => ({ cores: 1, sizeKiB }))));
    expect(cpuWords(cpu)).toContain(`; ${words};`);
  });
});
