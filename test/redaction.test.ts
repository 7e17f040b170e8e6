import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../src/config/defaults.ts';
import { type Config, configSchema } from '../src/config/schema.ts';
import { createFactStore } from '../src/engine/fact-store.ts';
import { runChecks } from '../src/engine/run.ts';
import { facts } from '../src/facts/registry.ts';
import { liveHost } from '../src/host/live.ts';
import { memoryHost, type MemoryHost } from '../src/host/memory.ts';
import { openHost } from '../src/host/open.ts';
import { recordingHost } from '../src/host/recorder.ts';
import type { Recording } from '../src/host/recording.ts';
import { writeSnapshot } from '../src/host/snapshot-writer.ts';
import type { HostSource } from '../src/host/source.ts';
import { domainsArgv, listArgv } from '../src/libvirt/virsh.ts';
import { preflightChecks } from '../suites/preflight.ts';

const STILL = { wall: () => 0, monotonic: () => 0 };
const FIXTURES = join(import.meta.dirname, '../fixtures/hosts');

/** What every check says, without the texts, in which names may be. */
async function statuses(host: HostSource, config: Config = DEFAULT_CONFIG): Promise<string[]> {
  const report = await runChecks({
    suite: 'preflight',
    checks: preflightChecks,
    host,
    context: { config },
    version: '0.0.0',
    clock: STILL,
  });
  const counted = report.results.map(({ id, severity, status }) => `${id} ${severity} ${status}`);
  return [report.verdict, ...counted.toSorted()];
}

async function record(source: HostSource, config: Config = DEFAULT_CONFIG): Promise<{ host: HostSource; recording: Recording }> {
  const { host, recording } = recordingHost(source);
  const store = createFactStore({ host, context: { config }, now: () => 0 });
  await Promise.all(Object.values(facts).map((fact) => store.get<unknown>(fact)));
  return { host, recording: recording() };
}

const UUID = 'ec576e85-fa76-44b3-9f37-8def2a6f9c95';
const GPU = '/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0';

/** Jane's machine: names and identifiers stand in everything that decides. */
const GAIA: MemoryHost = {
  files: {
    '/proc/sys/kernel/hostname': 'gaia\n',
    '/proc/cmdline': `root=UUID=${UUID} intel_iommu=on vfio-pci.ids=10de:2684\n`,
    '/proc/self/status': 'Pid:\t77\nUid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t36 1000\n',
    '/proc/self/mounts': `/dev/disk/by-uuid/${UUID} / btrfs rw 0 0\nhugetlbfs /dev/hugepages hugetlbfs rw,pagesize=2M 0 0\n`,
    '/proc/meminfo': 'MemTotal: 33554432 kB\nMemAvailable: 30000000 kB\nHugepagesize: 2048 kB\n',
    '/etc/os-release': 'ID=arch\nNAME="Arch Linux"\n',
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\njane:x:1000:1000:Jane Doe:/home/jane:/bin/zsh\nlibvirt-qemu:x:957:957::/:/bin/false\n',
    '/etc/group': 'root:x:0:\nkvm:x:36:jane\nlibvirt:x:958:jane\njane:x:1000:\n',
    '/etc/libvirt/qemu.conf': 'user = "jane"\ngroup = "kvm"\n',
    '/etc/modprobe.d/vfio.conf': '# by jane on gaia\noptions vfio-pci ids=10de:2684\n',
    [`${GPU}/vendor`]: '0x10de\n',
    [`${GPU}/device`]: '0x2684\n',
    [`${GPU}/class`]: '0x030000\n',
    [`${GPU}/boot_vga`]: '0\n',
    [`${GPU}/reset_method`]: 'bus\n',
    '/home/jane/iso/Win11.iso': 'no image',
  },
  links: {
    '/sys/bus/pci/devices/0000:01:00.0': '../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0',
    [`${GPU}/driver`]: '../../../../bus/pci/drivers/vfio-pci',
    [`${GPU}/iommu_group`]: '../../../../kernel/iommu_groups/12',
    '/sys/kernel/iommu_groups/12/devices/0000:01:00.0': `../../../..${GPU.slice(4)}`,
  },
  folders: ['/sys/class/iommu/dmar0', '/sys/bus/pci/drivers/vfio-pci', '/sys/firmware/efi'],
  stats: {
    '/dev/kvm': { kind: 'character-device', mode: 0o660, gid: 36 },
    '/home/jane': { kind: 'directory', mode: 0o700, uid: 1000, gid: 1000 },
    '/dev/shm/looking-glass': { mode: 0o660, uid: 1000, gid: 36, size: 64 * 1024 * 1024 },
  },
  environment: { HOME: '/home/jane', USER: 'jane' },
  commands: {
    [listArgv('qemu:///system', false).join(' ')]: `\n=\n=${UUID}\n`,
    [(domainsArgv('qemu:///system', false, [UUID])[0] ?? []).join(' ')]:
      `=${UUID}=shut off\n<domain type='kvm'><name>win11</name><uuid>${UUID}</uuid><memory unit='KiB'>8388608</memory><vcpu>4</vcpu><devices><disk type='file' device='cdrom'><source file='/home/jane/iso/Win11.iso'/></disk><hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source></hostdev><shmem name='looking-glass'><model type='ivshmem-plain'/><size unit='M'>64</size></shmem></devices></domain>\n`,
    'getfacl -p -n -- /home/jane': '# file: /home/jane\n# owner: 1000\n# group: 1000\nuser::rwx\ngroup::---\nother::---\n',
  },
};

