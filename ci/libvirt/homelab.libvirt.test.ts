import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { all, attribute, first, parseXml, textAt, type XmlElement } from '../../src/domain/xml.ts';
import { actionLines, definitions, IMAGES, makeMedia, NVRAM, planned, remarkLines } from './lab.ts';
import { demanded, type Libvirtd, missingTools, type Result, startLibvirtd } from './libvirtd.ts';

const obstacle = missingTools();
if (obstacle !== null) console.warn(`homelab on a real libvirtd skipped: ${obstacle}`);

const VMS = ['CLIENT01', 'CLIENT02', 'DC01', 'SCCM01'] as const;
const ISO = '/var/lib/libvirt/iso';
const SERVER = `${ISO}/windows-server-2022.iso`;
const CLIENT = `${ISO}/windows-11.iso`;
const VIRTIO = `${ISO}/virtio-win.iso`;
const GiB = 1024 ** 3;
const NOTHING = { planned: 0, actions: [], refused: [], pending: [], applied: 0, printed: '', writes: [] };

// The steps by which the seed tells that its lab is there.
describe.skipIf(obstacle !== null)('passcheck init homelab', () => {
  let host: Libvirtd;
  let applied: Result;
  beforeAll(async () => {
    host = await startLibvirtd();
    host.write('lab.yaml', demanded(await host.passcheck(['init', 'homelab'])));
    await makeMedia(host, [SERVER, CLIENT, VIRTIO]);
  });
  afterAll(() => host?.dispose());

  it('is planned with one process of virsh, and nothing is done', async () => {
    const { exitCode, plan, reads, writes } = await planned(host);
    expect(exitCode).toBe(5);
    expect(reads).toHaveLength(1);
    expect(writes).toEqual([]);
    expect(plan.refused).toEqual([]);
    expect(actionLines(plan)).toEqual([
      'network lab-net: 192.168.56.1/24, nat, DHCP 192.168.56.100 to 192.168.56.200',
      'network lab-net: start',
      'network lab-net: start with the host',
      'network default: 192.168.122.1/24, nat, DHCP 192.168.122.2 to 192.168.122.254',
      'network default: start',
      'network default: start with the host',
      `pool homelab: ${IMAGES}/homelab`,
      'pool homelab: make its folder',
      'pool homelab: start',
      'pool homelab: start with the host',
      'volume dc01: 60 GiB, qcow2',
      'volume sccm01: 100 GiB, qcow2',
      'volume client01: 60 GiB, qcow2',
      'volume client02: 60 GiB, qcow2',
      ...['DC01', 'SCCM01', 'CLIENT01', 'CLIENT02'].map((name) => expect.stringMatching(new RegExp(`^domain ${name}: `))),
    ]);
    expect(await definitions(host)).toBe('');
  });

  it('is the same plan each time, byte for byte', async () => {
    const [one, other] = [await planned(host), await planned(host)];
    expect(one.stdout).toBe(other.stdout);
  });

  it('is applied, with one mutating call for each step of the plan', async () => {
    const { plan } = await planned(host);
    applied = await host.passcheck(['apply', 'lab.yaml']);
    expect(applied).toMatchObject({ exitCode: 0, stdout: '' });
    expect(applied.writes).toHaveLength(plan.actions.length);
    expect(applied.stderr).toMatch(new RegExp(`^done: ${plan.actions.length} steps$`, 'm'));
  });

  it('has both networks, active and started with the host', async () => {
    expect(table(await host.virsh('net-list', '--all'))).toEqual([
      ['default', 'active', 'yes', 'yes'],
      ['lab-net', 'active', 'yes', 'yes'],
    ]);
    const network = await definition('net-dumpxml', 'lab-net');
    expect(attribute(first(network, 'bridge'), 'name')).toBe('virbr56');
    expect(first(network, 'ip')?.attributes).toEqual({ address: '192.168.56.1', netmask: '255.255.255.0' });
    expect(first(network, 'ip', 'dhcp', 'range')?.attributes).toEqual({ start: '192.168.56.100', end: '192.168.56.200' });
    expect(attribute(first(network, 'forward'), 'mode')).toBe('nat');
    expect(demanded(await host.sh('ip -o addr show virbr56'))).toContain('inet 192.168.56.1/24 ');
  });

  it('has the pool, active and started with the host, and its four volumes, of their sizes and next to empty', async () => {
    expect(table(await host.virsh('pool-list', '--all'))).toEqual([['homelab', 'active', 'yes']]);
    const files = ['client01', 'client02', 'dc01', 'sccm01'].map((name) => `${IMAGES}/homelab/${name}.qcow2`);
    expect(table(await host.virsh('vol-list', 'homelab')).map(([, path]) => path)).toEqual(files);
    for (const path of files) {
      const info = JSON.parse(demanded(await host.sh(`qemu-img info --output json ${path}`)));
      const size = path.includes('sccm01') ? 100 * GiB : 60 * GiB;
      expect(info).toMatchObject({ format: 'qcow2', 'virtual-size': size, 'format-specific': { data: { compat: '1.1' } } });
      expect(info['actual-size']).toBeLessThan(1024 ** 2);
    }
  });

  it('has four VMs that are off', async () => {
    expect(table(await host.virsh('list', '--all'))).toEqual(VMS.map((name) => ['-', name, 'shut', 'off']));
  });

  it.each(VMS)('has %s with two cards, its disk, its images, a TPM 2.0 and firmware settings of its own', async (name) => {
    const domain = await definition('dumpxml', name);
    expect(all(domain, 'devices', 'interface', 'source').map((source) => attribute(source, 'network'))).toEqual(['lab-net', 'default']);
    const disks = all(domain, 'devices', 'disk').map((disk) => [attribute(disk, 'device'), attribute(first(disk, 'source'), 'file')]);
    expect(disks).toEqual([
      ['disk', `${IMAGES}/homelab/${name.toLowerCase()}.qcow2`],
      ['cdrom', name.startsWith('CLIENT') ? CLIENT : SERVER],
      ['cdrom', VIRTIO],
    ]);
    expect(first(domain, 'devices', 'tpm', 'backend')?.attributes).toMatchObject({ type: 'emulator', version: '2.0' });
    expect(textAt(domain, 'os', 'nvram')).toBe(`${NVRAM}/${name.toLowerCase()}.nvram`);
    expect(attribute(first(domain, 'os'), 'firmware')).toBe('efi');
    expect(textAt(domain, 'memory')).toBe(String((name === 'SCCM01' ? 8 : 4) * 1024 * 1024));
  });

  it('gives every card an address of its own', async () => {
    const domains = await Promise.all(VMS.map((name) => definition('dumpxml', name)));
    const macs = domains.flatMap((domain) => all(domain, 'devices', 'interface', 'mac').map((mac) => attribute(mac, 'address')));
    expect(new Set(macs).size).toBe(8);
  });

  it('has no blocker and no major finding in its VMs', async () => {
    for (const name of VMS) host.write(`${name}.xml`, await host.virsh('dumpxml', '--inactive', name));
    const result = await host.passcheck(['lint', ...VMS.map((name) => `${name}.xml`), '--format', 'json', '--only', '*']);
    const { results } = JSON.parse(result.stdout);
    expect(results.length).toBeGreaterThan(VMS.length);
    const failed = results.filter(({ status, severity }: Finding) => status === 'fail' && severity !== 'minor');
    expect(failed).toEqual([]);
  });

  it('has nothing to do the second time', async () => {
    expect(await work()).toEqual(NOTHING);
  });

  it('has nothing to do when libvirt was killed and started again', async () => {
    // libvirt reads its own definitions anew then, and moves a controller in them.
    await host.restart();
    expect(await work()).toEqual(NOTHING);
    expect(demanded(await host.sh('ip -o addr show virbr56'))).toContain('inet 192.168.56.1/24 ');
  });

  /** What plan and apply find to do. */
  async function work(): Promise<unknown> {
    const before = await definitions(host);
    const { exitCode, plan, writes } = await planned(host);
    const again = await host.passcheck(['apply', 'lab.yaml']);
    expect(again.stderr).toContain('nothing to do: everything is as homelab says');
    expect(await definitions(host)).toBe(before);
    const found = { actions: actionLines(plan), refused: remarkLines(plan.refused), pending: plan.pending };
    return { ...found, planned: exitCode, applied: again.exitCode, printed: again.stdout, writes: [...writes, ...again.writes] };
  }

  async function definition(...words: readonly string[]): Promise<XmlElement> {
    return parseXml((await host.virsh(...words)).trim());
  }
});

describe.skipIf(obstacle !== null)('passcheck init minimal', () => {
  it('is applied, and has nothing to do the second time; the VM runs where KVM does, or is emulated', async () => {
    const host = await startLibvirtd();
    onTestFinished(() => host.dispose());
    host.write(
      'vm.yaml',
      demanded(await host.passcheck(['init', 'minimal'])).replace('memory: 2 GiB', 'memory: 128 MiB\n    accelerator: tcg'),
    );
    demanded(await host.passcheck(['apply', 'vm.yaml']));
    expect(await host.passcheck(['apply', 'vm.yaml'])).toMatchObject({ exitCode: 0, writes: [] });
    demanded(await host.passcheck(['vm', 'start', 'linux']));
    expect(await host.passcheck(['apply', 'vm.yaml'])).toMatchObject({ exitCode: 0, writes: [] });
  });
});

interface Finding {
  readonly status: string;
  readonly severity: string;
}

/** The words of each line. */
function table(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/))
    .toSorted((a, b) => ((a[1] ?? '') + (a[0] ?? '') < (b[1] ?? '') + (b[0] ?? '') ? -1 : 1));
}
