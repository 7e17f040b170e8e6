import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  actionLines,
  definitions,
  guestData,
  IMAGES,
  type LabSpec,
  NVRAM,
  planned,
  remarkLines,
  SMALL_VM,
  STATE,
  TPM,
  writeData,
  writeSpec,
} from './lab.ts';
import { demanded, type Libvirtd, missingTools, type Result, startLibvirtd } from './libvirtd.ts';
import { defineTiny } from './tiny-vm.ts';

const obstacle = missingTools();
if (obstacle !== null) console.warn(`destroy, adopt and prune on a real libvirtd skipped: ${obstacle}`);

const FOLDER = `${IMAGES}/lab`;
const LAB: LabSpec = {
  name: 'lab',
  networks: { lab: { address: '10.66.0.1/24', bridge: 'pcbr-lab' } },
  pools: { lab: { path: FOLDER } },
  volumes: { one: { pool: 'lab', size: '64 MiB' }, two: { pool: 'lab', size: '64 MiB' } },
  vms: {
    one: { ...SMALL_VM, disks: [{ volume: 'one' }], nics: [{ network: 'lab' }] },
    two: { ...SMALL_VM, disks: [{ volume: 'two' }], nics: [{ network: 'lab' }] },
  },
};

describe.skipIf(obstacle !== null)('destroy', () => {
  let host: Libvirtd;
  const uuids = { one: '', two: '' };
  beforeAll(async () => {
    host = await startLibvirtd();
    writeSpec(host, LAB);
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    for (const name of ['one', 'two'] as const) {
      uuids[name] = (await host.virsh('domuuid', name)).trim();
      await writeData(host, `${FOLDER}/${name}.qcow2`, 7);
      // The firmware and the TPM get their files.
      await host.virsh('start', name);
      await host.virsh('destroy', name);
    }
  });
  afterAll(() => host?.dispose());

  const destroy = (...argv: readonly string[]): Promise<Result> => host.passcheck(['destroy', 'lab.yaml', ...argv]);
  const data = async (): Promise<string[]> =>
    (await guestData(host))
      .split('\n')
      .map((line) => line.split('  ')[1] ?? '')
      .filter((path) => path !== '');

  it('asks first, and does nothing where nobody can answer', async () => {
    const before = await definitions(host);
    const asked = await destroy();
    expect(asked).toMatchObject({ exitCode: 1, writes: [] });
    expect(asked.stderr).toContain('nobody can be asked here, so say --yes');
    expect(await definitions(host)).toBe(before);
  });

  it('takes VMs, pool and network away, and keeps disks, NVRAM and TPM, byte by byte', async () => {
    const before = await guestData(host);
    const result = await destroy('--yes');
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toMatch(/the disks one and two stay, with what they hold[^]*--delete-disks/);
    expect(await definitions(host)).toBe('');
    expect(await guestData(host)).toBe(before);
    expect(await data()).toEqual(
      expect.arrayContaining([`${FOLDER}/one.qcow2`, `${NVRAM}/one_VARS.fd`, `${TPM}/${uuids.one}/tpm2/tpm2-00.permall`]),
    );
    expect(result.writes.filter((call) => call.startsWith('virsh undefine ')).toSorted()).toEqual(
      [uuids.one, uuids.two].toSorted().map((uuid) => `virsh undefine ${uuid} --keep-nvram --keep-tpm`),
    );
    expect(await destroy('--yes')).toMatchObject({ exitCode: 0, writes: [] });
  });

  it('keeps the definitions that it took away', async () => {
    expect(demanded(await host.sh(`grep -l '<name>one</name>' ${STATE}/backup/*`))).not.toBe('');
  });

  it('is made good by apply: the same disks, firmware settings and TPMs, with what they hold', async () => {
    const before = await guestData(host);
    const { plan } = await planned(host);
    expect(remarkLines(plan.notes)).toContain(`domain one: its NVRAM ${NVRAM}/one_VARS.fd is there already and is used with what it holds`);
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0 });
    expect(await planned(host)).toMatchObject({ exitCode: 0 });
    expect(await guestData(host)).toBe(before);
    expect((await host.virsh('domuuid', 'one')).trim()).toBe(uuids.one);
    expect(demanded(await host.sh(`qemu-io -r -c 'read -P 7 1M 1M' ${FOLDER}/one.qcow2`))).not.toContain('failed');
    // swtpm would say so, and the start fail, where it does not know its state.
    await host.virsh('start', 'one');
    await host.virsh('destroy', 'one');
  });

  it.each([
    [['--delete-disks', 'one'], ['/one.qcow2']],
    [['--delete-nvram'], ['/one_VARS.fd', '/two_VARS.fd']],
    [['--delete-tpm'], ['UUID', 'UUID']],
    [
      ['--vm', 'one', '--delete-nvram', '--delete-disks', 'one'],
      ['/one.qcow2', '/one_VARS.fd'],
    ],
    [
      ['--delete-disks', 'all'],
      ['/one.qcow2', '/two.qcow2'],
    ],
    [
      ['--delete-disks', 'all', '--delete-nvram', '--delete-tpm'],
      ['/one.qcow2', '/two.qcow2', '/one_VARS.fd', '/two_VARS.fd', 'UUID', 'UUID'],
    ],
  ])('with %j deletes just that', async (options, gone) => {
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    for (const name of ['one', 'two']) await host.virsh(`start ${name}; destroy ${name}`);
    const before = await data();
    expect(before).toHaveLength(6);
    expect(await destroy('--yes', ...options)).toMatchObject({ exitCode: 0 });
    const after = new Set(await data());
    const lost = before.filter((path) => !after.has(path)).map((path) => path.replace(/^.*swtpm\/.*/, 'UUID').replace(/^.*\//, '/'));
    expect(lost.toSorted()).toEqual(gone.toSorted());
    expect(await host.sh(`ls -d ${TPM}/${uuids.one}`)).toMatchObject({ exitCode: options.includes('--delete-tpm') ? 2 : 0 });
    expect((await definitions(host)).includes('<name>two</name>')).toBe(options.includes('--vm'));
  });

  it('deletes no disk that another VM has, that another image is built on, or that passcheck did not make', async () => {
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    await defineTiny(host, { name: 'foreign', disks: [`${FOLDER}/one.qcow2`] });
    demanded(await host.sh(`qemu-img create -q -f qcow2 -b ${FOLDER}/two.qcow2 -F qcow2 ${FOLDER}/clone.qcow2`));
    const before = await guestData(host);
    const refused = await destroy('--yes', '--delete-disks', 'all');
    expect(refused).toMatchObject({ exitCode: 1, writes: [] });
    expect(refused.stderr).toMatch(
      /one\.qcow2 is not deleted: it is a\s+disk of foreign[^]*two\.qcow2 is not deleted:[^]*clone\.qcow2 is\s+built on it/,
    );
    await host.virsh('undefine', 'foreign');
    demanded(await host.sh(`rm ${FOLDER}/clone.qcow2 ${STATE}/journal.ndjson`));
    const unknown = await destroy('--yes', '--vm', 'one', '--delete-disks', 'one');
    expect(unknown).toMatchObject({ exitCode: 1, writes: [] });
    expect(unknown.stderr).toMatch(/one\.qcow2 is not deleted: passcheck\s+did not make it/);
    expect(await guestData(host)).toBe(
      before
        .split('\n')
        .filter((line) => !line.includes('clone'))
        .join('\n'),
    );
  });

  it('leaves a pool and volumes alone that it no longer knows for its own, until they are taken over again', async () => {
    expect(await destroy('--yes')).toMatchObject({ exitCode: 0 });
    expect(await definitions(host)).toMatch(/<pool[^]*<name>lab<\/name>/);
    demanded(await host.passcheck(['adopt', 'lab.yaml', 'lab', 'one', 'two']));
    expect(await destroy('--yes', '--delete-disks', 'all')).toMatchObject({ exitCode: 0 });
    expect(await definitions(host)).toBe('');
    expect((await data()).filter((path) => path.startsWith(FOLDER))).toEqual([]);
  });

  it('follows no link when it deletes', async () => {
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    const nvram = `${NVRAM}/one_VARS.fd`;
    demanded(
      await host.sh(
        `echo precious > /var/lib/libvirt/precious; rm -f ${nvram}; ln -s /var/lib/libvirt/precious ${nvram}; rm ${FOLDER}/one.qcow2; ln -s /var/lib/libvirt/precious ${FOLDER}/one.qcow2`,
      ),
    );
    for (const options of [['--delete-nvram'], ['--delete-disks', 'one']]) {
      expect(await destroy('--yes', '--vm', 'one', ...options)).toMatchObject({ exitCode: 1, writes: [] });
    }
    expect(demanded(await host.sh('cat /var/lib/libvirt/precious'))).toBe('precious\n');
    demanded(await host.sh(`rm ${nvram} ${FOLDER}/one.qcow2`));
    demanded(await destroy('--yes', '--delete-disks', 'all', '--delete-nvram', '--delete-tpm'));
  });

  it('with a name that is none says so, and takes nothing away', async () => {
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    for (const options of [
      ['--vm', 'onne'],
      ['--delete-disks', 'onne'],
    ]) {
      const refused = await destroy('--yes', ...options);
      expect(refused).toMatchObject({ exitCode: 1, writes: [] });
      expect(refused.stderr).toContain('Did you mean one?');
    }
  });
});

