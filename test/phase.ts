import * as fc from 'fast-check';

import type { JudgedCriterion, PhaseJudgement } from '../src/report/phase-model.ts';
import { hostileText } from './report.ts';

/** A judged criterion: a test names only what matters to it. */
export function aCriterion(given: Partial<JudgedCriterion> = {}): JudgedCriterion {
  return { id: 'iommu', group: 'Story 1', text: 'The IOMMU is on.', state: 'met', by: [], message: 'ivhd0', next: null, ...given };
}

/** A phase in which each state occurs. */
export const EVERY_STATE: PhaseJudgement = {
  id: 'phase-0',
  title: 'Phase 0: The Proof of Concept',
  source: 'Dev Guide',
  verdict: 'NO-GO',
  criteria: [
    aCriterion({ by: ['preflight/iommu/enabled'] }),
    aCriterion({
      id: 'uefi',
      text: 'System boots in `UEFI` mode.',
      state: 'failed',
      by: ['preflight/kernel/boots-uefi'],
      message: 'preflight/kernel/boots-uefi: this machine was booted through BIOS',
      next: 'Switch CSM off in the firmware',
    }),
    aCriterion({
      id: 'pinning',
      group: 'Story 2',
      text: 'CPU pinning configured.',
      state: 'not-measured',
      by: ['domain/cpu/vcpupin-all'],
      message: 'not yet measured: domain/cpu/vcpupin-all',
      next: 'passcheck lint win11 --host',
    }),
    aCriterion({
      id: 'photoshop',
      group: 'Story 2',
      text: 'Photoshop is GPU-accelerated',
      state: 'not-measured',
      message: 'a person has to see it: Photoshop says so',
    }),
    aCriterion({
      id: 'log',
      group: 'Story 1',
      text: 'No kernel errors.',
      state: 'could-not-look',
      by: ['preflight/vfio/kernel-log'],
      message: 'preflight/vfio/kernel-log: could not look: permission denied',
      next: 'run passcheck as root',
    }),
  ],
  documents: [{ file: 'hardware_inventory.md', contents: 'Full hardware specs' }],
};

/** Phases in which every text is hostile. */
export const hostilePhase: fc.Arbitrary<PhaseJudgement> = fc.record({
  id: hostileText,
  title: hostileText,
  source: hostileText,
  verdict: fc.constantFrom('GO', 'NO-GO', 'INCONCLUSIVE'),
  criteria: fc.array(
    fc.record({
      id: hostileText,
      group: hostileText,
      text: hostileText,
      state: fc.constantFrom('met', 'failed', 'not-measured', 'could-not-look'),
      by: fc.array(fc.oneof(hostileText, fc.constantFrom('machine/x', 'environment/x', 'preflight/iommu/enabled')), { maxLength: 10 }),
      message: hostileText,
      next: fc.option(
        fc.oneof(
          hostileText,
          hostileText.map((text) => `passcheck lint ${text}`),
        ),
      ),
    }),
    { maxLength: 8 },
  ),
  documents: fc.array(fc.record({ file: hostileText, contents: hostileText }), { maxLength: 3 }),
});
