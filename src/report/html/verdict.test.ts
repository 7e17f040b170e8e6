import { describe, expect, it } from 'vitest';

import { aReport, aResult, LINT_REPORT, NO_GO_REPORT } from '../../../test/report.ts';
import { elementsOf, type HtmlElement, parseStrictly, textOf } from '../../../test/strict-html.ts';
import type { PhaseJudgement } from '../phase-model.ts';
import type { Report, Result } from '../model.ts';
import { resultAnchors } from './anchors.ts';
import { verdictSection } from './verdict.ts';

function elements(report: Report): HtmlElement[] {
  return elementsOf(parseStrictly(verdictSection(report).markup));
}

function ofClass(report: Report, name: string): HtmlElement | undefined {
  return elements(report).find(({ attributes }) => attributes.get('class')?.split(' ').includes(name) === true);
}

function text(report: Report, name = 'verdict'): string {
  const found = ofClass(report, name);
  return found === undefined ? '' : textOf(found).replaceAll(/\s+/g, ' ').trim();
}

function ofAll(report: Report, name: string): string[] {
  const found = elements(report).filter(({ attributes }) => attributes.get('class')?.split(' ').includes(name) === true);
  return found.map((element) => textOf(element).replaceAll(/\s+/g, ' ').trim());
}

function aFailure(severity: Result['severity'], given: Partial<Result> = {}): Result {
  return aResult({ status: 'fail', severity, message: `a ${severity}`, ...given });
}

function anUnseen(severity: Result['severity'], given: Partial<Result> = {}): Result {
  return aResult({ status: 'error', severity, evidence: [{ source: '/dev/x', observed: 'permission denied' }], ...given });
}

function hrefs(report: Report): string[] {
  return elements(report).flatMap(({ attributes }) => attributes.get('href') ?? []);
}

function shapeOf(report: Report): string {
  return elements(report)
    .filter(({ name }) => name === 'circle' || name === 'path')
    .map(({ attributes }) => attributes.get('d') ?? 'circle')
    .join(' ');
}