describe.skipIf(obstacle !== null)('adopt', () => {
  let host: Libvirtd;
  beforeAll(async () => {
    host = await startLibvirtd();
    writeSpec(host, {
      name: 'lab',
      pools: { lab: { path: FOLDER } },
      volumes: { disk: { pool: 'lab', size: '64 MiB' } },
      vms: { hand: { ...SMALL_VM, disks: [{ volume: 'disk' }] } },
    });
    demanded(await host.sh(`mkdir -p ${FOLDER}; qemu-img create -q -f qcow2 ${FOLDER}/disk.qcow2 64M`));
    await host.virsh(`pool-define-as lab dir --target ${FOLDER}; pool-start lab`);
    await defineTiny(host, { name: 'hand', disks: [`${FOLDER}/disk.qcow2`], isModern: true });
    await writeData(host, `${FOLDER}/disk.qcow2`, 7);
  });
  afterAll(() => host?.dispose());

  it('is offered for a VM of that name that is there, and nothing is done to it', async () => {
    const before = await definitions(host);
    const { exitCode, plan } = await planned(host);
    expect(exitCode).toBe(1);
    expect(plan.refused).toMatchObject([{ object: { name: 'hand' }, fix: expect.stringContaining('passcheck adopt') }]);
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 1, writes: [] });
    expect(await host.passcheck(['destroy', 'lab.yaml', '--yes'])).toMatchObject({ exitCode: 0, writes: [] });
    expect(await definitions(host)).toBe(before);
  });

  it('adds its mark to the definition and nothing else, also while the VM runs', async () => {
    await host.virsh('start', 'hand');
    const before = await host.virsh('dumpxml', '--inactive', 'hand');
    const adopted = await host.passcheck(['adopt', 'lab.yaml', 'hand', 'disk']);
    expect(adopted).toMatchObject({ exitCode: 0 });
    expect(adopted.writes.map((call) => call.split(' ')[1])).toEqual(['define']);
    const after = await host.virsh('dumpxml', '--inactive', 'hand');
    expect(after.replace(/ *<metadata>\n *<passcheck:spec .*owner="lab".*\/>\n *<\/metadata>\n/, '')).toBe(before);
    expect(after).not.toBe(before);
    expect(await host.virsh('domstate', 'hand')).toBe('running\n');
    expect(await host.passcheck(['adopt', 'lab.yaml', 'hand', 'disk'])).toMatchObject({ exitCode: 0, writes: [] });
    await host.virsh('destroy', 'hand');
  });

  it('makes it the spec’s: it is changed in place then, and keeps what it is known by', async () => {
    const uuid = await host.virsh('domuuid', 'hand');
    const data = await guestData(host);
    const { exitCode, plan } = await planned(host);
    expect(exitCode).toBe(5);
    expect(actionLines(plan).filter((line) => !line.startsWith('domain hand: '))).toEqual([]);
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0 });
    expect(await planned(host)).toMatchObject({ exitCode: 0, plan: { actions: [] } });
    expect(await host.virsh('domuuid', 'hand')).toBe(uuid);
    expect(await guestData(host)).toBe(data);
    await host.virsh('start', 'hand');
    await host.virsh('destroy', 'hand');
    // No new firmware settings, no new TPM.
    expect((await guestData(host)).split('\n')).toHaveLength(data.split('\n').length);
  });

  it('takes nothing from another spec, and says what is not there', async () => {
    host.write('other.yaml', JSON.stringify({ name: 'other', vms: { hand: SMALL_VM, nowhere: SMALL_VM } }));
    const taken = await host.passcheck(['adopt', 'other.yaml', 'hand']);
    expect(taken).toMatchObject({ exitCode: 1, writes: [] });
    expect(taken.stderr).toContain('it belongs to the spec lab');
    expect(await host.passcheck(['adopt', 'other.yaml', 'nowhere'])).toMatchObject({ exitCode: 1, writes: [] });
  });
});

