import { mapReading, ok, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { type ClaimedRegion, parseFirmwareFramebuffers } from './io-memory.ts';
import { PCI_ADDRESS } from './pci-devices.ts';
import { readAttribute, readText, valueOrNull } from './read.ts';

/** One output of a graphics card. */
interface DisplayConnector {
  /** `card0-HDMI-A-1` */
  readonly name: string;
  /** `connected`, `disconnected` or `unknown`. */
  readonly status: Reading<string>;
  /** Does the card send a picture to it? A monitor can be connected to an output that is off. */
  readonly isEnabled: Reading<boolean>;
}

/** A card that a display driver of the kernel drives. vfio-pci makes none, and neither does nvidia without modeset its connectors. */
export interface DisplayCard {
  /** `card0` */
  readonly name: string;
  /** PCI address; null for a card that is no PCI device (USB, platform). */
  readonly device: string | null;
  readonly connectors: readonly DisplayConnector[];
}

export interface Framebuffer {
  readonly index: number;
  /** `amdgpudrmfb`, `EFI VGA`, `simpledrmdrmfb` …; null when unreadable. */
  readonly name: string | null;
  /** PCI address; null when /sys does not tell it: framebuffers of the firmware before kernel 6.9. */
  readonly device: string | null;
}

export interface VirtualConsole {
  /** `vtcon0` */
  readonly name: string;
  readonly kind: 'framebuffer' | 'vga' | 'dummy' | 'other';
  readonly isBound: Reading<boolean>;
}

/** A session of systemd-logind. It does not say which card shows it. */
export interface LoginSession {
  readonly id: string;
  /** `x11`, `wayland`, `tty` … */
  readonly type: string;
  readonly seat: string;
  readonly isActive: boolean;
}

/** What shows a picture on this host: cards with their outputs, framebuffers, consoles, sessions. */
export interface Displays {
  readonly cards: Reading<readonly DisplayCard[]>;
  /** By index; the console is on the first one, unless `fbcon=map:` says otherwise. */
  readonly framebuffers: Reading<readonly Framebuffer[]>;
  readonly consoles: Reading<readonly VirtualConsole[]>;
  /** Memory that the firmware's framebuffer or its driver holds, with the PCI device whose window it lies in. */
  readonly firmwareFramebuffers: Reading<readonly ClaimedRegion[]>;
  /** Where the kernel prints: `tty0`, `ttyS0` … */
  readonly kernelConsoles: Reading<readonly string[]>;
  readonly sessions: Reading<readonly LoginSession[]>;
}

const DRM = '/sys/class/drm';
const GRAPHICS = '/sys/class/graphics';
const CONSOLES = '/sys/class/vtconsole';
const SESSIONS = '/run/systemd/sessions';
/** /proc/iomem has a line or two for each PCI function; one with 4 MiB is none. */
const IOMEM_LIMIT = 4 * 1024 * 1024;

export const displays = defineFact({
  id: 'displays',
  collect(host): Displays {
    const drm = names(host, DRM);
    return {
      cards: mapReading(drm, (all) => all.filter((name) => /^card\d+$/.test(name)).map((name) => readCard(host, name, all))),
      framebuffers: mapReading(names(host, GRAPHICS), (all) => readFramebuffers(host, all)),
      consoles: mapReading(names(host, CONSOLES), (all) =>
        all.filter((name) => /^vtcon\d+$/.test(name)).map((name) => readConsole(host, name)),
      ),
      firmwareFramebuffers: mapReading(readText(host, '/proc/iomem', IOMEM_LIMIT), parseFirmwareFramebuffers),
      kernelConsoles: mapReading(readAttribute(host, '/sys/class/tty/console/active'), (text) => text.split(/\s+/).filter(Boolean)),
      sessions: mapReading(names(host, SESSIONS), (all) => all.flatMap((id) => readSession(host, id) ?? [])),
    };
  },
});

/** A class that the kernel does not have has no members. */
function names(host: HostSource, folder: string): Reading<readonly string[]> {
  const listed = host.list(folder);
  return listed.state === 'absent' ? ok([]) : listed;
}

function readCard(host: HostSource, name: string, all: readonly string[]): DisplayCard {
  const connectors = all.filter((entry) => entry.startsWith(`${name}-`));
  return {
    name,
    device: pciOwner(host, `${DRM}/${name}`),
    connectors: connectors.map((connector) => ({
      name: connector,
      status: readAttribute(host, `${DRM}/${connector}/status`),
      isEnabled: mapReading(readAttribute(host, `${DRM}/${connector}/enabled`), (value) => value === 'enabled'),
    })),
  };
}

function readFramebuffers(host: HostSource, all: readonly string[]): Framebuffer[] {
  return all
    .flatMap((entry) => {
      const match = /^fb(\d{1,3})$/.exec(entry);
      return match ? [Number(match[1])] : [];
    })
    .toSorted((a, b) => a - b)
    .map((index) => ({
      index,
      name: valueOrNull(readAttribute(host, `${GRAPHICS}/fb${index}/name`)),
      device: pciOwner(host, `${GRAPHICS}/fb${index}`),
    }));
}

function readConsole(host: HostSource, name: string): VirtualConsole {
  const title = valueOrNull(readAttribute(host, `${CONSOLES}/${name}/name`)) ?? '';
  return {
    name,
    kind: consoleKind(title),
    isBound: mapReading(readAttribute(host, `${CONSOLES}/${name}/bind`), (value) => value === '1'),
  };
}

/** `(M) frame buffer device`, `(S) VGA+`, `(S) dummy device`: drivers/tty/vt/vt.c, drivers/video/console. */
function consoleKind(title: string): VirtualConsole['kind'] {
  if (title.includes('frame buffer')) return 'framebuffer';
  if (title.includes('VGA')) return 'vga';
  return title.includes('dummy') ? 'dummy' : 'other';
}

function pciOwner(host: HostSource, path: string): string | null {
  return ownerOfDevicePath(valueOrNull(host.link(path)) ?? '');
}

/**
 * The PCI device that a class entry belongs to: `…/0000:02:00.0/drm/card1`, and since kernel 6.9 also
 * `…/0000:01:00.0/simple-framebuffer.0/drm/card0`. A card on USB hangs below a PCI device without being it.
 */
export function ownerOfDevicePath(path: string): string | null {
  const parts = path.split('/');
  const at = parts.findLastIndex((part) => PCI_ADDRESS.test(part));
  if (at === -1 || parts.slice(at + 1).some((part) => part.startsWith('usb'))) return null;
  return parts[at] ?? null;
}

function readSession(host: HostSource, id: string): LoginSession | null {
  if (id.endsWith('.ref')) return null;
  const text = valueOrNull(readText(host, `${SESSIONS}/${id}`, 16_384));
  return text === null ? null : parseLoginSession(id, text);
}

/** A file of /run/systemd/sessions: `KEY=value` lines. Null for a session that has no seat, such as one over SSH. */
export function parseLoginSession(id: string, text: string): LoginSession | null {
  const values = new Map(
    text.split('\n').map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]),
  );
  const seat = values.get('SEAT') ?? '';
  if (seat === '') return null;
  return { id, seat, type: values.get('TYPE') ?? '', isActive: values.get('ACTIVE') === '1' };
}
