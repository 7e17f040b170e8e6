import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { createFactStore } from '../engine/fact-store.ts';
import type { GivenDefinition } from '../facts/fact.ts';
import { memoryHost, type MemoryHost } from '../host/memory.ts';
import { noHost } from '../host/none.ts';
import { openHost } from '../host/open.ts';
import type { HostSource } from '../host/source.ts';
import type { Machine, MachineVm } from '../report/machine.ts';
import { machineSchema } from '../report/machine.ts';
import { collectMachine } from './machine.ts';

const TAKING = { version: '0.1.0', takenAt: null, isRecorded: false } as const;

interface Asked {
  readonly host?: MemoryHost | HostSource;
  readonly definitions?: readonly GivenDefinition[];
  readonly vms?: readonly string[];
}

async function machineOf({ host = {}, definitions, vms = [] }: Asked): Promise<Machine> {
  const context = { config: { ...DEFAULT_CONFIG, vms: [...vms] }, ...(definitions === undefined ? {} : { definitions }) };
  const source = 'kind' in host ? host : memoryHost(host);
  return collectMachine(createFactStore({ host: source, context, now: () => 0 }), TAKING);
}

function domainXml(body: string, name = 'win11'): string {
  return `<domain type='kvm'><name>${name}</name><memory unit='GiB'>8</memory>${body}</domain>`;
}

async function vmOf(body: string): Promise<MachineVm> {
  const { vms } = await machineOf({ host: noHost(), definitions: [{ label: 'win11.xml', text: domainXml(body) }] });
  const [vm] = vms;
  if (vm === undefined) throw new Error('no VM was described');
  return vm;
}

const GPU = `<devices><hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/></source></hostdev>
<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source></hostdev></devices>`;

const PINNED = `<vcpu>3</vcpu><iothreads>2</iothreads><cputune><vcpupin vcpu='0' cpuset='4'/><vcpupin vcpu='2' cpuset='6-7,^6,9'/>
<emulatorpin cpuset='0-1'/><iothreadpin iothread='2' cpuset='1'/></cputune>`;

function pciFunction(address: string, classCode: string): Record<string, string> {
  const folder = `/sys/bus/pci/devices/${address}`;
  return { [`${folder}/vendor`]: '0x10de\n', [`${folder}/device`]: '0x2684\n', [`${folder}/class`]: `${classCode}\n` };
}

/** libvirt is not there, and root reads its files. */
const TWO_VMS: MemoryHost = {
  files: {
    '/etc/libvirt/qemu/win11.xml': domainXml(`${PINNED}${GPU}`),
    '/etc/libvirt/qemu/mail.xml': domainXml('<vcpu>2</vcpu>', 'mail'),
    ...pciFunction('0000:01:00.0', '0x030000'),
    ...pciFunction('0000:01:00.1', '0x040300'),
  },
};

