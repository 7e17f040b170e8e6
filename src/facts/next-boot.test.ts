import { describe, expect, it } from 'vitest';

import { aKernel, anAudioFunction, aPciDevice, DEBIAN } from '../../test/facts.ts';
import { ABSENT, ok, type Reading, unreadable } from '../host/reading.ts';
import type { ProspectInput } from './binding-prospect.ts';
import type { DriverOverrides } from './driver-overrides.ts';
import { FactError } from './fact-error.ts';
import type { HostDriver } from './host-drivers.ts';
import type { InitramfsConfig } from './initramfs-config.ts';
import { parseModprobeFile } from './modprobe-config.ts';
import type { Modules } from './modules.ts';
import { predictBinding } from './next-boot.ts';

const had = <T>(value: T) => ({ ok: true, value }) as const;
const failed = (source: string) => ({ ok: false, error: new FactError({ source, reason: 'permission denied' }) }) as const;

const FILE = '/etc/modprobe.d/vfio.conf';
const IDS = 'options vfio-pci ids=10de:2684,10de:22ba\n';
const SOFTDEPS = 'softdep nouveau pre: vfio-pci\nsoftdep snd_hda_intel pre: vfio-pci\n';
const GPU = aPciDevice({ driver: ok('nouveau') });

function modprobe(text: string, unread: { source: string; reason: string }[] = []) {
  return had({ ...parseModprobeFile(text, FILE), files: [FILE], unread });
}

function initramfsTools(given: Partial<InitramfsConfig> = {}, early = true) {
  const modules = early ? [{ module: 'vfio_pci', file: '/etc/initramfs-tools/modules', line: 1, parameters: '' }] : [];
  return had({ mkinitcpio: null, dracut: null, initramfsTools: { modules }, loadedAtBoot: [], unread: [], ...given });
}

function image(modules: readonly string[], { files = ['vfio.conf'], newer = [] }: { files?: string[]; newer?: string[] } = {}) {
  const path = '/boot/initrd.img-6.12.0';
  return had({
    image: path,
    builtAtMs: 1000,
    modules: new Set(modules),
    modprobeFiles: new Set(files),
    newerFiles: newer,
    source: `lsinitramfs ${path}`,
  });
}

function drivers(...names: readonly (string | HostDriver)[]): Reading<readonly HostDriver[]> {
  return ok(names.map((name) => (typeof name === 'string' ? { module: name, dependencies: [], isBuiltIn: false } : name)));
}

const LOADABLE: Modules = {
  loaded: ok(new Set()),
  builtIn: ok(new Set()),
  onDisk: ok(new Set(['vfio_pci'])),
  folder: ok('/lib/modules/6.12.0'),
  installed: [],
};
const BUILT_IN: Modules = { ...LOADABLE, builtIn: ok(new Set(['vfio_pci'])) };
const NO_OVERRIDES: DriverOverrides = { overrides: [], scripts: [], isDriverctlInstalled: true, unread: [] };

function input(given: Partial<ProspectInput> & { rivals?: Reading<readonly HostDriver[]> } = {}): ProspectInput {
  const { rivals = drivers('nouveau'), ...rest } = given;
  return {
    kernel: aKernel('quiet'),
    modules: LOADABLE,
    modprobeConfig: modprobe(IDS),
    initramfsConfig: initramfsTools(),
    initramfsContent: image(['vfio_pci', 'nouveau']),
    driverOverrides: had(NO_OVERRIDES),
    hostDrivers: had([{ address: GPU.address, drivers: rivals }]),
    platform: had(DEBIAN),
    ...rest,
  };
}

const predict = (given: Parameters<typeof input>[0] = {}, device = GPU) => predictBinding(device, input(given));

