import { demanded, type Libvirtd } from './libvirtd.ts';

/** An emulated VM without an operating system: it starts in a second, and hears no power button. */
export interface TinyVm {
  readonly name: string;
  /** Paths of qcow2 images. */
  readonly disks?: readonly string[];
  /** More devices. */
  readonly devices?: string;
  /** With UEFI and a TPM. */
  readonly isModern?: boolean;
}

export async function defineTiny(host: Libvirtd, { name, disks = [], devices = '', isModern = false }: TinyVm): Promise<void> {
  const tpm = isModern ? `<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>` : '';
  const drives = disks.map(
    (path, index) => `<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='${path}'/>
      <target dev='vd${'abcdef'[index]}' bus='virtio'/></disk>`,
  );
  const xml = `<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
    <os${isModern ? ` firmware='efi'` : ''}><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features>
    <devices>${drives.join('')}${tpm}${devices}<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <memballoon model='none'/></devices></domain>`;
  await host.virsh('define', host.write(`${name}.xml`, xml));
}

/** Fills the first MiB of an image. */
export async function fill(host: Libvirtd, path: string, pattern: number): Promise<void> {
  demanded(await host.sh(`qemu-io -f qcow2 -c 'write -P ${pattern} 0 1M' '${path}'`));
}

/** Is the first MiB of an image filled with it? */
export async function isFilled(host: Libvirtd, path: string, pattern: number): Promise<boolean> {
  const { stdout } = await host.sh(`qemu-io -r -f qcow2 -c 'read -P ${pattern} 0 1M' '${path}'`);
  if (!stdout.includes('read 1048576/1048576')) throw new Error(`${path} could not be read`);
  return !stdout.includes('Pattern verification failed');
}
