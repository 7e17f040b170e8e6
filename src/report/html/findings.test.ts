import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aReport, aResult, hostileReport, LINT_REPORT, NO_GO_REPORT } from '../../../test/report.ts';
import { elementsOf, type HtmlElement, parseStrictly, textOf } from '../../../test/strict-html.ts';
import type { Report, Result } from '../model.ts';
import { findingsSection, unseenSection } from './findings.ts';
import { othersSection } from './others.ts';
import { verdictSection } from './verdict.ts';

function failed(report: Report): HtmlElement[] {
  return elementsOf(parseStrictly(findingsSection(report)?.body.markup ?? ''));
}

function unseen(report: Report): HtmlElement[] {
  return elementsOf(parseStrictly(unseenSection(report)?.body.markup ?? ''));
}

function articles(elements: readonly HtmlElement[]): HtmlElement[] {
  return elements.filter(({ name }) => name === 'article');
}

function words(element: HtmlElement | undefined): string {
  return element === undefined ? '' : textOf(element).replaceAll(/\s+/g, ' ').trim();
}

function isOpen(article: HtmlElement | undefined): boolean {
  return article !== undefined && elementsOf(article).some(({ name, attributes }) => name === 'details' && attributes.has('open'));
}

function aFailure(severity: Result['severity'], given: Partial<Result> = {}): Result {
  return aResult({ status: 'fail', severity, message: `a ${severity}`, ...given });
}

function aMissing(id: string, severity: Result['severity']): Result {
  return aResult({ id, severity, status: 'error', evidence: [{ source: '/proc/x', observed: 'host.tar.bz2 does not hold it' }] });
}

/** What the page shows of results, without the page around it. */
function everything(report: Report): HtmlElement[] {
  return [verdictSection(report), findingsSection(report)?.body, unseenSection(report)?.body, othersSection(report)?.body].flatMap(
    (part) => (part === undefined ? [] : elementsOf(parseStrictly(part.markup))),
  );
}

/** What stands below the headings of two severities. */
function leads(strict: boolean): string[] {
  return failed(aReport({ strict, results: [aFailure('blocker'), aFailure('major')] }))
    .filter(({ attributes }) => attributes.get('class') === 'lead')
    .map((lead) => words(lead));
}

