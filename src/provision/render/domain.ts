import { pinElements } from '../../pinning/fragments.ts';
import { sizeBytes } from '../spec/size.ts';
import { el, type Tree } from '../tree.ts';
import { deviceTrees } from './devices.ts';
import { clock, features, firmware, powerManagement } from './guest-system.ts';
import { ioThreads, type Machine, usesKvm } from './machine.ts';
import { processor } from './processor.ts';

/**
 * The definition of a VM, its elements in the order in which libvirt writes them. There is no `<address>` in it: libvirt gives
 * each device its place once, and it stays there.
 */
export function domainTree(machine: Machine): Tree {
  const { name, uuid, vm, memoryKiB } = machine;
  return el('domain', { type: usesKvm(machine) ? 'kvm' : 'qemu' }, [
    el('name', {}, name),
    el('uuid', {}, uuid),
    vm.title === undefined ? null : el('title', {}, vm.title),
    metadata(machine),
    el('memory', { unit: 'KiB' }, String(memoryKiB)),
    // Both are said, or a VM that gets more memory would start with what it had.
    el('currentMemory', { unit: 'KiB' }, String(memoryKiB)),
    memoryBacking(machine),
    el('vcpu', { placement: 'static' }, String(vm.vcpus)),
    ...threads(machine),
    firmware(machine),
    features(machine),
    processor(machine),
    clock(machine),
    powerManagement(),
    el('devices', {}, deviceTrees(machine)),
  ]);
}

/** Short ids of libosinfo's database, by which virt-manager knows the system, and `passcheck lint`. */
const OSINFO = {
  'windows-11': 'microsoft.com/win/11',
  'windows-10': 'microsoft.com/win/10',
  'windows-server-2019': 'microsoft.com/win/2k19',
  'windows-server-2022': 'microsoft.com/win/2k22',
  'windows-server-2025': 'microsoft.com/win/2k25',
  linux: 'libosinfo.org/linux/2022',
} as const;

function metadata({ vm }: Machine): Tree {
  const space = { 'xmlns:libosinfo': 'http://libosinfo.org/xmlns/libvirt/domain/1.0' };
  return el('metadata', {}, [el('libosinfo:libosinfo', space, [el('libosinfo:os', { id: `http://${OSINFO[vm.os]}` })])]);
}

/** Pages that a device may write to cannot be merged with others: the host need not look for equal ones. */
function memoryBacking({ vm }: Machine): Tree | null {
  const { hugepages, gpu } = vm;
  if (hugepages === false && gpu === undefined) return null;
  const page = typeof hugepages === 'string' ? [el('page', { size: sizeBytes(hugepages) / 1024, unit: 'KiB' })] : [];
  return el('memoryBacking', {}, [hugepages === false ? null : el('hugepages', {}, page), gpu === undefined ? null : el('nosharepages')]);
}

/** I/O threads, and where each thread runs. */
function threads(machine: Machine): readonly (Tree | null)[] {
  const { pins } = machine;
  const count = ioThreads(machine).length;
  const iothreads = count === 0 ? null : el('iothreads', {}, String(count));
  if (pins === null) return [iothreads];
  const numbers = { vcpupin: 'vcpu', iothreadpin: 'iothread', emulatorpin: null } as const;
  const tuned = pinElements(pins).map(({ name, id, cpuset }) => {
    const number = numbers[name];
    return el(name, { ...(number === null ? {} : { [number]: id }), cpuset });
  });
  const memory = pins.memoryNode === null ? null : el('memory', { mode: 'strict', nodeset: pins.memoryNode });
  return [iothreads, el('cputune', {}, tuned), memory === null ? null : el('numatune', {}, [memory])];
}