describe('a snapshot is judged as its host was', () => {
  let folder: string;
  beforeAll(() => (folder = fs.mkdtempSync(join(tmpdir(), 'passcheck-'))));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function afterStoring(recording: Recording, redact: boolean): Promise<HostSource> {
    const out = join(folder, `${redact ? 'redacted' : 'plain'}-${fs.readdirSync(folder).length}`);
    await writeSnapshot(recording, out, { version: '0.0.0', recordedAt: '2026-11-20T09:00:00Z', redact });
    return (await openHost(out)).host;
  }

  it('this machine, with and without redaction', async () => {
    const { host, recording } = await record(liveHost());
    const before = await statuses(host);
    expect(await statuses(await afterStoring(recording, false))).toEqual(before);
    expect(await statuses(await afterStoring(recording, true))).toEqual(before);
  }, 60_000);

  it('a machine where names of people decide', async () => {
    const config = configSchema.parse({
      media: { windows: '/home/jane/iso/Win11.iso', virtio: '/home/jane/virtio-win.iso' },
      vms: ['win11'],
    });
    const { host, recording } = await record(memoryHost(GAIA), config);
    const before = await statuses(host, config);
    const out = join(folder, 'gaia.tar.gz');
    await writeSnapshot(recording, out, { version: '0.0.0', recordedAt: '2026-11-20T09:00:00Z', config });
    const opened = await openHost(out);
    expect(await statuses(opened.host, configSchema.parse(opened.config))).toEqual(before);
    expect([...recording.stats.keys()].join()).toContain('jane');
    const report = await runChecks({
      suite: 'preflight',
      checks: preflightChecks,
      host: opened.host,
      context: { config },
      version: '0.0.0',
      clock: STILL,
    });
    expect(JSON.stringify({ ...report, results: report.results.filter(({ id }) => !id.includes('/media/')) })).not.toMatch(
      /jane|gaia|ec576e85/,
    );
  });

  const names = fs.existsSync(FIXTURES)
    ? fs.readdirSync(FIXTURES).filter((name) => fs.existsSync(join(FIXTURES, name, 'passcheck-snapshot.json')))
    : [];
  it.each(names)('%s', async (name) => {
    const { host } = await openHost(join(FIXTURES, name));
    const before = await statuses(host);
    const { recording } = await record(host);
    expect(await statuses(await afterStoring(recording, false))).toEqual(before);
    expect(await statuses(await afterStoring(recording, true))).toEqual(before);
  });
});
