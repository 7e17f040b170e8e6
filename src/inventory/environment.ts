import type { FactStore } from '../engine/fact-store.ts';
import type { FirmwareDescriptors } from '../facts/firmware-descriptors.ts';
import type { Libvirt } from '../facts/libvirt.ts';
import type { Emulator, Qemu } from '../facts/qemu.ts';
import { facts } from '../facts/registry.ts';
import type { Machine } from '../report/machine.ts';
import { collectSettings } from './environment-settings.ts';
import { kernelWordsShown } from './kernel-words-shown.ts';
import { collectSetup } from './setup.ts';

type Row = Machine['environment'][number];

/** Software and settings that results hold for; what could not be looked at has no row. */
export async function collectEnvironment(store: FactStore): Promise<Row[]> {
  const [platform, kernel, cpu, libvirt, qemu, firmware] = await Promise.all([
    store.get(facts.platform),
    store.get(facts.kernel),
    store.get(facts.cpu),
    store.get(facts.libvirt),
    store.get(facts.qemu),
    store.get(facts.firmwareDescriptors),
  ]);
  const rows: (Row | null)[] = [
    platform.ok ? row('Distribution', platform.value.name, '/etc/os-release') : null,
    platform.ok ? row('Boot loader', platform.value.bootLoader, 'what is installed') : null,
    platform.ok ? row('Initramfs tool', platform.value.initramfsTool, 'what is installed') : null,
    kernel.ok ? row('Kernel', kernel.value.release, '/proc/sys/kernel/osrelease') : null,
    kernel.ok ? row('Kernel command line', kernelWordsShown(kernel.value.commandLine), '/proc/cmdline') : null,
    cpu.ok ? row('Microcode', cpu.value.microcode, '/proc/cpuinfo') : null,
    ...(libvirt.ok ? libvirtRows(libvirt.value) : []),
    ...(qemu.ok ? qemuRows(qemu.value) : []),
    firmware.ok ? firmwareRow(firmware.value) : null,
  ];
  return [...rows.flatMap((one) => one ?? []), ...(await collectSettings(store)), ...(await collectSetup(store))];
}

function row(name: string, value: string | null, source: string): Row | null {
  return value === null || value === '' ? null : { name, value, source };
}

function qemuRows({ system, others }: Qemu): (Row | null)[] {
  return [
    system.state === 'ok' ? qemuRow('QEMU', system.value) : null,
    ...others.map((emulator) => qemuRow(`QEMU of ${emulator.domains.join(', ')}`, emulator)),
  ];
}

function qemuRow(name: string, { path, version }: Emulator): Row | null {
  return version.state === 'ok' ? row(name, version.value.join('.'), `${path} --version`) : null;
}

function libvirtRows({ version, mode, daemon, uri }: Libvirt): (Row | null)[] {
  return [
    version === null ? null : row('libvirt', version.join('.'), 'its client library'),
    daemon.state === 'ok' ? row('libvirt daemon', mode, daemon.value) : null,
    row('libvirt connection', uri, 'passcheck.yaml, or the default'),
  ];
}

const MOST_FIRMWARE = 6;

/** Files for x86 guests, in the order in which libvirt tries them. */
function firmwareRow({ descriptors, folders }: FirmwareDescriptors): Row | null {
  const files = descriptors
    .filter(({ targets }) => targets.some(({ architecture }) => architecture === 'x86_64'))
    .flatMap(({ executable }) => (executable?.file.state === 'ok' ? [executable.path] : []));
  const names = [...new Set(files)];
  const more = names.length > MOST_FIRMWARE ? [`${names.length - MOST_FIRMWARE} more`] : [];
  return row('UEFI for guests', [...names.slice(0, MOST_FIRMWARE), ...more].join(', '), folders.join(', '));
}
