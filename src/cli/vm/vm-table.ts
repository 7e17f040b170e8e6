import { oneLine } from '../../report/sanitize.ts';
import { textWidth } from '../../report/wrap.ts';
import type { VmRow } from '../../vm/list.ts';

const HEAD = ['NAME', 'STATE', 'SPEC', 'MEMORY', 'VCPUS', 'SNAPSHOTS', 'ADDRESS'] as const;
/** A longer cell moves its own line only. */
const WIDEST = [24, 12, 16, 10, 5, 9, 24] as const;

/** VMs for people, one a line; nothing when there is none. */
export function vmTable(rows: readonly VmRow[]): string {
  if (rows.length === 0) return '';
  const lines = [HEAD, ...rows.map(cells)];
  const widths = WIDEST.map((widest, column) => Math.min(widest, Math.max(...lines.map((line) => textWidth(line[column] ?? '')))));
  const padded = (text: string, column: number): string => text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(text)));
  return lines.map((line) => `${line.map(padded).join('  ').trimEnd()}\n`).join('');
}

function cells(row: VmRow): readonly string[] {
  const state = row.hasManagedSave === true && row.state === 'shut off' ? 'saved' : row.state;
  return [
    row.name,
    row.unfinishedRevert === null ? state : 'reverting',
    row.owner ?? '-',
    row.memoryKiB === null ? '?' : memoryText(row.memoryKiB),
    String(row.vcpus ?? '?'),
    snapshotsText(row),
    addressText(row),
  ].map(oneLine);
}

function memoryText(kib: number): string {
  if (kib % 1024 ** 2 === 0) return `${kib / 1024 ** 2} GiB`;
  return kib < 1024 ? `${kib} KiB` : `${Math.round(kib / 1024)} MiB`;
}

/** Those of libvirt are others, and cannot be used with those of passcheck. */
function snapshotsText({ snapshots, libvirtSnapshots }: VmRow): string {
  const theirs = libvirtSnapshots?.length ?? 0;
  const own = libvirtSnapshots === null ? `${snapshots.length}+?` : String(snapshots.length);
  return theirs === 0 ? own : `${own}+${theirs}`;
}

function addressText({ addresses }: VmRow): string {
  if (addresses === null) return '?';
  const [first, ...rest] = addresses;
  if (first === undefined) return '-';
  return rest.length === 0 ? first.address : `${first.address} +${rest.length}`;
}
