import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { actionLines, definitions, IMAGES, type LabSpec, planned, qemuPid, SMALL_VM, writeData, writeSpec } from './lab.ts';
import { demanded, type Libvirtd, missingTools, startLibvirtd } from './libvirtd.ts';

const obstacle = missingTools();
if (obstacle !== null) console.warn(`VMs that run on a real libvirtd skipped: ${obstacle}`);

const PATH = `${IMAGES}/lab/data.qcow2`;

/** One VM, which runs; `more` changes it, its network and its volume. */
function spec(more: boolean): LabSpec {
  return {
    name: 'running',
    networks: { lab: { address: '10.77.0.1/24', bridge: 'pcbr-lab', ...(more ? { domain: 'lab.internal' } : {}) } },
    pools: { lab: { path: `${IMAGES}/lab` } },
    volumes: { data: { pool: 'lab', size: more ? '96 MiB' : '64 MiB' }, second: { pool: 'lab', size: '1 MiB' } },
    vms: {
      vm: {
        ...SMALL_VM,
        title: more ? 'changed' : 'first',
        memory: more ? '96 MiB' : '64 MiB',
        vcpus: more ? 2 : 1,
        disks: more ? [{ volume: 'data' }, { volume: 'second' }] : [{ volume: 'data' }],
        nics: more ? [{ network: 'lab' }, { network: 'lab' }] : [{ network: 'lab' }],
        autostart: more,
      },
    },
  };
}

