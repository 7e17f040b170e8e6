import type { DomainDocument } from '../domain/document.ts';
import { liveArgv, parseLive, virshComplaint } from '../libvirt/virsh.ts';
import { caller } from './caller.ts';
import { orFactError } from './domains.ts';
import { FactError, readingError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import { isActive } from './judged-domains.ts';
import { libvirtObjects } from './libvirt-objects.ts';

/** libvirtd answers for each domain from memory. */
const TIMEOUT = { timeoutMs: 20_000 };

/**
 * The running domains of libvirt as they run, by UUID: what was changed since the start is not in them. A domain that stopped
 * in between is not there; libvirt not reachable is an error.
 */
export const liveDomains = defineFact({
  id: 'liveDomains',
  needs: { libvirtObjects },
  wants: { caller },
  async collect(host, facts, { config }): Promise<ReadonlyMap<string, DomainDocument>> {
    const objects = facts.libvirtObjects;
    const { source } = objects;
    if (objects.state !== 'read') {
      const hint = 'see preflight/libvirt/daemon, or run passcheck as root';
      throw new FactError({ source, reason: 'libvirt does not show its running VMs', hint });
    }
    const running = objects.domains.filter(isActive).map(({ uuid }) => uuid);
    if (running.length === 0) return new Map();
    const { readDocuments } = await import('../domain/document.ts');
    const isRoot = facts.caller.ok && facts.caller.value.isRoot;
    const answers = await Promise.all(
      liveArgv(config.connection, isRoot, running).map(async (argv) => ({ argv, result: await host.run(argv, TIMEOUT) })),
    );
    const live = answers.flatMap(({ argv, result }) => {
      if (result.state !== 'ok') throw readingError(`virsh ${isRoot ? '' : '-r '}-c ${config.connection} dumpxml …`, result);
      const found = parseLive(
        result.value.stdout,
        running.filter((uuid) => argv.at(-1)?.includes(`=${uuid}=`)),
      );
      if (found === null) throw new FactError({ source, reason: virshComplaint(result.value.stderr) });
      return found;
    });
    return new Map(
      live.flatMap(({ uuid, xml }): [string, DomainDocument][] => {
        const label = `virsh dumpxml ${uuid}`;
        return orFactError(label, () => readDocuments({ label, text: xml, isDefined: true })).map((document) => [uuid, document]);
      }),
    );
  },
});
