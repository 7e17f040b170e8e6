import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { DIES_BEFORE, DIES_MEANWHILE, NETWORKS_RUN, passcheckWith, STARTS_LIBVIRTD, withProgram } from './faulty-virsh.ts';
import { makeAgain, makeLab } from './killed-lab.ts';
import { actionLines, guestData, planned, SMALL_VM, STATE, writeSpec } from './lab.ts';
import { demanded, type Libvirtd, missingTools, type Result, startLibvirtd } from './libvirtd.ts';

const obstacle = missingTools();
if (obstacle !== null) console.warn(`faults of libvirt itself skipped: ${obstacle}`);

/** Commands that ask libvirt. */
const COMMANDS = ['plan lab.yaml', 'apply lab.yaml', 'destroy lab.yaml --yes', 'adopt lab.yaml one', 'prune lab.yaml --yes'];

interface There {
  readonly data: string;
  readonly lists: readonly string[];
}

describe.skipIf(obstacle !== null)('a libvirt that', () => {
  let host: Libvirtd;
  let whole: There;
  /** A minute is what passcheck waits: begun first, looked at last. */
  let hanging: Promise<Result>;
  let second: Libvirtd;
  beforeAll(async () => {
    [host, second] = await Promise.all([startLibvirtd(), startLibvirtd()]);
    writeSpec(second, { name: 'lab', vms: { vm: SMALL_VM } });
    hanging = passcheckWith(second, { at: 'dumpxml', does: 'exec sleep 1000' }, 'plan lab.yaml');
    await makeLab(host);
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    whole = await there();
  });
  afterAll(() => Promise.all([host?.dispose(), second?.dispose()]).then(() => undefined));

  // One failure is enough.
  afterEach(async () => {
    demanded(await host.sh(`virsh -q -c qemu:///system uri > /dev/null 2>&1 || { ${STARTS_LIBVIRTD}; }`));
  });

  /** Brings everything to its end, from wherever it is, and gives what is there then. */
  async function finished(): Promise<unknown> {
    const { exitCode, stderr } = await host.passcheck(['apply', 'lab.yaml']);
    return { exitCode, stderr: exitCode === 0 ? '' : stderr, ...(await there()) };
  }

  /** A libvirt that was started anew writes its definitions in another order. */
  async function there(): Promise<There> {
    const lists = await host.virsh('list --all; net-list --all; pool-list --all');
    return { data: await guestData(host), lists: lists.replaceAll(/ +/g, ' ').split('\n').toSorted() };
  }

  it('is not there is exit code 3 and one clear line for each command, and nothing else happens', async () => {
    await host.restart(async () => {
      for (const command of COMMANDS) {
        const { exitCode, stdout, stderr } = await host.sh(`passcheck ${command}`);
        expect({ command, exitCode, stdout }).toEqual({ command, exitCode: 3, stdout: '' });
        expect(stderr).toMatch(
          /^(?:passcheck: )?could not look: qemu:\/\/\/system does not answer: .*libvirt-sock.*\n.*systemctl enable --now libvirtd.*\n$/,
        );
      }
    });
    expect(await there()).toEqual(whole);
    expect(await planned(host)).toMatchObject({ exitCode: 0 });
  });

  it.each(['vol-create', 'define', 'autostart'])('is killed and started again before a %s is noticed by nobody', async (call) => {
    await makeAgain(host);
    const does = `${NETWORKS_RUN}; kill -KILL $(cat /run/libvirtd.pid); ${STARTS_LIBVIRTD}`;
    const applied = await passcheckWith(host, { at: ` ${call} `, does }, 'apply lab.yaml');
    expect([0, 1]).toContain(applied.exitCode);
    expect(await finished()).toEqual({ exitCode: 0, stderr: '', ...whole });
  });

  it.each(['pool-build', 'define'])('dies when %s is asked of it: what was done is told, and the next apply ends it', async (call) => {
    await makeAgain(host);
    const applied = await passcheckWith(host, { at: ` ${call} `, does: `${NETWORKS_RUN}; ${DIES_BEFORE}` }, 'apply lab.yaml');
    expect(applied.exitCode).toBe(1);
    expect(applied.stderr).toMatch(/✗ create .*: qemu:\/\/\/system does not answer: .*\n[^]*\d+ of 18 steps were done/);
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 3, writes: [] });
    demanded(await host.sh(STARTS_LIBVIRTD));
    expect(await finished()).toEqual({ exitCode: 0, stderr: '', ...whole });
  });

  it.each([
    ['is made all the same', 'sleep 1; exec /run/real "$@"'],
    ['stays empty', ': > "${@: -2:1}"; exec sleep 1'],
    ['never comes', 'exec sleep 1'],
  ])('dies while it makes a volume, which %s: the next apply ends it', async (_, script) => {
    await makeAgain(host);
    const applied = await withProgram(host, '/usr/bin/qemu-img', script, async () => {
      const does = `${NETWORKS_RUN}; ${DIES_MEANWHILE}`;
      const result = await passcheckWith(host, { at: ' vol-create ', does }, 'apply lab.yaml');
      // The program outlives who asked for it.
      await host.sh('sleep 1');
      return result;
    });
    expect(applied.exitCode).toBe(1);
    expect(applied.stderr).toMatch(/✗ create volume .*broke off in the middle.*; whether it was done shows when this is run again/);
    demanded(await host.sh(STARTS_LIBVIRTD));
    expect(await finished()).toEqual({ exitCode: 0, stderr: '', ...whole });
  });

  it('died while it started a network, and left a bridge behind, is told with the way to take it away', async () => {
    await makeAgain(host);
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    await host.virsh('net-destroy', 'a');
    demanded(await host.sh('ip link add pcbr-a type bridge; ip address add 10.44.0.1/24 dev pcbr-a'));
    const failed = await host.passcheck(['apply', 'lab.yaml']);
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toMatch(/✗ start network a: .*when nobody uses it: ip link delete pcbr-a\)/);
    demanded(await host.sh('ip link set pcbr-a up'));
    const refused = await host.passcheck(['apply', 'lab.yaml']);
    expect(refused).toMatchObject({ exitCode: 1, writes: [] });
    expect(refused.stderr).toMatch(/✗ network a: the bridge pcbr-a is there already\n[^]*ip link delete pcbr-a\n/);
    demanded(await host.sh('ip link delete pcbr-a'));
    expect(await finished()).toEqual({ exitCode: 0, stderr: '', ...whole });
  });

  it('dies while it is looked at is exit code 3', async () => {
    const looked = await passcheckWith(host, { at: 'dumpxml', does: DIES_BEFORE }, 'plan lab.yaml');
    expect(looked).toMatchObject({ exitCode: 3, stdout: '' });
    expect(looked.stderr).toMatch(/could not look: qemu:\/\/\/system (?:broke off|does not answer)/);
    demanded(await host.sh(STARTS_LIBVIRTD));
  });

  it('refuses a step ends the apply there: what was not begun is told, and the next goes on', async () => {
    await makeAgain(host);
    const applied = await passcheckWith(
      host,
      { at: ' vol-create ', does: 'echo "error: a reason of its own" >&2; exit 1' },
      'apply lab.yaml',
    );
    expect(applied.exitCode).toBe(1);
    expect(applied.stderr).toMatch(/✗ create volume .*: a reason of its own\n[^]*left: .*VM[^]*Run the same command again/);
    expect(await finished()).toEqual({ exitCode: 0, stderr: '', ...whole });
  });

  it('is left in peace after Ctrl-C, once it has done what it was asked', async () => {
    await makeAgain(host);
    const applied = await passcheckWith(host, { at: ' vol-create ', does: 'kill -INT $PPID; sleep 0.5' }, 'apply lab.yaml');
    expect(applied.exitCode).toBe(1);
    expect(applied.stderr).toMatch(/stopping: what runs now is ended first[^]*stopped, as you asked[^]*steps were done; left: /);
    expect(applied.writes.some((call) => call.startsWith('virsh vol-create '))).toBe(true);
    expect(demanded(await host.sh(`ls ${STATE}`))).not.toContain('draft');
    expect(await finished()).toEqual({ exitCode: 0, stderr: '', ...whole });
  });

  it('hangs in a step can be left with two Ctrl-C, and the next apply goes on', async () => {
    await makeAgain(host);
    const does = 'kill -INT $PPID; sleep 0.2; kill -INT $PPID; exec sleep 3';
    const applied = await passcheckWith(host, { at: ' define ', does }, 'apply lab.yaml');
    expect(applied.exitCode).toBe(130);
    expect(applied.stderr).toContain('left in the middle of a call to libvirt: run the same command again');
    expect(await finished()).toEqual({ exitCode: 0, stderr: '', ...whole });
  });

  it('is changed by one passcheck at a time: the other says who, and both are right in the end', async () => {
    await makeAgain(host);
    const first = passcheckWith(host, { at: ' net-start ', does: `touch ${host.folder}/slow; sleep 3` }, 'apply lab.yaml');
    demanded(await host.sh('until [ -e slow ]; do sleep 0.05; done'));
    for (const command of COMMANDS.slice(1)) {
      const other = await host.sh(`passcheck ${command}`);
      expect(other).toMatchObject({ exitCode: 1, stdout: '', writes: [], reads: [] });
      expect(other.stderr).toMatch(
        /^passcheck: qemu:\/\/\/system is being changed by another passcheck \(pid \d+, apply, since \S+\): run this again when it has ended\n$/,
      );
    }
    // To look is always possible.
    expect((await planned(host)).exitCode).toBe(5);
    expect(await first).toMatchObject({ exitCode: 0 });
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0, writes: [] });
    expect(await there()).toEqual(whole);
  });

  it('never answers is given up after a minute, with exit code 3', async () => {
    const given = await hanging;
    expect(given).toMatchObject({ exitCode: 3, stdout: '' });
    expect(given.stderr).toMatch(/could not look: .*(?:60 s|did not answer|hangs|time)/);
    expect(actionLines((await planned(second)).plan)).toHaveLength(1);
  });
});
