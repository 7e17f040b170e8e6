import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { first, parseXml } from '../../src/domain/xml.ts';
import { actionLines, definitions, IMAGES, type LabSpec, planned, remarkLines, SMALL_VM, writeSpec } from './lab.ts';
import { demanded, type Libvirtd, missingTools, startLibvirtd } from './libvirtd.ts';

const obstacle = missingTools();
if (obstacle !== null) console.warn(`snapshots, saved memory and stored plans skipped: ${obstacle}`);

const FOLDER = `${IMAGES}/lab`;

function spec({
  memory = '64 MiB',
  disks = ['disk'],
  size = '64 MiB',
}: { memory?: string; disks?: readonly string[]; size?: string } = {}): LabSpec {
  return {
    name: 'lab',
    pools: { lab: { path: FOLDER } },
    volumes: { disk: { pool: 'lab', size }, more: { pool: 'lab', size: '1 MiB' } },
    vms: { vm: { ...SMALL_VM, memory, disks: disks.map((volume) => ({ volume })) } },
  };
}

describe.skipIf(obstacle !== null)('a VM', () => {
  let host: Libvirtd;
  beforeAll(async () => {
    host = await startLibvirtd();
    writeSpec(host, spec());
    demanded(await host.passcheck(['apply', 'lab.yaml']));
  });
  afterAll(() => host?.dispose());

  const source = async (): Promise<string | undefined> =>
    first(parseXml((await host.virsh('dumpxml', '--inactive', 'vm')).trim()), 'devices', 'disk', 'source')?.attributes['file'];

  /** A change of the spec is refused, and nothing is done. */
  async function refused(changed: LabSpec): Promise<string[]> {
    writeSpec(host, changed);
    const before = await definitions(host);
    const { plan } = await planned(host);
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 1, writes: [] });
    expect(await definitions(host)).toBe(before);
    return remarkLines(plan.refused);
  }

  it('with an external snapshot goes on with what it writes to', async () => {
    await host.virsh('start', 'vm');
    await host.virsh(...`snapshot-create-as vm ext --disk-only --diskspec vda,file=${FOLDER}/ext.qcow2`.split(' '));
    expect(await source()).toBe(`${FOLDER}/ext.qcow2`);
    const { exitCode, plan } = await planned(host);
    expect({ exitCode, actions: actionLines(plan), notes: remarkLines(plan.notes) }).toEqual({
      exitCode: 0,
      actions: [],
      notes: [`domain vm: disk vda is ${FOLDER}/ext.qcow2, a snapshot built on ${FOLDER}/disk.qcow2: it stays so`],
    });
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0, writes: [] });
    // What the disk has nothing to do with changes all the same.
    writeSpec(host, spec({ memory: '96 MiB' }));
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0 });
    expect(await source()).toBe(`${FOLDER}/ext.qcow2`);
    await host.virsh('destroy', 'vm');
    expect(await planned(host)).toMatchObject({ exitCode: 0, plan: { actions: [] } });
  });

  it('with an external snapshot keeps its disks as they are, and is not destroyed by the way', async () => {
    expect(await refused(spec({ disks: ['more'] }))).toEqual([expect.stringMatching(/^domain vm: /)]);
    expect(await refused(spec({ memory: '96 MiB', size: '96 MiB' }))).toEqual([
      expect.stringMatching(/^volume disk: .*disk\.qcow2 cannot grow: .*ext\.qcow2 is built on it$/),
    ]);
    writeSpec(host, spec({ memory: '96 MiB' }));
    for (const options of [[], ['--delete-disks', 'all']]) {
      expect(await host.passcheck(['destroy', 'lab.yaml', '--yes', ...options])).toMatchObject({ exitCode: 1, writes: [] });
    }
    const forgotten = await host.passcheck(['destroy', 'lab.yaml', '--yes', '--forget-snapshots', '--delete-disks', 'disk']);
    expect(forgotten).toMatchObject({ exitCode: 1, writes: [] });
    expect(forgotten.stderr).toMatch(/disk\.qcow2 is not deleted:[^]*ext\.qcow2/);
  });

  it('whose definition lost the snapshot is not pointed back to the base', async () => {
    await host.virsh('snapshot-delete', 'vm', 'ext', '--metadata');
    const xml = (await host.virsh('dumpxml', '--inactive', 'vm')).replace(/<backingStore[^]*?<\/backingStore>/, '');
    await host.virsh('define', host.write('vm.xml', xml));
    writeSpec(host, spec({ memory: '96 MiB' }));
    const { plan } = await planned(host);
    expect([...remarkLines(plan.refused), ...remarkLines(plan.notes)].join('\n')).toMatch(/ext\.qcow2/);
    expect(actionLines(plan).join('\n')).not.toContain('source');
    await host.passcheck(['apply', 'lab.yaml']);
    expect(await source()).toBe(`${FOLDER}/ext.qcow2`);
    // As it was before, by hand.
    await host.virsh('define', host.write('vm.xml', xml.replace('ext.qcow2', 'disk.qcow2')));
    demanded(await host.sh(`rm ${FOLDER}/ext.qcow2`));
    expect(await planned(host)).toMatchObject({ exitCode: 0 });
  });

  it('whose memory was saved is left as it is until it was started', async () => {
    await host.virsh('start', 'vm');
    await host.virsh('managedsave', 'vm');
    expect(await planned(host)).toMatchObject({ exitCode: 0, plan: { actions: [] } });
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0, writes: [] });
    expect(await refused(spec())).toEqual([expect.stringMatching(/^domain vm: its memory was saved when it was stopped/)]);
    const destroyed = await host.passcheck(['destroy', 'lab.yaml', '--yes']);
    expect(destroyed).toMatchObject({ exitCode: 1, writes: [] });
    expect(destroyed.stderr).toContain('managed save');
    await host.virsh('start', 'vm');
    await host.virsh('destroy', 'vm');
    writeSpec(host, spec());
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0 });
  });

  it('without a persistent definition gets it back', async () => {
    await host.virsh('start', 'vm');
    await host.virsh('undefine', 'vm', '--keep-nvram', '--keep-tpm');
    const { exitCode, plan } = await planned(host);
    expect({ exitCode, actions: actionLines(plan) }).toEqual({
      exitCode: 5,
      actions: ['domain vm: define again, as libvirt forgets it when it stops'],
    });
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0 });
    expect(await host.virsh('dominfo', 'vm')).toMatch(/Persistent: +yes/);
    await host.virsh('destroy', 'vm');
    expect(await planned(host)).toMatchObject({ exitCode: 0 });
  });

  it('that was renamed by hand is found by its UUID, and not made a second time', async () => {
    await host.virsh('domrename', 'vm', 'other');
    expect(await refused(spec())).toEqual(['domain vm: its UUID is that of the VM other: was it renamed?']);
    await host.virsh('domrename', 'other', 'vm');
  });

  it('that was changed by hand is changed back, and what the spec does not speak of stays', async () => {
    const xml = await host.virsh('dumpxml', '--inactive', 'vm');
    const watchdog = `<watchdog model='i6300esb' action='reset'/></devices>`;
    await host.virsh('define', host.write('vm.xml', xml.replace(/65536/g, '131072').replace('</devices>', watchdog)));
    const { plan } = await planned(host);
    expect(actionLines(plan)).toEqual(['domain vm: memory 128 MiB → 64 MiB']);
    expect(remarkLines(plan.notes)).toEqual([
      'domain vm: left alone, as the spec does not speak of it: watchdog (model i6300esb, action reset)',
    ]);
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0 });
    const after = await host.virsh('dumpxml', '--inactive', 'vm');
    expect(after).toContain('<watchdog ');
    expect(after).toContain("<memory unit='KiB'>65536</memory>");
    expect(await planned(host)).toMatchObject({ exitCode: 0 });
  });
});

