import * as fs from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../test/cli.ts';
import { aDefinition } from '../../test/domain-rule.ts';

const mendable = aDefinition({ devices: "<memballoon model='virtio'/>" });
const mended = mendable.replace('virtio', 'none');
const only = ['--only', 'memory/balloon,schema/well-formed', '--no-schema'];
const isRoot = process.geteuid?.() === 0;

let cli: Cli;

beforeAll(async () => {
  cli = await bundledCli();
});

afterAll(() => cli.remove());

const path = (name: string): string => join(cli.folder, name);
const read = (name: string): string => fs.readFileSync(path(name), 'utf8');

beforeEach(() => fs.writeFileSync(path('a.xml'), mendable));

describe('--fix', () => {
  it.each([
    ['the definition as --out', ['a.xml', '--fix', '--out', './a.xml'], 'is the definition itself'],
    ['the definition as --out, without --fix', ['a.xml', '--out', 'a.xml'], 'is the definition itself'],
    ['a report that looks like a definition', ['a.xml', '--fix', '--out', 'b.xml'], 'would be the report'],
    ['--format for standard output that has the definition', ['-', '--fix', '--format', 'json'], 'for the report name a file with --out'],
    ['--format for a difference', ['a.xml', '--diff', '--format', 'sarif'], 'leave out --format sarif'],
  ])('refuses %s, and writes nothing', (_name, argv, message) => {
    const { status, stdout, stderr } = cli.run(['lint', ...argv, ...only], { input: mendable });
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(read('a.xml')).toBe(mendable);
    expect(fs.existsSync(path('b.xml'))).toBe(false);
  });

  it('says of standard input what is left', () => {
    const { stdout, stderr } = cli.run(['lint', '-', '--fix', ...only], { input: mendable });
    expect(stdout).toBe(mended);
    expect(stderr).toBe('<stdin>: mended 1 finding: memory/balloon\nGO; what is left, as a report: --out FILE\n');
  });

  it('mends a file once that is named in several ways', () => {
    fs.symlinkSync('a.xml', path('link.xml'));
    const { stderr } = cli.run(['lint', 'a.xml', './a.xml', 'link.xml', '--fix', ...only]);
    expect(stderr).toBe('a.xml: mended 1 finding: memory/balloon\n');
    expect(read('a.xml')).toBe(mended);
  });

  it('keeps every bit of the mode, whatever the umask', () => {
    fs.chmodSync(path('a.xml'), 0o666);
    cli.shell(`umask 077; $PASSCHECK lint a.xml --fix ${only.join(' ')}`);
    expect(read('a.xml')).toBe(mended);
    expect(fs.statSync(path('a.xml')).mode & 0o777).toBe(0o666);
  });

  it.runIf(isRoot)('leaves a file to its owner', () => {
    fs.chownSync(path('a.xml'), 1000, 1001);
    cli.run(['lint', 'a.xml', '--fix', ...only]);
    const { uid, gid } = fs.statSync(path('a.xml'));
    expect([uid, gid, read('a.xml')]).toEqual([1000, 1001, mended]);
  });

  it('does not mend a read-only file, and does not say so, for root either', () => {
    fs.chmodSync(path('a.xml'), 0o444);
    expect(cli.run(['lint', 'a.xml', '--fix', ...only])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'passcheck: could not write a.xml: it is read-only for everyone; to have it changed: chmod u+w -- a.xml\n',
    });
    expect(read('a.xml')).toBe(mendable);
    fs.rmSync(path('a.xml'));
  });

  it('judges what it mends with the rules that are left out, too', () => {
    // As flash it would be UEFI, which libvirt takes only with ACPI.
    const body = "<os><type arch='x86_64' machine='q35'>hvm</type><loader>/usr/share/OVMF/OVMF_CODE_4M.fd</loader></os>";
    fs.writeFileSync(path('loader.xml'), aDefinition({ body, os: null }));
    const { stderr } = cli.run(['lint', 'loader.xml', '--fix', '--only', 'machine/loader', '--no-schema']);
    expect(stderr).toContain('domain/machine/loader is left to you: what mends it brings another finding about');
    expect(read('loader.xml')).toContain('<loader>/usr');
  });

  it('says why nothing can be mended', () => {
    fs.writeFileSync(path('broken.xml'), '<domain>\n  <name>a</domain>');
    fs.writeFileSync(path('utf16.xml'), Buffer.from(mendable, 'utf16le'));
    for (const option of ['--diff', '--fix']) {
      const { stderr } = cli.run(['lint', 'broken.xml', 'utf16.xml', 'a.xml', option, ...only]);
      expect(stderr.split('\n').slice(0, 3)).toEqual([
        'broken.xml: nothing can be mended: line 2: unexpected close tag.',
        'utf16.xml: nothing can be mended: it is UTF-16, passcheck reads UTF-8',
        `a.xml: ${option === '--fix' ? 'mended' : '--fix would mend'} 1 finding: memory/balloon`,
      ]);
    }
  });
});

describe('a name that begins with a dash', () => {
  it('is told how to be written', () => {
    fs.writeFileSync(path('-v.xml'), mendable);
    expect(cli.run(['lint', '-v.xml'])).toMatchObject({
      status: 2,
      stderr: "passcheck: unknown option '-v.xml' (for the file of that name: ./-v.xml)\n",
    });
    expect(cli.run(['lint', '-w.xml']).stderr).toContain('--help');
  });
});

describe('--diff', () => {
  it('writes the difference into the file of --out', () => {
    const { status, stdout, stderr } = cli.run(['lint', 'a.xml', '--diff', '--out', 'a.diff', ...only]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toContain('the difference: written to a.diff\n');
    expect(read('a.diff')).toContain("+    <memballoon model='none'/>");
  });

  it.each(['./with space.xml', 'sub/../a.xml', '-dash.xml', "it's;$(id).xml"])('is one that patch takes for %s', (name) => {
    fs.mkdirSync(path('sub'), { recursive: true });
    fs.writeFileSync(path(name), mendable);
    const { stdout } = cli.run(['lint', '--diff', ...only, '--', name]);
    fs.writeFileSync(path('a.diff'), stdout);
    expect(cli.shell('git apply a.diff')).toMatchObject({ status: 0, stderr: '' });
    expect(read(name)).toBe(mended);
  });

  it('names a path from the root as git does', () => {
    expect(cli.run(['lint', '--diff', ...only, path('a.xml')]).stdout.split('\n')[0]).toBe(`--- a${path('a.xml')}`);
  });

  it('leaves the last line without its end', () => {
    fs.writeFileSync(path('a.xml'), mendable.trimEnd());
    fs.writeFileSync(path('a.diff'), cli.run(['lint', '--diff', ...only, 'a.xml']).stdout);
    expect(cli.shell('git apply a.diff').status).toBe(0);
    expect(read('a.xml')).toBe(mended.trimEnd());
  });
});
