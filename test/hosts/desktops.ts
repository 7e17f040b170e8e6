import type { MemoryHost } from '../../src/host/memory.ts';
import type { Screen } from './displays.ts';
import { ARCH, DEBIAN_12 } from './distributions.ts';
import { machine, type Machine } from './machine.ts';
import type { PciFunction } from './pci.ts';

const PORT = { class: '060400', driver: 'pcieport', acs: [0x5f, 0x1d] } as const;
const IDLE = ['2.5', 16, '16.0', 16] as const;

/** What differs between two states of a machine; the rest of it stays. */
export type Given = Partial<Omit<Machine, 'pci' | 'cpu' | 'kernel'>> & { readonly loaded?: readonly string[] };

export interface Ryzen {
  /** Who holds graphics and audio of the RTX 4090. */
  readonly card: readonly [graphics: string, audio: string];
  readonly isBoot?: boolean;
  readonly hasGraphics?: boolean;
}

/** Ryzen 7950X3D on X670E, an RTX 4090 in the slot of the CPU, the processor's own graphics at 12:00.0; Arch Linux. */
export function ryzen7950x3d({ card: [graphics, audio], isBoot = false, hasGraphics = true }: Ryzen, given: Given = {}): MemoryHost {
  const integrated: PciFunction[] = [
    { ...PORT, address: '0000:00:08.1', id: '1022:14dd', group: 5 },
    { address: '0000:12:00.0', id: '1002:164e', class: '030000', driver: 'amdgpu', group: 22, behind: '0000:00:08.1', bootVga: !isBoot },
    { address: '0000:12:00.1', id: '1002:1640', class: '040300', driver: 'snd_hda_intel', group: 23, behind: '0000:00:08.1' },
    { address: '0000:12:00.2', id: '1022:1649', class: '108000', driver: 'ccp', group: 24, behind: '0000:00:08.1' },
    { address: '0000:12:00.3', id: '1022:15b6', class: '0c0330', driver: 'xhci_hcd', group: 25, behind: '0000:00:08.1' },
  ];
  const behind = '0000:00:01.1';
  return build(given, {
    cpu: 'amd',
    pci: [
      { address: '0000:00:00.2', id: '1022:14d9', class: '080600', express: null },
      { ...PORT, address: behind, id: '1022:14db', group: 1, link: ['2.5', 16, '32.0', 16] },
      {
        address: '0000:01:00.0',
        id: '10de:2684',
        class: '030000',
        driver: graphics,
        group: 14,
        behind,
        bootVga: isBoot,
        reset: 'flr bus',
        link: IDLE,
      },
      { address: '0000:01:00.1', id: '10de:22ba', class: '040300', driver: audio, group: 14, behind, link: IDLE },
      ...(hasGraphics ? integrated : []),
    ],
  });
}

/** The monitor of {@link ryzen7950x3d} on the board, or on the card. */
export const ON_BOARD: readonly Screen[] = [{ on: '0000:12:00.0', lit: ['DP-1'], dark: ['HDMI-A-1'], framebuffer: 'amdgpudrmfb' }];
export const ON_BOARD_NVIDIA_DARK: readonly Screen[] = [...ON_BOARD, { on: '0000:01:00.0', dark: ['DP-4', 'HDMI-A-2'] }];
export const ON_CARD: readonly Screen[] = [{ on: '0000:01:00.0', lit: ['DP-4'], dark: ['HDMI-A-2'], framebuffer: 'nvidia-drmdrmfb' }];

