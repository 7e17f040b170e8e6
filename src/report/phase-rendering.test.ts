import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aCriterion, EVERY_STATE, hostilePhase } from '../../test/phase.ts';
import { aReport, aResult, NO_GO_REPORT } from '../../test/report.ts';
import { elementsOf, parseStrictly, textOf } from '../../test/strict-html.ts';
import { renderGithub } from './github.ts';
import { criteriaSection } from './html/criteria.ts';
import { renderHtml } from './html/html-report.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import type { Report } from './model.ts';
import { nextStep } from './next-step.ts';
import { progressWords, textPieces } from './phase-progress.ts';
import { renderTerminal } from './terminal.ts';
import { renderSarif } from './sarif.ts';
import { textWidth } from './wrap.ts';

const JUDGED: Report = { ...NO_GO_REPORT, phase: EVERY_STATE };
const READER = { program: 'passcheck', isRoot: true };

describe('progress', () => {
  it('is told in words', () => {
    expect(progressWords(EVERY_STATE)).toBe('1 of 5 met, 1 failed, 2 not yet measured, 1 could not be looked at');
    expect(progressWords({ ...EVERY_STATE, criteria: [aCriterion()] })).toBe('1 of 1 met');
    expect(progressWords({ ...EVERY_STATE, criteria: [] })).toBe('0 of 0 met');
  });

  it.each([
    ['a `b` c', ['a ', '[b]', ' c']],
    ['`b`', ['[b]']],
    ['a ` b', ['a ` b']],
    ['', []],
  ])('%j has its code in pieces', (text, pieces) => {
    expect(textPieces(text).map((piece) => (piece.isCode ? `[${piece.text}]` : piece.text))).toEqual(pieces.filter((one) => one !== ''));
  });
});

