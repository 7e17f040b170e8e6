import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aReport, aResult, hostileReport, LINT_REPORT, NO_GO_REPORT } from '../../test/report.ts';
import type { Result } from './model.ts';
import { CONTROL_CHARACTERS } from './sanitize.ts';
import { renderTerminal } from './terminal.ts';
import { textWidth } from './wrap.ts';

const plain = { colour: false };

function lines(text: string): string[] {
  return text.split('\n');
}

function aFailure(id: string, severity: Result['severity']): Result {
  return aResult({ id, severity, status: 'fail', message: 'bad' });
}

function shown(result: Result): string {
  return renderTerminal(aReport({ results: [result] }), plain);
}

function aMissing(id: string, severity: Result['severity']): Result {
  return aResult({ id, severity, status: 'error', evidence: [{ source: '/proc/x', observed: 'host.tar.bz2 does not hold it' }] });
}

describe('the report on a terminal', () => {
  it('says first what a reader must know before all else', () => {
    const text = renderTerminal(aReport({ notice: 'Made up: nothing is measured.\u001b[2J' }), { colour: false });
    expect(text).toMatch(/^Made up: nothing is measured\.\S* *\n\nGO  gaia/);
    expect(text).not.toContain('\u001b');
  });

  it('looks as it should', async () => {
    await expect(renderTerminal(NO_GO_REPORT, plain)).toMatchFileSnapshot('../../fixtures/reports/no-go.1.terminal');
  });

  it('shows the line of a definition that a finding is about', async () => {
    await expect(renderTerminal(LINT_REPORT, plain)).toMatchFileSnapshot('../../fixtures/reports/lint.1.terminal');
  });

  it("says in one line that libvirt's schema was not asked", () => {
    const message = "virt-xml-validate is not installed here; it comes with libvirt's client tools";
    const results = [aResult({ id: 'domain/schema/valid', subject: 'a.xml', status: 'not-applicable', message })];
    const text = renderTerminal(aReport({ suite: 'domain', subject: { host: null, domain: 'a.xml' }, results }), plain);
    expect(text.match(/virt-xml-validate/g)).toHaveLength(1);
  });

  it('puts the findings of each of several definitions below its name', () => {
    const results = ['b.xml', 'a.xml'].map((subject) =>
      aResult({ id: 'domain/cpu/x', subject, status: 'fail', message: `bad in ${subject}` }),
    );
    const text = renderTerminal(aReport({ suite: 'domain', subject: { host: null, domain: null }, results }), plain);
    expect(text).toMatch(/\na\.xml: 1 blocker\n[^]*bad in a\.xml[^]*\nb\.xml: 1 blocker\n[^]*bad in b\.xml/);
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

  it('begins with the definition where one was judged, and does not name a GPU that is not of the VM', () => {
    const about = { host: 'gaia', domain: 'win11.xml', summary: 'Debian GNU/Linux 12 (bookworm) · GPU 0000:01:00.0 NVIDIA' };
    const report = aReport({ suite: 'domain', verdict: 'NO-GO', subject: about });
    expect(lines(renderTerminal(report, plain))[0]).toBe('NO-GO  win11.xml · against gaia · Debian GNU/Linux 12 (bookworm)');
    expect(lines(renderTerminal({ ...report, recorded: true }, plain))[0]).toContain('win11.xml · against gaia, as recorded · ');
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
    expect(renderTerminal(NO_GO_REPORT, plain)).toContain('Hidden from this user: what gpu/rebar needs. To see it: sudo passcheck');
  });

  it('says that an inconclusive run is no GO', () => {
    const hidden = aResult({ status: 'error', message: 'could not look: permission denied' });
    expect(renderTerminal(aReport({ verdict: 'INCONCLUSIVE', results: [hidden] }), plain)).toContain('this is no GO');
  });

  it('says of how many checks a selection was', () => {
    const text = renderTerminal(aReport({ results: [aResult()], selection: { checks: 1, of: 50 } }), plain);
    expect(text).toContain('1 passed · 1 of 50 checks');
    expect(text).toContain('as far as this one of 50 checks can tell');
  });

  it('puts what could not be looked at behind failures of the same severity, and both by room', () => {
    const results = [
      aFailure('preflight/libvirt/virt-manager', 'info'),
      aResult({ id: 'preflight/cpu/virtualization', status: 'error', message: 'could not look: denied' }),
      aFailure('preflight/vfio/modules', 'blocker'),
      aFailure('preflight/gpu/present', 'blocker'),
      aFailure('preflight/gpu/all-functions', 'blocker'),
    ];
    const text = renderTerminal(aReport({ verdict: 'NO-GO', results }), plain);
    expect([...text.matchAll(/^[✗?] preflight\/(\S+)/gmu)].map(([, id]) => id)).toEqual([
      'gpu/all-functions',
      'gpu/present',
      'vfio/modules',
      'cpu/virtualization',
      'libvirt/virt-manager',
    ]);
    expect(text).toContain('explain preflight/gpu/all-functions');
  });

  it('names the check that leaves the verdict open, and what to do about it', () => {
    const results = [
      aResult({ id: 'preflight/libvirt/virt-manager', severity: 'info', status: 'fail', message: 'bad' }),
      aResult({ id: 'preflight/kvm/device', status: 'error', remedy: { summary: 'run passcheck as root' } }),
    ];
    const text = renderTerminal(aReport({ verdict: 'INCONCLUSIVE', results }), plain);
    expect(text).toContain('No blocker failed, but preflight/kvm/device was not looked at: this is no GO.');
    expect(text).toContain('Next, for preflight/kvm/device: run passcheck as root');
    expect(text).toContain('passcheck explain preflight/kvm/device');
  });

  it('says that a blocker was left out', () => {
    const results = [aResult({ id: 'preflight/kvm/device' }), aResult({ status: 'skipped' })];
    const text = renderTerminal(aReport({ verdict: 'INCONCLUSIVE', results }), plain);
    expect(text).toContain('preflight/iommu/enabled was left out: this is no GO.');
    expect(text).toContain('run it without --skip');
  });

  it.each([
    [1, 'No blocker. Mend the major finding too: it can keep the VM from starting.'],
    [2, 'No blocker. Mend the 2 major findings too: some of them can keep the VM from starting.'],
  ])('does not say that nothing stands in the way with %d major findings', (count, words) => {
    const major = aResult({ severity: 'major', status: 'fail', message: 'bad' });
    const text = renderTerminal(aReport({ results: [aResult(), ...Array.from({ length: count }, () => major)] }), {
      ...plain,
      columns: 100,
    });
    expect(text).toContain(words);
    expect(text).not.toContain('Nothing stands');
  });

  it('says once that the commands are for root', () => {
    expect(renderTerminal(NO_GO_REPORT, plain).match(/for a root shell/g)).toHaveLength(1);
    expect(renderTerminal(aReport({ results: [aResult()] }), plain)).not.toContain('root shell');
  });

  it('names the finding above that has the same fix, also when it is not the one directly before', () => {
    const remedy = { summary: 'Bind it', steps: [{ run: 'driverctl' }] };
    const bad = { status: 'fail', message: 'bad' } as const;
    const results = [
      aResult({ ...bad, id: 'preflight/gpu/present', subject: '0000:01:00.0', remedy }),
      aResult({ ...bad, id: 'preflight/gpu/reset' }),
      aResult({ ...bad, id: 'preflight/vfio/modules', remedy }),
    ];
    const text = renderTerminal(aReport({ verdict: 'NO-GO', results }), plain);
    expect(text).toContain('Fix  as for preflight/gpu/present 0000:01:00.0\n');
    expect(text.match(/driverctl/g)).toHaveLength(1);
  });

  it('names the line of the finding above that has the same fix', () => {
    const remedy = { summary: 'Bind it', steps: [{ run: 'driverctl' }] };
    const at = (id: string, line: number): Result =>
      aResult({ id, subject: 'a.xml', status: 'fail', message: 'bad', remedy, location: { file: 'a.xml', line, column: 1 } });
    const results = [at('domain/pci/a', 103), at('domain/pci/a', 110), at('domain/pci/b', 120)];
    const text = renderTerminal(aReport({ suite: 'domain', subject: { host: null, domain: 'a.xml' }, verdict: 'NO-GO', results }), plain);
    expect([...text.matchAll(/Fix {2}(as .*)/g)].map(([, words]) => words)).toEqual([
      'as above, line 103',
      'as for domain/pci/a, line 103',
    ]);
  });

  it('shows what to write for what is only good to know, too, and what --fix does of it', () => {
    const remedy = { summary: 'Say it', steps: [{ file: 'a.xml', text: 'inside <features>', line: '<pae/>' }] };
    const location = { file: 'a.xml', line: 7, column: 1 };
    const edits = [{ start: 1, end: 1, text: 'x' }];
    const info = aResult({ severity: 'info', status: 'fail', message: 'PAE is not said', remedy, location });
    expect(shown(info)).toContain('  PAE is not said (line 7). Say it\n    1. Inside <features>:\n         <pae/>\n');
    expect(shown({ ...info, edits })).toContain('(line 7). Say it (--fix does it)\n');
    expect(shown({ ...info, edits, severity: 'minor' })).toContain('  Fix  Say it (--fix does it)\n');
  });

  it('tells what a recording does not hold in one block, blockers first', () => {
    const results = [
      aMissing('preflight/cpu/governor', 'minor'),
      aMissing('preflight/kvm/device', 'blocker'),
      aMissing('preflight/gpu/rebar', 'info'),
    ];
    const text = renderTerminal(aReport({ verdict: 'INCONCLUSIVE', recorded: true, results }), { ...plain, columns: 100 });
    expect(text).toContain('? Not in this recording: 3 checks\n  blockers  kvm/device\n  others    cpu/governor, gpu/rebar\n');
    expect(text).not.toContain('does not hold it');
    expect(text).toContain('Next, for preflight/kvm/device: look at the host itself, or at a recording that holds');
  });

  it('counts in the heading what is below it: what could not be looked at, and the checks that the recording lacks', () => {
    const missing = ['preflight/kvm/device', 'preflight/kvm/device', 'preflight/gpu/rebar'].map((id) => aMissing(id, 'info'));
    const hidden = aResult({ id: 'preflight/cpu/x', status: 'error', message: 'could not look: denied' });
    const text = renderTerminal(aReport({ verdict: 'INCONCLUSIVE', recorded: true, results: [...missing, hidden] }), plain);
    expect(text).toContain('  1 could not be looked at · 2 checks not in this recording · ');
    expect(text).toContain('? Not in this recording: 2 checks\n');
  });

  it('lists with --verbose what one check says in one line', () => {
    const results = [
      ...[1, 2, 3].map(() => aResult({ id: 'domain/a/b', subject: 'a.xml' })),
      ...['x', 'y'].map((subject) => aResult({ id: 'domain/a/c', subject, title: 'It is so' })),
      ...['no disk', 'no disk', 'no GPU'].map((message) =>
        aResult({ id: 'domain/a/d', subject: 'a.xml', status: 'not-applicable', message }),
      ),
    ];
    const report = aReport({ suite: 'domain', subject: { host: null, domain: 'a.xml' }, results });
    const text = renderTerminal(report, { ...plain, verbose: true, columns: 100 });
    expect(text).toContain('✓ domain/a/b (3 times): The kernel');
    expect(text).toContain('✓ domain/a/c x, y: It is so\n');
    expect(text).toContain('- domain/a/d (2 times): no disk; no GPU\n');
  });

  it('shows a single thing that a recording does not hold in full', () => {
    const evidence = [{ source: '/dev/kvm', observed: 'host.tar.bz2 does not hold it' }];
    const text = renderTerminal(
      aReport({ verdict: 'INCONCLUSIVE', recorded: true, results: [aResult({ status: 'error', evidence })] }),
      plain,
    );
    expect(text).toContain('/dev/kvm: not in this recording\n');
  });

  it('says which severities the configuration changes', () => {
    const text = renderTerminal(aReport({ results: [aResult()], severities: { 'preflight/iommu/enabled': 'info' } }), plain);
    expect(text).toContain('passcheck.yaml changes the severity of 1 check: iommu/enabled (info)\n');
  });

  it('does not name a source twice', () => {
    const evidence = [{ source: 'passcheck.yaml', observed: 'passcheck.yaml, gpu: 0000:01:00.0' }];
    const text = renderTerminal(aReport({ verdict: 'NO-GO', results: [aResult({ status: 'fail', message: 'bad', evidence })] }), plain);
    expect(text).toContain('    passcheck.yaml, gpu: 0000:01:00.0\n');
  });

  it('does not tell root that root sees more', () => {
    expect(renderTerminal(NO_GO_REPORT, { ...plain, isRoot: true })).not.toContain('Hidden');
  });

  it('prints commands as passcheck is typed here', () => {
    const remedy = { summary: 'See', steps: [{ run: 'sudo passcheck preflight --only iommu' }] };
    const report = aReport({ verdict: 'NO-GO', results: [...NO_GO_REPORT.results, aResult({ status: 'fail', message: 'bad', remedy })] });
    const text = renderTerminal(report, { ...plain, program: 'npx passcheck', columns: 100 });
    expect(text).toContain('then run npx passcheck preflight again');
    expect(text).toContain('sudo npx passcheck preflight\n');
    expect(text).toContain('Run: sudo npx passcheck preflight --only iommu');
    expect(text).toContain('More about a check: npx passcheck explain');
  });

  it('tells a long duration in seconds', () => {
    expect(renderTerminal(aReport({ durationMs: 9999 }), plain)).toContain('9999 ms');
    expect(renderTerminal(aReport({ durationMs: 12_345 }), plain)).toContain('12 s');
  });

  it('never breaks below 60 columns', () => {
    expect(renderTerminal(NO_GO_REPORT, { ...plain, columns: 20 })).toBe(renderTerminal(NO_GO_REPORT, { ...plain, columns: 60 }));
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
