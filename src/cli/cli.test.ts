import * as fs from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../test/cli.ts';
import { reportSchema } from '../report/model.ts';
import { VERSION } from '../version.ts';

/** The one check that these hosts are judged by: the verdict does not depend on the other rooms. */
const ONLY = ['--only', 'preflight/iommu/enabled'];

let cli: Cli;
let good: string;
let bad: string;
let unknown: string;

function captured(name: string, folders: readonly string[], files: Readonly<Record<string, string>> = {}): string {
  const root = join(cli.folder, name);
  for (const folder of ['proc', 'sys', ...folders]) fs.mkdirSync(join(root, folder), { recursive: true });
  for (const [path, text] of Object.entries(files)) fs.writeFileSync(join(root, path), text);
  return root;
}

function onTerminal(line: string): string {
  return cli.shell(`script -qec "${line}" /dev/null </dev/null`).stdout;
}

function stored(): string {
  return cli.run(['preflight', '--from', bad, ...ONLY, '--format', 'json']).stdout;
}

beforeAll(async () => {
  cli = await bundledCli();
  const files = { 'proc/cmdline': 'quiet\n' };
  good = captured('good', ['sys/class/iommu/dmar0', 'sys/kernel/iommu_groups/0/devices', 'sys/bus/pci/devices'], files);
  bad = captured('bad', ['sys/class/iommu', 'sys/kernel/iommu_groups', 'sys/bus/pci/devices'], files);
  unknown = captured('unknown', []);
});

afterAll(() => cli.remove());

