import { formatCpuList } from '../../facts/cpu-list.ts';
import type { Group, Tenancy, Tenants } from '../cpu-tenants.ts';

/** What a CPU is to a VM; the look of its box. */
export type Role = 'vcpu' | 'shared' | 'crowded' | 'emulator' | 'iothread' | 'other' | 'host';

/** What stands in the box of a CPU. */
export interface Mark {
  readonly role: Role;
  /** The number first. */
  readonly lines: readonly string[];
}

/** What marks depend on. */
export interface Marking {
  readonly tenancy: Tenancy | null;
  /** Numbers, from 1 on, of the other VMs with vCPUs pinned to a CPU. */
  readonly others: ReadonlyMap<number, readonly number[]>;
  /** Groups with more vCPUs than CPUs. */
  readonly crowded: ReadonlySet<Group>;
}

/** Characters that fit into a box. */
const ROOM = 6;

/** Without a VM only the number. */
export function markOf(cpu: number, { tenancy, others, crowded }: Marking): Mark {
  const tenants = tenancy?.byCpu.get(cpu);
  const rivals = tenancy === null ? [] : (others.get(cpu) ?? []);
  const lines = [
    String(cpu),
    ...(tenants === undefined ? [] : [vcpuLabel(tenants.vcpus, crowded), serviceLabel(tenants)]),
    rivals.length === 0 ? '' : numbersLabel('#', rivals, ROOM),
  ];
  return { role: roleOf(tenants, rivals.length > 0, crowded), lines: lines.filter((line) => line !== '') };
}

function roleOf(tenants: Tenants | undefined, hasRivals: boolean, crowded: Marking['crowded']): Role {
  if (tenants === undefined) return hasRivals ? 'other' : 'host';
  const { vcpus, iothreads } = tenants;
  if (vcpus.some((group) => crowded.has(group))) return 'crowded';
  if (vcpus.length > 0) return isShared(vcpus) ? 'shared' : 'vcpu';
  return iothreads.length > 0 && !tenants.hasEmulator ? 'iothread' : 'emulator';
}

/** vCPUs that may run on another CPU, too. */
function isShared(groups: readonly Group[]): boolean {
  return groups.some(({ cpus }) => cpus.length > 1);
}

/** `v3`; `~v0-7` where they may run elsewhere, too; `!v0-1` where there are more of them than CPUs. */
function vcpuLabel(groups: readonly Group[], crowded: Marking['crowded']): string {
  if (groups.length === 0) return '';
  const sign = isShared(groups) ? '~' : '';
  return groupsLabel(`${groups.some((group) => crowded.has(group)) ? '!' : sign}v`, groups, ROOM);
}

/** `E`, `I1`, `E I1` */
function serviceLabel({ hasEmulator, iothreads }: Tenants): string {
  const emulator = hasEmulator ? 'E' : '';
  if (iothreads.length === 0) return emulator;
  return groupsLabel(hasEmulator ? `${emulator} I` : 'I', iothreads, ROOM);
}

function groupsLabel(sign: string, groups: readonly Group[], room: number): string {
  const count = groups.reduce((sum, { ids }) => sum + ids.length, 0);
  if (count <= MOST_LISTED)
    return numbersLabel(
      sign,
      groups.flatMap(({ ids }) => ids),
      room,
    );
  return shortLabel(sign, groups[0]?.ids[0] ?? 0, count, room);
}

/** More numbers than these fit into no box, whatever ranges they make. */
const MOST_LISTED = 64;

/** `v0-7`, else `v0+9` for the first of ten, else only that there are several. */
function numbersLabel(sign: string, numbers: readonly number[], room: number): string {
  const list = `${sign}${formatCpuList(numbers)}`;
  return list.length <= room ? list : shortLabel(sign, numbers[0] ?? 0, numbers.length, room);
}

function shortLabel(sign: string, first: number, count: number, room: number): string {
  const counted = `${sign}${first}+${count - 1}`;
  if (count > 1 && counted.length <= room) return counted;
  return `${`${sign}${first}`.slice(0, room - 1)}…`;
}
