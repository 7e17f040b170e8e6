import type { CommandResult } from '../src/host/source.ts';
import type { Connection } from '../src/libvirt/connection.ts';
import { attribute, first, parseXml, textAt } from '../src/domain/xml.ts';

interface MemoryObject {
  readonly name: string;
  readonly uuid: string;
  xml: string;
  isActive: boolean;
  autostart: boolean;
}

interface MemoryVolume {
  readonly pool: string;
  readonly name: string;
  readonly path: string;
  capacity: number;
  format: string;
  allocation: number;
}

/** What a libvirt has, as far as passcheck changes it. */
export interface MemoryState {
  readonly networks: MemoryObject[];
  readonly pools: MemoryObject[];
  readonly domains: MemoryObject[];
  readonly volumes: MemoryVolume[];
}

/** A libvirt in memory that answers as virsh does. */
export interface MemoryLibvirt {
  readonly connection: Connection;
  readonly state: MemoryState;
  /** Every call, in the order in which they began. */
  readonly calls: string[][];
  /** Those that change something. */
  mutations(): string[][];
  /** The most calls that ran at the same time. */
  readonly most: () => number;
  /** Guests that shut down when they are asked in this mode; a press of the power button unless told. */
  obeys: 'agent' | 'acpi' | 'nobody';
  /** Asked before each call: an answer takes the place of libvirt's; a thrown error is the connection's. */
  intercept: (words: readonly string[]) => CommandResult | null;
}

const DONE: CommandResult = { exitCode: 0, stdout: '', stderr: '' };

/** virsh's way to say no. */
export function refusedBy(...lines: readonly string[]): CommandResult {
  return { exitCode: 1, stdout: '', stderr: lines.map((line) => `error: ${line}\n`).join('') };
}

export function memoryLibvirt(state: Partial<MemoryState> = {}): MemoryLibvirt {
  const full: MemoryState = { networks: [], pools: [], domains: [], volumes: [], ...state };
  const calls: string[][] = [];
  let running = 0;
  let most = 0;
  const libvirt: MemoryLibvirt = {
    state: full,
    calls,
    mutations: () => calls.filter(([verb = '']) => !READS.has(verb) && !verb.startsWith('echo ')),
    most: () => most,
    obeys: 'acpi',
    intercept: () => null,
    connection: {
      uri: 'qemu:///system',
      async run(words) {
        calls.push([...words]);
        running++;
        most = Math.max(most, running);
        try {
          // As many turns as a process would take: others begin meanwhile.
          for (let turn = 0; turn < 5; turn++) await Promise.resolve(); // oxlint-disable-line no-await-in-loop
          const [batch = ''] = words;
          return libvirt.intercept(words) ?? (batch.startsWith('echo ') ? batchAnswer(batch, full) : answer(words, full, libvirt.obeys));
        } finally {
          running--;
        }
      },
    },
  };
  return libvirt;
}

const READS: ReadonlySet<string> = new Set(['domstate', 'vol-dumpxml', 'dumpxml']);

function answer(words: readonly string[], state: MemoryState, obeys: MemoryLibvirt['obeys']): CommandResult {
  const [verb = '', ...rest] = words;
  if (verb.startsWith('net-')) return objectAnswer(verb.slice(4), rest, state.networks);
  if (verb.startsWith('pool-')) return objectAnswer(verb.slice(5), rest, state.pools);
  if (verb.startsWith('vol-')) return volumeAnswer(verb, rest, state);
  if (verb === 'shutdown') return shutDownAnswer(rest, state.domains, obeys);
  if (verb === 'blockresize') return DONE;
  if (verb === 'domstate') {
    const domain = state.domains.find(({ uuid }) => uuid === rest[0]);
    return domain === undefined ? refusedBy('failed to get domain') : { ...DONE, stdout: domain.isActive ? 'running\n' : 'shut off\n' };
  }
  return objectAnswer(verb, rest, state.domains);
}

function objectAnswer(verb: string, [subject = '', ...options]: readonly string[], objects: MemoryObject[]): CommandResult {
  if (verb === 'define') return defined(subject, objects);
  const object = objects.find(({ uuid, name }) => uuid === subject || name === subject);
  if (object === undefined) return refusedBy(`failed to get object '${subject}'`, 'Object not found');
  switch (verb) {
    case 'start':
      if (object.isActive) return refusedBy('Requested operation is not valid: already active');
      object.isActive = true;
      return DONE;
    case 'destroy':
      object.isActive = false;
      return DONE;
    case 'autostart':
      object.autostart = !options.includes('--disable');
      return DONE;
    case 'build':
      return DONE;
    case 'undefine':
      objects.splice(objects.indexOf(object), 1);
      return DONE;
    case 'dumpxml':
      return { ...DONE, stdout: object.xml };
    default:
      return refusedBy(`unknown command: '${verb}'`);
  }
}

function defined(file: string, objects: MemoryObject[]): CommandResult {
  const root = parseXml(file);
  const [name, uuid] = [textAt(root, 'name') ?? '', textAt(root, 'uuid') ?? ''];
  const known = objects.find((object) => object.uuid === uuid);
  if (known !== undefined) {
    known.xml = file;
    return DONE;
  }
  if (objects.some((object) => object.name === name)) return refusedBy(`operation failed: '${name}' already exists with another uuid`);
  objects.push({ name, uuid, xml: file, isActive: false, autostart: false });
  return DONE;
}

