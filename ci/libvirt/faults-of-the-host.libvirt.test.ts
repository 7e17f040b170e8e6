import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import {
  actionLines,
  definitions,
  guestData,
  IMAGES,
  type LabSpec,
  makeMedia,
  planned,
  remarkLines,
  SMALL_VM,
  wipe,
  writeData,
  writeSpec,
} from './lab.ts';
import { demanded, type Libvirtd, missingTools, type Result, startLibvirtd } from './libvirtd.ts';

const obstacle = missingTools();
if (obstacle !== null) console.warn(`faults of the host skipped: ${obstacle}`);

const POOL = `${IMAGES}/lab`;
const ISO = '/var/lib/libvirt/iso';

const LAB: LabSpec = {
  name: 'lab',
  networks: { lab: { address: '10.33.0.1/24', bridge: 'pcbr-lab', dhcp: { start: '10.33.0.10', end: '10.33.0.20' } } },
  pools: { lab: { path: POOL } },
  volumes: { one: { pool: 'lab', size: '64 MiB' }, two: { pool: 'lab', size: '64 MiB' } },
  media: { install: `${ISO}/install.iso`, drivers: `${ISO}/drivers.iso` },
  vms: {
    one: { ...SMALL_VM, disks: [{ volume: 'one' }], nics: [{ network: 'lab' }], media: ['install', 'drivers'] },
    two: { ...SMALL_VM, disks: [{ volume: 'two' }], nics: [{ network: 'lab' }] },
  },
};

/**
 * A line that lets a program be gone until what is `hidden` is unmounted. The folders of programs are those of this machine, so nothing
 * is deleted: a whiteout of overlayfs lies over it.
 */
function hideProgram(name: string): string {
  return `file=$(realpath $(command -v ${name})) && mkdir -p /run/upper /run/work && mknod /run/upper/${name} c 0 0 &&
    mount -t overlay -o lowerdir=$(dirname $file),upperdir=/run/upper,workdir=/run/work hidden $(dirname $file)`;
}

