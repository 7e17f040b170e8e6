import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { facts } from '../src/facts/registry.ts';
import { checks } from '../suites/registry.ts';

const ROOT = resolve(import.meta.dirname, '..');

describe('the registries', () => {
  it('register every fact under its own id', () => {
    expect(Object.entries(facts).filter(([name, fact]) => fact.id !== name)).toEqual([]);
  });

  it('give every check the id of its path, and a test beside it', () => {
    for (const { id } of checks) {
      expect(existsSync(join(ROOT, 'suites', `${id}.ts`)), `suites/${id}.ts`).toBe(true);
      expect(existsSync(join(ROOT, 'suites', `${id}.test.ts`)), `suites/${id}.test.ts`).toBe(true);
    }
    expect(checks.map(({ id }) => id)).toEqual(checks.map(({ id }) => id).toSorted());
  });

  it('have sources that can be opened for every check', () => {
    for (const { id, sources, why } of checks) {
      expect(why.length, id).toBeGreaterThan(20);
      for (const source of sources) expect(source, id).toMatch(/^https:\/\/\S+$/);
    }
  });

  it('hold every check that preflight promises', () => {
    const named = `cpu/virtualization cpu/governor cpu/isolation kvm/device iommu/firmware-table iommu/enabled iommu/interrupt-remapping
      iommu/unsafe-interrupts iommu/group-isolated iommu/acs-override iommu/reserved-regions iommu/command-line gpu/selected gpu/present
      gpu/not-host-display gpu/all-functions gpu/reset gpu/link gpu/rebar gpu/host-keeps-display vfio/modules vfio/driver-bound
      vfio/early-binding vfio/ids-unambiguous vfio/kernel-log vfio/framebuffer memory/hugepages memory/hugepages-mounted
      memory/host-reserve memory/memlock kernel/lockdown kernel/secure-boot kernel/boots-uefi libvirt/daemon libvirt/access
      libvirt/groups libvirt/qemu-conf libvirt/network-tools libvirt/virt-manager qemu/version firmware/ovmf tpm/swtpm storage/space
      storage/filesystem media/windows-iso media/virtio-iso looking-glass/shared-memory looking-glass/kvmfr looking-glass/versions-match`;
    const ids = new Set(checks.map(({ id }) => id));
    expect(named.split(/\s+/).filter((name) => !ids.has(`preflight/${name}`))).toEqual([]);
  });

  it('are described in docs/checks.md', () => {
    const page = readFileSync(join(ROOT, 'docs/checks.md'), 'utf8');
    expect(checks.filter(({ id }) => !page.includes(id)).map(({ id }) => id)).toEqual([]);
  });
});
