import { memoryBackingOf } from './memory-backing.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** What of the guest's memory is mapped so that other programs can share it. */
export type MemorySharing = 'all' | 'some' | 'none';

/** `<access mode='shared'/>`, which a cell of the guest can overrule. (qemuValidateDomainDefVhostUserRequireSharedMemory of libvirt) */
export function memorySharing(domain: XmlElement): MemorySharing {
  const whole = memoryBackingOf({ root: domain }).access;
  const cells = all(domain, 'cpu', 'numa', 'cell').map((cell) => attribute(cell, 'memAccess') ?? whole);
  const modes = cells.length === 0 ? [whole] : cells;
  if (modes.every((mode) => mode === 'shared')) return 'all';
  return modes.includes('shared') ? 'some' : 'none';
}

/** Devices whose other half is a program of the host that reads the memory of the guest: virtiofs and vhost-user. */
export function devicesThatShare(domain: XmlElement): readonly XmlElement[] {
  const devices = first(domain, 'devices');
  const typed = (name: string, types: readonly string[]): readonly XmlElement[] =>
    all(devices, name).filter((device) => types.includes(attribute(device, 'type') ?? ''));
  const driven = (name: string, child: string, driver: string): readonly XmlElement[] =>
    all(devices, name).filter((device) => attribute(first(device, 'driver'), child) === driver);
  return [
    ...driven('filesystem', 'type', 'virtiofs'),
    ...typed('interface', ['vhostuser']),
    ...typed('disk', ['vhostuser', 'vhostvdpa']),
    ...driven('video', 'name', 'vhostuser'),
  ];
}