describe.skipIf(obstacle !== null)('a host', () => {
  let host: Libvirtd;
  beforeAll(async () => {
    host = await startLibvirtd();
  });
  afterAll(() => host?.dispose());
  afterEach(async () => {
    await unhide();
    await wipe(host);
  });

  /** Takes away what was mounted over anything. */
  async function unhide(): Promise<void> {
    demanded(await host.sh(`mount | awk '$1 == "hidden" { print $3 }' | tac | xargs -rn1 umount --lazy; rm -rf /run/upper /run/work`));
  }
  const apply = (): Promise<Result> => host.passcheck(['apply', 'lab.yaml']);
  /** A file system in memory over a folder. */
  const mount = async (folder: string, options: string): Promise<void> => {
    demanded(await host.sh(`mkdir -p -m 711 ${folder}; mount -t tmpfs -o mode=711,${options} hidden ${folder}`));
  };
  const withMedia = async (): Promise<void> => {
    await makeMedia(host, [`${ISO}/install.iso`, `${ISO}/drivers.iso`]);
    writeSpec(host, LAB);
  };
  /** Ends what was begun, once there is room. */
  const finished = async (): Promise<unknown> => {
    const again = await apply();
    return { exitCode: again.exitCode, stderr: again.exitCode === 0 ? '' : again.stderr, left: actionLines((await planned(host)).plan) };
  };
  const DONE = { exitCode: 0, stderr: '', left: [] };

  it.each([
    ['is missing', `rm ${ISO}/install.iso`, /install\.iso is not there$/],
    ['is an HTML page', `echo '<!DOCTYPE html><html><title>Sign in</title></html>' > ${ISO}/install.iso`, /install\.iso is an HTML page/],
    ['was cut off', `truncate -s 40000 ${ISO}/install.iso`, /install\.iso is shorter \(40000 bytes\)/],
    ['is empty', `: > ${ISO}/install.iso`, /install\.iso is empty$/],
    ['is a folder', `rm ${ISO}/install.iso; mkdir ${ISO}/install.iso`, /install\.iso is a folder$/],
  ])('whose install image %s: refused before anything is done', async (_, line, words) => {
    await withMedia();
    demanded(await host.sh(line));
    const { exitCode, plan } = await planned(host);
    expect(exitCode).toBe(1);
    expect(plan.refused).toMatchObject([{ object: { name: 'one' }, message: expect.stringMatching(words) }]);
    expect(await apply()).toMatchObject({ exitCode: 1, writes: [] });
    expect(await definitions(host)).toBe('');
    demanded(await host.sh(`rm -rf ${ISO}/install.iso`));
    await withMedia();
    expect(await finished()).toEqual(DONE);
  });

  it.each([
    ['swtpm', hideProgram('swtpm'), /swtpm is not installed/],
    ['OVMF', 'mount -t tmpfs hidden /usr/share/qemu/firmware', /there is no UEFI firmware for VMs \(OVMF\)/],
    ['dnsmasq', hideProgram('dnsmasq'), /dnsmasq is not installed/],
  ])('without %s is refused, with what to install; then it goes on', async (_, line, words) => {
    await withMedia();
    demanded(await host.sh(line));
    const refused = await apply();
    expect(refused).toMatchObject({ exitCode: 1, writes: [] });
    expect(refused.stderr).toMatch(words);
    expect(refused.stderr).toMatch(/apt install/);
    await unhide();
    expect(await finished()).toEqual(DONE);
  });

  it('next to full is refused before anything is done', async () => {
    await withMedia();
    await mount(POOL, 'size=500m');
    const { exitCode, plan } = await planned(host);
    expect(exitCode).toBe(1);
    expect(remarkLines(plan.refused)).toEqual([
      expect.stringMatching(/(?:500|499\.\d) MiB are free for .*, which is too little for any VM/),
    ]);
    expect(await apply()).toMatchObject({ exitCode: 1, writes: [] });
  });

  it.each([1, 2])('that has room for %i files less than are wanted says which volume was not made, and goes on later', async (missing) => {
    await withMedia();
    // One is the folder itself.
    await mount(POOL, `size=2g,nr_inodes=${3 - missing}`);
    const full = await apply();
    expect(full.exitCode).toBe(1);
    expect(full.stderr).toMatch(/✗ create volume (?:one|two): .*(?:No space left on device|cannot create)[^]*left: .*VM one/i);
    demanded(await host.sh(`mount -o remount,nr_inodes=100 ${POOL}`));
    expect(await finished()).toEqual(DONE);
  });

  it.each(['4k', '8k', '12k', '20k', '28k'])('whose state folder has %s of room ends where it is full, and goes on later', async (size) => {
    await withMedia();
    await mount('/var/lib/passcheck', `size=${size}`);
    const full = await apply();
    expect(full.exitCode).toBe(1);
    expect(full.stderr).toMatch(/no space left/i);
    demanded(await host.sh('mount -o remount,size=1m /var/lib/passcheck'));
    expect(await finished()).toEqual(DONE);
    expect(await apply()).toMatchObject({ exitCode: 0, writes: [] });
  });

  it.each([
    ['is read-only', 'ro', /read-only/i],
    ['anybody may write into', 'mode=777', /others may write into \/var\/lib\/passcheck/],
  ])('whose state folder %s: nothing is done', async (_, options, words) => {
    await withMedia();
    await mount('/var/lib/passcheck', options);
    const refused = await apply();
    expect(refused).toMatchObject({ exitCode: expect.any(Number), writes: [] });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toMatch(words);
    expect(await definitions(host)).toBe('');
  });

  it('whose images are on a read-only file system says so, and goes on when it is not', async () => {
    await withMedia();
    await mount(IMAGES, 'size=2g,ro');
    const refused = await apply();
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/✗ create pool lab: .*read-only/i);
    demanded(await host.sh(`mount -o remount,rw ${IMAGES}`));
    expect(await finished()).toEqual(DONE);
  });

  it('that lets a user write neither into the folder of a pool nor to libvirt of the system says so', async () => {
    writeSpec(host, { name: 'lab', connection: 'qemu:///session', pools: { lab: { path: '/root/forbidden' } } });
    demanded(
      await host.sh(`echo 'lab:x:1234:1234::/home/lab:/bin/bash' >> /etc/passwd; echo 'lab:x:1234:' >> /etc/group; mkdir -p /run/lab
      chown 1234:1234 /run/lab; chmod 755 .. . ../bin`),
    );
    const asUser = 'CALLS= HOME=/run/lab setpriv --reuid 1234 --regid 1234 --clear-groups passcheck';
    const denied = await host.sh(`${asUser} apply lab.yaml`);
    expect(denied.exitCode).toBe(1);
    expect(denied.stderr).toMatch(/permission denied/i);
    writeSpec(host, LAB);
    const system = await host.sh(`${asUser} plan lab.yaml`);
    expect(system).toMatchObject({ exitCode: 3, stdout: '' });
    expect(system.stderr).toMatch(/could not look: qemu:\/\/\/system does not answer: .*\nPut this user into the group/);
  });

  it('where somebody put a volume with data uses it as it is, and never deletes it', async () => {
    await withMedia();
    demanded(await host.sh(`mkdir -p ${POOL}; qemu-img create -q -f qcow2 ${POOL}/one.qcow2 128M`));
    await writeData(host, `${POOL}/one.qcow2`, 7);
    const data = await guestData(host);
    expect(await finished()).toEqual(DONE);
    expect((await guestData(host)).split('\n')).toEqual(expect.arrayContaining(data.split('\n')));
    expect(remarkLines((await planned(host)).plan.notes)).toContain(
      `volume one: ${POOL}/one.qcow2 was there before and is used with what it holds; passcheck will not delete it`,
    );
    const refused = await host.passcheck(['destroy', 'lab.yaml', '--yes', '--delete-disks', 'all']);
    expect(refused).toMatchObject({ exitCode: 1, writes: [] });
    expect(refused.stderr).toMatch(/one\.qcow2 is not deleted: passcheck\s+did not make it/);
    demanded(await host.passcheck(['destroy', 'lab.yaml', '--yes']));
    expect((await guestData(host)).split('\n')).toEqual(expect.arrayContaining(data.split('\n')));
  });

  it.each([
    ['is too small', 'qcow2', '1M', /one\.qcow2 was there before and is 1\s+MiB, where 64 MiB are wanted/],
    ['has another format', 'raw', '64M', /one\.qcow2 was there before and is\s+raw, where qcow2 is wanted/],
  ])('where somebody put a volume that %s: it is left as it is', async (_, format, size, words) => {
    await withMedia();
    demanded(await host.sh(`mkdir -p ${POOL}; qemu-img create -q -f ${format} ${POOL}/one.qcow2 ${size}`));
    const data = await guestData(host);
    // What is in a pool shows when it runs.
    const first = await apply();
    const second = await apply();
    expect([first.exitCode, second.exitCode]).toEqual([1, 1]);
    expect(second.stderr).toMatch(words);
    expect(second.writes).toEqual([]);
    expect((await guestData(host)).split('\n')).toEqual(expect.arrayContaining(data.split('\n')));
  });
});
