import type { DesiredDomain } from '../desired.ts';
import { counted, nameList, sizeText } from './words.ts';

/** `4 vCPUs, 8 GiB, UEFI with Secure Boot, TPM, 1 disk, 2 NICs`. */
export function machineSummary({ spec, memoryKiB, disks }: DesiredDomain): string {
  const { vcpus, firmware, secureBoot, tpm, nics, gpu } = spec;
  const secure = secureBoot ? 'UEFI with Secure Boot' : 'UEFI';
  return [
    counted(vcpus, 'vCPU'),
    sizeText(memoryKiB * 1024),
    firmware === 'uefi' ? secure : 'BIOS',
    ...(tpm ? ['TPM'] : []),
    counted(disks.length, 'disk'),
    counted(nics.length, 'NIC'),
    ...(gpu === undefined ? [] : [nameList(gpu.devices, 8)]),
  ].join(', ');
}