describe('the first screen', () => {
  it('says how it ended in a word and in a shape of its own', () => {
    const verdicts = ['GO', 'NO-GO', 'INCONCLUSIVE'] as const;
    const words = verdicts.map((verdict) => elements(aReport({ verdict })).find(({ name }) => name === 'h1')?.children);
    expect(words).toEqual(verdicts.map((verdict) => [verdict]));
    const shapes = verdicts.map((verdict) => shapeOf(aReport({ verdict })));
    expect(new Set(shapes).size).toBe(3);
  });

  it('says before all else what a reader must know', () => {
    expect(text(aReport({ notice: 'Made up <here>.' }))).toMatch(/^Made up <here>\. ?GO/);
    expect(ofClass(aReport(), 'notice')).toBeUndefined();
  });

  it('says what a NO-GO means, and what blocks with a link to it', () => {
    expect(text(NO_GO_REPORT, 'meaning')).toBe('3 blockers stand in the way of GPU passthrough on this host.');
    expect(text(NO_GO_REPORT, 'blocks')).toMatch(/^What blocks \(3\)blocker24 PCI-MSI vectors are not remapped/);
    const anchors = resultAnchors(NO_GO_REPORT);
    const [, , , intremap] = NO_GO_REPORT.results;
    expect(intremap && anchors.get(intremap)).toBe('finding-1');
    expect(hrefs(NO_GO_REPORT)).toContain('#finding-1');
  });

  it('begins the fix of what blocks first', () => {
    const first = text(NO_GO_REPORT, 'first');
    expect(first).toContain('Remove intremap=off from the kernel command line');
    expect(first).toContain('update-grub');
    expect(first).toContain('The commands in the fixes are for a root shell.');
  });

  it('names the host, its GPU and the VM', () => {
    expect(text(NO_GO_REPORT, 'about-list')).toBe(
      'Hostgaia · Debian GNU/Linux 12 (bookworm), GRUBGPU0000:01:00.0 NVIDIA AD102 [10de:2684]' +
        'Reportpasscheck 0.1.0, judged 2026-11-20 09:00 UTC',
    );
  });

  it('says of a recording when it was made, as far as anybody knows', () => {
    expect(text(aReport({ recorded: true }), 'about-list')).toMatch(/Reportpasscheck 0\.1\.0, host recorded 2026-11-20 09:00 UTC$/);
    const timeless = aReport({ recorded: true, startedAt: '1970-01-01T00:00:00.000Z' });
    expect(text(timeless, 'about-list')).toMatch(/Reportpasscheck 0\.1\.0, from a recorded host$/);
  });

  it('counts each kind of result, and links to it', () => {
    expect(text(NO_GO_REPORT, 'counts')).toBe('Checks3 blockers1 minor1 check could not look2 passed1 not applicable');
    expect(hrefs(NO_GO_REPORT)).toEqual(
      expect.arrayContaining(['#findings-blocker', '#findings-minor', '#unseen', '#results-pass', '#results-not-applicable']),
    );
  });

  it('lists no more than six of what blocks, and says how many more there are', () => {
    const results = Array.from({ length: 20 }, (_, index) =>
      aFailure('blocker', { id: `preflight/cpu/x${index}`, message: `cause ${index}` }),
    );
    const report = aReport({ verdict: 'NO-GO', results });
    expect(ofClass(report, 'blocks')).toBeDefined();
    expect(text(report, 'blocks')).toMatch(/^What blocks \(20\).*and 14 more$/);
    expect(hrefs(report)).toContain('#finding-7');
  });

  it('tells which of several definitions something blocks', () => {
    const results = ['a.xml', 'b.xml'].map((subject) => aFailure('blocker', { id: 'domain/cpu/x', subject }));
    const report = aReport({ suite: 'domain', verdict: 'NO-GO', subject: { host: null, domain: null }, results });
    expect(text(report, 'blocks')).toContain('a.xml');
    expect(text(report, 'meaning')).toBe('2 blockers stand in the way of these definitions.');
  });

  it('says once what several checks or definitions say, and which', () => {
    const results = ['domain/pci/x', 'preflight/iommu/x'].map((id) => aFailure('blocker', { id, message: 'off' }));
    expect(text(aReport({ verdict: 'NO-GO', results }), 'blocks')).toBe('What blocks (1)blockeroff preflight/iommu/x, domain/pci/x');
    const many = ['a', 'b', 'c', 'd', 'e'].map((subject) => aFailure('blocker', { subject, message: 'off' }));
    expect(text(aReport({ verdict: 'NO-GO', results: many }), 'blocks')).toBe('What blocks (1)blockeroff a, b, c and 2 more');
  });

  it('says what --fix would mend', () => {
    expect(text(LINT_REPORT, 'first')).toContain('passcheck lint --fix mends 1 of the findings');
  });
});

describe('a GO on the first screen', () => {
  it('says that nothing stands in the way', () => {
    expect(text(aReport({ results: [aResult()] }), 'meaning')).toBe('Nothing stands in the way of GPU passthrough on this host.');
  });

  it('promises no more than was looked at', () => {
    expect(text(aReport({ selection: { checks: 3, of: 54 } }), 'meaning')).toMatch(/, as far as these 3 of 54 checks can tell\.$/);
    const hostless = aResult({
      id: 'domain/pci/x',
      status: 'not-applicable',
      message: 'no host facts: --host judges against this machine',
    });
    const report = aReport({ suite: 'domain', subject: { host: null, domain: 'a.xml' }, results: [hostless] });
    expect(text(report, 'meaning')).toBe('Nothing stands in the way of this definition, as far as can be told without a host.');
  });

  it('lists what is worth mending, and leaves out what is only good to know', () => {
    const report = aReport({ results: [aFailure('info'), aFailure('minor'), aFailure('major')] });
    expect(text(report, 'meaning')).toContain('Mend the major finding, too');
    expect(text(report, 'blocks')).toBe('Worth mending (2)majora majorminora minor');
  });

  it('contradicts itself aloud when a blocker failed in spite of it', () => {
    for (const result of [aFailure('blocker'), anUnseen('blocker'), aResult({ status: 'skipped' })]) {
      expect(text(aReport({ results: [result] }), 'limits')).toContain('The report says GO, and holds 1 result against it.');
    }
    expect(text(aReport({ results: [aFailure('major'), anUnseen('minor')] }))).not.toContain('against it');
    expect(text(aReport({ strict: true, results: [aFailure('major')] }), 'limits')).toContain('against it');
  });
});

