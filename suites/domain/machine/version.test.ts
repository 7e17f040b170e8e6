import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { DocumentFiles } from '../../../src/facts/document-files.ts';
import { parseMachines, type QemuMachines } from '../../../src/facts/qemu-machines.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import rule from './version.ts';

const PATH = '/usr/bin/qemu-system-x86_64';
const MACHINES = parseMachines(`Supported machines are:
pc                   Standard PC (alias of pc-i440fx-10.0)
pc-i440fx-10.0       Standard PC (default)
q35                  Standard PC (alias of pc-q35-10.0)
pc-q35-10.0          Standard PC
pc-q35-5.2           Standard PC (deprecated)
`);
const NO_HOST = { qemuMachines: NO_HOST_FACT, documentFiles: NO_HOST_FACT };
const host = (machines: QemuMachines = [{ path: PATH, machines: ok(MACHINES) }], files: DocumentFiles = new Map()) => ({
  qemuMachines: { ok: true as const, value: machines },
  documentFiles: { ok: true as const, value: files },
});
const body = (machine: string): string => `<os>\n    <type arch='x86_64' machine='${machine}'>hvm</type>\n  </os>`;

describe(rule.id, () => {
  it.each(['q35', 'pc-q35-10.0', 'pc'])('passes for %s, which the QEMU of the host knows', (machine) => {
    expect(judgeOneDomain(rule, { body: body(machine) }, host())).toMatchObject({ status: 'pass' });
  });

  it.each(['pc-q35-10.1', 'pc-q35-3.1', 'pc-q35-9.0+pve0', 'pc-i440fx-cosmic'])('fails for %s, which it does not know', (machine) => {
    const newest = machine.includes('i440fx') ? 'pc-i440fx-10.0' : 'pc-q35-10.0';
    expect(judgeOneDomain(rule, { body: body(machine) }, host())).toMatchObject({
      status: 'fail',
      message: `${PATH} does not know ${machine}`,
      evidence: [
        { source: 'win11.xml:9', expected: newest },
        { source: `${PATH} -machine help`, observed: `up to ${newest}` },
      ],
    });
  });

  it('tells of one that QEMU means to remove', () => {
    expect(judgeOneDomain(rule, { body: body('pc-q35-5.2') }, host())).toMatchObject({ status: 'fail', severity: 'info' });
  });

  it('asks the emulator of the domain, also behind a link', () => {
    const parts = { body: body('pc-q35-10.1'), devices: '<emulator>/usr/bin/kvm</emulator>' };
    const linked = new Map([['/usr/bin/kvm', { stat: ABSENT, real: ok(PATH) }]]);
    expect(judgeOneDomain(rule, parts, host(undefined, linked))).toMatchObject({ status: 'fail' });
    expect(judgeOneDomain(rule, parts, host([{ path: '/usr/bin/kvm', machines: ok(MACHINES) }]))).toMatchObject({ status: 'fail' });
    expect(judgeOneDomain(rule, parts, host())).toMatchObject({ status: 'unknown', severity: 'major' });
  });

  it('passes nothing that it could not look at', () => {
    const parts = { body: body('q35') };
    expect(judgeOneDomain(rule, parts, host([{ path: PATH, machines: unreadable('timed-out', 'timed out') }]))).toMatchObject({
      status: 'unknown',
    });
    expect(judgeOneDomain(rule, parts, host([{ path: PATH, machines: ABSENT }]))).toMatchObject({ status: 'not-applicable' });
    const error = new FactError({ source: '/usr/bin', reason: 'permission denied' });
    expect(judgeOneDomain(rule, parts, { ...host(), qemuMachines: { ok: false, error } })).toMatchObject({ status: 'unknown' });
  });

  it.each([
    ['pc-q35-4.1', 'fail'],
    ['pc-q35-4.2', 'fail'],
    ['pc-q35-5.1', 'fail'],
    ['pc-q35-5.2', 'pass'],
    ['pc-i440fx-2.12', 'fail'],
    ['pc-q35-4.0.1', 'fail'],
    ['q35', 'pass'],
    ['pc-q35-rhel9.6.0', 'pass'],
  ])('judges %s without a host by what QEMU removes: %s', (machine, status) => {
    expect(judgeOneDomain(rule, { body: body(machine) }, NO_HOST)).toMatchObject({ status });
  });

  it.each([
    ['pc-q35-2.9', '10.1'],
    ['pc-q35-4.2', '10.2'],
    ['pc-q35-5.0', '11.0'],
  ])('names the release that removes %s: six years later, and none before 10.1', (machine, release) => {
    expect(judgeOneDomain(rule, { body: body(machine) }, NO_HOST)).toMatchObject({
      severity: 'minor',
      message: `QEMU ${release} and later do not know ${machine} any more`,
    });
  });

  it('says nothing where libvirt chooses', () => {
    expect(judgeOneDomain(rule, {}, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