describe('predictBinding', () => {
  it('sees vfio-pci first when ids and module are in the initramfs', () => {
    expect(predict()).toMatchObject({ kind: 'vfio', seen: [{ source: `${FILE}:1` }, { source: '/etc/initramfs-tools/modules:1' }, {}] });
  });

  it('names the driver that stands before vfio-pci in the list of the initramfs', () => {
    const file = '/etc/initramfs-tools/modules';
    const modules = ['nouveau', 'vfio_pci'].map((module, index) => ({ module, file, line: index + 1, parameters: '' }));
    expect(predict({ initramfsConfig: initramfsTools({ initramfsTools: { modules } }) })).toMatchObject({
      obstacle: 'loaded-late',
      detail: 'nouveau is loaded from the initramfs before vfio-pci',
      seen: [{}, { source: `${file}:1`, observed: 'nouveau' }],
    });
  });

  it('sees that nothing names the device', () => {
    expect(predict({ modprobeConfig: modprobe('') })).toMatchObject({ kind: 'other', obstacle: 'not-named' });
    expect(predict({ modprobeConfig: modprobe('options vfio-pci ids=10de:1111\n') })).toMatchObject({ obstacle: 'not-named' });
  });

  it('names an id that vfio-pci refuses', () => {
    expect(predict({ modprobeConfig: modprobe('options vfio-pci ids=10de-2684\n') })).toMatchObject({
      obstacle: 'not-named',
      detail: 'nothing gives 10de:2684 to vfio-pci, which does not understand "10de-2684"',
      seen: [{ source: `${FILE}:1` }],
    });
  });

  it('sees that a later list replaces the one that names it', () => {
    expect(predict({ modprobeConfig: modprobe(`${IDS}options vfio-pci ids=1022:149c\n`) })).toMatchObject({
      obstacle: 'ids-replaced',
      seen: [{ source: `${FILE}:1` }, { source: `${FILE}:2` }],
    });
    expect(predict({ kernel: aKernel('vfio-pci.ids=1022:149c') })).toMatchObject({
      obstacle: 'ids-replaced',
      seen: [{}, { source: '/proc/cmdline' }],
    });
  });

  it('knows that a built-in vfio-pci reads the command line only', () => {
    expect(predict({ modules: BUILT_IN })).toMatchObject({ kind: 'other', obstacle: 'ids-not-read' });
    expect(predict({ modules: BUILT_IN, kernel: aKernel('vfio-pci.ids=10de:2684') })).toMatchObject({ kind: 'vfio' });
  });

  it('knows that a built-in driver is there before any module', () => {
    const usb = aPciDevice({ classCode: '0c0330' });
    const rivals = drivers({ module: 'xhci_pci', dependencies: [], isBuiltIn: true });
    expect(predict({ rivals }, usb)).toMatchObject({ kind: 'other', obstacle: 'built-in-rival' });
    expect(predict({ rivals, modules: BUILT_IN, kernel: aKernel('vfio-pci.ids=10de:2684') }, usb)).toMatchObject({ kind: 'vfio' });
    expect(predict({ rivals, modules: BUILT_IN, kernel: aKernel('vfio-pci.ids=10de:2684') })).toMatchObject({ obstacle: 'built-in-rival' });
  });

  it('believes in an override by address, whatever the ids say', () => {
    const overrides = [{ address: GPU.address, driver: 'vfio-pci', source: `/etc/driverctl.d/pci-${GPU.address}` }];
    const given = { modprobeConfig: failed('x'), initramfsContent: failed('y') };
    expect(predict({ ...given, driverOverrides: had({ ...NO_OVERRIDES, overrides }) })).toMatchObject({ kind: 'vfio' });
    expect(predict({ driverOverrides: had({ ...NO_OVERRIDES, overrides, isDriverctlInstalled: false }) })).toMatchObject({
      obstacle: 'override-not-applied',
    });
    const other = [{ address: GPU.address, driver: 'nouveau', source: '/etc/udev/rules.d/x.rules' }];
    expect(predict({ driverOverrides: had({ ...NO_OVERRIDES, overrides: other }) })).toMatchObject({ obstacle: 'other-override' });
  });

  it('believes in a script, but not for the boot display when it spares that', () => {
    const scripts = [{ source: '/usr/local/bin/vfio.sh', addresses: [], picksByBootVga: true }];
    const given = { modprobeConfig: modprobe(''), driverOverrides: had({ ...NO_OVERRIDES, scripts }) };
    expect(predict(given)).toMatchObject({ kind: 'vfio' });
    expect(predict(given, aPciDevice({ bootVga: ok(true) }))).toMatchObject({ obstacle: 'not-named' });
  });

  it('sees that the image lacks the module, or the file with the ids', () => {
    expect(predict({ initramfsContent: image(['nouveau']) })).toMatchObject({ obstacle: 'not-in-initramfs', detail: /^vfio_pci/ });
    expect(predict({ initramfsContent: image(['vfio_pci'], { files: [] }) })).toMatchObject({ obstacle: 'not-in-initramfs' });
    const commandLine = aKernel('vfio-pci.ids=10de:2684');
    expect(predict({ kernel: commandLine, initramfsContent: image(['vfio_pci'], { files: [] }) })).toMatchObject({ kind: 'vfio' });
  });

  it('sees that the image is older than the configuration, unless the device is bound already', () => {
    const stale = { initramfsContent: image(['vfio_pci'], { newer: [FILE] }) };
    expect(predict(stale)).toMatchObject({ obstacle: 'not-in-initramfs' });
    expect(predict(stale, aPciDevice())).toMatchObject({ kind: 'vfio' });
  });

  it('knows that a driver before vfio_pci in the same list comes first', () => {
    const entry = { file: '/etc/mkinitcpio.conf', line: 7, parameters: '' };
    const modules = [
      { module: 'nouveau', ...entry },
      { module: 'vfio_pci', ...entry },
    ];
    const given = {
      initramfsConfig: initramfsTools({ mkinitcpio: { modules, hooks: [] } }),
      platform: had({ ...DEBIAN, initramfsTool: 'mkinitcpio' as const }),
    };
    expect(predict(given)).toMatchObject({ obstacle: 'loaded-late' });
  });

  describe('without vfio-pci in the initramfs', () => {
    const late = { initramfsConfig: initramfsTools({}, false) };

    it('a soft dependency is enough when the other driver is not in the image', () => {
      expect(predict({ ...late, modprobeConfig: modprobe(IDS + SOFTDEPS), initramfsContent: image([]) })).toMatchObject({ kind: 'vfio' });
    });

    it('a soft dependency must be in the image when the other driver is', () => {
      const given = { ...late, modprobeConfig: modprobe(IDS + SOFTDEPS) };
      expect(predict({ ...given, initramfsContent: image(['nouveau', 'vfio_pci']) })).toMatchObject({ kind: 'vfio' });
      expect(predict({ ...given, initramfsContent: image(['nouveau']) })).toMatchObject({ obstacle: 'not-in-initramfs' });
    });

    it('a soft dependency of what the driver depends on counts', () => {
      const rivals = drivers({ module: 'nouveau', dependencies: ['drm', 'ttm'], isBuiltIn: false });
      const given = { ...late, rivals, modprobeConfig: modprobe(`${IDS}softdep drm pre: vfio-pci\n`), initramfsContent: image([]) };
      expect(predict(given)).toMatchObject({ kind: 'vfio' });
    });

    it('any driver that does not wait can win', () => {
      const rivals = drivers('nouveau', 'nvidia');
      expect(predict({ ...late, rivals, modprobeConfig: modprobe(IDS + SOFTDEPS) })).toMatchObject({
        obstacle: 'loaded-late',
        detail: 'nvidia can be loaded before vfio-pci',
      });
      const blacklisted = modprobe(`${IDS + SOFTDEPS}blacklist nvidia\n`);
      expect(predict({ ...late, rivals, modprobeConfig: blacklisted, initramfsContent: image([]) })).toMatchObject({ kind: 'vfio' });
    });

    it('blacklisting alone loads nothing', () => {
      const given = { ...late, modprobeConfig: modprobe(`${IDS}blacklist nouveau\n`) };
      expect(predict(given)).toMatchObject({ obstacle: 'not-loaded' });
      const loadedAtBoot = [{ module: 'vfio_pci', file: '/etc/modules', line: 1, parameters: '' }];
      expect(predict({ ...given, initramfsConfig: initramfsTools({ loadedAtBoot }, false) })).toMatchObject({ kind: 'vfio' });
    });

    it('loading at boot alone races with the other driver', () => {
      const loadedAtBoot = [{ module: 'vfio_pci', file: '/etc/modules', line: 1, parameters: '' }];
      expect(predict({ initramfsConfig: initramfsTools({ loadedAtBoot }, false) })).toMatchObject({ obstacle: 'loaded-late' });
    });
  });

  it('reads the ids that initramfs-tools gives to modprobe', () => {
    const modules = [{ module: 'vfio_pci', file: '/etc/initramfs-tools/modules', line: 3, parameters: 'ids=10de:2684' }];
    expect(predict({ modprobeConfig: modprobe(''), initramfsConfig: initramfsTools({ initramfsTools: { modules } }) })).toMatchObject({
      kind: 'vfio',
      seen: [{ source: '/etc/initramfs-tools/modules:3' }, {}, {}],
    });
  });

  it('judges each function by its own drivers', () => {
    const audio = anAudioFunction({ driver: ok('snd_hda_intel') });
    const hostDrivers = had([{ address: audio.address, drivers: drivers('snd_hda_intel') }]);
    expect(predict({ hostDrivers, initramfsConfig: initramfsTools({}, false) }, audio)).toMatchObject({ obstacle: 'loaded-late' });
  });

  it.each<[string, Parameters<typeof input>[0]]>([
    ['modprobe.d', { modprobeConfig: failed('/etc/modprobe.d') }],
    ['a file of modprobe.d that could name it', { modprobeConfig: modprobe('', [{ source: FILE, reason: 'permission denied' }]) }],
    ['the content of the initramfs', { initramfsContent: failed('/boot/initrd.img-6.12.0') }],
    ['the tool that builds it', { platform: failed('/etc/os-release') }],
    ['its configuration', { initramfsConfig: failed('/etc/initramfs-tools/modules') }],
    ['overrides, when nothing else names it', { modprobeConfig: modprobe(''), driverOverrides: failed('/etc/driverctl.d') }],
    ['the drivers of the kernel', { rivals: unreadable('not-recorded', 'not recorded') }],
    ['the drivers of a kernel that was replaced', { rivals: ABSENT }],
    ['whether vfio-pci is built in', { modules: { ...LOADABLE, builtIn: unreadable('not-recorded', 'x'), onDisk: ABSENT } }],
  ])('does not know without %s', (_name, given) => {
    expect(predict(given)).toMatchObject({ kind: 'unknown' });
  });
});
