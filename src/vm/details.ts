import type { Connection } from '../libvirt/connection.ts';
import { READ_MS } from './read-vms.ts';

/** What a definition does not tell of a VM. */
export interface VmDetails {
  readonly autostart: boolean;
  /** Its memory was saved, and the next start goes on from there. */
  readonly hasManagedSave: boolean;
  /** Snapshots of libvirt itself. */
  readonly snapshots: readonly string[];
  readonly addresses: readonly VmAddress[];
}

export interface VmAddress {
  readonly mac: string;
  /** Without the length of the prefix. */
  readonly address: string;
}

const PARTS = ['info', 'snapshots', 'lease', 'arp', 'end'] as const;
/** virsh's echo ends no line, and commands without an answer print nothing. */
const MARK = /=[0-9a-f-]{36}=(?:info|snapshots|lease|arp|end)=/;
/** The kernel takes 128 KiB for one argument of a program. */
const PER_PROCESS = 150;

/** Of each VM by UUID; null where libvirt did not say. */
export async function readDetails(connection: Connection, uuids: readonly string[]): Promise<ReadonlyMap<string, VmDetails | null>> {
  const found = new Map<string, VmDetails | null>();
  for (let from = 0; from < uuids.length; from += PER_PROCESS) {
    const some = uuids.slice(from, from + PER_PROCESS);
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    const { stdout } = await connection.run([some.flatMap(commandsFor).join('; ')], { timeoutMs: READ_MS });
    for (const [uuid, details] of parseDetails(stdout, some)) found.set(uuid, details);
  }
  return found;
}

function commandsFor(uuid: string): string[] {
  return [
    `echo =${uuid}=info=`,
    `dominfo ${uuid}`,
    `echo =${uuid}=snapshots=`,
    `snapshot-list --name ${uuid}`,
    // What a lease or the neighbours tell is cheap; an agent that hangs is waited for.
    `echo =${uuid}=lease=`,
    `domifaddr --source lease ${uuid}`,
    `echo =${uuid}=arp=`,
    `domifaddr --source arp ${uuid}`,
    `echo =${uuid}=end=`,
  ];
}

/** The answer to what {@link readDetails} asks. A name of a snapshot can look like a mark: then nothing is known. */
export function parseDetails(stdout: string, uuids: readonly string[]): ReadonlyMap<string, VmDetails | null> {
  const marks = stdout.match(new RegExp(MARK, 'g')) ?? [];
  const expected = uuids.flatMap((uuid) => PARTS.map((part) => `=${uuid}=${part}=`));
  const isTrue = marks.length === expected.length && marks.every((mark, index) => mark === expected[index]);
  const texts = isTrue ? stdout.split(MARK).slice(1) : [];
  const of = (index: number): readonly string[] => texts.slice(index * PARTS.length, (index + 1) * PARTS.length);
  return new Map(uuids.map((uuid, index) => [uuid, isTrue ? detailsOf(of(index)) : null]));
}

function detailsOf([info = '', snapshots = '', lease = '', arp = '']: readonly string[]): VmDetails | null {
  const autostart = /^Autostart: +(\w+)$/m.exec(info)?.[1];
  const save = /^Managed save: +(\w+)$/m.exec(info)?.[1];
  // Nothing of this VM could be read: it went away in between.
  if (autostart === undefined || save === undefined) return null;
  const leased = addressesIn(lease);
  return {
    autostart: autostart === 'enable',
    hasManagedSave: save !== 'no',
    snapshots: snapshots.split('\n').filter((line) => line !== ''),
    addresses: leased.length > 0 ? leased : addressesIn(arp),
  };
}

function addressesIn(text: string): VmAddress[] {
  return [...text.matchAll(/^ *\S+ +([0-9a-f]{2}(?::[0-9a-f]{2}){5}) +ipv[46] +([0-9a-f.:]{2,45})\/\d{1,3}$/gm)].map(
    ([, mac = '', address = '']) => ({ mac, address }),
  );
}
