import type { Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { FactError, readingError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import { type LibvirtObjects, libvirtObjects } from './libvirt-objects.ts';
import { libvirtFolder, sessionFolder } from './qemu-conf.ts';
import { platform } from './platform.ts';
import { readText, valueOrNull } from './read.ts';

/** A domain of libvirt as text. */
export interface DefinedDomainText {
  /** The persistent definition: what the next start uses. */
  readonly xml: string;
  /** Where it was read: a command that a person can type, or a file. */
  readonly source: string;
  /** As virsh prints it: `running`, `shut off`, `paused` … */
  readonly state: string;
}

/** The definitions that libvirt (the configured connection) has. Not reachable is an error, none is none. */
export const domainTexts = defineFact({
  id: 'domainTexts',
  needs: { libvirtObjects },
  wants: { platform },
  collect(host, facts, { config }): readonly DefinedDomainText[] {
    const objects = facts.libvirtObjects;
    if (objects.state === 'read') {
      return objects.domains.map(({ uuid, state, xml }) => ({ state, xml, source: `virsh dumpxml ${uuid}` }));
    }
    // The files of a session are those of the caller's home, which under sudo is not the user's.
    if (config.connection === 'qemu:///session' && objects.state === 'could-not-look') throw new FactError(objects);
    const distribution = facts.platform.ok ? facts.platform.value.distribution : null;
    const folders = config.connection === 'qemu:///session' ? sessionFolders(host) : systemFolders(distribution);
    return domainsFromFiles(host, folders, objects);
  },
});

type Unread = Exclude<LibvirtObjects, { state: 'read' }>;

interface Folders {
  readonly definitions: string;
  readonly running: string;
}

function systemFolders(distribution: string | null): Folders {
  return { definitions: `${libvirtFolder(distribution)}/qemu`, running: '/run/libvirt/qemu' };
}

function sessionFolders(host: HostSource): Folders {
  const home = valueOrNull(host.environment('HOME')) ?? '/root';
  const runtime = valueOrNull(host.environment('XDG_RUNTIME_DIR')) ?? `${home}/.cache`;
  return { definitions: `${sessionFolder(host)}/qemu`, running: `${runtime}/libvirt/qemu/run` };
}

/** libvirt's own files: those of running domains (transient ones have no other), and the persistent definitions. */
function domainsFromFiles(host: HostSource, folders: Folders, libvirt: Unread): DefinedDomainText[] {
  const running = readFolder(host, folders.running, libvirt);
  const defined = readFolder(host, folders.definitions, libvirt);
  return [...new Map([...running, ...defined])].map(([name, text]) => ({ ...text, state: running.has(name) ? 'running' : 'shut off' }));
}

function readFolder(host: HostSource, folder: string, libvirt: Unread): Map<string, Omit<DefinedDomainText, 'state'>> {
  const listed = seen(host.list(folder), libvirt, folder) ?? [];
  const read = listed
    .filter((name) => name.endsWith('.xml'))
    .flatMap((name): [string, Omit<DefinedDomainText, 'state'>][] => {
      const source = `${folder}/${name}`;
      const xml = seen(readText(host, source, 4 * 1024 * 1024), libvirt, source);
      return xml === null ? [] : [[name, { xml, source }]];
    });
  return new Map(read);
}

/** Absent is null; what could not be looked at is the error of virsh, which is what the user can mend. */
function seen<T>(reading: Reading<T>, libvirt: Unread, path: string): T | null {
  if (reading.state === 'ok') return reading.value;
  if (reading.state === 'absent') return null;
  if (libvirt.state === 'no-virsh') {
    const hint = "run passcheck as root, or install virsh (libvirt's client tools)";
    throw new FactError({ source: path, reason: reading.detail, hint });
  }
  const cause = readingError(path, reading);
  const { source } = libvirt;
  if (libvirt.state === 'could-not-look') throw new FactError({ source, reason: libvirt.reason, hint: libvirt.hint, cause });
  // Many checks say this; the cause is told once, by that of the daemon.
  const hint = 'see preflight/libvirt/daemon, or run passcheck as root, which reads the files of libvirt';
  throw new FactError({ source, reason: 'libvirt does not show its VMs', hint, cause });
}
