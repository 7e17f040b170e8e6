import type { RemedyStep } from '../engine/outcome.ts';
import type { Platform } from '../facts/platform.ts';
import { kernelParameterSteps } from './kernel-parameters.ts';

const NIX_FILE = '/etc/nixos/configuration.nix';
const GIGABYTE_KIB = 1024 * 1024;
const DEFAULT_KIB = 2048;

/** How many hugepages of which size to reserve; on one NUMA node or (null) wherever. */
export interface Reservation {
  readonly sizeKiB: number;
  readonly count: number;
  readonly node: number | null;
  /** `vm.nr_hugepages` counts pages of the default size only (`default_hugepagesz`); 2 MiB unless told. */
  readonly isDefaultSize?: boolean;
}

/**
 * Steps that reserve hugepages for good. 1 GiB pages can be had at boot only, 2 MiB pages of one node only through a
 * unit that writes to /sys. https://docs.kernel.org/admin-guide/mm/hugetlbpage.html
 */
export function hugepageSteps(
  platform: Platform,
  { sizeKiB, count, node, isDefaultSize = sizeKiB === DEFAULT_KIB }: Reservation,
): RemedyStep[] {
  if (sizeKiB === GIGABYTE_KIB) {
    const amount = node === null ? String(count) : `${node}:${count}`;
    return kernelParameterSteps(platform, { add: ['default_hugepagesz=1G', 'hugepagesz=1G', `hugepages=${amount}`] });
  }
  const folder = node === null ? '/sys/kernel/mm' : `/sys/devices/system/node/node${node}`;
  const file = `${folder}/hugepages/hugepages-${sizeKiB}kB/nr_hugepages`;
  const now = { run: `echo ${count} > ${file}` };
  if (node === null && isDefaultSize) return [now, ...sysctl(platform, count)];
  const line = `w ${file} - - - - ${count}`;
  if (platform.distribution !== 'nixos') return [now, { file: '/etc/tmpfiles.d/hugepages.conf', line }];
  return [{ file: NIX_FILE, line: `systemd.tmpfiles.rules = [ "${line}" ];` }, { run: 'nixos-rebuild switch' }];
}

function sysctl(platform: Platform, count: number): RemedyStep[] {
  if (platform.distribution === 'nixos') {
    return [{ file: NIX_FILE, line: `boot.kernel.sysctl."vm.nr_hugepages" = ${count};` }, { run: 'nixos-rebuild switch' }];
  }
  return [{ file: '/etc/sysctl.d/40-hugepages.conf', line: `vm.nr_hugepages = ${count}` }];
}

/** Steps that mount hugetlbfs for a page size. libvirt finds mounts by itself. https://libvirt.org/kbase/memorydevices.html */
export function hugepageMountSteps(platform: Platform, sizeKiB: number): RemedyStep[] {
  const size = sizeKiB >= GIGABYTE_KIB ? `${sizeKiB / GIGABYTE_KIB}G` : `${sizeKiB / 1024}M`;
  const folder = sizeKiB === DEFAULT_KIB ? '/dev/hugepages' : `/dev/hugepages${size}`;
  if (platform.distribution === 'nixos') {
    const line = `fileSystems."${folder}" = { device = "hugetlbfs"; fsType = "hugetlbfs"; options = [ "pagesize=${size}" ]; };`;
    return [{ file: NIX_FILE, line }, { run: 'nixos-rebuild switch' }];
  }
  const line = `hugetlbfs ${folder} hugetlbfs pagesize=${size} 0 0`;
  return [{ run: `mkdir -p ${folder}` }, { file: '/etc/fstab', line }, { run: `mount ${folder}` }];
}
