import { oncePer } from '../once-per.ts';
import type { Report, Result } from './model.ts';

const SEVERITIES = ['blocker', 'major', 'minor', 'info'] as const;

/** The rooms of all suites in the order in which a person sets a host or a domain up. */
const ROOMS = [
  'cpu',
  'kvm',
  'iommu',
  'gpu',
  'vfio',
  'memory',
  'kernel',
  'libvirt',
  'qemu',
  'firmware',
  'tpm',
  'storage',
  'media',
  'looking-glass',
  // Of a definition.
  'schema',
  'machine',
  'pci',
  'hyperv',
  'display',
  'network',
  'devices',
];

/**
 * What the person has to look at, in the order of importance: by severity, failures before what could not be looked at,
 * then by room and id; results of one check stay in the report's order.
 */
export const findings: (report: Report) => readonly Result[] = oncePer(({ results }) =>
  results
    .filter(({ status }) => status === 'fail' || status === 'error')
    .map((result) => ({ result, severity: SEVERITIES.indexOf(result.severity), room: roomNumber(result.id) }))
    .toSorted(
      (a, b) =>
        a.severity - b.severity ||
        Number(a.result.status === 'error') - Number(b.result.status === 'error') ||
        a.room - b.room ||
        compare(a.result.id, b.result.id),
    )
    .map(({ result }) => result),
);

/** The order of {@link findings} for results of one status. */
export function findingsOf(report: Report, status: 'fail' | 'error'): Result[] {
  return findings(report).filter((result) => result.status === status);
}

function roomNumber(id: string): number {
  const number = ROOMS.indexOf(id.split('/')[1] ?? '');
  return number === -1 ? ROOMS.length : number;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Does a failure of this severity decide the verdict? */
export function isDecisive({ strict = false }: Report, { severity }: Result): boolean {
  return severity === 'blocker' || (strict && severity === 'major');
}

/** The results of one status. */
export function withStatus({ results }: Report, status: Result['status']): Result[] {
  return results.filter((result) => result.status === status);
}

const PLURALS = { blocker: 'blockers', major: 'major', minor: 'minor', info: 'info' } as const;

/** `2 blockers, 1 major` */
export function severityCounts(results: readonly Result[]): string {
  const words = SEVERITIES.flatMap((severity) => {
    const count = results.filter((result) => result.severity === severity).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? severity : PLURALS[severity]}`];
  });
  return words.join(', ');
}

/** Is it a report about several definitions? */
export function isAboutSeveral({ suite, subject, results }: Report): boolean {
  return suite === 'domain' && subject.domain === null && results.some((result) => result.subject !== null);
}

/**
 * `2 blockers, 1 major`, `1 could not be looked at`, `6 checks not in this recording`, `43 passed`, `6 not applicable`, `84 ms`, from
 * ten seconds on `12 s`. Of `notRecorded`, what one block tells, the checks count, as they do there.
 */
export function countsParts(report: Report, notRecorded: readonly Result[]): string[] {
  const { counts, durationMs, selection } = report;
  const missing = new Set(notRecorded.map(({ id }) => id)).size;
  const parts = [
    severityCounts(withStatus(report, 'fail')),
    counted(counts.error - notRecorded.length, 'could not be looked at'),
    counted(missing, 'checks not in this recording'),
    counted(counts.pass, 'passed'),
    counted(counts['not-applicable'], 'not applicable'),
    counted(counts.skipped, 'skipped'),
    selection === undefined ? '' : `${selection.checks} of ${selection.of} checks`,
    duration(durationMs),
  ];
  return parts.filter((part) => part !== '');
}

/** `passcheck.yaml changes the severity of 2 checks: …`: it can make a GO. Null when it changes none. */
export function severityWords({ severities = {} }: Report): string | null {
  const changed = Object.entries(severities).map(([id, severity]) => `${id.slice(id.indexOf('/') + 1)} (${severity})`);
  if (changed.length === 0) return null;
  return `passcheck.yaml changes the severity of ${changed.length === 1 ? '1 check' : `${changed.length} checks`}: ${changed.join(', ')}`;
}

/** What was judged: the machine with what the report says of it; of a definition first its name, then the machine that it was judged for. */
export function subjectParts(report: Report): string[] {
  const { suite, recorded = false, subject } = report;
  const { host, domain } = subject;
  const about = (subject.summary ?? '').split(' · ');
  if (suite !== 'domain') return [host ?? '', domain ?? '', ...about].filter((part) => part !== '');
  // The GPU of the host need not be that of the VM.
  const of = about.filter((part) => part !== '' && !part.startsWith('GPU '));
  const machine = host ?? (recorded ? 'a host' : '');
  const against = machine === '' ? '' : `against ${machine}${recorded ? ', as recorded' : ''}`;
  return [definitionWords(report), against, ...of].filter((part) => part !== '');
}

/** `win11.xml`, `3 definitions`; empty when there is none. */
export function definitionWords({ subject: { domain }, results }: Report): string {
  if (domain !== null) return domain;
  const count = new Set(results.flatMap(({ subject }) => subject ?? [])).size;
  return count < 2 ? '' : `${count} definitions`;
}

function counted(count: number, words: string): string {
  return count === 0 ? '' : `${count} ${words}`;
}

function duration(ms: number): string {
  return ms < 10_000 ? counted(ms, 'ms') : `${Math.round(ms / 1000)} s`;
}
