import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../src/config/defaults.ts';
import { takingOf } from '../src/cli/describing.ts';
import { openSource } from '../src/cli/host.ts';
import { createFactStore } from '../src/engine/fact-store.ts';
import { runChecks } from '../src/engine/run.ts';
import { facts } from '../src/facts/registry.ts';
import { memoryHost } from '../src/host/memory.ts';
import { collectMachine } from '../src/inventory/machine.ts';
import { judgePhase } from '../src/phase/judge.ts';
import { loadPhase } from '../src/phase/load.ts';
import { mergeReports } from '../src/report/merge.ts';
import type { Report } from '../src/report/model.ts';
import { checkIds } from '../suites/check-ids.ts';
import { domainRules } from '../suites/domain.ts';
import { phaseTexts } from '../suites/phases.ts';
import { lint } from './lint.ts';
import { exampleMeasurements, judgeRecorded } from './recorded.ts';

// Each phase on recorded hosts: what is told has to be true of them.

const HOSTS = resolve(import.meta.dirname, '../fixtures/hosts');

function judged(name: string, report: Report): Report {
  return judgePhase(loadPhase(name, { builtIn: phaseTexts, checkIds }), report, checkIds);
}

/** The ids of the criteria in each state. */
function byState({ phase }: Report): Readonly<Record<string, string[]>> {
  const states: Record<string, string[]> = { met: [], failed: [], 'not-measured': [], 'could-not-look': [] };
  for (const { state, id } of phase?.criteria ?? []) states[state]?.push(id);
  return states;
}

function criterion({ phase }: Report, id: string) {
  return phase?.criteria.find((one) => one.id === id);
}

/** `passcheck lint` of a domain that the recorded host has. */
async function lintRecorded(name: string, domain: string): Promise<Report> {
  const from = join(HOSTS, name);
  const { host, clock } = await openSource(from);
  const store = createFactStore({ host, context: { config: DEFAULT_CONFIG }, now: () => 0 });
  const defined = await store.get(facts.definedDocuments);
  const document = defined.ok ? defined.value.find((one) => one.document.domain.name === domain)?.document : undefined;
  if (document === undefined) throw new Error(`${name} has no ${domain}`);
  return runChecks({
    suite: 'domain',
    checks: domainRules,
    host,
    clock,
    context: { config: DEFAULT_CONFIG, definitions: [{ label: domain, text: document.text, isDefined: true }] },
    domain,
    version: '0.0.0',
    describe: (facts_) => collectMachine(facts_, { ...takingOf({ from }, clock), version: '0.0.0' }),
  });
}

describe('amd-ready, preflight and lint of its win11', () => {
  let report: Report;
  beforeAll(async () => {
    report = mergeReports([await judgeRecorded('amd-ready', { withMachine: true }), await lintRecorded('amd-ready', 'win11')]);
  });

  it('phase-0: what the host and the definition show is met, and a Debian without UEFI is no Arch with it', () => {
    const result = judged('phase-0', report);
    expect(byState(result)).toEqual({
      met: [
        'pci-devices-identified',
        'iommu-enabled',
        'iommu-groups-documented',
        'dgpu-on-vfio-pci',
        'no-vfio-errors',
        'libvirtd-running',
        'hugepages',
      ],
      failed: ['boots-uefi', 'arch-by-systemd-boot', 'btrfs-subvolumes', 'virt-manager-launches'],
      'could-not-look': ['vms-without-sudo', 'cpu-pinning'],
      'not-measured': expect.arrayContaining(['bios-persistent', 'looking-glass-input', 'exit-photoshop', 'vm-boots-with-gpu']),
    });
    expect(result).toMatchObject({ verdict: 'NO-GO', phase: { verdict: 'NO-GO' } });
    expect(criterion(result, 'vms-without-sudo')?.message).toBe('passcheck ran as root, who may do everything');
    expect(criterion(result, 'iommu-enabled')?.message).toBe('preflight/iommu/enabled: ivhd0');
  });

  it('phase-0: made-up measurements meet nothing', () => {
    const result = judged('phase-0', { ...report, measurements: exampleMeasurements() });
    expect(byState(result)['met']).toEqual(byState(judged('phase-0', report))['met']);
    expect(criterion(result, 'exit-latency')).toMatchObject({
      state: 'not-measured',
      message: 'only synthetic data: latency/delivery; latency/pointer',
    });
  });

  it('win11-vfio: the notes that this VM keeps, and the TPM that it lacks', () => {
    const result = judged('win11-vfio', report);
    expect(byState(result)).toEqual({
      met: ['iommu-enabled', 'host-keeps-console', 'secure-boot', 'media-removed'],
      failed: ['tpm'],
      'could-not-look': [],
      'not-measured': ['capture'],
    });
    expect(criterion(result, 'tpm')?.message).toBe('domain/machine/tpm-present win11: there is no <tpm>');
  });

  it('homelab: libvirt is there, and the lab is not', () => {
    const states = byState(judged('homelab', report));
    expect(states['met']).toEqual(['libvirtd-running', 'swtpm-available']);
    expect(states['not-measured']).toEqual(expect.arrayContaining(['vms-defined', 'dc01-tpm', 'idempotent', 'flake-check']));
    expect(states['failed']).toEqual(expect.arrayContaining(['networks-active', 'virt-manager-works']));
  });
});

