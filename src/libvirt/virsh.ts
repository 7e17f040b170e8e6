/** A libvirt connection that passcheck reads. */
export type ConnectionUri = 'qemu:///system' | 'qemu:///session';

/** What one `virsh` process lists. */
export interface Listing {
  readonly domains: readonly string[];
  /** UUIDs of all networks, and of those that are active; null when the network driver did not answer. */
  readonly networks: { readonly all: readonly string[]; readonly active: readonly string[] } | null;
}

/** A domain as virsh prints it. */
export interface DomainText {
  readonly uuid: string;
  readonly state: string;
  readonly xml: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** The kernel takes 128 KiB for one argument; one domain needs 150 bytes. */
const PER_PROCESS = 400;

/**
 * Everything in one process. Objects are named by UUID, never by name: a name can hold blanks, quotes and semicolons. The
 * domains come last, because the exit code is that of the last command. Read-only for everybody but root, because a
 * writable connection can make polkit ask for a password.
 */
export function listArgv(uri: ConnectionUri, isRoot: boolean): string[] {
  return virsh(uri, isRoot, ['net-list --all --uuid', 'echo =', 'net-list --uuid', 'echo =', 'list --all --uuid']);
}

/** The command that a person types to see what {@link listArgv} asks for: as evidence, the argv itself is too long to read. */
export function listCommand(uri: ConnectionUri, isRoot: boolean): string {
  return `virsh ${isRoot ? '' : '-r '}-c ${uri} list --all`;
}

/** The answer to {@link listArgv}; null when it is not one. */
export function parseListing(stdout: string, stderr: string): Listing | null {
  const parts = stdout.split('=');
  const [all, active, domains] = parts.map(uuids);
  if (parts.length !== 3 || all === undefined || active === undefined || domains === undefined) return null;
  return { domains, networks: stderr.trim() === '' ? { all, active } : null };
}

/** Undefined when there is anything else. */
function uuids(text: string): string[] | undefined {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return words.every((word) => UUID.test(word)) ? words : undefined;
}

/** The command lines that print the state and the persistent definition of each domain. */
export function domainsArgv(uri: ConnectionUri, isRoot: boolean, domains: readonly string[]): string[][] {
  return chunks(domains).map((chunk) =>
    virsh(
      uri,
      isRoot,
      chunk.flatMap((uuid) => [`echo =${uuid}=`, `domstate ${uuid}`, `dumpxml --inactive ${uuid}`]),
    ),
  );
}

/** The answer to {@link domainsArgv}; a domain that went away in between is not in it. Null when it is not an answer to it. */
export function parseDomains(stdout: string, asked: readonly string[]): DomainText[] | null {
  const sections = sectionsOf(stdout, asked);
  if (sections === null) return null;
  return sections.flatMap(({ uuid, text }) => {
    const begin = text.indexOf('<');
    return begin === -1 ? [] : [{ uuid, state: text.slice(0, begin).trim(), xml: text.slice(begin) }];
  });
}

/** The command lines that print the definition of running domains as they run. */
export function liveArgv(uri: ConnectionUri, isRoot: boolean, domains: readonly string[]): string[][] {
  return chunks(domains).map((chunk) =>
    virsh(
      uri,
      isRoot,
      chunk.flatMap((uuid) => [`echo =${uuid}=`, `dumpxml ${uuid}`]),
    ),
  );
}

/** The answer to {@link liveArgv}; a domain that went away in between is not in it. Null when it is not an answer to it. */
export function parseLive(stdout: string, asked: readonly string[]): { readonly uuid: string; readonly xml: string }[] | null {
  return sectionsOf(stdout, asked)?.flatMap(({ uuid, text }) => (text.includes('<') ? [{ uuid, xml: text }] : [])) ?? null;
}

/** The command line that prints the persistent definition of each network, of the first 400. */
export function networksArgv(uri: ConnectionUri, isRoot: boolean, networks: readonly string[]): string[] {
  const commands = networks.slice(0, PER_PROCESS).flatMap((uuid) => [`echo =${uuid}=`, `net-dumpxml --inactive ${uuid}`]);
  return virsh(uri, isRoot, commands);
}

/** The answer to {@link networksArgv}; null when it is not one. */
export function parseNetworks(stdout: string, asked: readonly string[]): { readonly uuid: string; readonly xml: string }[] | null {
  return parseLive(stdout, asked);
}

/** The command line that prints the sizes of one disk of a domain; libvirt reads an image that only root may read. */
export function blockInfoArgv(uri: ConnectionUri, domain: string, path: string): string[] {
  return ['virsh', '-q', '-r', '-c', uri, 'domblkinfo', domain, path];
}

/** Bytes that the guest sees and bytes that the file takes, from the answer to {@link blockInfoArgv}; null when it is not one. */
export function parseBlockInfo(stdout: string): { readonly capacity: number; readonly physical: number } | null {
  const capacity = /^Capacity: {1,20}(\d{1,16})$/m.exec(stdout)?.[1];
  const physical = /^Physical: {1,20}(\d{1,16})$/m.exec(stdout)?.[1];
  return capacity === undefined || physical === undefined ? null : { capacity: Number(capacity), physical: Number(physical) };
}

/** The command line that prints what libvirt knows of an image in one of its pools: it reads what only root may read. */
export function volumeArgv(uri: ConnectionUri, path: string): string[] {
  return ['virsh', '-q', '-r', '-c', uri, 'vol-dumpxml', path];
}

/** What virsh complains about: its last line, which has the cause, without the word "error". */
export function virshComplaint(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return (lines.at(-1) ?? 'it failed without a message')
    .replace(/^error: /, '')
    .trim()
    .slice(0, 300);
}

function virsh(uri: ConnectionUri, isRoot: boolean, commands: readonly string[]): string[] {
  return ['virsh', '-q', ...(isRoot ? [] : ['-r']), '-c', uri, commands.join('; ')];
}

function chunks(items: readonly string[]): string[][] {
  const count = Math.ceil(items.length / PER_PROCESS);
  return Array.from({ length: count }, (_, index) => items.slice(index * PER_PROCESS, (index + 1) * PER_PROCESS));
}

/**
 * What stands after the mark of each object. A definition can hold a line that looks like a mark, so the marks must be
 * exactly those asked for, in that order.
 */
function sectionsOf(stdout: string, asked: readonly string[]): { readonly uuid: string; readonly text: string }[] | null {
  const [before, ...texts] = stdout.split(/^=[0-9a-f-]{36}=/m);
  const marks = stdout.match(/^=[0-9a-f-]{36}=/gm) ?? [];
  if (before !== '' || marks.length !== asked.length || marks.some((mark, index) => mark !== `=${asked[index]}=`)) return null;
  return asked.map((uuid, index) => ({ uuid, text: texts[index] ?? '' }));
}