describe('exit codes', () => {
  it.each([
    ['0 for GO', () => good, 0, 'GO'],
    ['1 for NO-GO', () => bad, 1, 'NO-GO'],
    ['3 when a blocker could not be looked at', () => unknown, 3, 'INCONCLUSIVE'],
  ])('%s', (_name, host, status, verdict) => {
    const result = cli.run(['preflight', '--from', host(), ...ONLY]);
    expect(result).toMatchObject({ status, stderr: '' });
    expect(result.stdout.split(' ', 1)).toEqual([verdict]);
  });

  it.each([
    [['preflight', '--frm', 'x'], "unknown option '--frm' (Did you mean --from?)"],
    [['preflgiht'], "unknown command 'preflgiht' (Did you mean preflight?)"],
    [['preflight', '--only', 'iommu/enabeld'], 'the nearest is iommu/enabled'],
    [['preflight', '--skip', 'nothing/like/this'], '--skip nothing/like/this: no check has this id'],
    [['preflight', '--only', ''], 'want the id of a check, a room or a glob, and got nothing'],
    [['preflight', '--skip', ' , '], 'got nothing'],
    [['preflight', '--only', 'iommu', '--skip', '*'], 'leave no check to run'],
    [['preflight', '--format', 'yaml'], 'Allowed choices are terminal, json, junit, sarif, github, markdown'],
    [['preflight', '--from', '/nowhere'], 'could not open /nowhere'],
    [['preflight', 'surplus'], 'too many arguments'],
    [['explain', 'iommu/enabeld'], 'the nearest is iommu/enabled'],
    [['explain', 'ram/hugepages'], 'the nearest is memory/hugepages'],
    [['snapshot', 'host.zip'], 'host.zip: no .zip is written: name a .tar.gz, or a folder'],
    [['snapshot', 'host.tar.bz2'], 'no .tar.bz2 is written: name a .tar.gz'],
    [['snapshot', 'host.tar'], 'no .tar is written: name a .tar.gz'],
    [['snapshot', 'host.RAR'], 'no .RAR is written: name a .tar.gz'],
    [['report', '/nowhere'], 'could not read /nowhere: there is no such file'],
    [['--verion'], "unknown option '--verion'"],
  ])('2 and one line for %j', (argv, message) => {
    const { status, stdout, stderr } = cli.run(argv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('2 without a command, with the first steps', () => {
    const { status, stdout } = cli.run([]);
    expect(status).toBe(2);
    expect(stdout).toContain('$ passcheck preflight');
  });

  it.each([['--help'], ['--version'], ['help'], ['explain']])('0 for %s', (word) => {
    expect(cli.run([word])).toMatchObject({ status: 0, stderr: '' });
  });

  it.each(['preflight', 'snapshot', 'report', 'explain', 'inventory'])('every command has help with examples: %s', (command) => {
    const help = cli.run([command, '--help']);
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toContain(`  $ passcheck ${command}`);
    expect(cli.run(['help', command]).stdout).toBe(help.stdout);
  });

  it.each(['preflight/memory/hugepages', 'memory/hugepages', 'hugepages'])('explains a check by %s', (name) => {
    expect(cli.run(['explain', name])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^preflight\/memory\/hugepages /) });
  });

  it.each([
    ['group-isolated', '2 checks are called group-isolated: domain/pci/group-isolated, preflight/iommu/group-isolated'],
    ['cache', '2 checks are called cache: domain/cpu/cache, domain/storage/cache'],
  ])('names all checks that %s can mean', (name, message) => {
    expect(cli.run(['explain', name])).toMatchObject({ status: 2, stdout: '', stderr: `passcheck: ${message}\n` });
  });

  it('prints commands with npx where it was started with npx', () => {
    const { stdout } = cli.run(['preflight', '--from', bad, ...ONLY], { env: { npm_command: 'exec' } });
    expect(stdout).toContain('run npx passcheck preflight again');
    expect(cli.run(['explain', 'iommu'], { env: { npm_command: 'exec' } }).stdout).toContain('npx passcheck explain ID');
    expect(cli.run(['preflight', '--from', bad, ...ONLY]).stdout).not.toContain('npx');
  });

  it('tells its version', () => {
    const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { version: string };
    expect([cli.run(['--version']).stdout, VERSION]).toEqual([`${version}\n`, version]);
  });
});

describe('output', () => {
  it('prints the report alone on standard output', () => {
    const { stdout, stderr } = cli.run(['preflight', '--from', good, ...ONLY, '--format', 'json']);
    expect(reportSchema.parse(JSON.parse(stdout))).toMatchObject({ verdict: 'GO', recorded: true, selection: { checks: 1 } });
    expect(stderr).toBe('');
  });

  it('gives the same bytes for the same host', () => {
    const argv = ['preflight', '--from', bad, '--format', 'json'];
    expect(cli.run(argv).stdout).toBe(cli.run(argv).stdout);
  });

  it('has no colour in a pipe', () => {
    expect(cli.run(['preflight', '--from', bad], { env: { FORCE_COLOR: '1', TERM: 'xterm-256color' } }).stdout).not.toContain('\u001b');
  });

  it('has colour on a terminal, unless told otherwise', () => {
    const line = `$PASSCHECK preflight --from ${bad} ${ONLY.join(' ')}`;
    expect(onTerminal(`TERM=xterm ${line}`)).toContain('\u001b[');
    for (const without of [`TERM=xterm ${line} --no-color`, `NO_COLOR=1 TERM=xterm ${line}`, `TERM=dumb ${line}`]) {
      expect(onTerminal(without)).not.toContain('\u001b');
    }
  });

  it.each([
    [50, 60],
    [90, 90],
    [200, 100],
  ])('fits a terminal of %d columns with lines of at most %d', (columns, limit) => {
    const text = onTerminal(`stty cols ${columns}; TERM=dumb $PASSCHECK preflight --from ${unknown}`);
    const lengths = text.split('\n').flatMap((line) => (line.includes(unknown) ? [] : [line.trimEnd().length]));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(limit);
    expect(Math.max(...lengths)).toBeGreaterThan(limit - 12);
  });

  it('names what was skipped, and gives no GO without a blocker', () => {
    const { status, stdout } = cli.run(['preflight', '--from', good, '--only', 'iommu', '--skip', 'iommu/enabled', '--format', 'json']);
    expect(reportSchema.parse(JSON.parse(stdout)).results).toContainEqual(
      expect.objectContaining({ id: 'preflight/iommu/enabled', status: 'skipped' }),
    );
    expect(status).not.toBe(0);
  });

  it.each([
    ['report.json', '{\n  "schema": 1'],
    ['report.xml', '<?xml'],
    ['report.md', '# preflight: GO'],
    ['report.txt', 'GO  '],
  ])('writes %s in the format of its ending', (name, start) => {
    const { status, stdout, stderr } = cli.run(['preflight', '--from', good, ...ONLY, '--out', name]);
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^GO: .*(?:report|annotations) written to ${name}\\n$`)),
    });
    expect(fs.readFileSync(join(cli.folder, name), 'utf8').startsWith(start)).toBe(true);
  });
});

describe('a reader or a disk that fails', () => {
  it('ends silently with the right code when nobody reads the rest', () => {
    const { stdout, stderr } = cli.shell(`{ sleep 0.2; $PASSCHECK preflight --from ${bad} ${ONLY.join(' ')}; echo "code $?" >&2; } | true`);
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: 'code 1\n' });
  });

  it('ends with the right code when standard output is closed', () => {
    expect(cli.shell(`$PASSCHECK preflight --from ${bad} ${ONLY.join(' ')} >&-`)).toMatchObject({ status: 1, stderr: '' });
  });

  it('says in one line that standard output is full', () => {
    const { status, stderr } = cli.shell(`$PASSCHECK preflight --from ${good} ${ONLY.join(' ')} >/dev/full`);
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'passcheck: could not write to standard output: no space left on the disk\n' });
  });

  it('keeps the old report, and nothing half-written, when there is no room for the new one', () => {
    fs.mkdirSync(join(cli.folder, 'full'));
    fs.writeFileSync(join(cli.folder, 'full/report.json'), 'old');
    const { status, stderr } = cli.shell(`ulimit -f 1; $PASSCHECK preflight --from ${bad} --out full/report.json`);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^passcheck: could not write full\/report\.json: [^\n]+\n$/);
    expect(fs.readdirSync(join(cli.folder, 'full'))).toEqual(['report.json']);
    expect(fs.readFileSync(join(cli.folder, 'full/report.json'), 'utf8')).toBe('old');
  });

  it('replaces the target of a link, not the link, and keeps the mode', () => {
    fs.writeFileSync(join(cli.folder, 'target.json'), 'old', { mode: 0o600 });
    fs.symlinkSync('target.json', join(cli.folder, 'link.json'));
    expect(cli.run(['preflight', '--from', good, ...ONLY, '--out', 'link.json']).status).toBe(0);
    expect(fs.readlinkSync(join(cli.folder, 'link.json'))).toBe('target.json');
    expect(fs.readFileSync(join(cli.folder, 'target.json'), 'utf8')).toMatch(/^\{/);
    expect(fs.statSync(join(cli.folder, 'target.json')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['.', '. is a folder'],
    ['missing/report.json', 'there is no such folder'],
  ])('refuses --out %s in one line', (out, message) => {
    const { status, stderr } = cli.run(['preflight', '--from', good, ...ONLY, '--out', out]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it('ends with 130 on SIGINT', async () => {
    const child = cli.start(['report', '-']);
    // It waits for standard input by then; before, Node's own handling gives the same to a shell.
    await new Promise((resolve) => {
      setTimeout(resolve, 500);
    });
    const ended = new Promise((resolve) => {
      child.once('exit', (status, signal) => resolve(status ?? signal));
    });
    child.kill('SIGINT');
    expect(await ended).toBe(130);
  });
});

describe('stored reports', () => {
  it('are shown as they were, with the exit code of their verdict', () => {
    const shown = cli.run(['report', '-'], { input: stored() });
    expect(shown).toEqual(expect.objectContaining({ status: 1, stderr: '' }));
    expect(shown.stdout).toBe(cli.run(['preflight', '--from', bad, ...ONLY]).stdout);
    expect(cli.run(['report', '-', '--format', 'json'], { input: stored() }).stdout).toBe(stored());
  });

  it.each([
    ['', 'standard input is empty'],
    ['nonsense', 'standard input is no JSON'],
    ['[]', 'standard input is no report of passcheck'],
    ['{"tool":{"name":"other"},"schema":1}', 'standard input is no report of passcheck'],
    ['{"tool":{"name":"passcheck"},"schema":2}', 'was made by a newer passcheck (report schema 2, this one reads 1): update passcheck'],
    ['{"tool":{"name":"passcheck","version":"1"},"schema":1}', 'standard input is damaged: no usable value at suite'],
    ['{"tool":{"name":"passcheck","ver', 'standard input is truncated: its end is missing'],
  ])('%j is refused in one line', (input, message) => {
    const { status, stdout, stderr } = cli.run(['report', '-'], { input });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('snapshot and inventory', () => {
  it('records this machine, so that it can be judged and listed elsewhere', () => {
    const recorded = cli.run(['snapshot', 'host.tar.gz']);
    expect(recorded).toMatchObject({ status: 0, stdout: '' });
    expect(recorded.stderr).toContain('Judge it anywhere: passcheck preflight --from host.tar.gz');
    const judged = cli.run(['preflight', '--from', 'host.tar.gz', '--format', 'json']);
    expect(reportSchema.parse(JSON.parse(judged.stdout))).toMatchObject({ suite: 'preflight', recorded: true });
    expect([0, 1, 3]).toContain(judged.status);
    expect(cli.run(['inventory', '--from', 'host.tar.gz'])).toMatchObject({ status: 0, stderr: '' });
  });

  it('replaces an older snapshot only when told', () => {
    expect(cli.run(['snapshot', 'twice.tar.gz']).status).toBe(0);
    const { status, stderr } = cli.run(['snapshot', 'twice.tar.gz']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'passcheck: twice.tar.gz exists: --force replaces it when it is a snapshot\n',
    });
    expect(cli.run(['snapshot', 'twice.tar.gz', '--force']).status).toBe(0);
  });

  it('never replaces what is no snapshot', () => {
    fs.writeFileSync(join(cli.folder, 'precious.tar.gz'), 'precious');
    expect(cli.run(['snapshot', 'precious.tar.gz', '--force']).status).toBe(2);
    expect(fs.readFileSync(join(cli.folder, 'precious.tar.gz'), 'utf8')).toBe('precious');
  });

  it('writes the inventory as a document and as JSON', () => {
    expect(cli.run(['inventory', '--from', bad, '--out', 'hardware_inventory.md'])).toMatchObject({ status: 0, stdout: '' });
    expect(fs.readFileSync(join(cli.folder, 'hardware_inventory.md'), 'utf8')).toMatch(/^# Hardware inventory/);
    const { hidden } = JSON.parse(cli.run(['inventory', '--from', bad, '--format', 'json']).stdout) as { hidden: { part: string }[] };
    expect(hidden.map(({ part }) => part)).toContain('CPU');
  });
});

describe('configuration', () => {
  it('is read from --config, and what is wrong in it is one line with line and column', () => {
    fs.writeFileSync(join(cli.folder, 'broken.yaml'), 'vms: [win11]\ngpus: 1\n');
    const { status, stdout, stderr } = cli.run(['preflight', '--from', good, '--config', 'broken.yaml']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^passcheck: broken\.yaml:2:1: [^\n]+\n$/);
  });

  it('can make a check count for less', () => {
    fs.writeFileSync(join(cli.folder, 'info.yaml'), 'severity: { preflight/iommu/enabled: info }\n');
    const { status, stdout } = cli.run(['preflight', '--from', bad, ...ONLY, '--config', 'info.yaml']);
    expect(status).toBe(0);
    expect(stdout).toContain('passcheck.yaml changes the severity of 1 check: iommu/enabled (info)');
  });
});

describe('the bundle', () => {
  it('has neither the locales of zod nor warnings of Node', () => {
    const text = fs.readFileSync(join(cli.file, '../main.js'), 'latin1');
    expect(['Ung\\xFCltige', 'new Buffer('].filter((mark) => text.includes(mark))).toEqual([]);
  });
});

describe('a help text', () => {
  it.each(['demo', 'explain', 'inventory', 'lint', 'pins', 'preflight', 'report', 'snapshot'])('of %s fits 80 columns', (command) => {
    const lines = cli.run([command, '--help']).stdout.split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});