describe.skipIf(obstacle !== null)('a VM that runs', () => {
  let host: Libvirtd;
  let pid: string | null = null;
  beforeAll(async () => {
    host = await startLibvirtd();
    writeSpec(host, spec(false));
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    await writeData(host, PATH, 7);
    demanded(await host.passcheck(['vm', 'start', 'vm']));
    pid = await qemuPid(host, 'vm');
  });
  afterAll(() => host?.dispose());

  it('is no reason to do anything', async () => {
    expect(pid).not.toBeNull();
    const { exitCode, plan } = await planned(host);
    expect({ exitCode, actions: actionLines(plan), pending: plan.pending }).toEqual({ exitCode: 0, actions: [], pending: [] });
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0, writes: [] });
  });

  it('is told to get what changes at its next start, but for the size of its disk', async () => {
    writeSpec(host, spec(true));
    const { exitCode, plan } = await planned(host);
    expect(exitCode).toBe(5);
    const effects = plan.actions.flatMap(({ object, changes }) => changes.map(({ field, effect }) => `${object.kind} ${field}: ${effect}`));
    expect(effects).toEqual([
      'network DNS domain: next start',
      'volume size: now',
      'domain title: next start',
      'domain memory: next start',
      'domain vcpu: next start',
      'domain CPU topology: cores: next start',
      'domain disk vdb: next start',
      expect.stringMatching(/^domain interface .*: next start$/),
    ]);
    const shown = await host.passcheck(['plan', 'lab.yaml']);
    expect(shown.stdout).toContain('memory 64 MiB → 96 MiB: takes effect at the next start');
    expect(shown.writes).toEqual([]);
  });

  it('is left running by apply: the same process, with the same memory', async () => {
    const applied = await host.passcheck(['apply', 'lab.yaml']);
    expect(applied).toMatchObject({ exitCode: 0 });
    expect(applied.writes.map((call) => call.split(' ')[1])).toEqual(['net-define', 'blockresize', 'define', 'autostart']);
    expect(await qemuPid(host, 'vm')).toBe(pid);
    expect(await host.virsh('domstate', 'vm')).toBe('running\n');
    expect(await host.virsh('dumpxml', 'vm')).toContain("<memory unit='KiB'>65536</memory>");
    expect(await host.virsh('dumpxml', '--inactive', 'vm')).toContain("<memory unit='KiB'>98304</memory>");
    expect(demanded(await host.sh(`qemu-img info -U ${PATH}`))).toContain('96 MiB');
  });

  it('waits for its next start, and a second apply does nothing', async () => {
    const before = await definitions(host);
    const { exitCode, plan } = await planned(host);
    expect({ exitCode, actions: actionLines(plan) }).toEqual({ exitCode: 0, actions: [] });
    const waiting = plan.pending.flatMap(({ object, changes }) => changes.map(({ field, effect }) => `${object.kind} ${field}: ${effect}`));
    expect(waiting).toEqual([
      'network DNS domain: next start',
      'domain title: next start',
      'domain memory: next start',
      'domain vcpu: next start',
      'domain CPU topology: cores: next start',
      'domain disk vdb: next start',
      expect.stringMatching(/^domain interface .*: next start$/),
    ]);
    const again = await host.passcheck(['apply', 'lab.yaml']);
    expect(again).toMatchObject({ exitCode: 0, writes: [] });
    expect(again.stderr).toMatch(/Waits for the next start\n +network lab\n[^]*VM vm\n[^]*memory 64 MiB → 96 MiB/);
    expect(await definitions(host)).toBe(before);
    expect(await qemuPid(host, 'vm')).toBe(pid);
  });

  it('still waits when libvirt was killed and started again', async () => {
    await host.restart();
    const { exitCode, plan } = await planned(host);
    expect({ exitCode, actions: actionLines(plan), waiting: plan.pending.length }).toEqual({ exitCode: 0, actions: [], waiting: 2 });
    expect(await qemuPid(host, 'vm')).toBe(pid);
  });

  it('can change back before it was started again, and then nothing waits', async () => {
    const { volumes } = spec(true);
    writeSpec(host, { ...spec(false), ...(volumes === undefined ? {} : { volumes }) });
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    expect(await planned(host)).toMatchObject({ exitCode: 0, plan: { actions: [], pending: [] } });
    writeSpec(host, spec(true));
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    expect(await qemuPid(host, 'vm')).toBe(pid);
  });

  it('has what changed after its next start, and its data', async () => {
    demanded(await host.passcheck(['vm', 'stop', 'vm', '--force', '--timeout', '1']));
    await host.virsh('net-destroy lab; net-start lab');
    expect(await planned(host)).toMatchObject({ exitCode: 0, plan: { actions: [], pending: [] } });
    demanded(await host.passcheck(['vm', 'start', 'vm']));
    expect(await planned(host)).toMatchObject({ exitCode: 0, plan: { actions: [], pending: [] } });
    expect(await qemuPid(host, 'vm')).not.toBe(pid);
    const live = await host.virsh('dumpxml', 'vm');
    expect(live).toContain("<memory unit='KiB'>98304</memory>");
    expect(live.match(/<interface /g)).toHaveLength(2);
    expect(demanded(await host.sh(`qemu-io -U -r -c 'read -P 7 1M 1M' ${PATH}`))).not.toContain('failed');
  });

  it('is not shut down by adopt, prune or a plan', async () => {
    pid = await qemuPid(host, 'vm');
    await host.passcheck(['adopt', 'lab.yaml', 'vm']);
    await host.passcheck(['prune', 'lab.yaml', '--yes']);
    await host.passcheck(['destroy', 'lab.yaml']);
    expect(await qemuPid(host, 'vm')).toBe(pid);
  });

  it('whose guest does not shut down stays as it is, and so does everything it uses', async () => {
    const before = await definitions(host);
    const destroyed = await host.passcheck(['destroy', 'lab.yaml', '--yes', '--shutdown-timeout', '1']);
    expect(destroyed).toMatchObject({ exitCode: 1 });
    expect(destroyed.writes.every((call) => call.startsWith('virsh shutdown '))).toBe(true);
    expect(destroyed.stderr).toMatch(/it still runs after 1 s/);
    expect(await definitions(host)).toBe(before);
    expect(await qemuPid(host, 'vm')).toBe(pid);
  });
});
