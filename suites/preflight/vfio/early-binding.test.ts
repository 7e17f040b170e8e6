import { describe, expect, it } from 'vitest';

import { notKnown, type Prospect, willBind, willNotBind } from '../../../src/facts/binding-prospect.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { InitramfsConfig } from '../../../src/facts/initramfs-config.ts';
import { EMPTY_MODPROBE_CONFIG } from '../../../src/facts/modprobe-config.ts';
import type { SelectedGpu } from '../../../src/facts/passthrough.ts';
import { ABSENT, ok } from '../../../src/host/reading.ts';
import {
  aDisplayCard,
  aDomain,
  aGpu,
  aKernel,
  anAudioFunction,
  aPassthrough,
  aPciDevice,
  DEBIAN,
  someDisplays,
} from '../../../test/facts.ts';
import check from './early-binding.ts';

const had = <T>(value: T) => ({ ok: true, value }) as const;
const failed = { ok: false, error: new FactError({ source: 'x', reason: 'not recorded' }) } as const;
const IDS = { source: '/etc/modprobe.d/vfio.conf:1', observed: 'vfio-pci ids=… 10de:2684' };

type Facts = Parameters<typeof check.evaluate>[0];

function judge(prospect: Prospect, given: Partial<Facts> = {}, gpu: SelectedGpu = aGpu([aPciDevice()])) {
  const outcomes = check.evaluate({
    passthrough: aPassthrough([gpu]),
    nextBoot: [{ address: '0000:01:00.0', prospect }],
    pciDevices: gpu.functions,
    displays: failed,
    domains: failed,
    modprobeConfig: had(EMPTY_MODPROBE_CONFIG),
    initramfsConfig: failed,
    libvirtHooks: failed,
    kernel: had(aKernel()),
    modules: failed,
    platform: had(DEBIAN),
    ...given,
  });
  return 'status' in outcomes ? [] : outcomes;
}

function named(module: string): InitramfsConfig {
  const modules = [{ module, file: '/etc/initramfs-tools/modules', line: 4, parameters: '' }];
  return { mkinitcpio: null, dracut: null, initramfsTools: { modules }, loadedAtBoot: [], unread: [] };
}

