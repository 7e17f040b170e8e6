import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../test/cli.ts';
import { aDefinition } from '../../test/domain-rule.ts';
import { reportSchema } from '../report/model.ts';

const GOOD = aDefinition({ body: '<vcpu>4</vcpu>', gpu: false });
const BAD = aDefinition({ body: "<vcpu>4</vcpu>\n  <cpu><topology sockets='1' cores='3' threads='1'/></cpu>", gpu: false });
/** One rule of each kind: the verdict must not depend on all the others. */
const ONLY = ['--only', 'cpu/topology-product,schema/well-formed', '--no-schema'];

let cli: Cli;

function write(name: string, text: string | Uint8Array): string {
  fs.writeFileSync(join(cli.folder, name), text);
  return name;
}

beforeAll(async () => {
  cli = await bundledCli();
});

afterAll(() => cli.remove());

describe('lint', () => {
  it('judges a file by itself: GO', () => {
    const { status, stdout, stderr } = cli.run(['lint', write('good.xml', GOOD), ...ONLY]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^GO {2}good\.xml/);
  });

  it('shows file, line and column of what is wrong: NO-GO', () => {
    const { status, stdout } = cli.run(['lint', write('bad.xml', BAD), ...ONLY]);
    expect(status).toBe(1);
    expect(stdout).toContain('bad.xml:9:8\n    9 │ <cpu><topology');
  });

  it('reads standard input, and what a shell makes of <(…)', () => {
    expect(cli.run(['lint', '-', ...ONLY], { input: BAD })).toMatchObject({ status: 1, stdout: expect.stringContaining('<stdin>:9:8') });
    expect(cli.shell(`$PASSCHECK lint <(cat ${write('bad.xml', BAD)}) ${ONLY.join(' ')}`).status).toBe(1);
  });

  it('makes one report of several files', () => {
    const { status, stdout } = cli.run(['lint', write('good.xml', GOOD), write('bad.xml', BAD), ...ONLY, '--format', 'json']);
    const report = reportSchema.parse(JSON.parse(stdout));
    expect(status).toBe(1);
    expect(new Set(report.results.map(({ subject }) => subject))).toEqual(new Set(['good.xml', 'bad.xml']));
    expect(report.subject).toEqual({ host: null, domain: null });
  });

  it.each(['sarif', 'github', 'junit', 'markdown'])('prints %s', (format) => {
    expect(cli.run(['lint', write('bad.xml', BAD), ...ONLY, '--format', format]).stdout).toContain('domain');
  });
});

describe('--out', () => {
  it('says which format was written', () => {
    expect(cli.run(['lint', write('bad.xml', BAD), ...ONLY, '--out', 'r2.xml']).stderr).toBe('NO-GO: JUnit report written to r2.xml\n');
    expect(cli.run(['lint', 'bad.xml', ...ONLY, '--out', 'r2.txt']).stderr).toBe('NO-GO: report written to r2.txt\n');
  });

  it.each(['lint bad.xml', 'preflight', 'pins', 'lint bad.xml --fix'])('refuses an ending that no format has: %s', (line) => {
    expect(cli.run([...line.split(' '), '--out', 'x.pdf'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^passcheck: --out x\.pdf: no format ends in \.pdf \(\.json, [^\n]+\n$/),
    });
    expect(fs.existsSync(join(cli.folder, 'x.pdf'))).toBe(false);
  });
});

describe('--from', () => {
  it('stands in the commands that plan pins, in every format', () => {
    const recorded = fs.realpathSync('fixtures/hosts/amd-ready');
    const body = "<vcpu>2</vcpu>\n  <cputune><vcpupin vcpu='0' cpuset='1'/><vcpupin vcpu='1' cpuset='1'/></cputune>";
    const file = write('pinned.xml', aDefinition({ body }));
    for (const format of ['terminal', 'json', 'markdown', 'junit']) {
      const { stdout } = cli.run(['lint', file, '--from', recorded, '--format', format, '--only', 'cpu']);
      expect(stdout).toContain(`passcheck pins --from ${recorded} --into pinned.xml`);
    }
  });
});

describe('--guest', () => {
  it.each(['amiga', 'win12'])('says what runs in it, and refuses %s', (guest) => {
    expect(cli.run(['lint', write('good.xml', GOOD), '--guest', guest])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(new RegExp(`^passcheck: --guest ${guest}: one of win11, win10, .*, windows, linux, macos, other\\n$`)),
    });
  });
});