describe('phase-0 without lint', () => {
  it.each([
    [
      'amd-iommu-off',
      [
        'dgpu-on-vfio-pci',
        'iommu-enabled',
        'iommu-groups-documented',
        'pci-devices-identified',
        'no-vfio-errors',
        'vm-boots-with-gpu',
        'exit-vm-boots',
      ],
    ],
    ['gpu-on-host-driver', ['dgpu-on-vfio-pci']],
    ['libvirtd-stopped', ['libvirtd-running']],
  ])('%s fails in what its name says', async (name, expected) => {
    const { failed } = byState(judged('phase-0', await judgeRecorded(name, { withMachine: true })));
    const everywhere = ['boots-uefi', 'arch-by-systemd-boot', 'btrfs-subvolumes', 'virt-manager-launches'];
    expect(failed?.filter((id) => !everywhere.includes(id)).toSorted()).toEqual(expected.toSorted());
  });

  it('an ordinary user is judged as that, and what is hidden from the user is no pass', async () => {
    const result = judged('phase-0', await judgeRecorded('ordinary-user', { withMachine: true }));
    expect(criterion(result, 'vms-without-sudo')?.message).not.toContain('root');
    expect(criterion(result, 'no-vfio-errors')?.state).toBe('could-not-look');
  });

  it('the audio function alone left to the host does not fail what is said of the graphics', async () => {
    expect(criterion(judged('phase-0', await judgeRecorded('audio-not-bound', { withMachine: true })), 'dgpu-on-vfio-pci')?.state).toBe(
      'met',
    );
  });

  it('says which command gives what is missing', async () => {
    const result = judged('phase-0', await judgeRecorded('amd-ready', { withMachine: true }));
    expect(criterion(result, 'cpu-pinning')).toMatchObject({ state: 'not-measured', next: 'passcheck lint win11 --from RECORDING' });
  });
});

function definition(name: string): string {
  return `<domain type='kvm'><name>${name}</name><memory unit='GiB'>8</memory><vcpu>4</vcpu>
    <os><type arch='x86_64' machine='q35'>hvm</type></os>
    <devices><tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm></devices></domain>`;
}

function network(name: string, bridge: string): string {
  return `<network><name>${name}</name><forward mode='nat'/><bridge name='${bridge}'/></network>`;
}

/** What the homelab says of the networks of a host with these files. */
async function networksOf(files: Readonly<Record<string, string>>) {
  const store = createFactStore({ host: memoryHost({ files }), context: { config: DEFAULT_CONFIG }, now: () => 0 });
  const machine = await collectMachine(store, { version: '0.0.0', takenAt: null, isRecorded: false });
  return criterion(judged('homelab', { ...(await lint({})), machine }), 'networks-active');
}