describe('the VMs of a report', () => {
  it('have a place for each vCPU and I/O thread, which is null without a pin', async () => {
    expect(await vmOf(`${PINNED}${GPU}`)).toEqual({
      name: 'win11.xml',
      vcpus: 3,
      memoryKiB: 8 * 1024 * 1024,
      pins: {
        vcpus: [
          { id: 0, cpus: [4] },
          { id: 1, cpus: null },
          { id: 2, cpus: [7, 9] },
        ],
        emulator: [0, 1],
        iothreads: [
          { id: 1, cpus: null },
          { id: 2, cpus: [1] },
        ],
      },
      devices: ['0000:01:00.0', '0000:01:00.1'],
    });
  });

  it('run on any CPU without a pin', async () => {
    expect((await vmOf('<vcpu>1</vcpu>')).pins).toEqual({ vcpus: [{ id: 0, cpus: null }], emulator: null, iothreads: [] });
  });

  it('run where vcpu@cpuset says, all threads that have no pin of their own', async () => {
    const { pins } = await vmOf(`<vcpu cpuset='2-3'>2</vcpu><iothreads>1</iothreads><cputune><vcpupin vcpu='1' cpuset='5'/></cputune>`);
    expect(pins).toEqual({
      vcpus: [
        { id: 0, cpus: [2, 3] },
        { id: 1, cpus: [5] },
      ],
      emulator: [2, 3],
      iothreads: [{ id: 1, cpus: [2, 3] }],
    });
  });

  it('have only the vCPUs that are plugged in', async () => {
    const vm = await vmOf(`<vcpu current='2'>4</vcpu><cputune><vcpupin vcpu='3' cpuset='5'/></cputune>`);
    expect(vm.vcpus).toBe(2);
    expect(vm.pins.vcpus.map(({ id }) => id)).toEqual([0, 1]);
  });

  it('keep a list of CPUs that is none, instead of taking it for no pin', async () => {
    const { pins } = await vmOf(
      `<vcpu>2</vcpu><iothreads>1</iothreads><cputune><vcpupin vcpu='1' cpuset='x-9'/><emulatorpin/><iothreadpin iothread='1' cpuset='^1'/></cputune>`,
    );
    expect(pins.unread).toEqual([
      { thread: 'vCPU', id: 1, text: 'x-9' },
      { thread: 'emulator', id: null, text: '' },
      { thread: 'I/O thread', id: 1, text: '^1' },
    ]);
  });

  it('say that numad chooses', async () => {
    expect((await vmOf(`<vcpu placement='auto' cpuset='1'>2</vcpu>`)).pins).toMatchObject({
      auto: true,
      vcpus: [{ cpus: null }, { cpus: null }],
    });
    expect((await vmOf(`<vcpu placement='static'>2</vcpu>`)).pins).not.toHaveProperty('auto');
  });

  it('have no vCPUs and no memory where libvirt refuses what is written', async () => {
    expect(await vmOf(`<vcpu>many</vcpu>`)).toMatchObject({ vcpus: 0, pins: { vcpus: [] } });
    const { vms } = await machineOf({ host: noHost(), definitions: [{ label: 'x', text: '<domain><name>x</name></domain>' }] });
    expect(vms).toMatchObject([{ memoryKiB: null, vcpus: 1 }]);
  });

  it('are called as results call them: by file, or by their place in it', async () => {
    const definitions = [
      { label: 'a.xml', text: domainXml('') },
      { label: 'node.xml', text: `<domains>${domainXml('', 'one')}${domainXml('', 'two')}</domains>` },
    ];
    expect((await machineOf({ host: noHost(), definitions })).vms.map(({ name }) => name)).toEqual([
      'a.xml',
      'node.xml#one',
      'node.xml#two',
    ]);
  });

  it('are those that the host is judged for', async () => {
    expect((await machineOf({ host: TWO_VMS })).vms.map(({ name }) => name)).toEqual(['win11']);
    expect((await machineOf({ host: TWO_VMS, vms: ['win11', 'mail'] })).vms.map(({ name }) => name)).toEqual(['mail', 'win11']);
    expect((await machineOf({ host: TWO_VMS, vms: ['mail'] })).vms.map(({ name }) => name)).toEqual(['mail']);
  });

  it('are those of the definitions alone where some were given, also when none can be read', async () => {
    const own = [{ label: 'own.xml', text: domainXml('', 'own') }];
    expect((await machineOf({ host: TWO_VMS, definitions: own })).vms.map(({ name }) => name)).toEqual(['own.xml']);
    expect((await machineOf({ host: TWO_VMS, definitions: [{ label: 'bad.xml', text: '<domain>' }] })).vms).toEqual([]);
  });

  it('are none where libvirt cannot be asked', async () => {
    const { vms } = await machineOf({ host: { unreadable: { '/etc/libvirt/qemu': 'denied' } } });
    expect(vms).toEqual([]);
  });
});

describe('a machine of a report', () => {
  it('has nothing in its inventory without a host', async () => {
    const { inventory } = await machineOf({ host: noHost(), definitions: [{ label: 'a.xml', text: domainXml('') }] });
    expect(inventory).toMatchObject({ host: null, cpu: null, pciDevices: null });
  });

  it('has the recorded host that a file is judged for, and the file', async () => {
    const text = readFileSync(new URL('../../fixtures/domains/tiny-defined.xml', import.meta.url), 'utf8');
    const { host } = await openHost(new URL('../../fixtures/hosts/amd-ready', import.meta.url).pathname);
    const { inventory, vms } = await machineOf({ host, definitions: [{ label: 'tiny.xml', text }] });
    const cpus = inventory.cpu?.cells?.flatMap(({ cores }) => cores.flatMap((core) => core.cpus)) ?? [];
    expect(cpus.length).toBeGreaterThan(0);
    expect(cpus.length).toBe(inventory.cpu?.threads);
    expect(vms.map(({ name }) => name)).toEqual(['tiny.xml']);
  });

  it('is what a stored report may hold, the same each time', async () => {
    const text = JSON.stringify(await machineOf({ host: TWO_VMS }));
    expect(JSON.stringify(machineSchema.parse(JSON.parse(text)))).toBe(text);
    expect(JSON.stringify(await machineOf({ host: TWO_VMS }))).toBe(text);
  });
});
