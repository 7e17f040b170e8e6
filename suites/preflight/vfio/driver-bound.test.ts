import { describe, expect, it } from 'vitest';

import type { Displays } from '../../../src/facts/displays.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import { EMPTY_MODPROBE_CONFIG, parseModprobeFile } from '../../../src/facts/modprobe-config.ts';
import type { SelectedGpu } from '../../../src/facts/passthrough.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import { aDomain, aGpu, aKernel, anAudioFunction, anIommu, aPassthrough, aPciDevice, DEBIAN } from '../../../test/facts.ts';
import check from './driver-bound.ts';

const had = <T>(value: T) => ({ ok: true, value }) as const;
const failed = { ok: false, error: new FactError({ source: '/sys/class/drm', reason: 'not recorded' }) } as const;
const FILE = '/etc/modprobe.d/vfio.conf';

const WIN11 = aDomain({ pciDevices: ['0000:01:00.0', '0000:01:00.1'].map((address) => ({ address, managed: true })) });
const MANAGED = { isManaged: true, domains: ['win11'] };

const DARK: Displays = {
  cards: ok([
    { name: 'card1', device: '0000:01:00.0', connectors: [{ name: 'card1-DP-1', status: ok('disconnected'), isEnabled: ok(false) }] },
  ]),
  framebuffers: ok([]),
  consoles: ok([]),
  firmwareFramebuffers: ok([]),
  kernelConsoles: ok([]),
  sessions: ok([]),
};
const LIT: Displays = {
  ...DARK,
  cards: ok([
    { name: 'card1', device: '0000:01:00.0', connectors: [{ name: 'card1-DP-1', status: ok('connected'), isEnabled: ok(true) }] },
  ]),
};

type Facts = Parameters<typeof check.evaluate>[0];

function judge(gpu: SelectedGpu, given: Partial<Facts> = {}) {
  const outcomes = check.evaluate({
    passthrough: aPassthrough([gpu]),
    pciDevices: gpu.functions,
    displays: had(DARK),
    domains: had([{ definition: WIN11, state: 'shut off' }]),
    iommu: had(anIommu()),
    libvirtHooks: had({ qemu: ok([]) }),
    modprobeConfig: had(EMPTY_MODPROBE_CONFIG),
    kernel: had(aKernel()),
    modules: failed,
    platform: had(DEBIAN),
    ...given,
  });
  return 'status' in outcomes ? [] : outcomes;
}

const one = (driver: string | null, given: Partial<Facts> = {}, gpu: Partial<SelectedGpu> = {}) =>
  judge(aGpu([aPciDevice({ driver: driver === null ? ABSENT : ok(driver) })], gpu), given)[0]?.outcome;

function steps(given: Partial<Facts>, gpu = aGpu([aPciDevice({ driver: ok('nouveau') }), anAudioFunction()])) {
  const outcome = judge(gpu, given)[0]?.outcome;
  return outcome !== undefined && 'remedy' in outcome ? (outcome.remedy.steps ?? []) : [];
}