function volumeAnswer(verb: string, words: readonly string[], { volumes, pools }: MemoryState): CommandResult {
  const option = (name: string): string => words[words.indexOf(name) + 1] ?? '';
  const pool = pools.find(({ name }) => name === option('--pool'));
  if (pool?.isActive !== true) return refusedBy('Requested operation is not valid: storage pool is not active');
  if (verb === 'vol-create') return created(option('--file'), pool, volumes);
  const volume = volumes.find(({ name }) => name === option('--vol'));
  if (volume === undefined) return refusedBy(`Storage volume not found: no storage vol with matching name '${option('--vol')}'`);
  switch (verb) {
    case 'vol-resize':
      volume.capacity = Number(option('--capacity'));
      return DONE;
    case 'vol-delete':
      volumes.splice(volumes.indexOf(volume), 1);
      return DONE;
    case 'vol-dumpxml':
      return { ...DONE, stdout: volumeXml(volume) };
    default:
      return refusedBy(`unknown command: '${verb}'`);
  }
}

function created(file: string, pool: MemoryObject, volumes: MemoryVolume[]): CommandResult {
  const root = parseXml(file);
  const name = textAt(root, 'name') ?? '';
  if (volumes.some((volume) => volume.name === name && volume.pool === pool.name))
    return refusedBy(`storage volume '${name}' exists already`);
  const format = attribute(first(root, 'target', 'format'), 'type') ?? 'raw';
  const folder = textAt(parseXml(pool.xml), 'target', 'path') ?? '';
  volumes.push({
    pool: pool.name,
    name,
    path: `${folder}/${name}`,
    capacity: Number(textAt(root, 'capacity')),
    format,
    allocation: 196_608,
  });
  return DONE;
}

function shutDownAnswer(
  [subject, , mode]: readonly string[],
  domains: readonly MemoryObject[],
  obeys: MemoryLibvirt['obeys'],
): CommandResult {
  const domain = domains.find(({ uuid }) => uuid === subject);
  if (domain === undefined) return refusedBy('failed to get domain');
  if (!domain.isActive) return refusedBy('Requested operation is not valid: domain is not running');
  if (mode === 'agent' && obeys !== 'agent')
    return refusedBy('Failed to shutdown domain', 'Guest agent is not responding: QEMU guest agent is not connected');
  if (mode === obeys) domain.isActive = false;
  return DONE;
}

/** Several reading commands as one process, each behind its marks: see src/provision/world/batch.ts. */
function batchAnswer(batch: string, state: MemoryState): CommandResult {
  let [stdout, stderr] = ['', ''];
  for (const part of batch.split(/(?:^|; )(?=echo "\n)/)) {
    const [, mark = '', errorMark = '', command = ''] = /^echo "(\n[^"]*)"; echo --err "([^"]*)"; ([^]*)$/.exec(part) ?? [];
    if (command === '') continue;
    const result = readAnswer(command.replaceAll("'", '').split(' '), state);
    stdout += `${mark}${result.stdout}`;
    stderr += `error: ${errorMark}\n${result.stderr}`;
  }
  return { exitCode: 0, stdout, stderr };
}

function readAnswer(words: readonly string[], state: MemoryState): CommandResult {
  const [verb = '', subject = ''] = words;
  const [, kind = ''] = /^(net|pool)-/.exec(verb) ?? [];
  const objects = { net: state.networks, pool: state.pools, '': state.domains }[kind] ?? state.domains;
  if (/^(?:net-|pool-)?list$/.test(verb)) return { ...DONE, stdout: listOf(objects, words) };
  if (verb === 'vol-list') {
    return {
      ...DONE,
      stdout: state.volumes.flatMap(({ pool, name, path }) => (pool === subject ? [` ${name}   ${path}\n`] : [])).join(''),
    };
  }
  if (verb === 'vol-dumpxml') {
    const volume = state.volumes.find(({ name, path }) => words.includes(name) || words.includes(path));
    return volume === undefined ? refusedBy('failed to get vol', 'Storage volume not found') : { ...DONE, stdout: volumeXml(volume) };
  }
  const object = objects.find(({ name, uuid }) => words.includes(name) || words.includes(uuid));
  if (object === undefined) return refusedBy(`failed to get '${words.at(-1)}'`);
  if (verb === 'domstate') return { ...DONE, stdout: object.isActive ? 'running\n' : 'shut off\n' };
  if (!verb.endsWith('dumpxml')) return DONE;
  const isLive = object.isActive && !words.includes('--inactive');
  return { ...DONE, stdout: isLive ? object.xml.replace('<domain ', "<domain id='1' ") : object.xml };
}

function listOf(objects: readonly MemoryObject[], words: readonly string[]): string {
  const listed = objects.filter(({ isActive, autostart }) => {
    if (words.includes('--autostart')) return autostart;
    if (words.includes('--transient') || words.includes('--with-managed-save')) return false;
    return words.includes('--all') || isActive;
  });
  const line = ({ uuid, name }: MemoryObject): string =>
    [...(words.includes('--uuid') ? [uuid] : []), ...(words.includes('--name') ? [name] : [])].join(' ');
  return listed.map((object) => `${line(object)}\n`).join('');
}

function volumeXml({ name, path, capacity, allocation, format }: MemoryVolume): string {
  const size = `<capacity unit='bytes'>${capacity}</capacity><allocation unit='bytes'>${allocation}</allocation>`;
  return `<volume type='file'><name>${name}</name>${size}<target><path>${path}</path><format type='${format}'/></target></volume>`;
}
