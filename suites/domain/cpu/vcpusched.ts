import { parseCpuset } from '../../../src/domain/cpuset.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { type Place, vcpuPlaces } from '../../../src/domain/pinning.ts';
import { unsignedNumber, vcpusOf } from '../../../src/domain/vcpus.ts';
import { all, attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { type CpuIsolation, ISOLATED_PATH } from '../../../src/facts/cpu-isolation.ts';
import { formatCpuList } from '../../../src/facts/cpu-list.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { cpuWords, vcpuWords } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/vcpusched',
  title: 'vCPUs with a real-time scheduler are alone on isolated CPUs',
  severity: 'blocker',
  wantsHost: ['cpuIsolation'],
  why: 'A busy vCPU with the scheduler fifo or rr leaves nothing on its CPU to anybody else: threads of the kernel that have work there starve, and the host hangs. Without priority from 1 to 99 the domain does not start.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-tuning', 'https://man7.org/linux/man-pages/man7/sched.7.html'],
  evaluate(document, { cpuIsolation }) {
    const places = vcpuPlaces(document);
    return all(document.root, 'cputune', 'vcpusched')
      .slice(0, 100)
      .map((element) => judge(document, element, { places, isolation: cpuIsolation }));
  },
});

interface Situation {
  readonly places: readonly Place[];
  readonly isolation: Attempt<CpuIsolation>;
}

function judge(document: DomainDocument, element: XmlElement, { places, isolation }: Situation): Outcome {
  const scheduler = attribute(element, 'scheduler') ?? '';
  const vcpus = parseCpuset(attribute(element, 'vcpus') ?? '');
  const refused = refusal(document, element, scheduler, vcpus);
  if (refused !== null || vcpus === null) return failAt(document, element, refused ?? '', { remedy: xmlRemedy(document, EXAMPLE) });
  if (scheduler === 'batch') return passAt(document, element);
  if (scheduler === 'idle') {
    return failAt(document, { element, attribute: 'scheduler' }, `${vcpuWords(vcpus)} run only when nothing else wants the CPU`, {
      severity: 'minor',
      remedy: xmlRemedy(document, 'Remove <vcpusched>'),
    });
  }
  const chosen = new Set(vcpus);
  const meant = places.filter(({ id }) => chosen.has(id));
  const cpus = new Set(meant.flatMap((place) => place.cpus ?? []));
  const isFree = meant.some((place) => place.cpus === null);
  const remedy = xmlRemedy(document, 'Remove <vcpusched>, or pin the vCPUs to isolated CPUs');
  const spot = { element, attribute: 'scheduler' };
  if (isFree)
    return failAt(document, spot, `${vcpuWords(vcpus)} are scheduled by ${scheduler}, and may run on any CPU of the host`, {
      severity: 'major',
      remedy,
    });
  if (!isolation.ok) {
    const message = `${vcpuWords(vcpus)} are scheduled by ${scheduler}, which starves the host unless ${cpuWords(cpus)} are isolated`;
    return failAt(document, spot, message, { severity: 'minor', remedy });
  }
  const isolated = new Set(isolation.value.isolated);
  const shared = [...cpus].filter((cpu) => !isolated.has(cpu));
  if (shared.length === 0) return passAt(document, element);
  return failAt(document, spot, `${vcpuWords(vcpus)} are scheduled by ${scheduler} on ${cpuWords(shared)}, which the host uses, too`, {
    severity: 'major',
    evidence: [{ source: ISOLATED_PATH, observed: formatCpuList([...isolated]) || 'no CPU' }],
    remedy,
  });
}

const EXAMPLE = "Write <vcpusched vcpus='0-3' scheduler='fifo' priority='1'/>, or remove it";

/** Why libvirt does not take it: at once, or at the start of the domain. */
function refusal(document: DomainDocument, element: XmlElement, scheduler: string, vcpus: readonly number[] | null): string | null {
  if (!['fifo', 'rr', 'batch', 'idle'].includes(scheduler)) return `there is no scheduler "${scheduler.slice(0, 40)}"`;
  if (vcpus === null) return 'it does not say for which vCPUs';
  const { max } = vcpusOf(document);
  const missing = vcpus.filter((vcpu) => vcpu >= max);
  if (missing.length > 0) return `the guest has no ${vcpuWords(missing)}`;
  if (scheduler === 'batch' || scheduler === 'idle') return null;
  const written = attribute(element, 'priority');
  const priority = unsignedNumber(written ?? '');
  if (priority >= 1 && priority <= 99) return null;
  return written === null ? `the scheduler ${scheduler} has no priority` : `the priority ${written.slice(0, 40)} is not from 1 to 99`;
}
