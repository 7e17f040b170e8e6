import { join } from 'node:path';

import type * as z from 'zod/mini';

import { type Plan, planSchema } from '../../src/provision/plan/model.ts';
import type { specSchema } from '../../src/provision/spec/model.ts';
import { writeIso } from './iso-file.ts';
import { demanded, type Libvirtd, type Result } from './libvirtd.ts';

/** What a person may write. */
export type LabSpec = z.input<typeof specSchema>;
export type LabVm = NonNullable<LabSpec['vms']>[string];

export const IMAGES = '/var/lib/libvirt/images';
export const NVRAM = '/var/lib/libvirt/qemu/nvram';
export const TPM = '/var/lib/libvirt/swtpm';
export const STATE = '/var/lib/passcheck/system';

/** An emulated VM that can be started here, as small as it can be. */
export const SMALL_VM = { accelerator: 'tcg', memory: '64 MiB', vcpus: 1, secureBoot: false, spice: false } as const satisfies LabVm;

/** Writes a spec; YAML has JSON in it. Gives its name in the working folder. */
export function writeSpec(host: Libvirtd, spec: LabSpec, name = 'lab.yaml'): string {
  host.write(name, JSON.stringify(spec, null, 2));
  return name;
}

/** Small images that are valid, at the places that a spec names. */
export async function makeMedia(host: Libvirtd, paths: readonly string[]): Promise<void> {
  writeIso(join(host.folder, 'medium.iso'), 'MEDIUM');
  demanded(await host.sh(paths.map((path) => `mkdir -p "$(dirname '${path}')" && cp medium.iso '${path}'`).join(' && ')));
}

/** What `passcheck plan` says to programs. */
export interface Planned extends Result {
  readonly plan: Plan;
}

export async function planned(host: Libvirtd, spec = 'lab.yaml'): Promise<Planned> {
  const result = await host.passcheck(['plan', spec, '--format', 'json']);
  if (result.exitCode > 5 || result.stdout === '') throw new Error(`plan ended with ${result.exitCode}: ${result.stderr}`);
  return { ...result, plan: planSchema.parse(JSON.parse(result.stdout)) };
}

/** What is to be done: `domain DC01: memory 4 GiB → 8 GiB`. */
export function actionLines({ actions }: Pick<Plan, 'actions'>): string[] {
  return actions.map(({ object, summary }) => `${object.kind} ${object.name}: ${summary}`);
}

/** The same with what is refused, what waits, what is to be known. */
export function remarkLines(remarks: Plan['refused']): string[] {
  return remarks.map(({ object, message }) => `${object === null ? 'host' : `${object.kind} ${object.name}`}: ${message}`);
}

/** What holds data of guests, with its checksum, one line a file. */
export async function guestData(host: Libvirtd): Promise<string> {
  return demanded(
    await host.sh(`find ${IMAGES} ${NVRAM} ${TPM} -type f ! -name '*.log' ! -name '.lock' -print0 | sort -z | xargs -0r sha256sum`),
  );
}

/** Every definition as the next start gets it (of a pool not how full it is), what runs, and what starts with the host. */
export async function definitions(host: Libvirtd): Promise<string> {
  // Nobody counts these calls.
  const line = `export CALLS= LIBVIRT_DEFAULT_URI=qemu:///system
    virsh -q 'net-list --all; pool-list --all; list --all' | sed 's/^ *[0-9-]* *//; s/  */ /g' | sort
    dumps='echo'
    for uuid in $(virsh -q list --all --uuid | sort); do dumps+="; dumpxml --inactive $uuid"; done
    for uuid in $(virsh -q net-list --all --uuid | sort); do dumps+="; net-dumpxml --inactive $uuid"; done
    for uuid in $(virsh -q pool-list --all --uuid | sort); do dumps+="; pool-dumpxml --inactive $uuid"; done
    virsh -q "$dumps" | sed "/ unit='bytes'>/d"`;
  return demanded(await host.sh(line)).trim();
}

/** Takes everything away, by hand: what libvirt has, what guests have written, what passcheck remembers. */
export async function wipe(host: Libvirtd): Promise<void> {
  const line = `export CALLS= LIBVIRT_DEFAULT_URI=qemu:///system
    calls='echo'
    for uuid in $(virsh -q list --all --uuid); do
      calls+="; destroy $uuid; undefine $uuid --keep-nvram --keep-tpm --managed-save --snapshots-metadata"
    done
    for uuid in $(virsh -q net-list --all --uuid); do calls+="; net-destroy $uuid; net-undefine $uuid"; done
    for uuid in $(virsh -q pool-list --all --uuid); do calls+="; pool-destroy $uuid; pool-undefine $uuid"; done
    virsh -q "$calls" > /dev/null 2>&1
    ip -o link show type bridge | sed 's/^[0-9]*: \\([^:]*\\):.*/\\1/' | xargs -rn1 ip link delete
    rm -rf ${IMAGES}/* ${NVRAM} ${TPM} ${STATE}`;
  demanded(await host.sh(line));
}

/** Fills the second MiB of an image. */
export async function writeData(host: Libvirtd, path: string, pattern: number): Promise<void> {
  demanded(await host.sh(`qemu-io -c 'write -P ${pattern} 1M 1M' '${path}'`));
}

/** The process of a VM; null: it does not run. */
export async function qemuPid(host: Libvirtd, name: string): Promise<string | null> {
  const { stdout } = await host.sh(`cat /run/libvirt/qemu/${name}.pid`);
  return stdout === '' ? null : stdout;
}
