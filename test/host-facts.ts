import { readDocuments } from '../src/domain/document.ts';
import type { DefinedDocument } from '../src/facts/defined-documents.ts';
import type { DefinedDomain } from '../src/facts/domains.ts';
import type { BootSecurity } from '../src/facts/firmware-security.ts';
import type { HugepagePool, Hugepages } from '../src/facts/hugepages.ts';
import type { JudgedDomains } from '../src/facts/judged-domains.ts';
import type { Memory } from '../src/facts/memory.ts';
import { ABSENT, ok } from '../src/host/reading.ts';

// Hand-made values of the facts about CPU, memory and kernel: a test names only what matters to it.

/** A UEFI machine without Secure Boot, nothing locked down. */
export function aBootSecurity(given: Partial<BootSecurity> = {}): BootSecurity {
  return {
    isUefi: ok(true),
    secureBoot: ok(false),
    setupMode: ok(false),
    lockdown: ok('none'),
    requiresSignedModules: ok(false),
    securityModules: ok(['capability', 'yama', 'apparmor']),
    selinux: ABSENT,
    isAppArmorEnabled: ok(true),
    ...given,
  };
}

/** 32 GiB. */
export function aMemory(given: Partial<Memory> = {}): Memory {
  return { totalKiB: 32 * 1024 * 1024, availableKiB: 20 * 1024 * 1024, swapTotalKiB: 0, defaultHugepageKiB: 2048, ...given };
}

/** A pool of 2 MiB pages, all of them free, on one node. */
export function aPool(total: number, given: Partial<HugepagePool> = {}): HugepagePool {
  return {
    sizeKiB: 2048,
    total,
    free: total,
    reserved: 0,
    surplus: 0,
    overcommit: 0,
    nodes: [{ node: 0, total, free: total, surplus: 0 }],
    ...given,
  };
}

export function someHugepages(pools: readonly HugepagePool[]): Hugepages {
  return { pools, defaultSizeKiB: 2048, transparent: ok('madvise'), transparentShared: ok('never') };
}

export function someJudgedDomains(domains: readonly DefinedDomain[], given: Partial<JudgedDomains> = {}): JudgedDomains {
  return { domains, missing: [], others: [], ...given };
}

/** A domain that libvirt has, as `passcheck lint` judges others beside it. */
export function aDefinedDocument(xml: string, state = 'running'): DefinedDocument {
  const [document] = readDocuments({ label: '', text: xml, isDefined: true });
  if (document === undefined) throw new Error('no domain');
  return { document: { ...document, label: document.domain.name }, state };
}
