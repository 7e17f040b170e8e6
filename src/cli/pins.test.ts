import * as fs from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../test/cli.ts';
import { aDefinition, GPU } from '../../test/domain-rule.ts';
import { parseXml } from '../domain/xml.ts';

const CPU = 'sys/devices/system/cpu';

let cli: Cli;
/** Eight cores with two threads, one cache. */
let host: string;
let unknown: string;

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    fs.mkdirSync(join(root, path, '..'), { recursive: true });
    fs.writeFileSync(join(root, path), text);
  }
}

function threads(cpu: number): Record<string, string> {
  const folder = `${CPU}/cpu${cpu}`;
  return {
    [`${folder}/topology/core_cpus_list`]: `${cpu % 8},${(cpu % 8) + 8}\n`,
    [`${folder}/topology/physical_package_id`]: '0\n',
    [`${folder}/cache/index3/level`]: '3\n',
    [`${folder}/cache/index3/shared_cpu_list`]: '0-15\n',
    [`${folder}/cache/index3/size`]: '32768K\n',
  };
}

beforeAll(async () => {
  cli = await bundledCli();
  host = join(cli.folder, 'host');
  unknown = join(cli.folder, 'unknown');
  for (const root of [host, unknown])
    for (const folder of ['proc', 'sys/bus/pci/devices']) fs.mkdirSync(join(root, folder), { recursive: true });
  const cpuinfo = 'processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD Ryzen 7 5800X\nflags\t\t: svm topoext\n\n';
  write(host, {
    [`${CPU}/online`]: '0-15\n',
    [`${CPU}/present`]: '0-15\n',
    [`${CPU}/isolated`]: '\n',
    'proc/cmdline': 'quiet\n',
    'proc/cpuinfo': cpuinfo,
    'sys/devices/system/node/node0/cpulist': '0-15\n',
  });
  for (let cpu = 0; cpu < 16; cpu += 1) write(host, threads(cpu));
});

afterAll(() => cli.remove());

const pins = (...argv: readonly string[]): ReturnType<Cli['run']> => cli.run(['pins', '--from', host, ...argv]);

function definition(name: string, vcpus = 8): string {
  const path = join(cli.folder, name);
  fs.writeFileSync(path, aDefinition({ name: 'win11', body: `<vcpu placement='static'>${vcpus}</vcpu>`, devices: GPU, gpu: false }));
  return name;
}

describe('passcheck pins', () => {
  it('plans, and ends with 0', () => {
    const { status, stdout, stderr } = pins();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^PLAN {2}12 vCPUs on AMD Ryzen 7 5800X \(8 cores\)\n/);
  });

  it('leaves CPUs alone that it is told to', () => {
    expect(JSON.parse(pins('--vcpus', '4', '--avoid', '6-7', '--format', 'json').stdout)).toMatchObject({
      plan: { vcpus: [4, 12, 5, 13], avoided: [6, 7] },
    });
    expect(pins('--vcpus', '12', '--avoid', '7')).toMatchObject({ status: 1, stdout: expect.stringContaining('--avoid names CPU 7') });
    expect(pins('--avoid', '14-17')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'passcheck: --avoid 14-17: this host has no CPU 16-17; its CPUs are 0-15\n',
    });
  });

  it('notes that libvirt could not be asked', () => {
    expect(JSON.parse(pins('--format', 'json').stdout)).toMatchObject({
      plan: {
        notes: [
          expect.stringMatching(/^The VMs of libvirt could not be looked at \(virsh [^]*--avoid/),
          'This host shows no GPU: the plan is not near one.',
        ],
      },
    });
  });

  it('refuses with the reason, and ends with 1', () => {
    const { status, stdout } = pins('--vcpus', '16');
    expect({ status, first: stdout.split('\n', 1)[0] }).toEqual({
      status: 1,
      first: expect.stringMatching(/^NO PLAN {2}16 vCPUs do not fit/),
    });
    expect(pins('--vcpus', '16', '--format', 'xml')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('--vcpus 12 fits'),
    });
  });

  it('ends with 3 when the topology cannot be read', () => {
    const { status, stdout, stderr } = cli.run(['pins', '--from', unknown]);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(/^could not look: \/sys\/devices\/system\/\S+: [^\n]+\n$/);
  });

  it.each([
    [['--vcpus', '0'], 'Want a number from 1 to 4096'],
    [['--vcpus', '1e3'], 'Want a number from 1 to 4096'],
    [['--host-cores', '-1'], 'Want a number from 1 to 4096'],
    [['--gpu', 'nvidia'], 'Want a PCI address as 01:00.0, or none'],
    [['--diff'], 'name a definition with --into'],
    [['--into', 'a.xml', '--domain', 'b.xml'], 'give one of them'],
    [['--domain', 'missing.xml'], 'missing.xml: no such file'],
    [['--avoid', '3-1'], 'Want CPUs as 8-15,24'],
    [['--format', 'png'], 'Allowed choices are terminal, xml, json, svg'],
    [['surplus'], 'too many arguments'],
  ])('ends with 2 and one line for %j', (argv, message) => {
    const { status, stdout, stderr } = pins(...argv);
    expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 });
    expect(stderr).toContain(message);
  });

  it('prints XML, JSON and SVG, the same each time', () => {
    expect(parseXml(`<domain>${pins('--format', 'xml').stdout}</domain>`).name).toBe('domain');
    expect(parseXml(pins('--format', 'svg').stdout).name).toBe('svg');
    const json = pins('--format', 'json').stdout;
    expect(JSON.parse(json)).toMatchObject({
      schema: 1,
      plan: { vcpus: expect.any(Array), guest: { sockets: 1, cores: 6 } },
      refusal: null,
    });
    expect(pins('--format', 'json').stdout).toBe(json);
  });

  it('writes the format of the ending', () => {
    expect(pins('--out', 'cpu.svg')).toMatchObject({ status: 0, stdout: '', stderr: 'written to cpu.svg\n' });
    expect(fs.readFileSync(join(cli.folder, 'cpu.svg'), 'utf8')).toMatch(/^<svg /);
  });
});