const small = (name: string, index: number): LabSpec => ({
  name,
  networks: { [`${name}-net`]: { address: `10.55.${index}.1/24`, bridge: `pcbr-${name}` } },
  pools: { [`${name}-pool`]: { path: `${IMAGES}/${name}` } },
  volumes: { [`${name}-disk`]: { pool: `${name}-pool`, size: '1 MiB' } },
  vms: { [`${name}-vm`]: { ...SMALL_VM, disks: [{ volume: `${name}-disk` }], nics: [{ network: `${name}-net` }] } },
});

describe.skipIf(obstacle !== null)('prune', () => {
  let host: Libvirtd;
  beforeAll(async () => {
    host = await startLibvirtd();
    writeSpec(host, small('other', 1), 'other.yaml');
    demanded(await host.passcheck(['apply', 'other.yaml']));
    await defineTiny(host, { name: 'foreign' });
    const [kept, gone] = [small('mine', 2), small('gone', 3)];
    const both = {
      name: 'mine',
      networks: { ...kept.networks, ...gone.networks },
      pools: { ...kept.pools, ...gone.pools },
      volumes: { ...kept.volumes, ...gone.volumes },
      vms: { ...kept.vms, ...gone.vms },
    };
    writeSpec(host, both);
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    writeSpec(host, kept);
  });
  afterAll(() => host?.dispose());

  it('takes away what the spec made and no longer has, keeps its disk, and nothing else', async () => {
    const data = await guestData(host);
    const before = await definitions(host);
    expect(await host.passcheck(['prune', 'lab.yaml'])).toMatchObject({ exitCode: 1, writes: [] });
    expect(await definitions(host)).toBe(before);
    const pruned = await host.passcheck(['prune', 'lab.yaml', '--yes']);
    expect(pruned).toMatchObject({ exitCode: 0 });
    expect(pruned.stderr).toMatch(/3 to remove[^]*done: 5 steps/);
    expect((await host.virsh('list', '--all', '--name')).trim().split('\n').toSorted()).toEqual(['foreign', 'mine-vm', 'other-vm']);
    expect((await host.virsh('net-list', '--all', '--name')).trim().split(/\s+/).toSorted()).toEqual(['mine-net', 'other-net']);
    expect((await host.virsh('pool-list', '--all', '--name')).trim().split(/\s+/).toSorted()).toEqual(['mine-pool', 'other-pool']);
    expect(await guestData(host)).toBe(data);
    expect(await host.passcheck(['prune', 'lab.yaml', '--yes'])).toMatchObject({ exitCode: 0, writes: [] });
  });

  it('leaves everything where it was put: the other spec and this one have nothing to do', async () => {
    expect(await planned(host)).toMatchObject({ exitCode: 0 });
    expect(await planned(host, 'other.yaml')).toMatchObject({ exitCode: 0 });
  });
});
