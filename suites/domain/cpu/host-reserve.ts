import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { vcpusOf } from '../../../src/domain/vcpus.ts';
import { notApplicable, type Outcome, type Severity } from '../../../src/engine/outcome.ts';
import { formatCpuList } from '../../../src/facts/cpu-list.ts';
import { cachesWith, type Core, coresForHost, coresWith, hostCores, type HostCores } from '../cpu-host.ts';
import { boundOn, boundVcpus, cpusOf, cpuWords, pinsRemedy, tuningElement } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/host-reserve',
  title: 'The host keeps cores for itself',
  severity: 'major',
  host: ['cpuTopology'],
  why: 'QEMU itself, the drivers, the desktop and the network of the host need CPU time while the guest computes. Without a core of their own they take it from the vCPUs, and the guest waits for them.',
  sources: ['https://looking-glass.io/docs/B7/requirements/', 'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#CPU_pinning'],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuTopology }) {
    const host = hostCores(cpuTopology);
    const wanted = coresForHost(host);
    const { enabled } = vcpusOf(document);
    if (enabled.length > cpuTopology.online.length) return tooMany(document, enabled.length, cpuTopology.online);
    if (wanted === 0) return notApplicable('the host has one core');
    const bound = boundOn(document, cpuTopology.online);
    if ('reason' in bound) return judgeCount(document, cpuTopology.online, bound.reason);
    const mine = cpusOf(bound.places);
    const used = coresWith(host, mine);
    const left = host.cores.length - used.size;
    const found = { document, host, used, wanted };
    if (left === 0) return blame(found, 'every core of the host has vCPUs, and the host has none for itself', 'major');
    if (left < wanted) return blame(found, `the host keeps ${left} of ${host.cores.length} cores`, 'minor');
    const isFirstTaken = host.boot !== undefined && used.has(host.boot);
    if (host.boot !== undefined && isFirstTaken && !needsFirstCore(host, used)) {
      return blame(
        found,
        `a vCPU is on ${cpuWords(host.boot.cpus.filter((cpu) => mine.has(cpu)))}, where the kernel has work that only the first core can do`,
        'minor',
      );
    }
    return isFirstTaken
      ? passAt(
          document,
          tuningElement(document),
          `vCPUs have a whole cache or node, the first core with it; the host keeps ${left} of ${host.cores.length} cores`,
        )
      : passAt(document, tuningElement(document));
  },
});

/** vCPUs that may run anywhere leave the host something as long as they are fewer than its CPUs. */
function judgeCount(document: DomainDocument, online: readonly number[], reason: string): Outcome {
  const { enabled } = vcpusOf(document);
  const isBound = 'places' in boundVcpus(document);
  return isBound || enabled.length < online.length ? notApplicable(reason) : tooMany(document, enabled.length, online);
}

function tooMany(document: DomainDocument, vcpus: number, online: readonly number[]): Outcome {
  return failAt(document, tuningElement(document), `the guest has ${vcpus} vCPUs, the host ${online.length} CPUs`, {
    evidence: [{ source: '/sys/devices/system/cpu/online', observed: formatCpuList(online) }],
    remedy: pinsRemedy(document, 'Give the guest fewer vCPUs than the host has CPUs, and plan which'),
  });
}

/** All cores of one cache, or of one node, are worth more together than the first core to the host. */
function needsFirstCore(host: HostCores, used: ReadonlySet<Core>): boolean {
  const [cache, ...others] = cachesWith(host, used);
  const nodes = new Set([...used].map(({ node }) => node));
  const isWholeCache = cache !== undefined && others.length === 0 && coresWith(host, cache.cpus).size === used.size;
  const isWholeNode = nodes.size === 1 && host.cores.filter(({ node }) => nodes.has(node)).length === used.size;
  return isWholeCache || isWholeNode;
}

interface Found {
  readonly document: DomainDocument;
  readonly host: HostCores;
  readonly used: ReadonlySet<Core>;
  readonly wanted: number;
}

function blame({ document, host, used, wanted }: Found, message: string, severity: Severity): Outcome {
  const free = host.cores.filter((core) => !used.has(core)).flatMap(({ cpus }) => cpus);
  return failAt(document, tuningElement(document), message, {
    severity,
    expected: `${wanted === 1 ? 'one core' : `${wanted} cores`} without vCPUs, CPU ${host.boot?.cpus[0] ?? 0} among them`,
    evidence: [
      { source: '/sys/devices/system/cpu/online', observed: `${host.cores.length} cores; without vCPUs: ${formatCpuList(free) || 'none'}` },
    ],
    remedy: pinsRemedy(document, 'Leave the first cores to the host'),
  });
}