describe(check.id, () => {
  it('passes with what makes it so', () => {
    expect(judge(willBind(IDS))).toMatchObject([{ subject: '0000:01:00.0', outcome: { status: 'pass', evidence: [IDS] } }]);
  });

  it('finds what is bound now and will not be', () => {
    expect(judge(willNotBind('not-named', 'nothing gives 10de:2684 to vfio-pci', IDS))[0]?.outcome).toMatchObject({
      status: 'fail',
      message: '0000:01:00.0 (graphics) is bound now, but not after the next boot: nothing gives 10de:2684 to vfio-pci',
      evidence: [IDS],
      remedy: { steps: expect.arrayContaining([{ file: '/etc/modprobe.d/vfio.conf', line: 'options vfio-pci ids=10de:2684' }]) },
    });
  });

  it.each([
    ['built-in-rival', 'driverctl set-override 0000:01:00.0 vfio-pci'],
    ['loaded-late', '/etc/initramfs-tools/modules'],
    ['not-in-initramfs', 'update-initramfs'],
    ['ids-replaced', 'options vfio-pci ids=10de:2684'],
  ] as const)('has a fix for %s', (obstacle, fix) => {
    const outcome = judge(willNotBind(obstacle, 'x', IDS))[0]?.outcome;
    expect(JSON.stringify(outcome)).toContain(fix);
  });

  it('could not look when the prediction lacks something', () => {
    expect(judge(notKnown('/boot/initrd.img-6.12.0', 'permission denied'))[0]?.outcome).toMatchObject({
      status: 'unknown',
      evidence: [{ source: '/boot/initrd.img-6.12.0' }],
    });
  });

  it('is not applicable when libvirt manages the device and nothing else uses it', () => {
    const prospect = willNotBind('not-named', 'x', IDS);
    const free = aGpu([aPciDevice({ driver: ABSENT })], { isManaged: true });
    expect(judge(prospect, {}, free)[0]?.outcome).toMatchObject({ status: 'not-applicable' });
    const hidden = aGpu([aPciDevice({ driver: ok('amdgpu') })], { isManaged: true });
    expect(judge(prospect, {}, hidden)[0]?.outcome).toMatchObject({ status: 'unknown' });
  });

  it('still says what the next boot does where the owner binds early what libvirt manages', () => {
    const bound = aGpu([aPciDevice()], { isManaged: true });
    expect(judge(willBind(IDS), {}, bound)[0]?.outcome).toMatchObject({ status: 'pass' });
    expect(judge(willNotBind('not-in-initramfs', 'x', IDS), {}, bound)[0]?.outcome).toMatchObject({ status: 'fail', severity: 'minor' });
    expect(judge(willNotBind('not-named', 'x', IDS), {}, bound)[0]?.outcome).toMatchObject({ status: 'not-applicable' });
    expect(judge(notKnown('x', 'y'), {}, bound)[0]?.outcome).toMatchObject({ status: 'not-applicable' });
  });

  it('never asks to bind the only display of a host at boot', () => {
    const single = aGpu([aPciDevice({ driver: ok('nvidia') })]);
    const lit = { displays: had(someDisplays({ cards: aDisplayCard('0000:01:00.0') })), domains: had([]) };
    expect(judge(willNotBind('not-named', 'x', IDS), lit, single)[0]?.outcome).toMatchObject({ status: 'not-applicable' });
    expect(judge(willNotBind('loaded-late', 'x', IDS), lit, single)[0]?.outcome).toMatchObject({ status: 'fail' });
    const second = [...single.functions, aPciDevice({ address: '0000:00:02.0', driver: ok('i915') })];
    const beside = { ...lit, pciDevices: second };
    expect(judge(willNotBind('not-named', 'x', IDS), beside, single)[0]?.outcome).toMatchObject({ status: 'fail' });
  });

  it('does not ask it of a running machine either, to which a hook gave the only display', () => {
    const hook = { domains: had([]), libvirtHooks: had({ qemu: ok(['/etc/libvirt/hooks/qemu']) }) };
    expect(judge(willNotBind('not-named', 'x', IDS), hook)[0]?.outcome).toMatchObject({ status: 'not-applicable' });
    const none = { ...hook, libvirtHooks: had({ qemu: ok([]) }) };
    expect(judge(willNotBind('not-named', 'x', IDS), none)[0]?.outcome).toMatchObject({ status: 'fail' });
  });

  it('leaves a function alone that no machine is given and that has a group of its own', () => {
    const usb = anAudioFunction({ driver: ok('xhci_hcd'), iommuGroup: ok('29') });
    const definition = aDomain({ pciDevices: [{ address: '0000:01:00.0', managed: true }] });
    const gpu = aGpu([aPciDevice(), usb], { isManaged: true, domains: ['win11'] });
    const outcome = judge(willBind(IDS), { domains: had([{ definition, state: 'shut off' }]) }, gpu)[1]?.outcome;
    expect(outcome).toMatchObject({ status: 'not-applicable', message: expect.stringContaining('gpu/all-functions') });
  });

  it('could not look when libvirt, which may manage the device, does not answer', () => {
    const free = aGpu([aPciDevice({ driver: ABSENT })]);
    expect(judge(willNotBind('not-named', 'x', IDS), {}, free)[0]?.outcome).toMatchObject({
      status: 'unknown',
      evidence: [{ source: 'x' }],
    });
    expect(judge(willBind(IDS), {}, free)[0]?.outcome).toMatchObject({ status: 'pass' });
  });

  it('has nothing to judge without a GPU', () => {
    const nothing = {
      displays: failed,
      domains: failed,
      modprobeConfig: failed,
      initramfsConfig: had(named('vfio_virqfd')),
      libvirtHooks: failed,
      kernel: failed,
      modules: failed,
    };
    expect(check.evaluate({ passthrough: aPassthrough([]), nextBoot: [], pciDevices: [], platform: had(DEBIAN), ...nothing })).toEqual([]);
  });

  describe('vfio_virqfd', () => {
    it('fails from Linux 6.2 on', () => {
      const outcomes = judge(willBind(IDS), { initramfsConfig: had(named('vfio_virqfd')), kernel: had(aKernel('', '6.2.0')) });
      expect(outcomes[1]).toMatchObject({
        subject: '/etc/initramfs-tools/modules',
        outcome: { status: 'fail', evidence: [{ source: '/etc/initramfs-tools/modules:4', observed: 'vfio_virqfd' }] },
      });
    });

    it('is right before, and when the kernel has it all the same', () => {
      const initramfsConfig = had(named('vfio_virqfd'));
      expect(judge(willBind(IDS), { initramfsConfig, kernel: had(aKernel('', '6.1.0')) })).toHaveLength(1);
      const modules = had({ loaded: ABSENT, builtIn: ABSENT, folder: ABSENT, installed: [], onDisk: ok(new Set(['vfio_virqfd'])) });
      expect(judge(willBind(IDS), { initramfsConfig, modules })).toHaveLength(1);
      expect(judge(willBind(IDS), { initramfsConfig, kernel: failed })[1]?.outcome).toMatchObject({ status: 'unknown' });
    });

    it('does not matter in the configuration of a tool that is not in charge', () => {
      const platform = had({ ...DEBIAN, initramfsTool: 'dracut' as const });
      expect(judge(willBind(IDS), { initramfsConfig: had(named('vfio_virqfd')), platform })).toHaveLength(1);
    });
  });
});
