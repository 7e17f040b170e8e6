import * as fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../test/cli.ts';
import { reportSchema } from '../report/model.ts';
import { DEMO_NOTICE } from './demo-session.ts';

let cli: Cli;

beforeAll(async () => {
  cli = await bundledCli();
});

afterAll(() => cli.remove());

beforeEach(() => {
  for (const name of fs.readdirSync(cli.folder)) fs.rmSync(join(cli.folder, name), { recursive: true });
});

function written(name: string, folder = 'reports/demo'): string {
  return fs.readFileSync(join(cli.folder, folder, name), 'utf8');
}

/** Refused in one line, and nothing was touched. */
function refusal(out: string): string {
  const before = fs.readdirSync(cli.folder, { recursive: true });
  const { status, stdout, stderr } = cli.run(['demo', '--out', out]);
  const [line = '', ...rest] = stderr.split('\n');
  expect({ status, stdout, rest, names: fs.readdirSync(cli.folder, { recursive: true }) }).toEqual({
    status: 2,
    stdout: '',
    rest: [''],
    names: before,
  });
  return line;
}

describe('passcheck demo', () => {
  it('goes the whole way, and says where the report is and what to do now', () => {
    const { status, stdout, stderr } = cli.run(['demo']);
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining('\n$ passcheck preflight --from host.tar.gz') });
    expect(stdout).toContain('\nNO-GO  2 blockers, ');
    expect(stdout).toContain('criteria met');
    expect(stdout).toContain('\nLook at   reports/demo/index.html\n');
    expect(stdout).toContain(pathToFileURL(join(cli.folder, 'reports/demo/index.html')).href);
    expect(stdout).toContain('\n  passcheck preflight ');
    for (const line of stdout.split('\n').filter((text) => !text.includes('file://'))) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(fs.readdirSync(cli.folder)).toEqual(['reports']);
    expect(fs.readdirSync(join(cli.folder, 'reports'))).toEqual(['demo']);
  });

  it('judges the host, its VM and a phase, with one fault that has an exact fix', () => {
    cli.run(['demo']);
    const report = reportSchema.parse(JSON.parse(written('report.json')));
    const blockers = report.results.filter(({ status, severity }) => status === 'fail' && severity === 'blocker');
    expect(report.verdict).toBe('NO-GO');
    expect(new Set(blockers.map(({ remedy }) => remedy?.summary))).toEqual(new Set(['Remove intremap=off from the kernel command line']));
    expect(report.results.some(({ id }) => id.startsWith('preflight/'))).toBe(true);
    expect(report.results.some(({ id }) => id.startsWith('domain/'))).toBe(true);
    expect(report.phase?.id).toBe('phase-0');
    expect(report.machine?.vms[0]?.pins.vcpus.map(({ cpus }) => cpus)).toEqual([[0], [1], [2], [3]]);
  });

  it('plans the CPUs beside the GPU, and mends what is wrong with the VM', () => {
    cli.run(['demo']);
    expect(written('vm_config.xml')).toContain("<vcpupin vcpu='0' cpuset='4'/>");
    const options = ['--from', 'reports/demo/host.tar.gz', '--no-schema', '--format', 'json'];
    const { stdout } = cli.run(['lint', 'reports/demo/vm_config.xml', ...options]);
    const left = reportSchema.parse(JSON.parse(stdout)).results.filter(({ status, severity }) => status === 'fail' && severity !== 'info');
    expect(left.map(({ id, severity }) => `${severity} ${id}`)).toEqual(['blocker domain/pci/iommu', 'minor domain/storage/iothread']);
  });

  it('says at the top of each document that it is not about this machine', () => {
    cli.run(['demo']);
    expect(reportSchema.parse(JSON.parse(written('report.json')))).toMatchObject({ notice: DEMO_NOTICE, recorded: true });
    for (const name of ['report.md', 'hardware_inventory.md', 'cpu.svg']) expect(written(name).slice(0, 400), name).toContain(DEMO_NOTICE);
    const page = written('index.html');
    expect(page.indexOf(DEMO_NOTICE)).toBeGreaterThan(0);
    expect(page.indexOf(DEMO_NOTICE)).toBeLessThan(page.indexOf('<h1'));
    for (const name of ['win11.xml', 'vm_config.xml']) expect(written(name)).toMatch(/^<!-- .*Made for `passcheck demo`\. -->\n/);
    const { measurements } = reportSchema.parse(JSON.parse(written('report.json')));
    expect(measurements.length).toBeGreaterThan(0);
    expect(measurements.filter(({ synthetic }) => synthetic !== true)).toEqual([]);
  });

  it('writes the same bytes wherever it runs, and with nothing of this machine', () => {
    fs.writeFileSync(join(cli.folder, 'passcheck.yaml'), 'gpu: [this is no configuration\n');
    expect(cli.run(['demo']).status).toBe(0);
    expect(
      cli.run(['demo', '--out', 'else/where'], {
        env: { PATH: '/nowhere', PASSCHECK_CONFIG: '/nowhere', TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', npm_command: 'exec' },
      }).status,
    ).toBe(0);
    const names = fs.readdirSync(join(cli.folder, 'reports/demo'));
    expect(fs.readdirSync(join(cli.folder, 'else/where'))).toEqual(names);
    for (const name of names) {
      const [one, other] = ['reports/demo', 'else/where'].map((folder) => fs.readFileSync(join(cli.folder, folder, name)));
      expect(other?.equals(one ?? Buffer.alloc(0)), name).toBe(true);
      expect(one?.includes(cli.folder), name).toBe(false);
    }
  });
});

