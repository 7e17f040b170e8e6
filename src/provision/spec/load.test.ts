import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { UsageError } from '../../usage-error.ts';
import { loadSpec } from './load.ts';

let folder: string;
beforeAll(() => (folder = fs.mkdtempSync(join(tmpdir(), 'passcheck-spec-'))));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function file(text: string | Uint8Array): string {
  const path = join(folder, 'lab.yaml');
  fs.writeFileSync(path, text);
  return path;
}

/** What is said of a file, which is called FILE there. */
function messageOf(path: string): string {
  try {
    loadSpec(path);
  } catch (error) {
    if (error instanceof UsageError) return error.message.replaceAll(path, 'FILE');
    throw error;
  }
  return '';
}

describe('a spec is read', () => {
  it('from a file, with its text', () => {
    const path = file('name: lab\n');
    expect(loadSpec(path)).toMatchObject({ spec: { name: 'lab', vms: {} }, text: 'name: lab\n', name: path });
    expect(loadSpec(file('\ufeffname: lab\r\n'))).toMatchObject({ spec: { name: 'lab' } });
  });

  it('from standard input, also one that comes slowly', () => {
    const outfile = join(folder, 'load.cjs');
    buildSync({ entryPoints: [join(import.meta.dirname, 'load.ts')], bundle: true, platform: 'node', format: 'cjs', outfile });
    const script = `const { loadSpec } = require(${JSON.stringify(outfile)}); process.stdin.resume(); process.stdin.pause(); try { console.log(loadSpec('-').spec.name) } catch (error) { console.log(error.message) }`;
    fs.writeFileSync(join(folder, 'script.cjs'), script);
    const said = (input: string): string =>
      spawnSync('sh', ['-c', `(${input}) | "$0" script.cjs`, process.execPath], { encoding: 'utf8', cwd: folder }).stdout;
    expect(said('printf "name: "; sleep 0.2; echo lab')).toBe('lab\n');
    expect(said('echo "name: a b"')).toMatch(/^<stdin>:1:7: name has to be a name/);
    expect(said('true')).toMatch(/^<stdin> is empty/);
  });

  it('when it has a thousand VMs', () => {
    const vms = Array.from({ length: 1000 }, (_, index) => `  vm${index}: { memory: 1 GiB, vcpus: 1, title: "${'x'.repeat(200)}" }`);
    expect(Object.keys(loadSpec(file(`name: lab\nvms:\n${vms.join('\n')}`)).spec.vms)).toHaveLength(1000);
  });
});

describe('what is no spec has one line', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'FILE is empty: passcheck init homelab prints a spec to begin with'],
    ['blanks', ' \n\n', 'FILE is empty: passcheck init homelab prints a spec to begin with'],
    ['a disk image', Uint8Array.of(0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3), 'FILE is no UTF-8 text'],
    ['zeros', new Uint8Array(2048), 'FILE is no text: a spec is a YAML file, and passcheck init homelab prints one'],
    ['UTF-16', Buffer.from('\ufeffname: lab', 'utf16le'), 'FILE is no UTF-8 text'],
    [
      'a definition',
      "<domain type='kvm'/>",
      'FILE is XML: a spec is a YAML file, and passcheck init homelab prints one; passcheck lint judges definitions',
    ],
    ['too much', 'x'.repeat(4 * 1024 * 1024 + 1), 'FILE is larger than 4 MiB: that is no spec of passcheck'],
    ['a picture of text', 'just text', 'FILE:1:1: the spec has to be a table of keys and values'],
  ])('%s', (_name, text, message) => expect(messageOf(file(text))).toBe(message));

  it('what is not there, cannot be read, or never ends', () => {
    expect(messageOf(join(folder, 'no.yaml'))).toBe('could not read FILE: there is no such file');
    expect(messageOf(folder)).toBe('could not read FILE: it is a folder');
    expect(messageOf('/dev/zero')).toBe('FILE is larger than 4 MiB: that is no spec of passcheck');
  });

  it.skipIf(process.getuid?.() === 0)('what this user may not read', () => {
    fs.chmodSync(file('name: lab'), 0);
    expect(messageOf(join(folder, 'lab.yaml'))).toBe('could not read FILE: permission denied');
  });

  it('every problem has its place', () => {
    expect(messageOf(file('name: a b\nvms: []\n'))).toMatch(/^FILE:1:7: name has to be .*\nFILE:2:6: vms has to be /);
  });
});
