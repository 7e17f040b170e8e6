import * as fs from 'node:fs';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../test/cli.ts';
import { type Report, reportSchema } from '../report/model.ts';

const HOSTS = resolve(import.meta.dirname, '../../fixtures/hosts');
const OWN = [
  'id: own',
  'title: My host',
  'source: my notes',
  'criteria:',
  '  - { id: iommu, group: Host, text: The IOMMU is on, checks: [preflight/iommu/enabled] }',
  '  - { id: cpu, group: VM, text: The guest sees the CPU, checks: [domain/cpu/placement] }',
].join('\n');

let cli: Cli;

beforeAll(async () => {
  cli = await bundledCli();
  fs.writeFileSync(join(cli.folder, 'own.yaml'), OWN);
  for (const [command, ...rest] of [['preflight'], ['lint', 'win11', '--no-schema']])
    cli.run([command ?? '', ...rest, '--from', join(HOSTS, 'amd-ready'), '--out', `${command}.json`]);
});

afterAll(() => cli.remove());

function reportOf(text: string): Report {
  return reportSchema.parse(JSON.parse(text));
}

/** `id: state` of each criterion. */
function states({ phase }: Report): string[] {
  return (phase?.criteria ?? []).map(({ id, state }) => `${id}: ${state}`);
}

describe('--phase', () => {
  it('of preflight judges what it can, says what to run for the rest, and ends with 3', () => {
    const { status, stdout, stderr } = cli.run(['preflight', '--from', join(HOSTS, 'amd-ready'), '--phase', 'own.yaml']);
    expect({ status, stderr }).toEqual({ status: 3, stderr: '' });
    expect(stdout).toMatch(/^INCONCLUSIVE/);
    expect(stdout).toContain('own: INCONCLUSIVE, 1 of 2 met, 1 not yet measured');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`Next: passcheck lint win11 --from ${join(HOSTS, 'amd-ready')}`);
  });

  it('of lint does the same', () => {
    const run = cli.run(['lint', 'win11', '--from', join(HOSTS, 'amd-ready'), '--no-schema', '--phase', 'own.yaml', '--format', 'json']);
    expect(states(reportOf(run.stdout))).toEqual(['iommu: not-measured', 'cpu: met']);
  });

  it('of report judges stored reports together', () => {
    const run = cli.run(['report', 'preflight.json', 'lint.json', '--phase', 'own.yaml', '--format', 'json']);
    const report = reportOf(run.stdout);
    expect(states(report)).toEqual(['iommu: met', 'cpu: met']);
    expect(report).toMatchObject({ suite: 'preflight + domain', verdict: 'NO-GO', phase: { verdict: 'GO' } });
    expect(run.status).toBe(1);
  });

  it.each(['json', 'junit', 'markdown', 'html', 'terminal'])('is in %s', (format) => {
    const run = cli.run(['report', 'preflight.json', '--phase', 'win11-vfio', '--format', format]);
    expect(run.status).toBe(3);
    expect(run.stdout).toContain('You must enable IOMMU in BIOS/UEFI.');
  });

  it.each(['preflight', 'lint win11', 'report preflight.json'])('is named before any work, when there is none: %s', (line) => {
    expect(cli.run([...line.split(' '), '--phase', 'phase0'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr:
        'passcheck: there is no phase "phase0" (did you mean phase-0? there are homelab, phase-0, win11-vfio, or a file: phase.yaml)\n',
    });
  });

  it('has each problem of a file on a line', () => {
    fs.writeFileSync(join(cli.folder, 'bad.yaml'), OWN.replace('iommu/enabled', 'iommu/enabeld').replace('VM,', 'VM, vm: x,'));
    expect(cli.run(['preflight', '--phase', 'bad.yaml'])).toMatchObject({
      status: 2,
      stderr: 'passcheck: bad.yaml:6:27: unknown key "vm" (did you mean "vms"?)\n',
    });
    fs.writeFileSync(join(cli.folder, 'bad.yaml'), OWN.replace('iommu/enabled', 'iommu/enabeld').replace('cpu/placement', 'cpu/plasement'));
    expect(cli.run(['preflight', '--phase', 'bad.yaml']).stderr.split('\n')).toEqual([
      'passcheck: bad.yaml:5:63: no check has the id "preflight/iommu/enabeld" (did you mean "preflight/iommu/enabled"?)',
      'bad.yaml:6:66: no check has the id "domain/cpu/plasement" (did you mean "domain/cpu/placement"?)',
      '',
    ]);
  });

  it('is given once', () => {
    expect(cli.run(['report', 'preflight.json', '--phase', 'homelab', '--phase', 'phase-0'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'passcheck: --phase can be given once: homelab or phase-0\n',
    });
  });

  it.each(['--fix', '--diff'])('does not go with %s', (option) => {
    expect(cli.run(['lint', 'win11', '--from', join(HOSTS, 'amd-ready'), '--phase', 'own.yaml', option])).toMatchObject({
      status: 2,
      stderr: `passcheck: --phase judges, and ${option} mends: do one after the other\n`,
    });
  });

  it('is in the help with the names that there are', () => {
    expect(cli.run(['report', '--help']).stdout.replaceAll(/\s+/g, ' ')).toContain('homelab, phase-0, win11-vfio or a file');
  });
});

describe('report', () => {
  it('makes one of several', () => {
    const { status, stdout } = cli.run(['report', 'preflight.json', 'lint.json']);
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('then run passcheck preflight and passcheck lint win11 again');
    expect(stdout).not.toContain('the same again');
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/Of these, passcheck lint --fix mends \d+; --diff in its place/);
  });

  it('says that the criteria of one report are left out', () => {
    cli.run(['report', 'preflight.json', '--phase', 'own.yaml', '--out', 'judged.json']);
    const { stdout, stderr } = cli.run(['report', 'judged.json', 'lint.json', '--format', 'json']);
    expect(stderr).toBe('the criteria of own were judged by one report alone and are left out: --phase judges them again\n');
    expect(reportOf(stdout).phase).toBeUndefined();
    expect(cli.run(['report', 'judged.json']).stdout).toContain('own: INCONCLUSIVE');
  });

  it.each([
    [['preflight.json', 'preflight.json'], 'two of the reports have a run of preflight: leave one out'],
    [['-', '-'], 'standard input holds one report: name - once'],
    [['preflight.json', 'gone.json'], 'could not read gone.json: there is no such file'],
    [['preflight.json', 'own.yaml'], 'own.yaml is no JSON'],
  ])('%j is refused in one line', (names, message) => {
    expect(cli.run(['report', ...names])).toMatchObject({ status: 2, stdout: '', stderr: `passcheck: ${message}\n` });
  });

  it('takes one of standard input beside others', () => {
    const input = fs.readFileSync(join(cli.folder, 'preflight.json'), 'utf8');
    expect(cli.run(['report', 'lint.json', '-', '--format', 'json'], { input }).status).toBe(1);
  });
});