/** Ryzen on X570 without graphics of its own: a GT 710 for the host, and an RX 6800 behind its own switch, each function in a group. */
export function radeon6800(drivers: readonly [string, string, string, string], given: Given = {}): MemoryHost {
  const [graphics, audio, usb, usbC] = drivers;
  const behind = '0000:0b:00.0';
  const link = ['16.0', 16, '16.0', 16] as const;
  return build(given, {
    cpu: 'amd',
    pci: [
      ...hostCard('0000:00:01.1'),
      { ...PORT, address: '0000:00:03.1', id: '1022:1483', group: 8, link },
      { ...PORT, address: '0000:0a:00.0', id: '1002:1478', group: 25, behind: '0000:00:03.1', express: 5, link },
      { ...PORT, address: behind, id: '1002:1479', group: 26, behind: '0000:0a:00.0', express: 6, link },
      { address: '0000:0c:00.0', id: '1002:73bf', class: '030000', driver: graphics, group: 27, behind, reset: 'bus', link },
      { address: '0000:0c:00.1', id: '1002:ab28', class: '040300', driver: audio, group: 28, behind, link },
      { address: '0000:0c:00.2', id: '1002:73a6', class: '0c0330', driver: usb, group: 29, behind, link },
      { address: '0000:0c:00.3', id: '1002:73a4', class: '0c8000', driver: usbC, group: 30, behind, link },
    ],
    screens: [{ on: '0000:07:00.0', lit: ['HDMI-A-1'], framebuffer: 'nouveaudrmfb' }],
  });
}

/** A B550 board: GTX 1050 Ti and an NVMe drive behind downstream ports of the chipset, which have no ACS; Debian 12, all bound. */
export function b550(given: Given = {}): MemoryHost {
  const bindsEarly = DEBIAN_12.bindsEarly('10de:1c82,10de:0fb9');
  const chipset = { class: '060400', driver: 'pcieport', group: 15 } as const;
  return machine({
    kernel: { ...DEBIAN_12.kernel, log: given.user === 'ordinary' ? null : [] },
    cpu: 'amd',
    pci: [
      ...hostCard('0000:00:03.1'),
      { ...PORT, address: '0000:00:01.2', id: '1022:1483', group: 2 },
      { ...chipset, address: '0000:01:00.0', id: '1022:43e9', behind: '0000:00:01.2', express: 5 },
      { ...chipset, address: '0000:02:04.0', id: '1022:43ea', behind: '0000:01:00.0', express: 6, link: ['8.0', 4, '8.0', 4] },
      { ...chipset, address: '0000:02:05.0', id: '1022:43ea', behind: '0000:01:00.0', express: 6 },
      { address: '0000:03:00.0', id: '144d:a808', class: '010802', driver: 'nvme', group: 15, behind: '0000:02:05.0', reset: 'flr bus' },
      { address: '0000:04:00.0', id: '10de:1c82', class: '030000', driver: 'vfio-pci', group: 15, behind: '0000:02:04.0', reset: 'bus' },
      { address: '0000:04:00.1', id: '10de:0fb9', class: '040300', driver: 'vfio-pci', group: 15, behind: '0000:02:04.0' },
    ],
    screens: [{ on: '0000:07:00.0', lit: ['HDMI-A-1'], framebuffer: 'nouveaudrmfb' }],
    own: { ...bindsEarly, files: { ...DEBIAN_12.files, ...bindsEarly.files } },
    ...given,
  });
}

/** A GT 710 that shows the host. */
function hostCard(behind: string): PciFunction[] {
  return [
    { ...PORT, address: behind, id: '1022:1483', group: 1 },
    { address: '0000:07:00.0', id: '10de:128b', class: '030000', driver: 'nouveau', group: 20, behind, bootVga: true, reset: 'bus' },
    { address: '0000:07:00.1', id: '10de:0e0f', class: '040300', driver: 'snd_hda_intel', group: 20, behind },
  ];
}

function build({ own = {}, loaded, ...given }: Given, hardware: Pick<Machine, 'cpu' | 'pci' | 'screens'>): MemoryHost {
  return machine({
    kernel: { ...ARCH.kernel, log: given.user === 'ordinary' ? null : [], ...(loaded === undefined ? {} : { loaded }) },
    ...hardware,
    ...given,
    own: { ...own, files: { ...ARCH.files, ...own.files } },
  });
}
