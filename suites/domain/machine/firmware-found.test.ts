import { describe, expect, it } from 'vitest';

import { aLibvirt, DEBIAN } from '../../../test/facts.ts';
import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aFirmwareDescriptor, someFirmwareDescriptors } from '../../../test/machine-facts.ts';
import type { DocumentFiles } from '../../../src/facts/document-files.ts';
import type { FirmwareDescriptors } from '../../../src/facts/firmware-descriptors.ts';
import { ABSENT, unreadable } from '../../../src/host/reading.ts';
import rule from './firmware-found.ts';

const body = (features = '', machine = 'q35'): string =>
  `<os firmware='efi'>\n    <type arch='x86_64' machine='${machine}'>hvm</type>${features}\n  </os>`;
const KEYS = "<firmware><feature enabled='yes' name='enrolled-keys'/></firmware>";
const SECURE = aFirmwareDescriptor();
const host = (descriptors = [SECURE], given: Partial<FirmwareDescriptors> = {}) => ({
  firmwareDescriptors: someFirmwareDescriptors(descriptors, given),
  platform: { ok: true as const, value: DEBIAN },
  libvirt: { ok: true as const, value: aLibvirt() },
  documentFiles: { ok: true as const, value: new Map([['/gone.fd', { stat: ABSENT, real: ABSENT }]]) satisfies DocumentFiles },
});
const file = (state: typeof ABSENT | ReturnType<typeof unreadable>) =>
  aFirmwareDescriptor('/a.fd', { nvramTemplate: { path: '/vars.fd', format: 'raw', file: state } });

describe(rule.id, () => {
  it('passes, and says what libvirt chooses', () => {
    expect(judgeOneDomain(rule, { body: body() }, host())).toMatchObject({
      status: 'pass',
      message: 'libvirt chooses /usr/share/OVMF/OVMF_CODE_4M.secboot.fd',
    });
  });

  it('fails when none has what is asked for, and shows those that are there', () => {
    expect(judgeOneDomain(rule, { body: body(KEYS) }, host())).toMatchObject({
      status: 'fail',
      message: 'no firmware of the host fits the machine and what is asked for: with enrolled-keys',
      evidence: [{ source: 'win11.xml:8' }, { source: SECURE.path, observed: expect.stringContaining('secure-boot') }],
      remedy: { steps: [{ run: 'apt install ovmf' }] },
    });
    expect(judgeOneDomain(rule, { body: body('', 'pc') }, host())).toMatchObject({ status: 'fail' });
    expect(judgeOneDomain(rule, { body: body() }, host([]))).toMatchObject({ status: 'fail' });
  });

  it('names a loader that no firmware of the host has, and leaves it to another rule before libvirt 9.2', () => {
    const elsewhere = body("<loader readonly='yes' type='pflash'>/usr/share/edk2/x64/OVMF_CODE.fd</loader>");
    expect(judgeOneDomain(rule, { body: elsewhere }, host())).toMatchObject({
      status: 'fail',
      message: 'no firmware of the host fits the machine and what is asked for: the loader /usr/share/edk2/x64/OVMF_CODE.fd',
      remedy: { summary: expect.stringContaining('Remove <loader>') },
    });
    const old = { ...host(), libvirt: { ok: true as const, value: aLibvirt({ version: [9, 0] }) } };
    expect(judgeOneDomain(rule, { body: elsewhere }, old)).toMatchObject({ status: 'not-applicable' });
  });

  it('heeds that libvirt before 9.2 chose without a look at System Management Mode', () => {
    const off = `${body()}<features><smm state='off'/></features>`;
    const plain = aFirmwareDescriptor('/plain.fd', { features: [] });
    const old = { ...host([SECURE, plain]), libvirt: { ok: true as const, value: aLibvirt({ version: [9, 0] }) } };
    expect(judgeOneDomain(rule, { body: off }, host([SECURE, plain]))).toMatchObject({
      status: 'pass',
      message: 'libvirt chooses /plain.fd',
    });
    expect(judgeOneDomain(rule, { body: off }, old)).toMatchObject({ status: 'fail', evidence: [{ expected: "<smm state='on'/>" }, {}] });
    expect(judgeOneDomain(rule, { body: body() }, old)).toMatchObject({ status: 'pass' });
  });

  it('fails when a descriptor is no JSON, or names what is not there', () => {
    const bad = [{ path: '/etc/qemu/firmware/x.json', kind: 'broken', detail: 'no JSON' }] as const;
    expect(judgeOneDomain(rule, { body: body() }, host([SECURE], { bad }))).toMatchObject({ status: 'fail' });
    expect(judgeOneDomain(rule, { body: body() }, host([file(ABSENT)]))).toMatchObject({
      status: 'fail',
      message: 'libvirt chooses /vars.fd, which is not there',
    });
  });

  it('passes nothing that it could not look at', () => {
    const bad = [{ path: '/etc/qemu/firmware/x.json', kind: 'hidden', detail: 'permission denied' }] as const;
    expect(judgeOneDomain(rule, { body: body() }, host([SECURE], { bad }))).toMatchObject({ status: 'unknown' });
    expect(judgeOneDomain(rule, { body: body() }, host([file(unreadable('denied', 'denied'))]))).toMatchObject({ status: 'unknown' });
  });

  it('leaves a loader that is not there to the rule about files, and judges one that no descriptor lists', () => {
    expect(judgeOneDomain(rule, { body: body('<loader>/gone.fd</loader>') }, host())).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: body('<loader>/mine.fd</loader>') }, host())).toMatchObject({ status: 'fail' });
  });

  it('says nothing where the definition names its firmware, or has a BIOS', () => {
    expect(judgeOneDomain(rule, { body: "<os><loader type='pflash'>/a.fd</loader></os>" }, host())).toMatchObject({
      status: 'not-applicable',
    });
    expect(judgeOneDomain(rule, {}, host())).toMatchObject({ status: 'not-applicable' });
  });
});
