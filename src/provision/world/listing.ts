import { type Connection, ConnectionError } from '../../libvirt/connection.ts';
import { type Answer, type Question, question } from './batch.ts';

/** What libvirt lists of one kind. A name is there or not; everything else is by UUID, because names can hold anything. */
export interface Listing {
  /** UUIDs by name; null where virsh does not list both in one line. */
  readonly names: ReadonlyMap<string, string | null>;
  readonly uuids: readonly string[];
  readonly active: ReadonlySet<string>;
  readonly autostart: ReadonlySet<string>;
  /** Without a definition that outlives the stop. */
  readonly transient: ReadonlySet<string>;
}

/** `refused`: the driver did not answer, so nothing is known; never the same as an empty list. */
export type Listed = Listing | { readonly refused: string };

export type ListedKind = 'domain' | 'network' | 'pool';

const VERBS = { domain: 'list', network: 'net-list', pool: 'pool-list' } as const;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function listing(kind: ListedKind): Question<Listed> {
  const verb = VERBS[kind];
  // net-list takes one of the two only.
  const withNames = kind === 'network' ? '--all --name' : '--all --uuid --name';
  const flags = [withNames, '--all --uuid', '--uuid', '--all --autostart --uuid', '--all --transient --uuid'];
  return question(
    flags.map((words) => `${verb} ${words}`),
    (answers) => read(answers, kind),
  );
}

function read(answers: readonly Answer[], kind: ListedKind): Listed {
  const refused = answers.find(({ complaint }) => complaint !== null)?.complaint;
  if (refused !== undefined && refused !== null) return { refused };
  const [named, all, active, autostart, transient] = answers.map(({ stdout }) => stdout);
  const lists = [all, active, autostart, transient].map((text) => uuidsIn(text ?? ''));
  const [uuids, ...flags] = lists;
  if (uuids === undefined || uuids === null || lists.includes(null)) return { refused: 'it printed something else than a list' };
  const [isActive, starts, isTransient] = flags.map((list) => new Set(list));
  return {
    names: namesIn(named ?? '', kind),
    uuids,
    active: isActive ?? new Set(),
    autostart: starts ?? new Set(),
    transient: isTransient ?? new Set(),
  };
}

/** Null when there is anything else. */
export function uuidsIn(text: string): readonly string[] | null {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return words.every((word) => UUID.test(word)) ? words : null;
}

/** pool-list fills names up with blanks. */
function namesIn(text: string, kind: ListedKind): ReadonlyMap<string, string | null> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return new Map(
    lines.map((line): [string, string | null] => {
      if (kind === 'network') return [line.trimEnd(), null];
      return [line.slice(UUID_LENGTH).trim(), line.slice(0, UUID_LENGTH)];
    }),
  );
}

const UUID_LENGTH = 36;

/** The list; throws when libvirt gave none. */
export function required(listed: Listed, kind: ListedKind, connection: Pick<Connection, 'uri'>): Listing {
  if (!('refused' in listed)) return listed;
  throw new ConnectionError(`${connection.uri} does not list its ${WORDS[kind].plural}: ${listed.refused}`, WORDS[kind].hint);
}

const WORDS = {
  domain: { plural: 'VMs', hint: 'See what is wrong: journalctl --boot --unit libvirtd --unit virtqemud' },
  network: {
    plural: 'networks',
    hint: "Start libvirt's network driver (systemctl enable --now virtnetworkd.socket), or install it: dnf install libvirt-daemon-driver-network",
  },
  pool: {
    plural: 'pools',
    hint: "Start libvirt's storage driver (systemctl enable --now virtstoraged.socket), or install it: dnf install libvirt-daemon-driver-storage-core",
  },
} as const;
