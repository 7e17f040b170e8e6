import { describe, expect, it } from 'vitest';

import type { QemuVersion } from '../../../src/facts/qemu.ts';
import { fixed, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aLibvirt, aQemu } from '../../../test/facts.ts';
import rule from './kvmfr-syntax.ts';

const NO_HOST = { libvirt: NO_HOST_FACT, qemu: NO_HOST_FACT };
const KEYS = 'ivshmem-plain,id=shmem0,memdev=looking-glass';
const JSON_WORD = "{'driver':'ivshmem-plain','id':'shmem0','memdev':'looking-glass'}";

const libvirt = (version: readonly [number, number]) => ({ ok: true, value: aLibvirt({ version }) }) as const;
const qemu = (version: QemuVersion) => ({ ok: true, value: aQemu(version) }) as const;

function withDevice(value: string, given: { slot?: string; machine?: string; devices?: string; quote?: string } = {}) {
  const { slot, machine = 'pc-q35-9.2', devices = '', quote = '"' } = given;
  const port = `<controller type='pci' index='1' model='pcie-root-port'><address type='pci' domain='0x0000' bus='0x00' slot='${slot}' function='0x0'/></controller>`;
  return {
    attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
    devices: slot === undefined ? devices : port,
    body: `<os><type arch='x86_64' machine='${machine}'>hvm</type></os>
  <qemu:commandline>
    <qemu:arg value='-device'/>
    <qemu:arg value=${quote}${value}${quote}/>
  </qemu:commandline>`,
  };
}

describe(rule.id, () => {
  it('passes JSON', () => {
    expect(judgeOneDomain(rule, withDevice(JSON_WORD, { slot: '0x01' }), NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it('fails where the definition has another device in the slot, and names it', () => {
    const parts = withDevice(KEYS, { slot: '0x01' });
    expect(judgeOneDomain(rule, parts, NO_HOST)).toMatchObject({
      status: 'fail',
      message: 'QEMU puts ivshmem-plain into slot 1, which is that of <controller>: the domain does not start',
      evidence: [{ source: 'win11.xml:11', observed: `<qemu:arg value="${KEYS}"/>` }, { source: 'win11.xml:14' }],
    });
    expect(fixed(rule, parts, NO_HOST)).toContain(`<qemu:arg value="${JSON_WORD}"/>`);
    expect(fixed(rule, withDevice(KEYS, { slot: '0x01', quote: "'" }), NO_HOST)).toContain(
      `<qemu:arg value='${JSON_WORD.replaceAll("'", '"')}'/>`,
    );
  });

  it.each([
    ['another slot is taken', withDevice(KEYS, { slot: '0x02' })],
    ['it names a place of its own', withDevice(`${KEYS},addr=0x1d`, { slot: '0x01' })],
    ['slot 1 of an i440FX, where the ISA bridge is', withDevice(KEYS, { slot: '0x03', machine: 'pc-i440fx-9.2' })],
  ])('passes where %s', (_, parts) => expect(judgeOneDomain(rule, parts, NO_HOST)).toMatchObject({ status: 'pass' }));

  it('takes slot 2 of an i440FX', () => {
    expect(judgeOneDomain(rule, withDevice(KEYS, { slot: '0x02', machine: 'pc' }), NO_HOST)).toMatchObject({ status: 'fail' });
  });

  it('foresees what libvirt will do with a definition without addresses', () => {
    const q35 = judgeOneDomain(rule, withDevice(KEYS), NO_HOST);
    expect(q35).toMatchObject({ status: 'fail' });
    expect(q35).not.toHaveProperty('severity');
    expect(judgeOneDomain(rule, withDevice(KEYS, { machine: 'pc' }), NO_HOST)).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('knows that older versions write every device the same way', () => {
    const parts = withDevice(KEYS, { slot: '0x01' });
    expect(judgeOneDomain(rule, parts, { libvirt: libvirt([7, 8]), qemu: qemu([6, 2, 0]) })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, parts, { libvirt: libvirt([7, 9]), qemu: qemu([6, 1, 9]) })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, parts, { libvirt: libvirt([7, 9]), qemu: qemu([6, 2, 0]) })).toMatchObject({ status: 'fail' });
  });

  it('fails on JSON for a QEMU that has none', () => {
    expect(judgeOneDomain(rule, withDevice(JSON_WORD), { libvirt: libvirt([7, 0]), qemu: qemu([5, 2, 0]) })).toMatchObject({
      status: 'fail',
      message: 'QEMU 5.2.0 takes no JSON for -device',
    });
  });

  it('leaves options that it does not know to a person', () => {
    const outcome = judgeOneDomain(rule, withDevice(`${KEYS},bus=pcie.0`, { slot: '0x01' }), NO_HOST);
    expect(outcome).toMatchObject({ status: 'fail' });
    expect(outcome).not.toHaveProperty('edits');
  });

  it('says nothing of a definition without such a device', () => {
    expect(judgeOneDomain(rule, {}, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