describe(check.id, () => {
  it('leaves a free function to iommu/enabled while no IOMMU is in force, because vfio-pci cannot take it', () => {
    const iommu = had(anIommu({ instances: [], groups: [] }));
    expect(one(null, { iommu, domains: had([]) })).toMatchObject({ status: 'not-applicable' });
    expect(one('nouveau', { iommu, domains: had([]) })).toMatchObject({ status: 'fail' });
  });

  it('passes each function that vfio-pci or a variant of it holds', () => {
    expect(judge(aGpu())).toMatchObject([
      { subject: '0000:01:00.0', outcome: { status: 'pass', evidence: [{ observed: 'vfio-pci' }] } },
      { subject: '0000:01:00.1', outcome: { status: 'pass' } },
    ]);
    expect(one('nvgrace-gpu-vfio-pci')).toMatchObject({ status: 'pass' });
  });

  it('names the function that is not bound, and why', () => {
    const gpu = aGpu([aPciDevice(), anAudioFunction({ driver: ok('snd_hda_intel') })]);
    expect(judge(gpu)[1]).toMatchObject({
      subject: '0000:01:00.1',
      outcome: {
        status: 'fail',
        severity: 'blocker',
        message: '0000:01:00.1 (audio) is held by snd_hda_intel: nothing gives 10de:22ba to vfio-pci',
        evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.1/driver', observed: 'snd_hda_intel', expected: 'vfio-pci' }],
      },
    });
  });

  it('says that another driver was loaded first when the id is there', () => {
    const modprobeConfig = had({ ...EMPTY_MODPROBE_CONFIG, ...parseModprobeFile('options vfio-pci ids=10de:2684\n', FILE) });
    expect(one('nouveau', { modprobeConfig })).toMatchObject({
      message: '0000:01:00.0 (graphics) is held by nouveau: it was loaded before vfio-pci',
      evidence: [{}, { source: `${FILE}:1` }],
    });
  });

  it('says that a built-in driver was there first', () => {
    const modules = had({
      loaded: ok(new Set<string>()),
      builtIn: ok(new Set(['xhci_pci'])),
      onDisk: ABSENT,
      folder: ABSENT,
      installed: [],
    });
    const usb = aPciDevice({ address: '0000:01:00.2', classCode: '0c0330', driver: ok('xhci_hcd') });
    expect(judge(aGpu([usb]), { modules })[0]?.outcome).toMatchObject({
      message: expect.stringContaining('xhci_pci is built into the kernel'),
    });
  });

  it('fails without any driver when libvirt does not manage it', () => {
    expect(one(null)).toMatchObject({ status: 'fail', message: '0000:01:00.0 (graphics) is not bound to vfio-pci: it has no driver' });
    expect(one('pci-stub')).toMatchObject({ status: 'fail', message: expect.stringContaining('pci-stub holds it') });
  });

  describe('when libvirt manages the devices', () => {
    it('is major as long as nothing else uses them', () => {
      expect(one('nouveau', {}, MANAGED)).toMatchObject({
        status: 'fail',
        severity: 'major',
        message: '0000:01:00.0 (graphics) is held by nouveau until libvirt takes it when the virtual machine starts',
      });
      const gpu = aGpu([anAudioFunction({ driver: ok('snd_hda_intel') })], MANAGED);
      expect(judge(gpu, { displays: failed })[0]?.outcome).toMatchObject({ status: 'fail', severity: 'major' });
    });

    it('passes a device without driver', () => {
      expect(one(null, {}, MANAGED)).toMatchObject({ status: 'pass' });
    });

    it('stays a blocker when the driver shows a picture', () => {
      const pciDevices = [aPciDevice({ driver: ok('amdgpu') }), aPciDevice({ address: '0000:00:02.0', driver: ok('i915') })];
      expect(one('amdgpu', { displays: had(LIT), pciDevices }, MANAGED)).toMatchObject({
        status: 'fail',
        severity: 'blocker',
        evidence: [{}, { source: '/sys/class/drm/card1-DP-1' }],
      });
    });

    it('could not look when the outputs are hidden', () => {
      expect(one('amdgpu', { displays: failed }, MANAGED)).toMatchObject({ status: 'unknown' });
      expect(one('nvidia', { displays: had({ ...DARK, cards: ok([]) }) }, MANAGED)).toMatchObject({ status: 'unknown' });
    });

    it('needs no look at the outputs when libvirt does not manage it', () => {
      expect(one('amdgpu', { displays: failed })).toMatchObject({ status: 'fail', severity: 'blocker' });
    });

    it('is a blocker for a function that no domain is given', () => {
      const definition = aDomain({ pciDevices: [{ address: '0000:01:00.0', managed: true }] });
      const gpu = aGpu([aPciDevice(), anAudioFunction({ driver: ok('snd_hda_intel') })], { isManaged: true, domains: ['win11'] });
      expect(judge(gpu, { domains: had([{ definition, state: 'shut off' }]) })[1]?.outcome).toMatchObject({
        status: 'fail',
        severity: 'blocker',
      });
    });
  });

  it("leaves a function that stands in nobody's way to all-functions", () => {
    const definition = aDomain({ pciDevices: [{ address: '0000:01:00.0', managed: true }] });
    const usb = aPciDevice({ address: '0000:01:00.2', classCode: '0c0330', driver: ok('xhci_hcd'), iommuGroup: ok('29') });
    const gpu = aGpu([aPciDevice(), usb], { isManaged: true, domains: ['win11'] });
    expect(judge(gpu, { domains: had([{ definition, state: 'shut off' }]) })[1]?.outcome).toMatchObject({
      status: 'not-applicable',
      message: expect.stringContaining('preflight/gpu/all-functions'),
    });
    const unused = aGpu([aPciDevice(), anAudioFunction({ driver: ABSENT })]);
    expect(judge(unused, { domains: had([]) })[1]?.outcome).toMatchObject({ status: 'not-applicable' });
    const graphics = aGpu([aPciDevice({ driver: ABSENT }), anAudioFunction()]);
    expect(judge(graphics, { domains: had([]) })[0]?.outcome).toMatchObject({ status: 'fail' });
  });

  describe('when the GPU is the only display', () => {
    const single = aGpu([aPciDevice({ driver: ok('nvidia') }), anAudioFunction({ driver: ok('snd_hda_intel') })]);
    const lit = { displays: had(LIT), domains: had([]) };

    it('leaves it to not-host-display, and never says to bind it at boot', () => {
      for (const qemu of [ok(['/etc/libvirt/hooks/qemu']), ok([]), unreadable('denied', 'permission denied')]) {
        for (const { outcome } of judge(single, { ...lit, libvirtHooks: had({ qemu }) })) {
          expect(outcome).toMatchObject({ status: 'not-applicable', message: expect.stringContaining('gpu/not-host-display') });
        }
      }
    });

    it('judges what vfio-pci is told to take at the next boot', () => {
      const modprobeConfig = had({ ...EMPTY_MODPROBE_CONFIG, ...parseModprobeFile('options vfio-pci ids=10de:2684\n', FILE) });
      expect(judge(single, { ...lit, modprobeConfig })[0]?.outcome).toMatchObject({ status: 'fail', severity: 'blocker' });
    });

    it('excuses nothing where another display could have served', () => {
      const pciDevices = [...single.functions, aPciDevice({ address: '0000:00:02.0', driver: ok('i915') })];
      const libvirtHooks = had({ qemu: ok(['/etc/libvirt/hooks/qemu']) });
      expect(judge(single, { ...lit, libvirtHooks, pciDevices })[0]?.outcome).toMatchObject({ status: 'fail', severity: 'blocker' });
    });
  });

  it('is a blocker while a card is divided, whoever manages it', () => {
    const gpu = aGpu([aPciDevice({ driver: ok('nvidia'), classCode: '030200', totalVfs: 32, numVfs: 4 })], MANAGED);
    expect(judge(gpu)[0]?.outcome).toMatchObject({
      status: 'fail',
      message: '0000:01:00.0 has 4 virtual functions, and vfio-pci refuses a device that is divided',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs', observed: '4', expected: '0' }],
    });
  });

  it('could not look when libvirt, which may manage the device, does not answer', () => {
    expect(one('snd_hda_intel', { domains: failed })).toMatchObject({ status: 'unknown' });
    expect(one(null, { domains: failed })).toMatchObject({ status: 'unknown' });
    const pciDevices = [aPciDevice(), aPciDevice({ address: '0000:00:02.0', driver: ok('i915') })];
    expect(one('amdgpu', { domains: failed, displays: had(LIT), pciDevices })).toMatchObject({ status: 'fail', severity: 'blocker' });
    expect(one('vfio-pci', { domains: failed })).toMatchObject({ status: 'pass' });
  });

  it('could not look when the driver was not recorded', () => {
    const gpu = aGpu([aPciDevice({ driver: unreadable('not-recorded', 'not recorded') })]);
    expect(judge(gpu)[0]?.outcome).toMatchObject({ status: 'unknown', evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/driver' }] });
  });

  it('has nothing to judge without a GPU', () => {
    expect(
      check.evaluate({
        passthrough: aPassthrough([]),
        pciDevices: [],
        displays: failed,
        domains: failed,
        iommu: failed,
        libvirtHooks: failed,
        modprobeConfig: failed,
        kernel: failed,
        modules: failed,
        platform: failed,
      }),
    ).toEqual([]);
  });

  describe('the fix', () => {
    it('names all functions in one list, and loads vfio-pci early', () => {
      expect(steps({})).toContainEqual({ file: FILE, line: 'options vfio-pci ids=10de:2684,10de:22ba' });
      expect(steps({})).toContainEqual({ file: '/etc/initramfs-tools/modules', line: 'vfio_pci' });
    });

    it('extends the list that is in force', () => {
      const text = 'options vfio-pci ids=1022:149c\n';
      const modprobeConfig = had({ ...EMPTY_MODPROBE_CONFIG, ...parseModprobeFile(text, '/etc/modprobe.d/usb.conf') });
      expect(steps({ modprobeConfig })).toContainEqual({
        file: '/etc/modprobe.d/usb.conf',
        line: 'options vfio-pci ids=1022:149c,10de:2684,10de:22ba',
      });
      const commandLine = steps({ kernel: had(aKernel('vfio-pci.ids=1022:149c')) });
      expect(JSON.stringify(commandLine)).toContain('vfio-pci.ids=1022:149c,10de:2684,10de:22ba');
    });

    it('goes by address when the host has the same card', () => {
      const gpu = aGpu([aPciDevice({ driver: ok('nouveau') })]);
      const pciDevices = [...gpu.functions, aPciDevice({ address: '0000:02:00.0' })];
      expect(steps({ pciDevices }, gpu)).toContainEqual({ run: 'driverctl set-override 0000:01:00.0 vfio-pci' });
    });

    it.each([
      ['debian', 'apt install driverctl'],
      ['arch', 'from the AUR'],
      ['opensuse', 'from the packages of the distribution'],
      ['nixos', 'boot.initrd.preDeviceCommands'],
    ] as const)('by address is that of %s', (distribution, text) => {
      const gpu = aGpu([aPciDevice({ driver: ok('nouveau') })]);
      const pciDevices = [...gpu.functions, aPciDevice({ address: '0000:02:00.0' })];
      expect(JSON.stringify(steps({ pciDevices, platform: had({ ...DEBIAN, distribution }) }, gpu))).toContain(text);
    });

    it('goes by address where the other driver is built in, because no id can win', () => {
      const builtIn = ok(new Set(['xhci_pci']));
      const modules = had({ loaded: ok(new Set<string>()), builtIn, onDisk: ABSENT, folder: ABSENT, installed: [] });
      const usb = aGpu([aPciDevice({ address: '0000:01:00.2', classCode: '0c0330', driver: ok('xhci_hcd') })]);
      expect(steps({ modules }, usb)).toContainEqual({ run: 'driverctl set-override 0000:01:00.2 vfio-pci' });
    });
  });
});