describe('the folder of the demo', () => {
  it('is replaced when it holds an older demo', () => {
    cli.run(['demo']);
    fs.rmSync(join(cli.folder, 'reports/demo/index.html'));
    fs.writeFileSync(join(cli.folder, 'reports/demo/report.md'), 'old');
    expect(cli.run(['demo']).status).toBe(0);
    expect(written('index.html')).toContain('<!doctype html>');
    expect(written('report.md')).toContain('NO-GO');
  });

  it('may be empty, or a link to a folder', () => {
    fs.mkdirSync(join(cli.folder, 'real'));
    fs.symlinkSync('real', join(cli.folder, 'link'));
    expect(cli.run(['demo', '--out', 'link']).status).toBe(0);
    expect(fs.lstatSync(join(cli.folder, 'link')).isSymbolicLink()).toBe(true);
    expect(written('index.html', 'real')).toContain('NO-GO');
  });

  it('is refused when it holds something else', () => {
    fs.mkdirSync(join(cli.folder, 'mine'));
    fs.writeFileSync(join(cli.folder, 'mine/report.json'), '{}');
    expect(refusal('mine')).toBe('passcheck: mine is there already, and is no demo: name another folder with --out');
    cli.run(['demo']);
    fs.writeFileSync(join(cli.folder, 'reports/demo/notes.txt'), 'mine');
    expect(refusal('reports/demo')).toBe('passcheck: reports/demo holds notes.txt, which is not of a demo: name another folder with --out');
    expect(refusal('.')).toBe('passcheck: . is the folder that you are in: name another folder with --out');
    expect(refusal('')).toBe('passcheck: --out names no folder');
  });

  it('is refused when it is a file, or in one', () => {
    fs.writeFileSync(join(cli.folder, 'reports'), '');
    expect(refusal('reports')).toBe('passcheck: reports is no folder: name another one with --out');
    expect(refusal('reports/demo')).toBe(
      'passcheck: could not write reports/demo: a part of its path is no folder; nothing was left behind',
    );
    expect(refusal('/proc/no/demo')).toBe('passcheck: could not write /proc/no/demo: there is no such folder; nothing was left behind');
    expect(refusal('/sys/demo')).toBe('passcheck: could not write /sys/demo: permission denied; nothing was left behind');
  });

  it('does not come about when there is no room for it, and the older demo stays', () => {
    cli.run(['demo']);
    const before = written('index.html');
    const limited = 'ulimit -f 200; trap "" XFSZ; $PASSCHECK demo --out';
    const { status, stdout, stderr } = cli.shell(`${limited} reports/demo 2> said || { rc=$?; tail -n 1 said >&2; exit $rc; }`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /^passcheck: reports\/demo: could not write \S+: the file would be larger than this process may write; nothing was left behind\n$/,
    );
    expect(written('index.html')).toBe(before);
    cli.shell(`${limited} new/demo 2> said`);
    expect(fs.readdirSync(cli.folder)).toEqual(['reports', 'said']);
    expect(fs.readdirSync(join(cli.folder, 'reports'))).toEqual(['demo']);
  });

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`is not there half-written after ${signal}`, async () => {
      const child = cli.start(['demo', '--out', 'demo']);
      let said = '';
      child.stderr?.on('data', (text: Buffer) => {
        said += text.toString();
        if (said.includes('$ passcheck lint')) child.kill(signal);
      });
      const code = await new Promise((done) => child.on('close', done));
      expect({ code, names: fs.readdirSync(cli.folder) }).toEqual({ code: status, names: [] });
      expect(said.includes('\nstopped; nothing half-written was left behind\n')).toBe(signal === 'SIGINT');
    });
  }
});
