import { DomainXmlError, parseXml, textAt, type XmlElement } from '../domain/xml.ts';
import { type Connection, ConnectionError } from '../libvirt/connection.ts';
import { parseDomains, virshComplaint } from '../libvirt/virsh.ts';

/** A VM of libvirt. */
export interface Vm {
  readonly uuid: string;
  readonly name: string;
  /** In virsh's words: `running`, `shut off`, `paused` … */
  readonly state: string;
  /** The definition that the next start gets. */
  readonly xml: string;
  readonly root: XmlElement;
}

/** A busy libvirtd takes long for its first answer. */
export const READ_MS = 60_000;
/** The kernel takes 128 KiB for one argument of a program. */
const PER_PROCESS = 400;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Every VM of the connection, by name. Throws a {@link ConnectionError} when libvirt did not say. */
export async function readVms(connection: Connection): Promise<readonly Vm[]> {
  const uuids = (await answer(connection, ['list', '--all', '--uuid'])).split(/\s+/).filter((word) => UUID.test(word));
  const vms: Vm[] = [];
  for (let from = 0; from < uuids.length; from += PER_PROCESS) {
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    vms.push(...(await readThese(connection, uuids.slice(from, from + PER_PROCESS))));
  }
  return vms.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The one that somebody means: by its name, else by its UUID. Null: there is none. */
export function findVm(vms: readonly Vm[], wanted: string): Vm | null {
  return vms.find(({ name }) => name === wanted) ?? vms.find(({ uuid }) => uuid === wanted.toLowerCase()) ?? null;
}

/** What virsh prints. Throws a {@link ConnectionError} when it fails. */
export async function answer(connection: Connection, command: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await connection.run(command, { timeoutMs: READ_MS });
  if (exitCode !== 0) throw silence(connection, virshComplaint(stderr));
  return stdout;
}

async function readThese(connection: Connection, uuids: readonly string[]): Promise<Vm[]> {
  const commands = uuids.flatMap((uuid) => [`echo =${uuid}=`, `domstate ${uuid}`, `dumpxml --inactive ${uuid}`]);
  // Its exit code is that of the last VM, which may have gone away in between.
  const { stdout, stderr } = await connection.run([commands.join('; ')], { timeoutMs: READ_MS });
  const texts = parseDomains(stdout, uuids);
  if (texts === null) throw silence(connection, virshComplaint(stderr));
  return texts.map(({ uuid, state, xml }) => {
    const root = parsed(connection, xml);
    return { uuid, name: textAt(root, 'name') ?? uuid, state, xml, root };
  });
}

function parsed(connection: Connection, xml: string): XmlElement {
  try {
    return parseXml(xml);
  } catch (error) {
    if (error instanceof DomainXmlError) throw silence(connection, `a definition that cannot be read: ${error.message}`);
    throw error;
  }
}

function silence({ uri }: Connection, complaint: string): ConnectionError {
  return new ConnectionError(`${uri} does not say which VMs there are: ${complaint}`, 'Look whether libvirt runs: passcheck preflight');
}
