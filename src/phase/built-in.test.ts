import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { checkIds } from '../../suites/check-ids.ts';
import { phaseTexts } from '../../suites/phases.ts';
import { PHASE_NAMES } from '../cli/phase-option.ts';
import { loadPhase } from './load.ts';
import { idsOf } from './pattern.ts';

const FOLDER = resolve(import.meta.dirname, '../../suites/phases');
const SEARCH = { builtIn: phaseTexts, checkIds };

/** The acceptance criteria of the stories and the exit criteria, as the document has them. */
const STORIES: Readonly<Record<string, readonly string[]>> = {
  'Story 0.1.1: Hardware Inventory': [
    'Hardware specs documented in a `hardware_inventory.md` file.',
    'All PCI devices identified with their IOMMU group.',
  ],
  'Story 0.1.2: Base System Install': [
    'Arch Linux boots via systemd-boot.',
    'Root filesystem is Btrfs with `@` and `@home` subvolumes.',
    'Network connectivity works.',
  ],
  'Story 0.1.3: Desktop & IOMMU Enabled': [
    'GNOME desktop loads on the integrated GPU.',
    '`dmesg | grep -i iommu` shows "IOMMU enabled".',
    'IOMMU groups are documented.',
  ],
  'Story 0.1.4: GPU Isolation': [
    '`lspci -nnk | grep -A 3 "VGA"` shows `vfio-pci` as the driver for the dGPU.',
    'Linux desktop still works on iGPU.',
    'No kernel errors related to VFIO.',
  ],
  'Story 0.1.5: QEMU/KVM Ready': [
    '`libvirtd` service is running.',
    'Current user can manage VMs without sudo.',
    'Virt-Manager launches successfully.',
  ],
  'Story 0.1.6: Windows VM Base': [
    'Windows 11 installed in VM.',
    'VirtIO drivers installed (network, storage work).',
    'VM boots reliably.',
  ],
  'Story 0.2.1: GPU Passthrough': [
    'Windows VM boots with GPU passed through.',
    "Display output visible on dGPU's HDMI/DP port (or via dummy plug).",
    'GPU-Z in Windows shows correct GPU model.',
  ],
  'Story 0.2.2: Low-Latency Display Link': [
    'Looking Glass client shows Windows desktop.',
    'Latency < 20ms.',
    'Mouse/keyboard input works.',
  ],
  'Story 0.2.3: Performance Baseline': ['CPU pinning configured.', 'Hugepages enabled.', 'Benchmark results documented.'],
  'Story 0.2.4: Phase Complete': [
    '`phase_0_results.md` created with all configs.',
    'All XML configs backed up.',
    'GO/NO-GO decision made.',
  ],
  'Phase 0 Exit Criteria': [
    'Windows 11 VM boots with GPU passthrough',
    'Looking Glass displays VM with < 20 ms latency',
    'Adobe Photoshop (trial) runs and is GPU-accelerated',
    'Benchmark overhead < 5% compared to bare metal',
  ],
};

/** What the first story wants verified beside its criteria. */
const VERIFICATION = ['After reboot, BIOS changes are persistent.', 'System boots in UEFI mode.'];

it('the phases of passcheck are the files, and those that the help names', () => {
  const files = readdirSync(FOLDER).map((name) => name.replace(/\.yaml$/, ''));
  expect(Object.keys(phaseTexts)).toEqual(files.toSorted());
  expect(PHASE_NAMES).toEqual(files.toSorted());
  for (const name of files) expect(phaseTexts[name]).toBe(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8'));
});

describe.each(PHASE_NAMES)('%s', (name) => {
  const { id, criteria } = loadPhase(name, SEARCH);

  it('has the name of its file', () => expect(id).toBe(name));

  it('names checks that there are', () => {
    const patterns = criteria.flatMap(({ checks = [] }) => checks);
    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns) expect([pattern, idsOf(pattern, checkIds)]).toEqual([pattern, [expect.any(String)]]);
  });

  it('names no command of another version in its texts', () => {
    const texts = criteria.flatMap(({ text, attestation = '', later }) => [text, attestation, later?.what ?? '']);
    expect(texts.filter((text) => /passcheck (?:accept|bench|latency|plan|signoff|attest|vm)\b/.test(text))).toEqual([]);
  });
});

describe('phase-0', () => {
  const { criteria, documents } = loadPhase('phase-0', SEARCH);
  const textsOf = (group: string): string[] => criteria.filter((criterion) => criterion.group === group).map(({ text }) => text);

  it.each(Object.entries(STORIES))('%s has each criterion of the document, word for word', (group, texts) => {
    expect(textsOf(group).filter((text) => !VERIFICATION.includes(text))).toEqual(texts);
  });

  it('has those of ten stories, the exit criteria and the verification of the first story, and no other', () => {
    expect(new Set(criteria.map(({ group }) => group))).toEqual(new Set(Object.keys(STORIES)));
    expect(Object.keys(STORIES)).toHaveLength(11);
    expect(Object.values(STORIES).flat()).toHaveLength(33);
    expect(criteria).toHaveLength(33 + VERIFICATION.length);
    expect(textsOf('Story 0.1.1: Hardware Inventory')).toEqual(expect.arrayContaining(VERIFICATION));
  });

  it('has the documents of the sign-off', () => {
    expect(documents.map(({ file }) => file)).toEqual([
      'hardware_inventory.md',
      'vm_config.xml',
      'benchmark_results.md',
      'known_issues.md',
      'phase_0_results.md',
    ]);
  });
});

it('homelab has the validation of the steps 2 to 7', () => {
  const groups = [...new Set(loadPhase('homelab', SEARCH).criteria.map(({ group }) => group.split(':')[0]))];
  expect(groups).toEqual(['Verify Prerequisites', 'Step 2', 'Step 3', 'Step 4', 'Step 5', 'Step 6', 'Step 7']);
  expect(loadPhase('homelab', SEARCH).criteria.map(({ id }) => id)).toContain('idempotent');
});
