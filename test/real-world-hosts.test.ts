import { describe, expect, it } from 'vitest';

import type { MemoryHost } from '../src/host/memory.ts';
import type { Report } from '../src/report/model.ts';
import { checks } from '../suites/registry.ts';
import { b550, ON_BOARD, ON_BOARD_NVIDIA_DARK, ON_CARD, radeon6800, ryzen7950x3d } from './hosts/desktops.ts';
import { ARCH } from './hosts/distributions.ts';
import { domainXml } from './hosts/libvirt.ts';
import { cloudMachine, dividedL40s, epycTwoCards, optimusNotebook } from './hosts/servers.ts';
import { judge } from './judge.ts';

// Whole machines as their owners have them (synthetic, modelled on public reports): what the device side of preflight says of each.

const ROOMS = ['cpu', 'gpu', 'iommu', 'kernel', 'kvm', 'vfio'];
const deviceChecks = checks.filter(({ id }) => ROOMS.some((room) => id.startsWith(`preflight/${room}/`)));

function decisive({ results }: Report, status: string): string[] {
  const found = results.filter((result) => result.status === status && ['blocker', 'major'].includes(result.severity));
  return [...new Set(found.map(({ id, severity }) => `${severity} ${id.slice('preflight/'.length)}`))].toSorted();
}

async function judged(host: MemoryHost) {
  const report = await judge(deviceChecks, host);
  const fixes = JSON.stringify(report.results.map(({ remedy }) => remedy));
  const message = (id: string) =>
    report.results.filter((result) => result.id === id && result.status !== 'pass').map((result) => result.message);
  return { verdict: report.verdict, failing: decisive(report, 'fail'), unknown: decisive(report, 'error'), fixes, message };
}

const BOUND = ['vfio-pci', 'vfio-pci'] as const;
const HELD = ['nvidia', 'snd_hda_intel'] as const;
const NVIDIA = ['nvidia', 'nvidia_drm'];
const WIN11 = { win11: domainXml('win11', ['0000:01:00.0', '0000:01:00.1']) };

describe('a Ryzen 7950X3D with an RTX 4090 on Arch', () => {
  it('is ready when vfio-pci comes first from the initramfs', async () => {
    const own = ARCH.bindsEarly('10de:2684,10de:22ba');
    expect(await judged(ryzen7950x3d({ card: BOUND }, { screens: ON_BOARD, own }))).toMatchObject({
      verdict: 'GO',
      failing: [],
      unknown: [],
    });
  });

  it('is ready for an ordinary user too, who sees neither the kernel log nor the image', async () => {
    const { files = {} } = ARCH.bindsEarly('10de:2684,10de:22ba');
    const commands = { 'lsinitcpio /boot/initramfs-linux.img': { exitCode: 1, stdout: '', stderr: 'Permission denied' } };
    const host = ryzen7950x3d({ card: BOUND }, { screens: ON_BOARD, own: { files, commands }, user: 'ordinary' });
    expect(await judged(host)).toMatchObject({
      verdict: 'GO',
      failing: [],
      unknown: ['major vfio/early-binding', 'major vfio/kernel-log'],
    });
  });

  it('needs one fix before any configuration, with the desktop on the board', async () => {
    const host = ryzen7950x3d({ card: HELD }, { screens: ON_BOARD_NVIDIA_DARK, loaded: NVIDIA });
    const { fixes, ...result } = await judged(host);
    expect(result).toMatchObject({ verdict: 'NO-GO', failing: ['blocker vfio/driver-bound', 'major vfio/early-binding'] });
    expect(fixes).toContain('options vfio-pci ids=10de:2684,10de:22ba');
    expect(fixes).toContain('put vfio_pci vfio vfio_iommu_type1 first in MODULES=( )');
  });

  it('means the card when that shows the desktop, never the idle graphics of the processor', async () => {
    const dark = { on: '0000:12:00.0', dark: ['DP-1'], framebuffer: 'amdgpudrmfb' };
    const host = ryzen7950x3d({ card: HELD, isBoot: true }, { screens: [...ON_CARD, dark], loaded: NVIDIA });
    const { fixes, message, ...result } = await judged(host);
    expect(result).toMatchObject({
      verdict: 'NO-GO',
      failing: ['blocker gpu/not-host-display', 'blocker vfio/driver-bound', 'major vfio/early-binding'],
    });
    expect(message('preflight/gpu/not-host-display')).toEqual(["nvidia shows the host's picture on 0000:01:00.0"]);
    expect(fixes).not.toContain('1002:164e');
  });

  it('starts where libvirt takes the idle card from nvidia', async () => {
    const host = ryzen7950x3d({ card: HELD }, { screens: ON_BOARD_NVIDIA_DARK, loaded: NVIDIA, domains: WIN11 });
    const { message, ...result } = await judged(host);
    expect(result).toMatchObject({ verdict: 'GO', failing: ['major vfio/driver-bound'], unknown: [] });
    expect(message('preflight/vfio/driver-bound')).toEqual([
      '0000:01:00.0 (graphics) is held by nvidia until libvirt takes it when the virtual machine starts',
      '0000:01:00.1 (audio) is held by snd_hda_intel until libvirt takes it when the virtual machine starts',
    ]);
  });
});