describe('the findings', () => {
  it('stand by severity, the gravest first', () => {
    const report = aReport({ results: (['info', 'minor', 'blocker', 'major', 'blocker'] as const).map((severity) => aFailure(severity)) });
    const headings = failed(report).filter(({ name }) => name === 'h3');
    expect(headings.map((heading) => words(heading))).toEqual(['Blockers 2', 'Major 1', 'Minor 1', 'Info 1']);
    expect(headings[0]?.attributes.get('id')).toBe('findings-blocker');
  });

  it('say in a sentence what each severity means', () => {
    expect(leads(false)).toEqual([
      expect.stringContaining('One is enough for a NO-GO.'),
      expect.stringContaining('does not change the verdict.'),
    ]);
    expect(leads(true)[1]).toContain('Here, one is enough for a NO-GO, too.');
  });

  it('say why they matter, where that is known', () => {
    const [article] = articles(failed(aReport({ results: [aFailure('major', { why: 'Frames come late.' })] })));
    expect(words(article)).toContain('Why it mattersFrames come late.');
    expect(words(articles(failed(NO_GO_REPORT))[0])).not.toContain('Why it matters');
  });

  it('are open where they matter most', () => {
    const report = aReport({ results: (['blocker', 'major', 'minor', 'info'] as const).map((severity) => aFailure(severity)) });
    expect(articles(failed(report)).map((article) => isOpen(article))).toEqual([true, true, false, false]);
  });

  it('say what is wrong, what was wanted, what was seen where, and what to do', () => {
    const [first] = articles(failed(NO_GO_REPORT));
    expect(words(first)).toBe(
      'blocker24 PCI-MSI vectors are not remapped, and "intremap=off" is on the kernel command linepreflight/iommu/interrupt-remapping ' +
        'WantedDevice interrupts are remapped' +
        'EvidenceWhereSeenExpected/proc/interrupts24 × PCI-MSI, 0 × IR-IR- on every PCI-MSI line/proc/cmdlineintremap=off' +
        'FixRemove intremap=off from the kernel command line' +
        'In /etc/default/grub, this line:GRUB_CMDLINE_LINUX_DEFAULT="quiet"Run:update-grubReboot.',
    );
  });

  it('show the line of a definition with what is meant marked, and do not show it twice', () => {
    const [first] = articles(failed(LINT_REPORT));
    const inside = elementsOf(first ?? { name: '', attributes: new Map(), children: [] });
    expect(words(inside.find(({ name }) => name === 'mark'))).toBe("<vcpupin vcpu='5' cpuset='3'/>");
    expect(words(first)).toContain('vms/win11.xml:41:5');
    expect(words(first)).toContain('Expecteda CPU that no other vCPU has');
    expect(words(first).match(/vcpu='5'/g)).toHaveLength(1);
  });

  it('say what --fix does', () => {
    expect(words(articles(failed(LINT_REPORT))[1])).toContain('passcheck lint --fix does it.');
    expect(words(articles(failed(LINT_REPORT))[0])).not.toContain('--fix');
  });

  it('are not there when nothing failed', () => {
    expect(findingsSection(aReport({ results: [aResult()] }))).toBeNull();
  });

  it('have evidence that is cut and counted when there is very much', () => {
    const evidence = Array.from({ length: 45 }, (_, index) => ({ source: `/sys/${index}`, observed: 'x'.repeat(3000) }));
    const [article] = articles(failed(aReport({ results: [aFailure('blocker', { evidence })] })));
    expect(words(article)).toContain('… and 5 more');
    expect(words(article)).toContain('… (1000 more characters)');
  });
});

describe('what could not be looked at', () => {
  it('stands apart from what failed', () => {
    expect(words(failed(NO_GO_REPORT)[0])).not.toContain('gpu/rebar');
    const [article] = articles(unseen(NO_GO_REPORT));
    expect(words(article)).toBe(
      '? infoThe BARs of the GPU have their full sizepreflight/gpu/rebar ' +
        'EvidenceWhereSeen/sys/bus/pci/devices/0000:01:00.0/configpermission deniedTryrun passcheck as root to see it',
    );
  });

  it('is gathered where a recording does not hold it', () => {
    const results = [aMissing('preflight/iommu/a', 'blocker'), aMissing('preflight/cpu/b', 'minor'), aResult({ status: 'error' })];
    const report = aReport({ verdict: 'INCONCLUSIVE', recorded: true, results });
    expect(articles(unseen(report))).toHaveLength(1);
    const block = unseen(report).find(({ attributes }) => attributes.get('id') === 'not-recorded');
    expect(words(block)).toBe('Not in this recording: 2 checks blockersiommu/aotherscpu/b');
    expect(unseenSection(report)?.count).toBe(3);
  });
});

describe('findings and results of any report', () => {
  it('are well-formed, have ids of their own, and links that lead somewhere', () => {
    fc.assert(
      fc.property(hostileReport, fc.boolean(), (given, recorded) => {
        const report = { ...given, recorded };
        const elements = everything(report);
        const ids = [
          ...elements.flatMap(({ attributes }) => attributes.get('id') ?? []),
          ...[findingsSection, unseenSection, othersSection].flatMap((section) => section(report)?.id ?? []),
        ];
        expect(new Set(ids).size).toBe(ids.length);
        const links = elements.flatMap(({ attributes }) => attributes.get('href') ?? []);
        expect(links.filter((link) => !ids.includes(link.slice(1)))).toEqual([]);
      }),
    );
  });

  it('name every result once', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const shown = everything(report).filter(({ attributes }) => attributes.has('data-status'));
        expect(shown.length).toBe(report.results.length);
      }),
    );
  });
});
