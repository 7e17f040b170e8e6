import * as fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../test/cli.ts';
import { madeUp } from '../../test/measurements.ts';
import { aReport, aResult } from '../../test/report.ts';

/** What is bundled elsewhere finds no packages; with this folder beside it, those of the project. */
const PACKAGES = resolve(import.meta.dirname, '../../node_modules');
const PICTURES = ['latency-delivery-histogram.png', 'latency-delivery-time-line.png'];

let cli: Cli;
let packages: string;

beforeAll(async () => {
  cli = await bundledCli();
  packages = join(dirname(cli.file), 'node_modules');
  const measurements = madeUp('latency').slice(0, 1);
  fs.writeFileSync(join(cli.folder, 'stored.json'), JSON.stringify(aReport({ results: [aResult()], measurements })));
  fs.writeFileSync(join(cli.folder, 'plain.json'), JSON.stringify(aReport({ results: [aResult()] })));
});

beforeEach(() => {
  for (const name of fs.readdirSync(cli.folder)) if (!name.endsWith('.json')) fs.rmSync(join(cli.folder, name), { recursive: true });
  fs.rmSync(packages, { recursive: true, force: true });
});

afterAll(() => cli.remove());

/** The packages that draw: all of the project, or but these. */
function install(without: readonly string[] = []): void {
  for (const name of ['@napi-rs', '@fontsource'].filter((one) => !without.includes(one))) {
    fs.mkdirSync(packages, { recursive: true });
    fs.symlinkSync(join(PACKAGES, name), join(packages, name));
  }
}

function files(): string[] {
  return fs
    .readdirSync(cli.folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.endsWith('.json'))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

function read(name: string): string {
  return fs.readFileSync(join(cli.folder, name), 'utf8');
}

describe('pictures beside Markdown', () => {
  it('lie in a folder of their own, and the text shows them', () => {
    install();
    const { status, stderr } = cli.run(['report', 'stored.json', '--out', 'a report (1).md']);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'GO: Markdown report written to a report (1).md, its pictures to a report (1).pictures\n',
    });
    expect(files()).toEqual(['a report (1).md', 'a report (1).pictures', ...PICTURES.map((name) => `a report (1).pictures/${name}`)]);
    expect(read('a report (1).md')).toContain('](a%20report%20%281%29.pictures/latency-delivery-histogram.png)');
    const png = fs.readFileSync(join(cli.folder, 'a report (1).pictures/latency-delivery-histogram.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });

  it.each([
    ['@napi-rs', 'the package @napi-rs/canvas is not installed'],
    ['@fontsource', 'the package @fontsource/inter is not installed'],
  ])('are left out without %s, and one line says so', (missing, reason) => {
    install([missing]);
    const { status, stderr } = cli.run(['report', 'stored.json', '--out', 'report.md']);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `the charts are left out of the Markdown: ${reason}\nGO: Markdown report written to report.md\n`,
    });
    expect(files()).toEqual(['report.md']);
    expect(read('report.md')).toContain('| 8.36 ms | 13 ms |');
    expect(read('report.md')).not.toContain('![');
  });

  it('are left out on standard output, and one line says how to get them', () => {
    install();
    const { stdout, stderr } = cli.run(['report', 'stored.json', '--format', 'markdown']);
    expect(stdout).toContain('| 8.36 ms | 13 ms |');
    expect(stdout).not.toContain('![');
    expect(stderr).toBe('the charts are left out: --out FILE.md writes their pictures beside it\n');
    expect(files()).toEqual([]);
  });

  it('are none where nothing was measured, and nothing is said of them', () => {
    install();
    const { stderr } = cli.run(['report', 'plain.json', '--out', 'report.md']);
    expect(stderr).toBe('GO: Markdown report written to report.md\n');
    expect(files()).toEqual(['report.md']);
  });

  it('are not written beside a device', () => {
    install();
    const { status, stderr } = cli.run(['report', 'stored.json', '--format', 'markdown', '--out', '/dev/null']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'GO: Markdown report written to /dev/null\n' });
  });

  it('lie beside the file that a link leads to', () => {
    install();
    fs.mkdirSync(join(cli.folder, 'real'));
    fs.writeFileSync(join(cli.folder, 'real/report.md'), '');
    fs.symlinkSync('real/report.md', join(cli.folder, 'link.md'));
    cli.run(['report', 'stored.json', '--out', 'link.md']);
    expect(files()).toEqual([
      'link.md',
      'real',
      'real/report.md',
      'real/report.pictures',
      ...PICTURES.map((name) => `real/report.pictures/${name}`),
    ]);
    expect(read('real/report.md')).toContain('](report.pictures/');
  });

  it('replace those of an earlier report, and leave other files alone', () => {
    install();
    fs.mkdirSync(join(cli.folder, 'report.pictures'));
    fs.writeFileSync(join(cli.folder, 'report.pictures/mine.txt'), 'mine');
    fs.writeFileSync(join(cli.folder, 'report.pictures', PICTURES[0] ?? ''), 'old');
    cli.run(['report', 'stored.json', '--out', 'report.md']);
    expect(read('report.pictures/mine.txt')).toBe('mine');
    expect(read(`report.pictures/${PICTURES[0]}`)).not.toBe('old');
  });

  it('leave everything as it was when one of them cannot be written', () => {
    install();
    fs.mkdirSync(join(cli.folder, 'report.pictures', PICTURES[1] ?? ''), { recursive: true });
    fs.writeFileSync(join(cli.folder, 'report.md'), 'old');
    fs.writeFileSync(join(cli.folder, 'report.pictures', PICTURES[0] ?? ''), 'old');
    const { status, stderr } = cli.run(['report', 'stored.json', '--out', 'report.md']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: `passcheck: report.pictures/${PICTURES[1]} is no file\n` });
    expect([read('report.md'), read(`report.pictures/${PICTURES[0]}`)]).toEqual(['old', 'old']);
    expect(files().filter((name) => name.includes('draft'))).toEqual([]);
  });

  it('leave nothing behind when there is no room for the whole', () => {
    install();
    const { status, stderr } = cli.shell('ulimit -f 60; $PASSCHECK report stored.json --out report.md');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^passcheck: could not write report\.pictures\/latency-delivery-[a-z-]+\.png: the file would be larger/);
    expect(files()).toEqual([]);
  });

  it.each([
    ['gone/report.md', 'there is no such folder'],
    ['/sys/report.md', 'permission denied'],
  ])('are not what is missed where %s cannot be written', (out, reason) => {
    install();
    const { status, stderr } = cli.run(['report', 'stored.json', '--out', out]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: `passcheck: could not write ${out}: ${reason}\n` });
    expect(files()).toEqual([]);
  });

  it('say when something else has the name of their folder', () => {
    install();
    fs.writeFileSync(join(cli.folder, 'report.pictures'), 'mine');
    const { status, stderr } = cli.run(['report', 'stored.json', '--out', 'report.md']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'passcheck: report.pictures is no folder, and the pictures have to go there\n',
    });
    expect(files()).toEqual(['report.pictures']);
  });
});
