import * as fs from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../test/cli.ts';
import { exampleMeasurements } from '../../test/recorded.ts';
import { NO_GO_REPORT } from '../../test/report.ts';

let cli: Cli;

/** An output folder of its own with an older report in each format. */
function oldReports(name: string): string {
  const folder = join(cli.folder, name);
  fs.mkdirSync(folder);
  for (const file of ['report.html', 'report.md', 'report.json', 'report.sarif']) fs.writeFileSync(join(folder, file), 'old');
  return folder;
}

function contents(folder: string): string[] {
  return fs.readdirSync(folder).map((name) => `${name} ${fs.readFileSync(join(folder, name), 'utf8')}`);
}

beforeAll(async () => {
  cli = await bundledCli();
  const report = { ...NO_GO_REPORT, measurements: exampleMeasurements() };
  fs.writeFileSync(join(cli.folder, 'good.json'), JSON.stringify(report));
  fs.writeFileSync(join(cli.folder, 'cut.json'), JSON.stringify(report).slice(0, 2000));
  fs.writeFileSync(join(cli.folder, 'newer.json'), JSON.stringify({ ...report, schema: 2 }));
  fs.writeFileSync(join(cli.folder, 'other.json'), '{ "tool": { "name": "lighthouse" }, "schema": 1 }');
  fs.writeFileSync(join(cli.folder, 'edited.json'), JSON.stringify({ ...report, measurements: [{ id: 1 }] }));
  fs.writeFileSync(join(cli.folder, 'latin1.json'), Buffer.from('{ "tool": "\xff\xfe', 'latin1'));
});

afterAll(() => cli.remove());

describe('a report that cannot be made', () => {
  it.each([
    ['cut.json', 'is truncated: its end is missing'],
    ['newer.json', 'was made by a newer passcheck'],
    ['other.json', 'is no report of passcheck'],
    ['edited.json', 'is damaged: no usable value at measurements.0.id'],
    ['latin1.json', 'is truncated'],
    ['missing.json', 'there is no such file'],
    ['.', 'it is a folder'],
  ])('of %s leaves the older one and says so in one line', (name, message) => {
    const folder = oldReports(`of-${name}`);
    const before = contents(folder);
    const { status, stdout, stderr } = cli.run(['report', name, '--out', join(folder, 'report.html')]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(contents(folder)).toEqual(before);
  });

  it.each(['report.html', 'report.md', 'report.json', 'report.sarif'])('for lack of room leaves the older %s, and nothing else', (name) => {
    const folder = oldReports(`full-${name}`);
    const before = contents(folder);
    const { status, stdout, stderr } = cli.shell(`ulimit -f 4; $PASSCHECK report good.json --out '${join(folder, name)}'`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    // What is bundled for this test finds no package beside it.
    expect(stderr.replace(/^the charts are left out of the Markdown: .*\n/, '')).toMatch(/^passcheck: could not write [^\n]+\n$/);
    expect(contents(folder)).toEqual(before);
  });

  it('for lack of room leaves nothing where nothing was', () => {
    fs.mkdirSync(join(cli.folder, 'empty'));
    for (const name of ['report.html', 'report.md']) {
      expect(cli.shell(`ulimit -f 4; $PASSCHECK report good.json --out empty/${name}`).status).toBe(2);
    }
    expect(fs.readdirSync(join(cli.folder, 'empty'))).toEqual([]);
  });

  it.each([
    ['missing/report.html', 'there is no such folder'],
    ['good.json/report.html', 'could not write'],
    ['/proc/report.html', 'could not write'],
    ['.', '. is a folder'],
  ])('into %s is refused in one line', (out, message) => {
    const { status, stdout, stderr } = cli.run(['report', 'good.json', '--format', 'html', '--out', out]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('on a full standard output says so', () => {
    const { status, stderr } = cli.shell('$PASSCHECK report good.json --format html > /dev/full');
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'passcheck: could not write to standard output: no space left on the disk\n' });
  });

  it('ends silently with the code of the verdict when nobody reads the rest of it', () => {
    const { stderr } = cli.shell('{ $PASSCHECK report good.json --format html; echo "code $?" >&2; } | head -c 100 > /dev/null');
    expect(stderr).toBe('code 1\n');
  });
});

describe('an HTML report', () => {
  it.each(['report.html', 'report.htm', 'other'])('is the same in %s and on standard output', (name) => {
    const made = cli.run(['report', 'good.json', '--format', 'html', '--out', name]);
    expect(made).toMatchObject({ status: 1, stdout: '', stderr: `NO-GO: HTML report written to ${name}\n` });
    expect(fs.readFileSync(join(cli.folder, name), 'utf8')).toBe(cli.run(['report', 'good.json', '--format', 'html']).stdout);
  });

  it('can be read by others, as any new file', () => {
    cli.shell('umask 022; $PASSCHECK report good.json --out mode.html');
    expect(fs.statSync(join(cli.folder, 'mode.html')).mode & 0o777).toBe(0o644);
  });
});
