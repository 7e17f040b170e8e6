import * as fs from 'node:fs';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../test/cli.ts';
import { parseSpec } from '../provision/spec/parse.ts';
import { TEMPLATES } from '../provision/templates/template.ts';

const HOSTS = resolve(import.meta.dirname, '../../fixtures/hosts');
const READY = join(HOSTS, 'amd-ready');

let cli: Cli;
/** A capture of a machine with these display devices, and one audio device at the card of the first. */
function hostWith(name: string, gpus: readonly string[]): string {
  const folder = join(cli.folder, name);
  for (const path of ['proc', 'sys/devices/system/cpu', 'sys/bus/pci/devices']) fs.mkdirSync(join(folder, path), { recursive: true });
  for (const address of gpus) {
    const device = join(folder, 'sys/bus/pci/devices', address);
    fs.mkdirSync(device);
    const files = { vendor: '0x10de', device: '0x2684', class: address.endsWith('.0') ? '0x030000' : '0x040300', boot_vga: '0' };
    for (const [file, text] of Object.entries(files)) fs.writeFileSync(join(device, file), `${text}\n`);
  }
  return folder;
}

beforeAll(async () => {
  cli = await bundledCli();
});

afterAll(() => cli.remove());

describe('passcheck init', () => {
  it.each(TEMPLATES)('prints $name, which is a spec', ({ name, text }) => {
    const run = cli.run(['init', name, ...(text.includes('gpu:') ? ['--gpu', 'none'] : [])]);
    expect(run).toMatchObject({ status: 0, stdout: text, stderr: '' });
    expect(parseSpec(run.stdout).ok).toBe(true);
  });

  it('puts the GPU of the machine in the place of the example', () => {
    const { status, stdout, stderr } = cli.run(['init', 'phase-0', '--from', READY]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'the GPU in it: 0000:01:00.0 (1002:5046), 0000:01:00.1 (8086:2668)\n' });
    const gpu = { devices: ['0000:01:00.0', '0000:01:00.1'], ids: ['1002:5046', '8086:2668'] };
    expect(parseSpec(stdout)).toMatchObject({ ok: true, value: { vms: { win11: { gpu } } } });
  });

  it('takes the GPU that is named', () => {
    const host = hostWith('two', ['0000:0a:00.0', '0000:0a:00.1', '0000:0b:00.0']);
    const { stdout, stderr } = cli.run(['init', 'win11-vfio', '--from', host, '--gpu', '0A:00']);
    expect(stderr).toBe('the GPU in it: 0000:0a:00.0 (10de:2684), 0000:0a:00.1 (10de:2684)\n');
    expect(stdout).toContain("      devices: ['0000:0a:00.0', '0000:0a:00.1']\n");
  });

  it('keeps the example where there is no GPU, or several could be meant', () => {
    const none = cli.run(['init', 'win11-vfio', '--from', hostWith('none', [])]);
    expect(none).toMatchObject({ status: 0, stderr: 'no GPU was found: the addresses and ids of the GPU are an example\n' });
    expect(none.stdout).toContain("devices: ['0000:01:00.0', '0000:01:00.1']");
    const many = cli.run(['init', 'win11-vfio', '--from', hostWith('many', ['0000:0a:00.0', '0000:0b:00.0'])]);
    expect(many.stderr).toBe(
      'several GPUs could be meant (--gpu 0000:0a:00.0, --gpu 0000:0b:00.0): the addresses and ids of the GPU are an example\n',
    );
  });

  it('writes a file, and replaces none unless it is told', () => {
    const file = join(cli.folder, 'lab.yaml');
    const first = cli.run(['init', 'homelab', '--out', 'lab.yaml']);
    expect(first).toMatchObject({ status: 0, stdout: '', stderr: 'written to lab.yaml; next: passcheck plan lab.yaml\n' });
    fs.writeFileSync(file, 'mine');
    expect(cli.run(['init', 'homelab', '--out', 'lab.yaml'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'passcheck: lab.yaml is there already: --force replaces it\n',
    });
    expect(fs.readFileSync(file, 'utf8')).toBe('mine');
    expect(cli.run(['init', 'minimal', '--out', 'lab.yaml', '--force']).status).toBe(0);
    expect(parseSpec(fs.readFileSync(file, 'utf8'))).toMatchObject({ value: { name: 'minimal' } });
    fs.symlinkSync('nowhere', join(cli.folder, 'link.yaml'));
    expect(cli.run(['init', 'minimal', '--out', 'link.yaml']).status).toBe(2);
    expect(cli.run(['init', 'minimal', '--out', '/dev/null']).status).toBe(0);
    expect(cli.run(['init', 'minimal', '--out', '-']).stdout).toContain('name: minimal');
  });

  it.each([
    [[], 'say which spec: homelab, win11-vfio, phase-0, minimal (passcheck init --help)'],
    [['homlab'], 'there is no spec "homlab" (did you mean homelab?)'],
    [['x'], 'there is no spec "x" (there are homelab, win11-vfio, phase-0, minimal)'],
    [['homelab', '--gpu', '01:00.0'], 'homelab gives no VM a GPU: leave out --gpu'],
    [['minimal', '--from', 'x'], 'minimal gives no VM a GPU: leave out --from'],
    [['homelab', '--force'], '--force goes with --out FILE'],
    [['homelab', '--out', 'no/lab.yaml'], 'could not write no/lab.yaml: '],
    [['phase-0', '--from', READY, '--gpu', '09:00.0'], 'no GPU has the address 0000:09:00.0 here: there is 0000:00:02.0, 0000:01:00.0'],
    [['phase-0', '--gpu', 'first'], "option '--gpu <address>' argument 'first' is invalid. Want a PCI address as 01:00.0, or none."],
  ])('%j is refused', (argv, message) => {
    const { status, stdout, stderr } = cli.run(['init', ...argv]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.slice(0, message.length + 11)).toBe(`passcheck: ${message}`);
  });

  it('has a help that fits a terminal', () => {
    const { stdout } = cli.run(['init', '--help']);
    for (const { name, summary } of TEMPLATES) expect(stdout).toContain(`  ${name.padEnd(12)}${summary}\n`);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});
