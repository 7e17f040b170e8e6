import type { FactStore } from '../engine/fact-store.ts';
import type { Libvirt } from '../facts/libvirt.ts';
import type { Emulator } from '../facts/qemu.ts';
import { facts } from '../facts/registry.ts';
import type { Machine } from '../report/machine.ts';
import { collectSetup } from './setup.ts';

type Row = Machine['environment'][number];

/** Software and settings that results hold for; what could not be looked at has no row. */
export async function collectEnvironment(store: FactStore): Promise<Row[]> {
  const [platform, kernel, libvirt, qemu] = await Promise.all([
    store.get(facts.platform),
    store.get(facts.kernel),
    store.get(facts.libvirt),
    store.get(facts.qemu),
  ]);
  const rows: (Row | null)[] = [
    platform.ok ? row('Distribution', platform.value.name, '/etc/os-release') : null,
    platform.ok ? row('Boot loader', platform.value.bootLoader, 'what is installed') : null,
    platform.ok ? row('Initramfs tool', platform.value.initramfsTool, 'what is installed') : null,
    kernel.ok ? row('Kernel', kernel.value.release, '/proc/sys/kernel/osrelease') : null,
    kernel.ok ? row('Kernel command line', kernel.value.commandLine, '/proc/cmdline') : null,
    libvirt.ok ? row('libvirt', libvirtVersion(libvirt.value), 'its client library') : null,
    qemu.ok && qemu.value.system.state === 'ok' ? qemuRow(qemu.value.system.value) : null,
  ];
  return [...rows.flatMap((one) => one ?? []), ...(await collectSetup(store))];
}

function row(name: string, value: string | null, source: string): Row | null {
  return value === null || value === '' ? null : { name, value, source };
}

function qemuRow({ path, version }: Emulator): Row | null {
  return version.state === 'ok' ? row('QEMU', version.value.join('.'), `${path} --version`) : null;
}

function libvirtVersion({ version }: Libvirt): string | null {
  return version === null ? null : version.join('.');
}
