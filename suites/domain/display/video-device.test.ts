import { describe, expect, it } from 'vitest';

import { aPciDevice } from '../../../test/facts.ts';
import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import rule from './video-device.ts';

const NO_HOST = { pciDevices: NO_HOST_FACT };
const HOST = { pciDevices: { ok: true, value: [aPciDevice()] } } as const;
const MEMORY = "<shmem name='looking-glass'><model type='ivshmem-plain'/><size unit='M'>32</size></shmem>";
const SPICE = "<graphics type='spice' autoport='yes'/>";
const video = (model: string): string => `<video>\n<model type='${model}'/></video>`;
const cdrom = (file: string): string => `<disk type='file' device='cdrom'><source file='${file}'/></disk>`;

describe(rule.id, () => {
  it.each([
    ['none', video('none') + SPICE],
    ['nothing', ''],
    ['none for Looking Glass', MEMORY + SPICE + video('none')],
    ['vga for Looking Glass', MEMORY + SPICE + video('vga')],
  ])('passes %s', (_, devices) => expect(judgeOneDomain(rule, { devices }, HOST)).toMatchObject({ status: 'pass' }));

  it.each(['qxl', 'virtio', 'cirrus', 'bochs'])('fails on %s with Looking Glass', (model) => {
    const outcome = judgeOneDomain(rule, { devices: MEMORY + SPICE + video(model) }, NO_HOST);
    expect(outcome).toMatchObject({
      status: 'fail',
      message: `Looking Glass wants vga or none, and the emulated graphics card is ${model}`,
      evidence: [{ source: 'win11.xml:10', observed: `<model type='${model}'/>`, expected: "<model type='vga'/>" }],
    });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('is minor with a monitor at the GPU, also for the card that libvirt adds', () => {
    expect(judgeOneDomain(rule, { devices: video('qxl') }, HOST)).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: 'Windows has a second screen, qxl, which nobody sees (0000:01:00.0 is a GPU)',
    });
    expect(judgeOneDomain(rule, { devices: "<graphics type='vnc'/>" }, HOST)).toMatchObject({
      message: expect.stringMatching(/the one that libvirt adds to <graphics>, which only VNC shows/),
    });
    expect(judgeDomain(rule, { devices: video('qxl') + video('vga') }, HOST)).toHaveLength(2);
  });

  it('knows that installing needs a screen', () => {
    expect(judgeOneDomain(rule, { devices: video('qxl') + cdrom('/iso/Win11_24H2.iso') }, HOST)).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { devices: MEMORY + video('qxl') + cdrom('/iso/Win11_24H2.iso') }, HOST)).toMatchObject({
      severity: 'minor',
    });
    for (const devices of [cdrom('/iso/virtio-win-0.1.262.iso'), "<disk type='file' device='cdrom'/>"]) {
      expect(judgeOneDomain(rule, { devices: video('qxl') + devices }, HOST)).toMatchObject({ status: 'fail' });
    }
  });
});

describe('whether a GPU is passed', () => {
  it('is told by the host', () => {
    const networkCard = { pciDevices: { ok: true, value: [aPciDevice({ classCode: '020000' })] } } as const;
    expect(judgeOneDomain(rule, { devices: video('qxl') }, networkCard)).toMatchObject({
      status: 'not-applicable',
      message: 'none of the passed devices is a GPU',
    });
  });

  it('is left open without a host', () => {
    expect(judgeOneDomain(rule, { devices: video('qxl') }, NO_HOST)).toMatchObject({
      status: 'not-applicable',
      message: 'whether a passed device is a GPU only the host tells (--host, --from)',
    });
  });

  it.each([
    ['a hidden hypervisor', { body: "<features><kvm><hidden state='on'/></kvm></features>" }],
    [
      'its audio',
      { devices: "<hostdev mode='subsystem' type='pci'><source><address domain='0' bus='1' slot='0' function='1'/></source></hostdev>" },
    ],
    ['a slice of one', { devices: "<hostdev mode='subsystem' type='mdev' model='vfio-pci'/>" }],
    ['a ROM file', { devices: "<hostdev mode='subsystem' type='pci'><rom file='/gpu.rom'/></hostdev>" }],
  ])('can be seen by %s', (_, parts) => {
    const devices = video('qxl') + ('devices' in parts ? parts.devices : '');
    expect(judgeOneDomain(rule, { ...parts, devices }, NO_HOST)).toMatchObject({ status: 'fail' });
  });

  it.each([
    ['nothing is passed', { devices: video('qxl'), gpu: false }],
    ['the guest is no Windows', { devices: video('virtio'), os: null, name: 'debian' }],
  ])('does not matter where %s', (_, parts) => expect(judgeOneDomain(rule, parts, HOST)).toMatchObject({ status: 'not-applicable' }));
});