describe('passcheck pins for a definition', () => {
  it('plans for its vCPUs', () => {
    expect(pins('--domain', definition('vm.xml')).stdout).toMatch(/^PLAN {2}8 vCPUs for win11 on /);
    expect(pins('--domain', definition('vm.xml'), '--vcpus', '4').stdout).toMatch(/^PLAN {2}4 vCPUs for win11 on /);
  });

  it('shows with --diff what it would change, and changes nothing', () => {
    const name = definition('diff.xml');
    const before = fs.readFileSync(join(cli.folder, name), 'utf8');
    const { status, stdout } = pins('--into', name, '--diff');
    expect(status).toBe(0);
    expect(stdout).toContain("\n+    <vcpupin vcpu='0' cpuset='4'/>\n");
    expect(fs.readFileSync(join(cli.folder, name), 'utf8')).toBe(before);
  });

  it('changes a file in place, and a second time nothing', () => {
    const name = definition('into.xml');
    expect(pins('--into', name)).toMatchObject({ status: 0, stderr: 'into.xml: changed\n' });
    const text = fs.readFileSync(join(cli.folder, name), 'utf8');
    expect(text).toContain("<emulatorpin cpuset='2-3,10-11'/>");
    expect(pins('--into', name)).toMatchObject({ status: 0, stderr: 'into.xml has this plan already\n' });
    expect(fs.readFileSync(join(cli.folder, name), 'utf8')).toBe(text);
  });

  it('leaves a read-only file as it is, for root too', () => {
    const name = definition('fixed.xml');
    const before = fs.readFileSync(join(cli.folder, name), 'utf8');
    fs.chmodSync(join(cli.folder, name), 0o444);
    expect(pins('--into', name)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('it is read-only') });
    expect(fs.readFileSync(join(cli.folder, name), 'utf8')).toBe(before);
  });

  it('writes the difference into the file of --out', () => {
    const name = definition('out.xml');
    expect(pins('--into', name, '--diff', '--out', 'plan.diff')).toEqual(
      expect.objectContaining({ status: 0, stdout: '', stderr: 'the difference: written to plan.diff\n' }),
    );
    expect(fs.readFileSync(join(cli.folder, 'plan.diff'), 'utf8')).toContain("\n+    <vcpupin vcpu='0' cpuset='4'/>\n");
  });

  it.each([
    [['--domain', 'keep.xml', '--out', './keep.xml'], 'is the definition itself'],
    [['--into', 'keep.xml', '--out', 'keep.xml', '--format', 'json'], 'is the definition itself'],
    [['--into', 'win11', '--out', 'win11.fixed.xml'], 'is where the changed definition goes'],
    [['--into', 'keep.xml', '--diff', '--format', 'svg'], 'leave out --format svg'],
    [['--into', '-', '--format', 'json'], 'for the plan name a file with --out'],
  ])('refuses %j, and writes nothing', (argv, message) => {
    const before = fs.readFileSync(join(cli.folder, definition('keep.xml')), 'utf8');
    expect(pins(...argv)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(fs.readFileSync(join(cli.folder, 'keep.xml'), 'utf8')).toBe(before);
  });

  it('is a filter for standard input', () => {
    const text = aDefinition({ body: '<vcpu>4</vcpu>' });
    const { status, stdout } = cli.run(['pins', '--from', host, '--into', '-'], { input: text });
    expect(status).toBe(0);
    expect(parseXml(stdout).name).toBe('domain');
    const refused = cli.run(['pins', '--from', host, '--into', '-', '--vcpus', '3'], { input: text });
    expect(refused).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('--vcpus 2 or --vcpus 4 works') });
  });

  it('writes a domain of libvirt into a file of its own, and says whose it is', () => {
    const recorded = fs.realpathSync('fixtures/hosts/amd-ready');
    const { status, stdout, stderr } = cli.run(['pins', '--from', recorded, '--into', 'win11', '--vcpus', '1']);
    expect({ status, first: stdout.split(' on ', 1)[0] }).toEqual({ status: 0, first: 'PLAN  1 vCPU for win11' });
    expect(stderr).toBe('win11: written to win11.fixed.xml; it belongs to the recorded host, not to this one\n');
    expect(fs.readFileSync(join(cli.folder, 'win11.fixed.xml'), 'utf8')).toContain("<vcpupin vcpu='0' cpuset='1'/>");
  });

  it('leaves the file alone when there is no plan', () => {
    const name = definition('large.xml', 64);
    const before = fs.readFileSync(join(cli.folder, name), 'utf8');
    expect(pins('--into', name).status).toBe(1);
    expect(fs.readFileSync(join(cli.folder, name), 'utf8')).toBe(before);
  });

  it('takes a file with one domain only', () => {
    fs.writeFileSync(join(cli.folder, 'two.xml'), `<domains>${aDefinition({ name: 'a' })}${aDefinition({ name: 'b' })}</domains>`);
    expect(pins('--into', 'two.xml')).toMatchObject({ status: 2, stderr: expect.stringContaining('two.xml holds 2 domains') });
    fs.writeFileSync(join(cli.folder, 'broken.xml'), '<domain>');
    expect(pins('--domain', 'broken.xml')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^passcheck: broken\.xml:1:\d+: [^\n]+\n$/),
    });
  });
});
