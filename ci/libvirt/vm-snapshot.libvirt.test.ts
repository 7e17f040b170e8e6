import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { demanded, type Libvirtd, missingTools, type Result, startLibvirtd } from './libvirtd.ts';
import { defineTiny, fill, isFilled } from './tiny-vm.ts';

const obstacle = missingTools();
if (obstacle !== null) console.warn(`snapshots on a real libvirtd skipped: ${obstacle}`);

const IMAGES = '/var/lib/libvirt/images';
const DISKS = [`${IMAGES}/a.qcow2`, `${IMAGES}/b.qcow2`] as const;
const NVRAM = '/var/lib/libvirt/qemu/nvram/win_VARS.fd';
/** What firmware, TPM and disks have at one time: 1 and 2 are told apart byte by byte. */
type Time = 1 | 2;

describe.skipIf(obstacle !== null)('passcheck vm snapshot and revert', () => {
  let host: Libvirtd;
  let tpm = '';
  let state = '';
  beforeAll(async () => {
    host = await startLibvirtd();
    for (const path of DISKS) demanded(await host.sh(`qemu-img create -q -f qcow2 ${path} 64M`));
    await defineTiny(host, { name: 'win', disks: DISKS, isModern: true });
    // libvirt makes the firmware's file and the TPM.
    await host.virsh('start', 'win');
    await host.virsh('destroy', 'win');
    const uuid = (await host.virsh('domuuid', 'win')).trim();
    tpm = `/var/lib/libvirt/swtpm/${uuid}`;
    state = `/var/lib/passcheck/system/snapshots/${uuid}`;
    demanded(await host.sh(`cp ${NVRAM} nvram; cp ${tpm}/tpm2/tpm2-00.permall tpm`));
  });
  afterAll(() => host?.dispose());

  const vm = (...argv: readonly string[]): Promise<Result> => host.passcheck(['vm', ...argv]);
  const snapshot = async (...argv: readonly string[]): Promise<string> => demanded(await vm('snapshot', 'win', ...argv));
  const names = async (): Promise<unknown> => {
    const { snapshots } = JSON.parse(await snapshot('--list', '--format', 'json'));
    return snapshots.map(({ name }: { name: string }) => name);
  };
  const tags = async (): Promise<string> => demanded(await host.sh(`for f in ${DISKS.join(' ')}; do qemu-img snapshot -l $f; done`));
  const owners = async (): Promise<string> => demanded(await host.sh(`stat -c '%n %a %u %g' ${NVRAM} ${tpm}/tpm2 ${tpm}/tpm2/*`));

  /** Everything becomes what it was at a time. A VM starts with firmware and TPM of the first one only. */
  async function become(wanted: Time): Promise<void> {
    for (const path of DISKS) await fill(host, path, wanted);
    demanded(await host.sh(`cat nvram > ${NVRAM}; cat tpm > ${tpm}/tpm2/tpm2-00.permall`));
    if (wanted === 2) demanded(await host.sh(`echo other > ${NVRAM}; echo other > ${tpm}/tpm2/tpm2-00.permall`));
  }

  /** Undefined where parts are of different times. */
  async function time(): Promise<Time | undefined> {
    const files = demanded(
      await host.sh(
        `cmp -s nvram ${NVRAM} && echo 1 || cat ${NVRAM}; cmp -s tpm ${tpm}/tpm2/tpm2-00.permall && echo 1 || cat ${tpm}/tpm2/tpm2-00.permall`,
      ),
    );
    for (const one of [1, 2] as const) {
      const disks = await Promise.all(DISKS.map((path) => isFilled(host, path, one)));
      if (disks.every(Boolean) && files === (one === 1 ? '1\n1\n' : 'other\nother\n')) return one;
    }
    return undefined;
  }

  beforeEach(async () => {
    demanded(
      await host.sh(`rm -rf ${state}; for f in ${DISKS.join(' ')}; do
        qemu-img snapshot -l $f | awk 'NR > 2 { print $2 }' | while read -r tag; do qemu-img snapshot -d $tag $f; done; done`),
    );
    await become(1);
  });

  describe('a VM with two disks, UEFI and a TPM', () => {
    it('becomes what it was, owners and modes too, as often as wanted', async () => {
      const before = await owners();
      const taken = await vm('snapshot', 'win', 'clean');
      expect(taken).toMatchObject({ exitCode: 0, stdout: '' });
      expect(taken.stderr).toContain('took snapshot clean of vda, vdb, UEFI settings and TPM state');
      expect(taken.writes).toEqual(DISKS.map((path) => `qemu-img snapshot -q -c passcheck-clean ${path}`));
      for (let round = 0; round < 2; round++) {
        await become(2);
        demanded(await host.sh(`chmod 644 ${NVRAM}; touch ${tpm}/tpm2/tpm2-00.volatilestate`));
        const reverted = await vm('revert', 'win', 'clean', '--yes');
        expect(reverted).toMatchObject({ exitCode: 0, stdout: '' });
        expect(reverted.stderr).toMatch(/goes back to clean of .* lost:[^]*vda[^]*vdb[^]*UEFI settings[^]*TPM state[^]*is as it was/);
        expect(await time()).toBe(1);
        expect(await owners()).toBe(before);
      }
      await host.virsh('start', 'win');
      await host.virsh('destroy', 'win');
    });

    it('says what would be lost, and does nothing, where nobody can be asked', async () => {
      await snapshot('clean');
      await become(2);
      const refused = await vm('revert', 'win', 'clean');
      expect(refused).toMatchObject({ exitCode: 1, writes: [] });
      expect(refused.stderr).toMatch(/What it wrote since is lost:[^]*nobody is there to ask[^]*--yes/);
      expect(await time()).toBe(2);
    });

    it('has snapshots by name, which are taken once, listed and deleted', async () => {
      await snapshot('one');
      await become(2);
      await snapshot('two');
      expect(await names()).toEqual(['one', 'two']);
      expect(await snapshot('--list')).toMatch(/^one {19}\S+ \S+ UTC {2}vda, vdb, UEFI settings and TPM state\ntwo /);
      expect(await vm('snapshot', 'win', 'one')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('it has a snapshot one'),
        writes: [],
      });
      demanded(await vm('revert', 'win', 'one', '--yes'));
      expect(await time()).toBe(1);
      demanded(await vm('snapshot', 'win', '--delete', 'one'));
      expect(await names()).toEqual(['two']);
      expect(await tags()).not.toContain('passcheck-one');
      demanded(await vm('revert', 'win', 'two', '--yes'));
      expect(await time()).toBe(2);
      expect(await vm('revert', 'win', 'one', '--yes')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no snapshot one') });
      for (const name of ['', '1 ', '../x', '-1', 'a/b']) {
        expect(await host.sh(`passcheck vm snapshot win -- '${name}'`)).toMatchObject({ exitCode: 2, writes: [] });
      }
    });

    it.each([
      ['before', 1],
      ['after', 1],
      ['before', 2],
      ['after', 2],
    ] as const)('killed %s its call %i, a snapshot is none, and the next one leaves nothing of it', async (when, call) => {
      const killed = await host.passcheck(['vm', 'snapshot', 'win', 'clean'], { kill: { when, call } });
      expect(killed.exitCode).toBe(137);
      expect(await names()).toEqual([]);
      expect(await vm('revert', 'win', 'clean', '--yes')).toMatchObject({ exitCode: 1 });
      expect(await time()).toBe(1);
      expect(await tags()).toBe('');
      demanded(await host.passcheck(['vm', 'snapshot', 'win', 'clean']));
      await become(2);
      demanded(await vm('revert', 'win', 'clean', '--yes'));
      expect(await time()).toBe(1);
      expect((await tags()).match(/passcheck-clean/g)).toHaveLength(2);
    });

    it.each([
      ['before', 1],
      ['after', 1],
      ['before', 2],
      ['after', 2],
    ] as const)(
      'killed %s its call %i, a revert does the rest when it is done again, and the VM does not start before',
      async (when, call) => {
        await snapshot('clean');
        await become(2);
        const killed = await host.passcheck(['vm', 'revert', 'win', 'clean', '--yes'], { kill: { when, call } });
        expect(killed.exitCode).toBe(137);
        const started = await vm('start', 'win');
        expect(started).toMatchObject({ exitCode: 1, writes: [] });
        expect(started.stderr).toMatch(/a revert to clean has not ended[^]*passcheck vm revert win clean/);
        expect((await vm('list')).stdout).toMatch(/^win +reverting/m);
        expect(await vm('snapshot', 'win', 'other')).toMatchObject({ exitCode: 1, writes: [] });
        expect(await vm('snapshot', 'win', '--delete', 'clean')).toMatchObject({ exitCode: 1, writes: [] });
        // It was agreed to before.
        expect((await vm('revert', 'win', 'clean')).exitCode).toBe(0);
        expect(await time()).toBe(1);
        expect((await vm('start', 'win')).exitCode).toBe(0);
        await host.virsh('destroy', 'win');
      },
    );

    it.each([1, 2])('killed after call %i, deleting goes on with the next command', async (call) => {
      await snapshot('clean');
      const killed = await host.passcheck(['vm', 'snapshot', 'win', '--delete', 'clean'], { kill: { when: 'after', call } });
      expect(killed.exitCode).toBe(137);
      expect(await names()).toEqual([]);
      await snapshot('other');
      expect(await names()).toEqual(['other']);
      expect(await tags()).not.toContain('passcheck-clean');
      expect(await time()).toBe(1);
    });

    it('that runs is refused, or shut down first, which this guest does not do', async () => {
      await snapshot('clean');
      await host.virsh('start', 'win');
      for (const argv of [
        ['snapshot', 'win', 'more'],
        ['revert', 'win', 'clean', '--yes'],
        ['snapshot', 'win', '--delete', 'clean'],
      ]) {
        expect(await vm(...argv)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('it is running'), writes: [] });
      }
      const deaf = await vm('revert', 'win', 'clean', '--yes', '--stop', '--timeout', '1');
      expect(deaf).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('still runs after') });
      expect(deaf.writes.filter((call) => !call.startsWith('virsh shutdown'))).toEqual([]);
      await host.virsh('destroy', 'win');
      expect(await names()).toEqual(['clean']);
    });

    it('is not taken where passcheck has no space, and nothing is left of it', async () => {
      demanded(await host.sh('mkdir small; mount -t tmpfs -o size=256k small small'));
      const full = await host.passcheck(['vm', 'snapshot', 'win', 'clean'], { env: { XDG_STATE_HOME: `${host.folder}/small` } });
      expect(full).toMatchObject({ exitCode: 1, writes: [], stderr: expect.stringContaining('no space left on the disk') });
      expect(demanded(await host.sh('find small -name clean; umount small'))).toBe('');
      expect(await tags()).toBe('');
    });

    it('says that it is in between when libvirt goes away, and does the rest later', async () => {
      await snapshot('clean');
      await become(2);
      // libvirtd dies with the first call that changes something.
      host.write(
        'dying',
        `#!/bin/sh\ncase "$*" in *-a*) kill -KILL $(cat /run/libvirtd.pid);; esac\nPATH=\${PATH#*:} exec qemu-img "$@"\n`,
      );
      const script = 'chmod +x dying; mkdir -p tools; mv dying tools/qemu-img; PATH=$PWD/tools:$PATH passcheck vm revert win clean --yes';
      const cut = await host.sh(script);
      expect(cut).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/It is in between[^]*passcheck vm revert win clean/) });
      await host.restart();
      expect((await vm('start', 'win')).exitCode).toBe(1);
      demanded(await vm('revert', 'win', 'clean'));
      expect(await time()).toBe(1);
    });

    it('goes back to a smaller disk, and keeps what was defined since', async () => {
      await snapshot('clean');
      demanded(await host.sh(`qemu-img resize -q ${DISKS[0]} 80M`));
      await host.virsh('setmaxmem', 'win', '96MiB', '--config');
      await become(2);
      const reverted = await vm('revert', 'win', 'clean', '--yes');
      expect(reverted.stderr).toMatch(/which becomes 64 MiB again[^]*Its definition has changed since/);
      expect(await time()).toBe(1);
      expect(demanded(await host.sh(`qemu-img info ${DISKS[0]}`))).toContain('64 MiB');
    });
  });

  it.each([
    [
      'a snapshot of libvirt',
      'virsh -q snapshot-create-as win theirs',
      'virsh -q snapshot-delete win theirs',
      /libvirt has snapshots of it/,
    ],
    [
      'an external snapshot',
      'virsh -q dumpxml --inactive win > before.xml; virsh -q snapshot-create-as win theirs --disk-only',
      `virsh -q snapshot-delete win theirs --metadata; virsh -q define before.xml`,
      /libvirt has snapshots of it/,
    ],
    ['saved memory', 'virsh -q start win; virsh -q managedsave win', 'virsh -q managedsave-remove win', /its memory was saved/],
    [
      'a program that has a disk open',
      `qemu-io -f qcow2 -c 'sleep 8000' ${DISKS[1]} > /dev/null & sleep 0.5`,
      'sleep 8',
      /another program has it open/,
    ],
    [
      'a disk that another VM has, too',
      `sed s,win,twin, win.xml > twin.xml; virsh -q define twin.xml`,
      'virsh -q undefine twin',
      /is also a disk of twin/,
    ],
    ['a disk that is gone', `mv ${DISKS[1]} gone`, `mv gone ${DISKS[1]}`, /b\.qcow2\): it is not there/],
    [
      'firmware settings behind a link',
      `mv ${NVRAM} n; ln -s $PWD/n ${NVRAM}`,
      `rm ${NVRAM}; mv n ${NVRAM}`,
      /UEFI settings|firmware settings/,
    ],
  ])('refuses %s, and changes nothing', async (_, before, after, words) => {
    demanded(await host.sh(`export LIBVIRT_DEFAULT_URI=qemu:///system; ${before}`));
    const refused = await vm('snapshot', 'win', 'never');
    demanded(await host.sh(`export LIBVIRT_DEFAULT_URI=qemu:///system; ${after}`));
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(words);
    expect(await tags()).not.toContain('passcheck-never');
    expect(await host.sh(`ls ${state}/never`)).toMatchObject({ exitCode: 2 });
  });

  it('refuses a raw disk, and a VM without any', async () => {
    demanded(await host.sh(`qemu-img create -q -f raw ${IMAGES}/raw.img 1M`));
    const raw = `<disk type='file' device='disk'><source file='${IMAGES}/raw.img'/><target dev='vdc' bus='virtio'/></disk>`;
    await defineTiny(host, { name: 'mixed', disks: [DISKS[0]], devices: raw });
    expect(await vm('snapshot', 'mixed', 'x')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('vdc is raw'), writes: [] });
    await host.virsh('undefine', 'mixed');
    await defineTiny(host, { name: 'bare' });
    expect(await vm('snapshot', 'bare', 'x')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no disk') });
  });

  it('works on an image with a base, and not when the base has changed or another VM is built on the disk', async () => {
    const [base, top, clone] = ['base', 'top', 'clone'].map((name) => `${IMAGES}/${name}.qcow2`);
    demanded(
      await host.sh(`qemu-img create -q -f qcow2 ${base} 8M; qemu-io -c 'write -P 7 1M 1M' ${base} > /dev/null
      qemu-img create -q -f qcow2 -b ${base} -F qcow2 ${top}; qemu-img create -q -f qcow2 -b ${top} -F qcow2 ${clone}`),
    );
    await defineTiny(host, { name: 'built', disks: [`${top}`] });
    await fill(host, `${top}`, 1);
    demanded(await vm('snapshot', 'built', 'clean'));
    await fill(host, `${top}`, 2);
    await defineTiny(host, { name: 'clone', disks: [`${clone}`] });
    expect(await vm('revert', 'built', 'clean', '--yes')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/clone\.qcow2 of clone is built on\s+its vda/),
      writes: [],
    });
    await host.virsh('undefine', 'clone');
    demanded(await vm('revert', 'built', 'clean', '--yes'));
    expect(await isFilled(host, `${top}`, 1)).toBe(true);
    demanded(await host.sh(`qemu-io -c 'write -P 8 1M 1M' ${base}`));
    expect(await vm('revert', 'built', 'clean', '--yes')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('has changed'),
      writes: [],
    });
  });

  it('puts back that a VM which never ran had neither firmware settings nor a TPM', async () => {
    demanded(await host.sh(`qemu-img create -q -f qcow2 ${IMAGES}/new.qcow2 8M`));
    await defineTiny(host, { name: 'new', disks: [`${IMAGES}/new.qcow2`], isModern: true });
    expect(await vm('snapshot', 'new', 'unused')).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('took snapshot unused of vda\n'),
    });
    await host.virsh('start', 'new');
    await host.virsh('destroy', 'new');
    demanded(await vm('revert', 'new', 'unused', '--yes'));
    const uuid = (await host.virsh('domuuid', 'new')).trim();
    expect(await host.sh(`ls -d /var/lib/libvirt/swtpm/${uuid} /var/lib/libvirt/qemu/nvram/new_VARS.fd`)).toMatchObject({
      exitCode: 2,
      stdout: '',
    });
    await host.virsh('start', 'new');
    await host.virsh('destroy', 'new');
  });

  it('works for the session of a user, whose firmware settings and TPMs are elsewhere', async () => {
    demanded(
      await host.sh(`echo 'lab:x:1234:1234::/home/lab:/bin/bash' >> /etc/passwd; echo 'lab:x:1234:' >> /etc/group; mkdir -p /run/lab
      chown 1234:1234 /run/lab; chmod 755 .. . ../bin ../calls; chmod 666 ../calls/*`),
    );
    const line = `export HOME=/run/lab CALLS=; cd; qemu-img create -q -f qcow2 s.qcow2 8M
      sed 's,tiny,session,; s,${IMAGES}/new,/run/lab/s,; s,<name>new,<name>own,' '${host.folder}/new.xml' > own.xml
      alias v='virsh -q -c qemu:///session'; shopt -s expand_aliases
      eval 'v define own.xml; v start own; v destroy own
      passcheck vm snapshot own clean --connection qemu:///session
      rm .config/libvirt/qemu/nvram/own_VARS.fd .config/libvirt/qemu/swtpm/*/tpm2/tpm2-00.permall
      passcheck vm revert own clean --yes --connection qemu:///session
      ls .config/libvirt/qemu/nvram/own_VARS.fd .config/libvirt/qemu/swtpm/*/tpm2/tpm2-00.permall .local/state/passcheck/session/snapshots/*'`;
    host.write('session.sh', line);
    const result = await host.sh(`setpriv --reuid 1234 --regid 1234 --clear-groups bash ${host.folder}/session.sh`);
    expect(result.stderr).toContain('own: is as it was');
    expect(result.stdout).toMatch(/own_VARS\.fd[^]*permall[^]*clean\n/);
    const system = await host.sh(`CALLS= setpriv --reuid 1234 --regid 1234 --clear-groups env HOME=/run/lab passcheck vm snapshot win x`);
    expect(system.exitCode).not.toBe(0);
  });
});
