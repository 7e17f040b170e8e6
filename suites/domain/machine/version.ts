import type { DomainDocument } from '../../../src/domain/document.ts';
import { type MachineType, machineType } from '../../../src/domain/machine-type.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotCollect, couldNotLook, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import type { DocumentFiles } from '../../../src/facts/document-files.ts';
import { NO_HOST } from '../../../src/facts/fact-error.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { EmulatorMachines, QemuMachines } from '../../../src/facts/qemu-machines.ts';

/** QEMU removes a versioned machine type after six years, since 10.1: include/hw/boards.h, MACHINE_VER_DELETION. */
const REMOVED_AFTER = 6;
const FIRST_REMOVAL = [10, 1] as const;
/** QEMU as it was released in August 2026; three releases a year, the major number counts the years. */
const NEWEST = [11, 1] as const;

export default defineDomainRule({
  id: 'domain/machine/version',
  title: 'QEMU knows the machine type, and goes on knowing it',
  severity: 'blocker',
  wantsHost: ['qemuMachines', 'documentFiles'],
  why: 'A machine type is a promise of one QEMU version to look the same to the guest. libvirt refuses one that is newer than the QEMU of the host, or so old that QEMU removed it.',
  sources: ['https://www.qemu.org/docs/master/about/deprecated.html', 'https://www.qemu.org/docs/master/about/removed-features.html'],
  evaluate(document, { qemuMachines, documentFiles }) {
    const machine = machineType(document.root);
    const { name, element } = machine;
    if (name === null || element === undefined) return [];
    if (!qemuMachines.ok) {
      if (qemuMachines.error.reason === NO_HOST) return withoutHost(document, machine);
      return couldNotCollect(qemuMachines.error, 'look at it by hand', 'major');
    }
    const emulator = emulatorOf(document, qemuMachines.value, documentFiles);
    const path = document.domain.emulator?.slice(0, 4096) ?? 'the emulator';
    if (emulator === undefined)
      return couldNotLook(path, 'passcheck does not run it', `look at \`${path} -machine help\` by hand`, 'major');
    if (emulator.machines.state === 'absent') return notApplicable(`${emulator.path} is not there (domain/machine/emulator)`);
    if (emulator.machines.state === 'unreadable')
      return couldNotLook(`${emulator.path} -machine help`, emulator.machines.detail, 'run it by hand', 'major');
    return onHost(document, machine, emulator.path, emulator.machines.value);
  },
});

/** By its path, or by where that leads. */
function emulatorOf({ domain }: DomainDocument, all: QemuMachines, files: Attempt<DocumentFiles>): EmulatorMachines | undefined {
  const { emulator } = domain;
  if (emulator === null) return all[0];
  const real = files.ok ? files.value.get(emulator)?.real : undefined;
  return all.find(({ path }) => path === emulator) ?? all.find(({ path }) => real?.state === 'ok' && path === real.value);
}

type Machines = Extract<EmulatorMachines['machines'], { state: 'ok' }>['value'];

function onHost(document: DomainDocument, machine: MachineType, path: string, machines: Machines): Outcome {
  const { name, element = document.root } = machine;
  const spot = { element, attribute: 'machine' };
  const found = machines.find((candidate) => candidate.name === name || candidate.aliasOf === name);
  const newest = machines.find((candidate) => candidate.name === (machine.chipset === 'i440fx' ? 'pc' : 'q35'))?.aliasOf ?? null;
  const seen = { source: `${path} -machine help`, observed: newest === null ? `${machines.length} machine types` : `up to ${newest}` };
  if (found === undefined) {
    const write = `<type arch='x86_64' machine='${newest ?? 'q35'}'>hvm</type>`;
    return failAt(document, spot, `${path} does not know ${name?.slice(0, 80) ?? ''}`, {
      ...(newest === null ? {} : { expected: newest }),
      evidence: [seen],
      // Not an edit: with an older or newer machine an installed guest meets other hardware.
      remedy: xmlRemedy(
        document,
        'Name a machine type that this QEMU knows, the nearest in age where the guest is installed; or use the QEMU that it was made for',
        {
          inside: '<os>',
          write,
        },
      ),
    });
  }
  if (!found.isDeprecated) return passAt(document, spot);
  return failAt(document, spot, `QEMU means to remove ${found.name}: it works until then`, {
    severity: 'info',
    evidence: [seen],
    remedy: xmlRemedy(
      document,
      'Change to a newer machine type at a time of your own choice; Windows finds new hardware once, and may ask for its activation',
    ),
  });
}

function withoutHost(document: DomainDocument, { name, version, element = document.root }: MachineType): Outcome {
  const spot = { element, attribute: 'machine' };
  if (version === null) return passAt(document, spot, 'no version of QEMU is in it');
  const [major, minor] = version;
  const removed: Release = [major + REMOVED_AFTER, minor];
  if (!isUpTo(removed, NEWEST)) return passAt(document, spot, `QEMU ${major}.${minor} and later, until ${removed.join('.')}`);
  const since = (isUpTo(removed, FIRST_REMOVAL) ? FIRST_REMOVAL : removed).join('.');
  return failAt(document, spot, `QEMU ${since} and later do not know ${name ?? ''} any more`, {
    severity: 'minor',
    remedy: xmlRemedy(document, `Change to a newer machine type before the QEMU of the host is ${since}; with --host passcheck asks it`),
  });
}

type Release = readonly [number, number];

function isUpTo([major, minor]: Release, [mostMajor, mostMinor]: Release): boolean {
  return major < mostMajor || (major === mostMajor && minor <= mostMinor);
}