describe('on a terminal', () => {
  it('the criteria stand story by story, with what is known and what to do of those that are not met', () => {
    const text = renderTerminal(JUDGED, { colour: false });
    expect(text).toContain(
      [
        'Phase 0: The Proof of Concept (phase-0): NO-GO',
        '1 of 5 met, 1 failed, 2 not yet measured, 1 could not be looked at',
        '',
        '  Story 1',
        '  ✓ The IOMMU is on.',
        '  ✗ System boots in `UEFI` mode.',
        '      preflight/kernel/boots-uefi: this machine was booted through BIOS',
        '      Next: Switch CSM off in the firmware',
        '  ? No kernel errors.',
        '      preflight/vfio/kernel-log: could not look: permission denied',
        '      Next: run passcheck as root',
        '',
        '  Story 2',
        '  ○ CPU pinning configured.',
        '      not yet measured: domain/cpu/vcpupin-all',
        '      Next: passcheck lint win11 --host',
        '  ○ Photoshop is GPU-accelerated',
        '      a person has to see it: Photoshop says so',
        '',
      ].join('\n'),
    );
    expect(text.split('\n').slice(0, 6).join('\n')).toContain('phase-0: NO-GO, 1 of 5 met');
  });

  it('commands are typed as here', () => {
    const criteria = [aCriterion({ state: 'not-measured', next: 'passcheck preflight, and passcheck lint VM --host' })];
    const text = renderTerminal(aReport({ phase: { ...EVERY_STATE, criteria } }), { colour: false, program: 'npx passcheck' });
    expect(text).toContain('Next: npx passcheck preflight, and npx passcheck lint VM --host');
  });

  it('no line is wider than 80 columns', () => {
    for (const line of renderTerminal(JUDGED, { colour: false }).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(80);
  });

  it('hostile criteria cannot reach the terminal', () => {
    fc.assert(
      fc.property(hostilePhase, (phase) => {
        // oxlint-disable-next-line no-control-regex
        expect(renderTerminal(aReport({ phase }), { colour: false })).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
    );
  });
});

describe('the next step', () => {
  const passed = [aResult()];

  it('tells the verdict of the phase apart from that of the checks', () => {
    const words = nextStep(aReport({ results: passed, verdict: 'NO-GO', phase: EVERY_STATE }), READER);
    expect(words[0]).toBe('phase-0: 1 criterion failed, so this is NO-GO for the phase.');
    expect(words).toContain('Nothing stands in the way.');
    expect(words.join('\n')).not.toContain('blockers above');
  });

  it('tells how to judge all together while a command can add to it', () => {
    const words = nextStep(aReport({ results: passed, phase: EVERY_STATE }), READER);
    expect(words[1]).toBe(
      'Store what each command says with --format json, and judge all together: passcheck report A.json B.json --phase phase-0',
    );
  });

  it.each([
    [[aCriterion()], 'phase-0: every criterion is met.'],
    [[aCriterion(), aCriterion({ state: 'could-not-look' })], 'phase-0: 1 of 2 criteria are not met yet: this is no GO for the phase.'],
  ])('of %j is said', (criteria, words) => {
    expect(nextStep(aReport({ results: passed, phase: { ...EVERY_STATE, criteria } }), READER)[0]).toBe(words);
  });
});

describe('in Markdown', () => {
  it('each story is a table', () => {
    expect(renderMarkdown(JUDGED)).toContain(
      [
        '## Phase 0: The Proof of Concept: NO-GO',
        '',
        '1 of 5 met, 1 failed, 2 not yet measured, 1 could not be looked at · from Dev Guide',
        '',
        '### Story 1',
        '',
        '| criterion | state | | next |',
        '|---|---|---|---|',
        '| The IOMMU is on. | ✓ met | ivhd0 |  |',
        '| System boots in `UEFI` mode. | ✗ failed | preflight/kernel/boots-uefi: this machine was booted through BIOS | Switch CSM off in the firmware |',
      ].join('\n'),
    );
    expect(renderMarkdown(JUDGED)).toContain('- `hardware_inventory.md`: Full hardware specs');
  });

  it('the phase is the title, and what criteria wait for is told', () => {
    const criteria = [aCriterion({ state: 'not-measured', waits: 'person' }), aCriterion()];
    const text = renderMarkdown(aReport({ suite: 'preflight + domain', verdict: 'INCONCLUSIVE', phase: { ...EVERY_STATE, criteria } }));
    expect(text).toMatch(/^# Phase 0: The Proof of Concept: INCONCLUSIVE\n/);
    expect(text).toContain('\nOf the 1 not yet measured, 1 needs a person.\n');
  });

  it('hostile criteria leave every table with its four columns', () => {
    fc.assert(
      fc.property(hostilePhase, (phase) => {
        const lines = renderMarkdown(aReport({ phase })).split('\n');
        const rows = lines.filter((line) => line.startsWith('|'));
        expect(rows).toHaveLength(2 * lines.filter((line) => line === '| criterion | state | | next |').length + phase.criteria.length);
        for (const row of rows) expect(row.replaceAll(/\\./g, '').match(/\|/g)).toHaveLength(5);
      }),
    );
  });
});

/** Of a JUnit file. */
function total(text: string, name: string): number {
  return Number(new RegExp(`<testsuites [^>]*\\b${name}="(\\d+)"`).exec(text)?.[1]);
}

describe('in JUnit', () => {
  it('the criteria are a suite: a failure where one failed, skipped where nothing was measured', () => {
    const text = renderJunit(JUDGED);
    expect(text).toContain('<testsuite name="phase-0" hostname="gaia" tests="5" failures="1" errors="1" skipped="2" time="0">');
    expect(text).toContain('<testcase classname="phase-0.Story 1" name="iommu: The IOMMU is on." time="0"/>');
    expect(text).toContain('<failure message="preflight/kernel/boots-uefi: this machine was booted through BIOS" type="criterion">');
    expect(text.match(/<skipped message="(?:not yet measured|a person)/g)).toHaveLength(2);
  });

  it('count in the totals of the file', () => {
    const alone = renderJunit(NO_GO_REPORT);
    const added = ['tests', 'failures', 'errors', 'skipped'].map((name) => total(renderJunit(JUDGED), name) - total(alone, name));
    expect(added).toEqual([5, 1, 1, 2]);
  });
});

function page(report: Report): ReturnType<typeof elementsOf> {
  return elementsOf(parseStrictly(renderHtml(report)));
}

describe('for services', () => {
  it('GitHub is told each criterion that failed, and how far the phase is', () => {
    expect(renderGithub(JUDGED).split('\n')).toEqual(
      expect.arrayContaining([
        '::error title=phase-0 uefi::System boots in `UEFI` mode.%0Apreflight/kernel/boots-uefi: this machine was booted through BIOS',
        '::notice title=phase-0::NO-GO: 1 of 5 met, 1 failed, 2 not yet measured, 1 could not be looked at',
      ]),
    );
  });

  it('no criterion can end its command', () => {
    fc.assert(
      fc.property(hostilePhase, (phase) => {
        for (const line of renderGithub(aReport({ phase })).trimEnd().split('\n'))
          expect(line).toMatch(/^::(?:error|notice) title=[^:,]*::[^\r\n]*$/);
      }),
    );
  });

  it('SARIF has the phase beside the verdict', () => {
    expect(renderSarif(JUDGED)).toContain('"phase": "phase-0: NO-GO, 1 of 5 met, 1 failed, 2 not yet measured, 1 could not be looked at"');
  });
});

describe('on the page', () => {
  it('there is no section without a phase', () => expect(criteriaSection(NO_GO_REPORT)).toBeNull());

  it('every criterion stands with its state in words, and what decided it is a link to where that is', () => {
    const results = [aResult({ id: 'preflight/kernel/boots-uefi', status: 'fail', message: 'booted through BIOS' }), aResult()];
    const elements = page(aReport({ verdict: 'NO-GO', results, phase: EVERY_STATE }));
    const items = elements.filter(({ attributes }) => attributes.get('id')?.startsWith('criterion-'));
    const said = items.map((item) => `${item.attributes.get('id')} ${textOf(item).replaceAll(/\s+/g, ' ').trim()}`.slice(0, 28));
    expect(said.toSorted()).toEqual([
      'criterion-1 ✓ met The IOMMU ',
      'criterion-2 ✗ failed System ',
      'criterion-3 ○ not yet measur',
      'criterion-4 ○ not yet measur',
      'criterion-5 ? could not be l',
    ]);
    const links = items.flatMap((item) => elementsOf(item)).filter(({ name }) => name === 'a');
    const ids = new Set(elements.flatMap(({ attributes }) => attributes.get('id') ?? []));
    expect(new Set(links.map(({ attributes }) => attributes.get('href')))).toEqual(new Set(['#finding-1', '#result-2']));
    for (const { attributes } of links) expect(ids).toContain(attributes.get('href')?.slice(1));
  });

  it('says what it means when the machine is another, and no step mends that', () => {
    const other = aCriterion({ state: 'failed', by: ['environment/Distribution'], message: 'Distribution is "Debian"' });
    const shown = (criterion: typeof other): string =>
      textOf(parseStrictly(criteriaSection(aReport({ phase: { ...EVERY_STATE, criteria: [criterion] } }))?.body.markup ?? ''));
    expect(shown(other)).toContain('This machine is installed differently from what the phase asks for.');
    for (const criterion of [
      { ...other, next: 'Install it' },
      { ...other, state: 'met' as const },
      { ...other, by: ['preflight/x'] },
    ])
      expect(shown(criterion)).not.toContain('installed differently');
  });

  it('the bar is as long as the criteria', () => {
    const bars = page(JUDGED).filter(({ name, attributes }) => name === 'rect' && attributes.get('height') === '10');
    const last = bars.at(-1)?.attributes;
    expect(bars.map(({ attributes }) => attributes.get('class'))).toEqual(['met', 'failed', 'not-measured', 'could-not-look']);
    expect(Math.abs(Number(last?.get('x')) + Number(last?.get('width')) - 1000)).toBeLessThan(1);
  });

  it('hostile criteria stay text, and links lead to what is there', () => {
    fc.assert(
      fc.property(hostilePhase, (phase) => {
        const elements = page(aReport({ phase, results: [aResult()] }));
        const ids = new Set(elements.flatMap(({ attributes }) => attributes.get('id') ?? []));
        const missing = elements.flatMap(({ attributes }) => attributes.get('href') ?? []).filter((href) => !ids.has(href.slice(1)));
        expect(missing).toEqual([]);
        expect(elements.filter(({ attributes }) => attributes.get('id')?.startsWith('criterion-'))).toHaveLength(phase.criteria.length);
      }),
      { numRuns: 60 },
    );
  });

  it('thousands of criteria are drawn at once', () => {
    const criteria = Array.from({ length: 5000 }, (_, index) => aCriterion({ id: `c${index}`, by: ['preflight/iommu/enabled'] }));
    const results = Array.from({ length: 5000 }, (_, index) => aResult({ subject: `${index}` }));
    expect(criteriaSection(aReport({ results, phase: { ...EVERY_STATE, criteria } }))?.count).toBe(5000);
  });
});
