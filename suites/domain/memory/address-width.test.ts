import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aPciDevice, known } from '../../../test/facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { AddressWidths } from '../../../src/facts/address-widths.ts';
import type { Cpu } from '../../../src/facts/cpu.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { ABSENT, ok } from '../../../src/host/reading.ts';
import rule from './address-width.ts';

const SOURCE = '/sys/class/iommu/dmar0/intel-iommu/cap';
const CLIENT: AddressWidths = { cpuBits: 46, intelUnits: [{ source: SOURCE, bits: 39 }] };
const SHMEM = "<shmem name='looking-glass'><model type='ivshmem-plain'/><size unit='M'>64</size></shmem>";
const host = (inner = '', mode = 'host-passthrough'): string => `<cpu mode='${mode}'>${inner}</cpu>`;

function aCpu(vendor: Cpu['vendor']): Cpu {
  const common = { modelName: null, flags: new Set<string>(), microcode: null, isNested: false, hypervisor: null };
  return { ...common, vendor, kvmModule: ABSENT, isKvmActive: ok(true) };
}

interface Given {
  readonly widths?: Attempt<AddressWidths>;
  readonly vendor?: Cpu['vendor'];
  readonly devices?: string;
  readonly barGiB?: number;
}

function judge(body: string, { widths = known(CLIENT), vendor = 'intel', devices = SHMEM, barGiB = 0 }: Given = {}): Outcome {
  const bars = barGiB === 0 ? [] : [{ index: 1, sizeBytes: barGiB * 1024 ** 3, prefetchable: true, is64Bit: true }];
  const facts = { cpu: aCpu(vendor), addressWidths: widths, pciDevices: known([aPciDevice({ bars })]), libvirt: NO_HOST_FACT };
  return judgeOneDomain(rule, { body, devices }, facts);
}

describe(rule.id, () => {
  it.each([
    ['a limit', host("<maxphysaddr mode='passthrough' limit='39'/>")],
    ['an emulated width', host("<maxphysaddr mode='emulate' bits='39'/>")],
    ['a named CPU', host('', 'host-model')],
    ['no <cpu>', ''],
  ])('passes with %s', (_, body) => {
    expect(judge(body)).toMatchObject({ status: 'pass' });
  });

  it('passes when the IOMMU is as wide as the CPU', () => {
    expect(judge(host(), { widths: known({ ...CLIENT, cpuBits: 39 }) })).toMatchObject({ status: 'pass' });
  });

  it('fails when it is narrower, with shared memory or a large window', () => {
    expect(judge(host())).toMatchObject({
      status: 'fail',
      message: 'the guest sees addresses of 46 bits, and the IOMMU translates 39',
      evidence: [
        { source: 'win11.xml:8', expected: "<maxphysaddr mode='passthrough' limit='39'/>" },
        { source: '/proc/cpuinfo', observed: 'address sizes: 46 bits physical' },
        { source: SOURCE, observed: '39 bits' },
      ],
    });
    expect(judge(host('', 'maximum'))).not.toHaveProperty('severity');
    expect(judge(host(), { devices: '', barGiB: 16 })).not.toHaveProperty('severity');
    expect(judge(host("<maxphysaddr mode='passthrough' limit='42'/>"))).toMatchObject({ message: expect.stringContaining('42 bits') });
  });

  it('counts less without them', () => {
    expect(judge(host(), { devices: '', barGiB: 8 })).toMatchObject({ status: 'fail', severity: 'minor' });
  });

  it('does not apply to AMD, nor to a host that does not show the widths', () => {
    expect(judge(host(), { vendor: 'amd' })).toMatchObject({ status: 'not-applicable' });
    expect(judge(host(), { widths: known({ cpuBits: 46, intelUnits: [] }) })).toMatchObject({ status: 'not-applicable' });
  });

  it('could not look when the register is hidden', () => {
    expect(judge(host(), { widths: NO_HOST_FACT })).toMatchObject({ status: 'unknown', severity: 'minor' });
  });
});
