import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aReport, aResult, hostileReport, NO_GO_REPORT } from '../../test/report.ts';
import { CONTROL_CHARACTERS } from './sanitize.ts';
import { renderTerminal } from './terminal.ts';
import { textWidth } from './wrap.ts';

const plain = { colour: false };

function lines(text: string): string[] {
  return text.split('\n');
}

describe('the report on a terminal', () => {
  it('looks as it should', async () => {
    await expect(renderTerminal(NO_GO_REPORT, plain)).toMatchFileSnapshot('../../fixtures/reports/no-go.1.terminal');
  });

  it('lists what passed and what did not apply on request', async () => {
    await expect(renderTerminal(NO_GO_REPORT, { ...plain, verbose: true })).toMatchFileSnapshot(
      '../../fixtures/reports/no-go-verbose.1.terminal',
    );
  });

  it('begins with the verdict, the host and the counts', () => {
    const [first, ...rest] = lines(renderTerminal(NO_GO_REPORT, plain));
    expect(first).toMatch(/^NO-GO {2}gaia · Debian GNU\/Linux 12 \(bookworm\), GRUB$/);
    expect(rest.slice(0, 3).join(' ')).toContain('3 blockers, 1 minor · 1 could not be looked at · 2 passed');
  });

  it('puts blockers before minor findings and both before what could not be looked at', () => {
    const text = renderTerminal(NO_GO_REPORT, plain);
    const places = ['interrupt-remapping', 'driver-bound', 'cpu/governor', 'gpu/rebar'].map((id) => text.indexOf(id));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('asks for one reboot, at the end of the steps', () => {
    const steps = [
      { run: 'update-grub', reboot: true },
      { run: 'update-initramfs -u', reboot: true },
    ];
    const failed = aResult({ status: 'fail', message: 'bad', remedy: { summary: 'Mend it', steps } });
    const text = renderTerminal(aReport({ verdict: 'NO-GO', results: [failed] }), plain);
    expect(text).toContain('1. Run: update-grub\n    2. Run: update-initramfs -u\n    3. Reboot.\n');
    expect(text.match(/Reboot/g)).toHaveLength(1);
  });

  it('does not repeat a reboot that is a command already', () => {
    const steps = [{ run: 'update-grub', reboot: true }, { run: 'systemctl reboot' }];
    const failed = aResult({ status: 'fail', message: 'bad', remedy: { summary: 'Mend it', steps } });
    expect(renderTerminal(aReport({ verdict: 'NO-GO', results: [failed] }), plain)).not.toContain('Reboot.');
  });

  it('puts lines for one file into one step', () => {
    const file = '/etc/initramfs-tools/modules';
    const steps = [
      { file, line: 'vfio_pci' },
      { file, line: 'vfio' },
      { file: '/etc/modules', line: 'kvmfr' },
    ];
    const failed = aResult({ status: 'fail', message: 'bad', remedy: { summary: 'Mend it', steps } });
    expect(renderTerminal(aReport({ verdict: 'NO-GO', results: [failed] }), plain)).toContain(
      `1. In ${file}, these lines:\n         vfio_pci\n         vfio\n    2. In /etc/modules, this line:\n`,
    );
  });

  it('never wraps a command that is to be copied', () => {
    const run = `grubby --update-kernel=ALL --args="${'option=on '.repeat(20).trim()}"`;
    const failed = aResult({ status: 'fail', message: 'bad', remedy: { summary: 'Mend it', steps: [{ run }] } });
    expect(renderTerminal(aReport({ verdict: 'NO-GO', results: [failed] }), plain)).toContain(`1. Run: ${run}\n`);
  });

  it('tells an ordinary user that root sees more', () => {
    expect(renderTerminal(NO_GO_REPORT, plain)).toContain('what 1 check needs. To see it: sudo passcheck preflight');
  });

  it('says that an inconclusive run is no GO', () => {
    const hidden = aResult({ status: 'error', message: 'could not look: permission denied' });
    expect(renderTerminal(aReport({ verdict: 'INCONCLUSIVE', results: [hidden] }), plain)).toContain('this is no GO');
  });

  it('says of how many checks a selection was', () => {
    const text = renderTerminal(aReport({ results: [aResult()], selection: { checks: 1, of: 50 } }), plain);
    expect(text).toContain('1 passed · 1 of 50 checks');
    expect(text).toContain('as far as these 1 of 50 checks can tell');
  });

  it('has colours only when told', () => {
    expect(renderTerminal(NO_GO_REPORT, plain)).not.toContain('\u001b');
    expect(renderTerminal(NO_GO_REPORT, { colour: true })).toContain('\u001b[');
  });

  it('says the same with and without colours', () => {
    // oxlint-disable-next-line no-control-regex
    const bare = renderTerminal(NO_GO_REPORT, { colour: true }).replaceAll(/\u001b\[\d+m/g, '');
    expect(bare).toBe(renderTerminal(NO_GO_REPORT, plain));
  });

  it('lets no control character of a host through, whatever it holds', () => {
    fc.assert(
      fc.property(hostileReport, fc.boolean(), (report, verbose) => {
        for (const line of lines(renderTerminal(report, { ...plain, verbose }))) expect(line.match(CONTROL_CHARACTERS)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('stays within 80 columns when no word is longer', () => {
    const words = fc.stringMatching(/^[a-z漢:/.]{1,12}( [a-z漢:/.]{1,12}){0,30}$/u);
    fc.assert(
      fc.property(words, words, words, (message, observed, summary) => {
        const failed = aResult({
          status: 'fail',
          subject: message.slice(0, 60),
          message,
          evidence: [{ source: '/proc/cmdline', observed, expected: summary }],
          remedy: { summary, steps: [{ text: observed }] },
        });
        const report = aReport({ verdict: 'NO-GO', subject: { host: 'h', domain: null, summary: message }, results: [failed] });
        for (const line of lines(renderTerminal(report, plain))) expect(textWidth(line)).toBeLessThanOrEqual(80);
      }),
      { numRuns: 200 },
    );
  });

  it('shortens evidence that is far too long', () => {
    const failed = aResult({ status: 'fail', message: 'bad', evidence: [{ source: '/proc/x', observed: 'x'.repeat(100_000) }] });
    expect(renderTerminal(aReport({ verdict: 'NO-GO', results: [failed] }), plain).length).toBeLessThan(2000);
  });
});