describe.skipIf(obstacle !== null)('a stored plan', () => {
  let host: Libvirtd;
  beforeAll(async () => {
    host = await startLibvirtd();
    writeSpec(host, spec());
    await host.passcheck(['plan', 'lab.yaml', '--out', 'lab.plan']);
  });
  afterAll(() => host?.dispose());

  const applied = (file: string): ReturnType<Libvirtd['passcheck']> => host.passcheck(['apply', '--plan', file]);
  const changed = (change: (text: string) => string): string => {
    host.write('changed.plan', change(readFileSync(join(host.folder, 'lab.plan'), 'utf8')));
    return 'changed.plan';
  };

  it('that is cut off, empty or no plan is a usage error', async () => {
    for (const change of [
      (text: string) => text.slice(0, 500),
      () => '',
      () => '{}',
      () => 'name: lab',
      (text: string) => text.replace('"schema": 1', '"schema": 2'),
    ]) {
      expect(await applied(changed(change))).toMatchObject({ exitCode: 2, stdout: '', writes: [], reads: [] });
    }
  });

  it('of another machine is refused', async () => {
    const other = await applied(changed((text) => text.replace(/("host": ")[0-9a-f]{8}/, '$1deadbeef')));
    expect(other).toMatchObject({ exitCode: 1, writes: [] });
    expect(other.stderr).toContain('nothing was done: it was made on another machine');
  });

  it('that somebody changed does nothing else than what its spec says now', async () => {
    for (const change of [
      (text: string) => text.replace(`<path>${FOLDER}</path>`, '<path>/etc</path>'),
      (text: string) => text.replace('"do": "start-pool"', '"do": "stop-pool"'),
    ]) {
      const other = await applied(changed(change));
      expect(other).toMatchObject({ exitCode: 1, writes: [] });
      expect(other.stderr).toContain('nothing was done: the world has changed since: pool lab');
    }
    expect(await definitions(host)).toBe('');
  });

  it('is done just as it is stored, also after it was cut off in the middle', async () => {
    const killed = await host.passcheck(['apply', '--plan', 'lab.plan'], { kill: { when: 'after', call: 4 } });
    const result = await applied('lab.plan');
    expect([killed.exitCode, result.exitCode]).toEqual([137, 0]);
    expect(result.writes.length).toBeLessThanOrEqual(3);
    expect(await planned(host)).toMatchObject({ exitCode: 0 });
  });

  it('is nothing to do once it was done, and refused when the world is another one', async () => {
    expect(await applied('lab.plan')).toMatchObject({ exitCode: 0, writes: [] });
    writeSpec(host, spec({ memory: '96 MiB' }));
    expect(await host.passcheck(['plan', 'lab.yaml', '--out', 'more.plan'])).toMatchObject({ exitCode: 5 });
    await host.virsh('desc', 'vm', '--config', '--title', 'by hand');
    await host.virsh('setmaxmem', 'vm', '80MiB', '--config');
    const other = await applied('more.plan');
    expect(other).toMatchObject({ exitCode: 1, writes: [] });
    expect(other.stderr).toMatch(/the world has changed since: VM vm .*is to be done differently/);
  });
});

describe.skipIf(obstacle !== null)('a machine that becomes another one', () => {
  let host: Libvirtd;
  beforeAll(async () => {
    host = await startLibvirtd();
    writeSpec(host, spec());
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    writeSpec(host, spec({ memory: '96 MiB' }));
    await host.passcheck(['plan', 'lab.yaml', '--out', 'lab.plan']);
    // /etc is the harness's own.
    demanded(await host.sh('echo fedcba9876543210fedcba9876543210 > /etc/machine-id'));
  });
  afterAll(() => host?.dispose());

  it('has no use for the plans of the old one', async () => {
    const stored = await host.passcheck(['apply', '--plan', 'lab.plan']);
    expect(stored).toMatchObject({ exitCode: 1, writes: [] });
    expect(stored.stderr).toContain('nothing was done: it was made on another machine');
  });

  it('keeps what is there, under the UUIDs that it has', async () => {
    writeSpec(host, spec());
    const before = await host.virsh('domuuid vm; pool-uuid lab');
    expect(await planned(host)).toMatchObject({ exitCode: 0, plan: { actions: [], refused: [] } });
    writeSpec(host, spec({ memory: '96 MiB' }));
    expect(actionLines((await planned(host)).plan)).toEqual(['domain vm: memory 64 MiB → 96 MiB']);
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0 });
    expect(await host.virsh('domuuid vm; pool-uuid lab')).toBe(before);
  });
});

describe.skipIf(obstacle !== null)('a spec of 1,000 VMs', () => {
  let host: Libvirtd;
  beforeAll(async () => {
    host = await startLibvirtd();
  });
  afterAll(() => host?.dispose());

  it('is planned with a few processes of virsh', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `vm-${String(index).padStart(3, '0')}`);
    writeSpec(host, {
      name: 'many',
      networks: { lab: { address: '10.22.0.1/16', bridge: 'pcbr-lab' } },
      pools: { lab: { path: FOLDER } },
      volumes: Object.fromEntries(names.map((name) => [name, { pool: 'lab', size: '10 GiB' }])),
      vms: Object.fromEntries(names.map((name) => [name, { ...SMALL_VM, disks: [{ volume: name }], nics: [{ network: 'lab' }] }])),
    });
    const { exitCode, plan, reads, writes } = await planned(host);
    expect({ exitCode, actions: plan.actions.length, refused: plan.refused, writes }).toEqual({
      exitCode: 5,
      actions: 2007,
      refused: [],
      writes: [],
    });
    // The kernel takes 128 KiB for one word.
    expect(reads.length).toBeLessThan(20);
  });
});