describe('an INCONCLUSIVE on the first screen', () => {
  it('says what is open and what would decide it', () => {
    const unseen = anUnseen('blocker', { remedy: { summary: 'run passcheck as root to see it' } });
    const report = aReport({ verdict: 'INCONCLUSIVE', results: [unseen, anUnseen('minor')] });
    expect(text(report, 'meaning')).toBe('No blocker failed, but 1 of the checks that decide was not looked at: this is no GO.');
    expect(text(report, 'blocks')).toBe('What is open (1)? blockerThe kernel translates the DMA of devices through an IOMMU');
    expect(text(report, 'first')).toContain('For preflight/iommu/enabled: run passcheck as root to see it');
  });

  it('says that nothing was judged', () => {
    expect(text(aReport({ verdict: 'INCONCLUSIVE' }), 'meaning')).toBe('Nothing was judged: this is no GO.');
    expect(ofClass(aReport({ verdict: 'INCONCLUSIVE' }), 'next')).toBeUndefined();
  });
});

describe('what the verdict rests on', () => {
  it('is not told where there is nothing to tell', () => {
    expect(ofClass(aReport({ results: [aResult()] }), 'limits')).toBeUndefined();
  });

  it('names a selection, strictness, changed severities, what was skipped, and a recording', () => {
    const report = aReport({
      verdict: 'INCONCLUSIVE',
      strict: true,
      recorded: true,
      selection: { checks: 1, of: 54 },
      severities: { 'preflight/cpu/governor': 'info' },
      results: [aResult({ status: 'skipped' })],
    });
    const limits = text(report, 'limits');
    expect(limits).toContain('Only 1 of 54 checks were asked for; the verdict is about those alone.');
    expect(limits).toContain('Strict: a major finding decides like a blocker.');
    expect(limits).toContain('passcheck.yaml changes the severity of 1 check: cpu/governor (info).');
    expect(limits).toContain('1 check was left out on request.');
    expect(limits).toContain('The host was judged from a recording of 2026-11-20 09:00 UTC');
  });

  it('says when a GO stands on made-up measurements', () => {
    const measurement = {
      id: 'bench/x', title: 'x', subject: null, unit: 'ms', better: 'lower', method: '', source: '', figures: [], data: { kind: 'none' }, synthetic: true,
    } as const; // prettier-ignore
    const { synthetic: _, ...real } = measurement;
    expect(text(aReport({ measurements: [{ ...measurement, figures: [] }] }), 'limits')).toContain('The measurements are synthetic');
    expect(
      text(
        aReport({
          measurements: [
            { ...measurement, figures: [] },
            { ...real, figures: [] },
          ],
        }),
        'limits',
      ),
    ).toContain('1 of 2 measurements are synthetic');
    expect(text(aReport({ measurements: [{ ...real, figures: [] }] }))).not.toContain('synthetic');
  });
});

function aPhase(verdict: PhaseJudgement['verdict'], ...states: readonly PhaseJudgement['criteria'][number]['state'][]): PhaseJudgement {
  return {
    id: 'phase-0',
    title: 'Phase 0',
    source: 'plan.txt',
    verdict,
    documents: [],
    criteria: states.map((state, index) => ({
      id: `c${index}`,
      group: 'GPU',
      text: `criterion ${index}`,
      state,
      by: ['preflight/iommu/enabled'],
      message: `it is ${state}`,
      next: 'passcheck bench',
    })),
  };
}

