import { counted, memoryWords } from '../pinning/words.ts';
import type { MachineVm } from './machine.ts';

/** `12 vCPUs · 16 GiB of memory · 2 PCI devices passed through` */
export function vmWords({ vcpus, memoryKiB, devices }: MachineVm): string {
  const parts = [
    counted(vcpus, 'vCPU'),
    memoryKiB === null ? 'memory not known' : `${memoryWords(memoryKiB)} of memory`,
    devices.length === 0 ? 'no PCI device passed through' : `${counted(devices.length, 'PCI device')} passed through`,
  ];
  return parts.join(' · ');
}
