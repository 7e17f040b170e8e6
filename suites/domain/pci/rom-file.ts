import type { DomainDocument } from '../../../src/domain/document.ts';
import { hostDevices, type HostDevice } from '../../../src/domain/host-devices.ts';
import type { Spot } from '../../../src/domain/locate.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Outcome, type Severity } from '../../../src/engine/outcome.ts';
import type { LintedRom } from '../../../src/facts/linted-roms.ts';
import type { OptionRom } from '../../../src/facts/option-rom.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { isGpu } from '../../../src/facts/gpu-devices.ts';
import { hintAboutList } from '../../../src/facts/file-access.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';

export default defineDomainRule({
  id: 'domain/pci/rom-file',
  title: 'Each ROM file is there, QEMU can read it, and it fits the device and the firmware of the guest',
  severity: 'blocker',
  host: ['lintedRoms'],
  wantsHost: ['pciDevices'],
  applies: [(document) => (hostDevices(document).some(hasFile) ? null : 'no device is given a ROM file')],
  why: 'QEMU does not start without a ROM file that it is told to use. One that is something else is ignored by the firmware of the guest: the screen stays black until the driver comes up.',
  sources: [
    'https://libvirt.org/formatdomain.html#host-device-assignment',
    'https://uefi.org/specs/UEFI/2.10/14_Protocols_PCI_Bus_Support.html',
  ],
  evaluate(document, { lintedRoms, pciDevices }) {
    const byPath = new Map(lintedRoms.map((rom) => [rom.path, rom]));
    const byAddress = new Map((pciDevices.ok ? pciDevices.value : []).map((device) => [device.address, device]));
    return hostDevices(document).flatMap((given): readonly Outcome[] => {
      const path = attribute(given.rom, 'file');
      if (given.rom === undefined || path === null) return [];
      const spot = { element: given.rom, attribute: 'file' };
      if (!path.startsWith('/')) return [relative(document, spot, path)];
      const rom = byPath.get(path);
      if (rom === undefined) return [couldNotLook(path, 'too many ROM files', 'Look at the file by hand')];
      return [judge(document, { given, spot, rom, device: byAddress.get(given.address ?? '') })];
    });
  },
});

function hasFile({ rom }: HostDevice): boolean {
  return attribute(rom, 'file') !== null;
}

interface Situation {
  readonly given: HostDevice;
  readonly spot: Spot;
  readonly rom: LintedRom;
  readonly device: PciDevice | undefined;
}

function judge(document: DomainDocument, situation: Situation): Outcome {
  const { spot, rom } = situation;
  const { path, stat, reach } = rom;
  const remedy = xmlRemedy(document, 'Put the file there, or remove the <rom> element: most cards need none');
  if (stat.state === 'absent')
    return failAt(document, spot, `there is no ROM file ${path}`, { remedy, evidence: [{ source: path, observed: 'not there' }] });
  if (stat.state === 'unreadable') return couldNotLook(path, stat.detail, 'Run passcheck as root');
  if (stat.value.kind !== 'file')
    return failAt(document, spot, `${path} is a ${stat.value.kind}, not a ROM file`, {
      remedy,
      evidence: [{ source: path, observed: stat.value.kind }],
    });
  if (reach?.state === 'blocked') return blocked(document, situation, reach.at);
  if (rom.rom.state !== 'ok')
    return couldNotLook(path, rom.rom.state === 'absent' ? 'it vanished' : rom.rom.detail, 'Run passcheck as root');
  const fault = faultOf(document, situation, rom.rom.value);
  if (fault === null && reach?.state === 'unknown')
    return couldNotLook(reach.at, reach.reason, hintAboutList(reach, `may ${rom.user ?? 'QEMU'} read?`), 'major');
  if (fault === null) return passAt(document, spot);
  return failAt(document, spot, fault.message, {
    remedy: xmlRemedy(document, fault.advice),
    evidence: [{ source: path, observed: fault.observed }],
    severity: fault.severity,
  });
}

function blocked(document: DomainDocument, { spot, rom: { path, user } }: Situation, at: string): Outcome {
  return failAt(document, spot, `${user ?? 'the user of QEMU'} may not read ${path}`, {
    evidence: [{ source: at, observed: 'its mode refuses' }],
    remedy: {
      ...xmlRemedy(document, 'Move the file to a folder that QEMU may read'),
      steps: [{ run: `install -D -m 0644 ${shellWord(path)} /usr/share/vgabios/${shellWord(path.slice(path.lastIndexOf('/') + 1))}` }],
    },
  });
}

interface Fault {
  readonly message: string;
  readonly observed: string;
  readonly advice: string;
  readonly severity: Severity;
}

function faultOf(document: DomainDocument, { rom: { path }, device }: Situation, rom: OptionRom): Fault | null {
  if (rom.kind === 'empty')
    return { message: `${path} is empty, and QEMU refuses that`, observed: '0 bytes', advice: REMOVE, severity: 'blocker' };
  if (rom.kind === 'header')
    return {
      message: `${path} begins with the header of the tool that read it, not with the ROM`,
      observed: 'the image comes later in the file',
      advice: 'Cut everything before the bytes 55 AA off, or remove the <rom> element',
      severity: 'major',
    };
  if (rom.kind === 'other')
    return { message: `${path} is no expansion ROM`, observed: 'it does not begin with 55 AA', advice: REMOVE, severity: 'major' };
  if (device !== undefined && rom.images.length > 0 && rom.images.every(({ vendor }) => vendor !== device.vendor)) {
    const observed = `for ${rom.images.map(({ vendor, device: id }) => `${vendor}:${id}`).join(', ')}`;
    return {
      message: `${path} is the ROM of another card: the device is ${device.vendor}:${device.device}`,
      observed,
      advice: REMOVE,
      severity: 'major',
    };
  }
  const isDisplay = device === undefined || isGpu(device);
  const needsUefi = isDisplay && document.domain.firmware === 'efi';
  if (needsUefi && !rom.images.some(({ codeType }) => codeType === 3))
    return {
      message: `${path} has no image for UEFI, which the guest boots with`,
      observed: `code types ${rom.images.map(({ codeType }) => codeType).join(', ') || 'none'}`,
      advice: REMOVE,
      severity: 'minor',
    };
  if (!rom.isComplete)
    return {
      message: `${path} ends before its last image`,
      observed: 'no image is marked as the last',
      advice: 'Read the ROM again, or remove the <rom> element',
      severity: 'minor',
    };
  return null;
}

const REMOVE = 'Remove the <rom> element, or name a ROM file of this card with an image for UEFI';

/** libvirt gives QEMU the path as it is, and QEMU does not run where the user is. */
function relative(document: DomainDocument, spot: Spot, path: string): Outcome {
  return failAt(document, spot, `the ROM file "${path.slice(0, 80)}" is no absolute path`, {
    expected: 'a path from /',
    remedy: xmlRemedy(document, 'Write the whole path of the file'),
  });
}