describe('the verdict of a phase', () => {
  it('counts its criteria, and lists what failed before all else', () => {
    const phase = aPhase('NO-GO', 'met', 'failed', 'not-measured', 'could-not-look');
    const remedy = { summary: 'Add amd_iommu=on' };
    const report = aReport({ verdict: 'NO-GO', phase, results: [aFailure('minor', { remedy })] });
    expect(text(report, 'meaning')).toBe(
      'Phase 0 is not passed: 1 of 4 criteria met, 1 failed, 1 not yet measured, 1 could not be looked at.',
    );
    expect(ofAll(report, 'counts')).toEqual([
      'Checks GO0 blockers1 minor',
      'Phase NO-GO1 criterion met1 failed1 not yet measured1 criterion could not be looked at',
    ]);
    expect(text(report, 'rule')).toMatch(/^The verdict is the worse of the two: NO-GO while a blocker or a criterion fails/);
    expect(text(report, 'blocks')).toBe('What blocks (1)✗ failedcriterion 1 it is failed');
    expect(text(report, 'first')).toContain('Add amd_iommu=on');
    expect(hrefs(report)).toEqual(expect.arrayContaining(['#phase', '#criterion-2']));
  });

  it('says what criteria that were not measured wait for', () => {
    const phase = aPhase('INCONCLUSIVE', 'not-measured', 'not-measured', 'not-measured', 'met');
    const waits = ['person', 'later', 'later'] as const;
    const criteria = phase.criteria.map((criterion, index) => ({
      ...criterion,
      ...(waits[index] === undefined ? {} : { waits: waits[index] }),
    }));
    const report = aReport({ verdict: 'INCONCLUSIVE', phase: { ...phase, criteria } });
    expect(text(report, 'rule')).toMatch(/Of the 3 not yet measured, 1 needs a person, 2 nothing in this version can measure yet\.$/);
    expect(text(aReport({ phase }), 'rule')).not.toContain('Of the');
  });

  it('lists blockers before criteria, and of a criterion that a blocker decides only the blocker', () => {
    const results = [aFailure('blocker'), aFailure('blocker', { id: 'preflight/kvm/device', message: 'no /dev/kvm' })];
    const report = aReport({ verdict: 'NO-GO', phase: aPhase('NO-GO', 'failed'), results });
    const other = { ...report, results: results.slice(1) };
    expect(text(other, 'blocks')).toBe('What blocks (2)blockerno /dev/kvm✗ failedcriterion 0 it is failed');
    expect(text(report, 'meaning')).toBe(
      '2 blockers stand in the way of GPU passthrough on this host. Phase 0 is not passed: 0 of 1 criteria met, 1 failed.',
    );
    expect(text(report, 'blocks')).toBe('What blocks (2)blockerno /dev/kvmblockera blocker');
  });

  it('lists what is open, and what measures it', () => {
    const report = aReport({ verdict: 'INCONCLUSIVE', phase: aPhase('INCONCLUSIVE', 'met', 'not-measured') });
    expect(text(report, 'meaning')).toBe(
      'Nothing that decides failed, but Phase 0 is open: 1 of 2 criteria met, 1 not yet measured. This is no GO.',
    );
    expect(text(report, 'blocks')).toBe('What is open (1)○ to measurecriterion 1 it is not-measured');
    expect(text(report, 'first')).toBe('What to do firstpasscheck bench');
  });

  it('is done when every criterion is met', () => {
    expect(text(aReport({ phase: aPhase('GO', 'met', 'met') }), 'meaning')).toBe('Phase 0 is done: 2 of 2 criteria met.');
  });

  it('is told apart from that of the checks', () => {
    const phase = aPhase('GO', 'met');
    expect(text(aReport({ verdict: 'NO-GO', phase, results: [aFailure('blocker')] }), 'meaning')).toBe(
      '1 blocker stands in the way of GPU passthrough on this host. Phase 0 is done: 1 of 1 criteria met.',
    );
    const open = aReport({ verdict: 'INCONCLUSIVE', phase, results: [aResult({ status: 'error', message: 'could not look: no' })] });
    expect(text(open, 'meaning')).toBe(
      'No blocker failed, but 1 of the checks that decide was not looked at: this is no GO. Phase 0 is done: 1 of 1 criteria met.',
    );
  });

  it('contradicts a GO with a criterion that is not met', () => {
    expect(text(aReport({ phase: aPhase('GO', 'met', 'not-measured') }), 'limits')).toContain('holds 1 criterion against it');
  });
});