describe('what is no file that can be judged', () => {
  it.each([
    ['a missing file', 'missing.xml', 'missing.xml: no such file'],
    ['a folder', '.', '. is a folder; name the files in it: ./*.xml'],
    ['no name at all', null, 'name what to judge: an XML file, a domain of libvirt, or - for standard input'],
  ])('%s: exit 2 and one line', (_name, argument, message) => {
    const { status, stdout, stderr } = cli.run(['lint', ...(argument === null ? [] : [argument])]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('names the file that was probably meant', () => {
    fs.mkdirSync(join(cli.folder, 'vms'));
    write('vms/my-win11.xml', GOOD);
    write('my-win11.xml', GOOD);
    expect(cli.run(['lint', 'my-win12.xml']).stderr).toBe('passcheck: my-win12.xml: no such file; the nearest file is my-win11.xml\n');
    expect(cli.run(['lint', 'vms/my-win11']).stderr).toContain('; the nearest file is vms/my-win11.xml\n');
    expect(cli.run(['lint', 'my-win11']).stderr).toContain('; the nearest file is my-win11.xml');
  });

  it('an option that there is not: where the options are', () => {
    expect(cli.run(['lint', '--frobnicate']).stderr).toBe("passcheck: unknown option '--frobnicate' (see passcheck lint --help)\n");
  });

  it('a FIFO is not waited for', () => {
    execFileSync('mkfifo', [join(cli.folder, 'fifo.xml')]);
    expect(cli.run(['lint', 'fifo.xml'])).toMatchObject({ status: 2, stderr: expect.stringContaining('no regular file') });
  });

  it.each([
    ['UTF-16', Buffer.from(`\ufeff${GOOD}`, 'utf16le'), 3, 'it is UTF-16, passcheck reads UTF-8'],
    ['Latin-1', Buffer.from('<domain><name>\u00fc</name></domain>', 'latin1'), 3, 'it is not UTF-8'],
    ['NUL bytes', Buffer.from('<domain>\u0000</domain>'), 1, 'disallowed character'],
    ['an HTML page', Buffer.from('<html></html>'), 1, 'the element is <html>, not <domain>'],
    ['an empty file', Buffer.from(''), 1, 'must contain a root element'],
    ['a bomb', Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><domain>&b;</domain>'), 1, 'document type declaration is not allowed'],
  ])('%s: exit code and reason', (_name, bytes, status, message) => {
    const result = cli.run(['lint', write('odd.xml', bytes), ...ONLY]);
    expect({ status: result.status, stderr: result.stderr }).toEqual({ status, stderr: '' });
    expect(result.stdout.replaceAll(/\s+/g, ' ')).toContain(message);
  });

  it('judges the others beside it', () => {
    const { stdout } = cli.run(['lint', write('odd.xml', ''), write('bad.xml', BAD), ...ONLY, '--format', 'json']);
    expect(reportSchema.parse(JSON.parse(stdout)).results.filter(({ status }) => status === 'fail')).toHaveLength(2);
  });

  it('answers of 60 MB in bounded time', () => {
    const result = cli.run(['lint', write('large.xml', `<domain>${' '.repeat(60_000_000)}</domain>`), ...ONLY]);
    expect(result).toMatchObject({ status: 3, stdout: expect.stringContaining('larger than 16777216 characters') });
  });
});

describe('--fix', () => {
  const balloon = "<memballoon model='virtio'/>";
  const mendable = aDefinition({ devices: `<!-- mine -->\n    ${balloon}` });
  const only = ['--only', 'memory/balloon', '--no-schema'];

  it('changes the one place in the file and reports what is left', () => {
    const file = write('fix.xml', mendable);
    const { status, stdout, stderr } = cli.run(['lint', file, '--fix', ...only]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'fix.xml: mended 1 finding: memory/balloon\n' });
    expect(stdout).toContain('1 passed');
    expect(fs.readFileSync(join(cli.folder, file), 'utf8')).toBe(mendable.replace('virtio', 'none'));
  });

  it('changes nothing the second time', () => {
    const { stderr } = cli.run(['lint', 'fix.xml', '--fix', ...only]);
    expect(stderr).toBe('fix.xml: nothing that --fix mends\n');
  });

  it('prints a diff that patch takes, and changes nothing, with --diff', () => {
    const file = write('diff.xml', mendable.replaceAll('\n', '\r\n'));
    const { status, stdout } = cli.run(['lint', file, '--diff', ...only]);
    expect(status).toBe(0);
    expect(stdout).toContain("-    <memballoon model='virtio'/>");
    expect(fs.readFileSync(join(cli.folder, file), 'utf8')).toBe(mendable.replaceAll('\n', '\r\n'));
    expect(cli.shell(`$PASSCHECK lint diff.xml --diff ${only.join(' ')} | git apply -`).status).toBe(0);
    expect(fs.readFileSync(join(cli.folder, file), 'utf8')).toContain("<memballoon model='none'/>\r\n");
  });

  it('filters standard input to standard output', () => {
    expect(cli.run(['lint', '-', '--fix', ...only], { input: mendable }).stdout).toBe(mendable.replace('virtio', 'none'));
  });

  it('keeps the mode of the file, and a link to it', () => {
    write('real.xml', mendable);
    fs.chmodSync(join(cli.folder, 'real.xml'), 0o640);
    fs.symlinkSync('real.xml', join(cli.folder, 'link.xml'));
    cli.run(['lint', 'link.xml', '--fix', ...only]);
    expect(fs.lstatSync(join(cli.folder, 'link.xml')).isSymbolicLink()).toBe(true);
    expect(fs.statSync(join(cli.folder, 'real.xml')).mode & 0o777).toBe(0o640);
    expect(fs.readFileSync(join(cli.folder, 'real.xml'), 'utf8')).toContain("model='none'");
  });
});