describe('a host whose only GPU is the one that goes', () => {
  const single = { card: HELD, isBoot: true, hasGraphics: false };

  it('starts with a libvirt hook, and nobody is told to bind the card at boot', async () => {
    const own = { files: { '/etc/libvirt/hooks/qemu': '#!/bin/bash\n' }, stats: { '/etc/libvirt/hooks/qemu': { mode: 0o755 } } };
    const { fixes, ...result } = await judged(ryzen7950x3d(single, { screens: ON_CARD, loaded: NVIDIA, domains: WIN11, own }));
    expect(result).toMatchObject({ verdict: 'GO', failing: ['major gpu/not-host-display'] });
    expect(fixes).not.toContain('vfio.conf');
  });

  it('has one blocker without', async () => {
    const { fixes, ...result } = await judged(ryzen7950x3d(single, { screens: ON_CARD, loaded: NVIDIA }));
    expect(result).toMatchObject({ verdict: 'NO-GO', failing: ['blocker gpu/not-host-display'] });
    expect(fixes).not.toContain('vfio.conf');
  });
});

describe('an RX 6800, whose four functions sit in groups of their own', () => {
  const four = ['0000:0c:00.0', '0000:0c:00.1', '0000:0c:00.2', '0000:0c:00.3'];
  const own = ARCH.bindsEarly('1002:73bf,1002:ab28,1002:73a6,1002:73a4');

  it('is ready with all of them', async () => {
    const host = radeon6800(['vfio-pci', 'vfio-pci', 'vfio-pci', 'vfio-pci'], { domains: { win11: domainXml('win11', four) }, own });
    expect(await judged(host)).toMatchObject({ verdict: 'GO', failing: [], unknown: [] });
  });

  it('starts with graphics and audio alone, which one finding warns of', async () => {
    const domains = { win11: domainXml('win11', four.slice(0, 2)) };
    const half = { domains, own: ARCH.bindsEarly('1002:73bf,1002:ab28') };
    const host = radeon6800(['vfio-pci', 'vfio-pci', 'xhci_hcd', 'i2c-designware-pci'], half);
    const { message, ...result } = await judged(host);
    expect(result).toMatchObject({ verdict: 'GO', failing: ['major gpu/all-functions'], unknown: [] });
    expect(message('preflight/gpu/reset')[0]).toContain('once 0000:0c:00.2, 0000:0c:00.3 go with it');
  });
});

describe('a card behind the chipset of a B550 board', () => {
  it('shares its group with the drive, because the ports have no ACS', async () => {
    const { message, ...result } = await judged(b550());
    expect(result).toMatchObject({ verdict: 'NO-GO', failing: ['blocker iommu/group-isolated'] });
    expect(message('preflight/iommu/group-isolated')).toEqual([
      'IOMMU group 15 also holds 0000:03:00.0 (nvme); 0000:02:04.0 is a downstream port of a switch without Access Control Services',
    ]);
  });

  it('does so for an ordinary user, who does not see why', async () => {
    const result = await judged(b550({ user: 'ordinary' }));
    expect(result).toMatchObject({ verdict: 'NO-GO', failing: ['blocker iommu/group-isolated'] });
    expect(result.fixes).toContain('sudo passcheck');
  });
});

describe('servers and notebooks', () => {
  it('takes both of two identical cards on vfio-pci, beside the display of the management controller', async () => {
    const result = await judged(epycTwoCards());
    expect(result).toMatchObject({ verdict: 'GO', failing: [], unknown: [] });
    expect(result.message('preflight/gpu/host-keeps-display')).toEqual([]);
  });

  it('refuses a compute card that is divided, and starts with one of its parts', async () => {
    const { message, ...whole } = await judged(dividedL40s('0000:81:00.0'));
    expect(whole).toMatchObject({ verdict: 'NO-GO', failing: ['blocker vfio/driver-bound'] });
    expect(message('preflight/vfio/driver-bound')).toEqual([
      '0000:81:00.0 has 4 virtual functions, and vfio-pci refuses a device that is divided',
    ]);
    expect(await judged(dividedL40s('0000:81:00.4'))).toMatchObject({ verdict: 'GO', failing: ['major vfio/driver-bound'], unknown: [] });
  });

  it('starts where libvirt takes the card without outputs of a notebook, whose lanes nobody can change', async () => {
    const { message, ...result } = await judged(optimusNotebook());
    expect(result).toMatchObject({ verdict: 'GO', failing: ['major vfio/driver-bound'], unknown: [] });
    expect(message('preflight/gpu/link')).toEqual([]);
  });

  it('says of a virtual machine of a cloud what it lacks, and takes its emulated display for no GPU', async () => {
    expect(await judged(cloudMachine())).toMatchObject({
      verdict: 'NO-GO',
      failing: [
        'blocker cpu/virtualization',
        'blocker gpu/selected',
        'blocker iommu/enabled',
        'blocker iommu/firmware-table',
        'blocker kvm/device',
      ],
    });
  });
});
