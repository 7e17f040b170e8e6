import { parseResolution, requiredMiB } from '../../looking-glass/memory-size.ts';
import { el, type Tree } from '../tree.ts';
import { alias } from './alias.ts';
import { display } from './display.ts';
import { drives } from './drives.ts';
import { isWindows, type Machine, needsWideInterrupts } from './machine.ts';

/** What is in `<devices>`, in the order in which libvirt writes it. */
export function deviceTrees(machine: Machine): readonly Tree[] {
  const { inputs, outputs, channels } = display(machine);
  return [
    ...drives(machine),
    ...cards(machine),
    ...serialConsole(machine),
    el('channel', { type: 'unix' }, [el('target', { type: 'virtio', name: 'org.qemu.guest_agent.0' })]),
    ...channels,
    ...inputs,
    ...tpm(machine),
    ...outputs,
    ...hostDevices(machine),
    // Beside a device of the host it gives nothing back: all memory is pinned.
    el('memballoon', { model: machine.vm.gpu === undefined ? 'virtio' : 'none' }),
    ...randomNumbers(machine),
    ...lookingGlass(machine),
    ...interruptRemapping(machine),
  ];
}

function cards({ vm, macs }: Machine): readonly Tree[] {
  return vm.nics.map((nic, index) =>
    el('interface', { type: nic.bridge === undefined ? 'network' : 'bridge' }, [
      el('mac', { address: macs[index] ?? null }),
      el('source', nic.bridge === undefined ? { network: nic.network ?? null } : { bridge: nic.bridge }),
      el('model', { type: nic.model }),
      alias('nic', index),
    ]),
  );
}

/** `virsh console` reaches a Linux guest by it when nothing else does. */
function serialConsole(machine: Machine): readonly Tree[] {
  if (isWindows(machine)) return [];
  return [el('serial', { type: 'pty' }, [el('target', { type: 'isa-serial', port: 0 })])];
}

/** CRB was made for TPM 2.0, and is what machines of today have. Its state outlives `virsh undefine`: BitLocker has its key there. */
function tpm({ vm }: Machine): readonly Tree[] {
  if (!vm.tpm) return [];
  return [el('tpm', { model: 'tpm-crb' }, [el('backend', { type: 'emulator', version: '2.0', persistent_state: 'yes' })])];
}

function hostDevices({ vm }: Machine): readonly Tree[] {
  return (vm.gpu?.devices ?? []).map((address, index) =>
    el('hostdev', { mode: 'subsystem', type: 'pci', managed: 'yes' }, [el('source', {}, [sourceAddress(address)]), alias('gpu', index)]),
  );
}

/** Where the device is on the host, not in the guest: `0000:01:00.0`. */
function sourceAddress(text: string): Tree {
  const [domain, bus, slot, part] = text.split(/[:.]/).map((digits) => `0x${digits}`);
  return el('address', { domain: domain ?? null, bus: bus ?? null, slot: slot ?? null, function: part ?? null });
}

/** A device of the host is seen behind it only where it tells KVM of what it caches. */
function interruptRemapping(machine: Machine): readonly Tree[] {
  if (!needsWideInterrupts(machine)) return [];
  const caching = machine.vm.gpu === undefined ? null : 'on';
  return [el('iommu', { model: 'intel' }, [el('driver', { intremap: 'on', caching_mode: caching, eim: 'on' })])];
}

/** Windows has a driver of its own only after virtio-win was installed, and a source of its own. */
function randomNumbers(machine: Machine): readonly Tree[] {
  if (isWindows(machine)) return [];
  return [el('rng', { model: 'virtio' }, [el('backend', { model: 'random' }, '/dev/urandom')])];
}

/** The memory in which the application in the guest puts its frames; which release it is of nobody knows yet. */
function lookingGlass({ vm, sharedMemory }: Machine): readonly Tree[] {
  const resolution = parseResolution(vm.lookingGlass?.resolution ?? '');
  if (resolution === null || sharedMemory === null) return [];
  return [
    el('shmem', { name: sharedMemory }, [
      el('model', { type: 'ivshmem-plain' }),
      el('size', { unit: 'M' }, String(requiredMiB(resolution, null))),
    ]),
  ];
}