describe('the homelab of the document', () => {
  const LAB = ['DC01', 'SCCM01', 'CLIENT01', 'CLIENT02'];

  it('has its VMs with a TPM when each of the four was judged', async () => {
    const some = await lint(Object.fromEntries(LAB.slice(0, 3).map((name) => [name, definition(name)])));
    const all = await lint(Object.fromEntries(LAB.map((name) => [name, definition(name)])));
    expect(criterion(judged('homelab', all), 'dc01-tpm')?.state).toBe('met');
    expect(criterion(judged('homelab', some), 'vms-defined')).toMatchObject({
      state: 'not-measured',
      message: 'not yet measured: domain/schema/well-formed of CLIENT02; whether they are shut off',
      next: 'passcheck lint CLIENT02 --host',
    });
    expect(criterion(judged('homelab', all), 'vms-defined')?.message).toBe('not yet measured: whether they are shut off');
  });

  it('has its networks when libvirt has them active', async () => {
    const folder = '/etc/libvirt/qemu/networks';
    const files = {
      [`${folder}/lab-net.xml`]: network('lab-net', 'virbr56'),
      [`${folder}/default.xml`]: network('default', 'virbr0'),
      '/run/libvirt/network/lab-net.xml': '',
      '/run/libvirt/network/default.xml': '',
    };
    expect(await networksOf(files)).toMatchObject({ state: 'met' });
    const stopped = Object.fromEntries(Object.entries(files).filter(([path]) => path !== '/run/libvirt/network/lab-net.xml'));
    const message = 'Network lab-net is "stopped, bridge virbr56, nat", without "active"';
    expect(await networksOf(stopped)).toMatchObject({ state: 'failed', message });
    // libvirt starts it when it starts itself, and it does not run.
    expect(await networksOf({ ...stopped, [`${folder}/autostart/lab-net.xml`]: '' })).toMatchObject({
      state: 'failed',
      message: 'Network lab-net is "starts with libvirt, bridge virbr56, nat", without "active"',
    });
  });
});

describe("a user's own libvirt", () => {
  it('is not the service that the documents mean', async () => {
    const report = await judgeRecorded('amd-ready', { withMachine: true });
    const { machine } = report;
    if (machine === undefined) throw new Error('the machine was not described');
    const environment = machine.environment.map((row) => (row.name === 'libvirt connection' ? { ...row, value: 'qemu:///session' } : row));
    const own = { ...report, machine: { ...machine, environment } };
    for (const name of ['phase-0', 'homelab']) {
      expect(criterion(judged(name, report), 'libvirtd-running')?.state).toBe('met');
      expect(criterion(judged(name, own), 'libvirtd-running')?.message).toBe(
        'libvirt connection is "qemu:///session", not "qemu:///system"',
      );
    }
  });
});

describe('what phases ask of the environment', () => {
  it('is said of a host that has it', async () => {
    const files = {
      '/etc/os-release': 'ID=arch\nPRETTY_NAME="Arch Linux"\n',
      '/proc/self/mounts': '/dev/x / btrfs rw,subvol=/@ 0 0\n/dev/x /home btrfs rw,subvol=/@home 0 0\n',
      '/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f': Buffer.concat([
        Buffer.from([6, 0, 0, 0]),
        Buffer.from('systemd-boot 257.9-1-arch\0', 'utf16le'),
      ]),
    };
    const store = createFactStore({ host: memoryHost({ files }), context: { config: DEFAULT_CONFIG }, now: () => 0 });
    const machine = await collectMachine(store, { version: '0.0.0', takenAt: null, isRecorded: false });
    const result = judged('phase-0', { ...(await lint({})), machine });
    expect(criterion(result, 'arch-by-systemd-boot')).toMatchObject({
      state: 'met',
      message: 'Distribution: Arch Linux; Booted by: systemd-boot 257.9-1-arch',
    });
    expect(criterion(result, 'btrfs-subvolumes')?.state).toBe('met');
  });
});

it('the example of the documentation is a phase', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../docs/phases.md'), 'utf8');
  const [, example = ''] = /```yaml\n(id: [^]*?)```/.exec(page) ?? [];
  expect(loadPhase('example', { builtIn: { example }, checkIds }).criteria.length).toBeGreaterThan(4);
});
