import type { MemoryHost } from '../../src/host/memory.ts';
import { DEBIAN_12, PROXMOX_8, UBUNTU_24 } from './distributions.ts';
import { domainXml } from './libvirt.ts';
import { machine } from './machine.ts';
import type { PciFunction } from './pci.ts';

const PORT = { class: '060400', driver: 'pcieport', acs: [0x5f, 0x1d] } as const;
const IDLE = ['2.5', 16, '16.0', 16] as const;

/** An EPYC board with the display of its ASPEED controller and two RTX 3090, both bound; Proxmox VE. */
export function epycTwoCards(): MemoryHost {
  const card = (bus: string, behind: string, group: number): PciFunction[] => [
    { address: `0000:${bus}:00.0`, id: '10de:2204', class: '030000', driver: 'vfio-pci', group, behind, reset: 'bus', link: IDLE },
    { address: `0000:${bus}:00.1`, id: '10de:1aef', class: '040300', driver: 'vfio-pci', group, behind, link: IDLE },
  ];
  const { commands, files } = PROXMOX_8.bindsEarly('10de:2204,10de:1aef');
  return machine({
    kernel: PROXMOX_8.kernel,
    cpu: 'amd',
    domains: null,
    pci: [
      { ...PORT, address: '0000:20:03.1', id: '1022:1483', group: 30, link: IDLE },
      { ...PORT, address: '0000:40:03.1', id: '1022:1483', group: 50, link: IDLE },
      ...card('21', '0000:20:03.1', 31),
      ...card('41', '0000:40:03.1', 51),
      { address: '0000:c5:00.0', id: '1a03:1150', class: '060400', group: 70, express: 7 },
      {
        address: '0000:c6:00.0',
        id: '1a03:2000',
        class: '030000',
        driver: 'ast',
        group: 70,
        behind: '0000:c5:00.0',
        bootVga: true,
        express: null,
      },
    ],
    screens: [{ on: '0000:c6:00.0', dark: ['VGA-1'] }],
    own: { files: { ...PROXMOX_8.files, ...files }, ...(commands === undefined ? {} : { commands }) },
  });
}

/** A server without any display: an L40S (class 0x0302) that NVIDIA's driver divided into four virtual functions. */
export function dividedL40s(assigned: string): MemoryHost {
  const behind = '0000:80:01.1';
  return machine({
    kernel: { ...UBUNTU_24.kernel, loaded: ['nvidia'] },
    cpu: 'amd',
    domains: { work: domainXml('work', [assigned]) },
    pci: [
      { ...PORT, address: behind, id: '1022:14ab', group: 60, link: ['16.0', 16, '32.0', 16] },
      {
        address: '0000:81:00.0',
        id: '10de:26b9',
        class: '030200',
        driver: 'nvidia',
        group: 61,
        behind,
        reset: 'flr bus',
        link: ['16.0', 16, '16.0', 16],
        totalVfs: 32,
        numVfs: 4,
      },
      {
        address: '0000:81:00.4',
        id: '10de:26b9',
        class: '030200',
        driver: 'nvidia',
        group: 62,
        behind,
        reset: 'flr',
        physicalFunction: '0000:81:00.0',
      },
    ],
    own: { files: UBUNTU_24.files },
  });
}

/** A virtual machine of a cloud, as an ordinary user sees it: virtio-gpu, no IOMMU, no nested virtualisation; Debian 12. */
export function cloudMachine(): MemoryHost {
  return machine({
    kernel: { ...DEBIAN_12.kernel, loaded: [], log: null },
    cpu: 'intel',
    iommu: 'no-table',
    isVirtual: true,
    user: 'ordinary',
    domains: null,
    pci: [
      { address: '0000:00:00.0', id: '8086:29c0', class: '060000', express: null },
      { address: '0000:00:01.0', id: '1af4:1050', class: '030000', driver: 'virtio-pci', bootVga: true, express: null },
      { address: '0000:01:00.0', id: '1af4:1041', class: '020000', driver: 'virtio-pci', express: null },
    ],
    screens: [{ on: '0000:00:01.0', lit: ['Virtual-1'], framebuffer: 'virtio_gpudrmfb' }],
    own: { files: { ...DEBIAN_12.files, '/sys/class/dmi/id/sys_vendor': 'QEMU\n' } },
  });
}

/** A notebook with Intel graphics and an RTX 3050 without outputs (class 0x0302), which libvirt takes from nvidia; Ubuntu 24.04. */
export function optimusNotebook(): MemoryHost {
  const behind = '0000:00:01.0';
  const link = ['2.5', 8, '16.0', 16] as const;
  return machine({
    kernel: { ...UBUNTU_24.kernel, loaded: ['nvidia'] },
    cpu: 'intel',
    domains: { win11: domainXml('win11', ['0000:01:00.0', '0000:01:00.1']) },
    pci: [
      { ...PORT, address: behind, id: '8086:460d', group: 1, link: ['2.5', 8, '32.0', 16] },
      { address: '0000:00:02.0', id: '8086:46a6', class: '030000', driver: 'i915', group: 0, bootVga: true, express: 9 },
      { address: '0000:01:00.0', id: '10de:25a2', class: '030200', driver: 'nvidia', group: 16, behind, reset: 'flr bus', link },
      { address: '0000:01:00.1', id: '10de:2291', class: '040300', driver: 'snd_hda_intel', group: 16, behind, link },
    ],
    screens: [{ on: '0000:00:02.0', lit: ['eDP-1'], framebuffer: 'i915drmfb' }],
    own: { files: { ...UBUNTU_24.files, '/sys/class/dmi/id/chassis_type': '10\n' } },
  });
}
