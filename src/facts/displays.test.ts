import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aPciDevice } from '../../test/facts.ts';
import { valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { ok } from '../host/reading.ts';
import { displayUses } from './display-uses.ts';
import { displays, ownerOfDevicePath, parseLoginSession } from './displays.ts';

// Paths and texts of kernel 6.1 (Debian) in QEMU: two bochs cards, the second one on a root port.
const TWO_CARDS: MemoryHost = {
  links: {
    '/sys/class/drm/card0': '../../devices/pci0000:00/0000:00:02.0/drm/card0',
    '/sys/class/drm/card0-Virtual-1': '../../devices/pci0000:00/0000:00:02.0/drm/card0/card0-Virtual-1',
    '/sys/class/drm/card1': '../../devices/pci0000:00/0000:00:06.0/0000:02:00.0/drm/card1',
    '/sys/class/drm/card1-Virtual-2': '../../devices/pci0000:00/0000:00:06.0/0000:02:00.0/drm/card1/card1-Virtual-2',
    '/sys/class/graphics/fb0': '../../devices/pci0000:00/0000:00:02.0/graphics/fb0',
    '/sys/class/graphics/fb1': '../../devices/pci0000:00/0000:00:06.0/0000:02:00.0/graphics/fb1',
    '/sys/class/graphics/fbcon': '../../devices/virtual/graphics/fbcon',
  },
  files: {
    '/sys/class/drm/version': 'drm 1.1.0 20060810',
    '/sys/devices/pci0000:00/0000:00:02.0/drm/card0/card0-Virtual-1/status': 'connected\n',
    '/sys/devices/pci0000:00/0000:00:02.0/drm/card0/card0-Virtual-1/enabled': 'enabled\n',
    '/sys/devices/pci0000:00/0000:00:06.0/0000:02:00.0/drm/card1/card1-Virtual-2/status': 'connected\n',
    '/sys/devices/pci0000:00/0000:00:06.0/0000:02:00.0/drm/card1/card1-Virtual-2/enabled': 'disabled\n',
    '/sys/devices/pci0000:00/0000:00:02.0/graphics/fb0/name': 'bochs-drmdrmfb\n',
    '/sys/devices/pci0000:00/0000:00:06.0/0000:02:00.0/graphics/fb1/name': 'bochs-drmdrmfb\n',
    '/sys/class/vtconsole/vtcon0/bind': '1\n',
    '/sys/class/vtconsole/vtcon0/name': '(M) frame buffer device\n',
    '/sys/class/vtconsole/vtcon1/bind': '0\n',
    '/sys/class/vtconsole/vtcon1/name': '(M) dummy device\n',
    '/sys/class/tty/console/active': 'ttyS0\n',
    '/proc/iomem': '  fb000000-fbffffff : 0000:00:02.0\n    fb000000-fbffffff : bochs-drm\n',
    '/run/systemd/sessions/2': 'UID=1000\nUSER=ann\nACTIVE=1\nSTATE=active\nTYPE=wayland\nCLASS=user\nSEAT=seat0\n',
    '/run/systemd/sessions/3': 'UID=1000\nUSER=ann\nACTIVE=1\nTYPE=tty\nCLASS=user\n',
  },
};

const boot = aPciDevice({ address: '0000:00:02.0', bootVga: ok(true) });
const card = aPciDevice({ address: '0000:02:00.0' });

describe('displays', () => {
  it('reads cards, connectors, framebuffers, consoles and sessions', async () => {
    const value = await valueOf(displays, TWO_CARDS);
    expect(value).toMatchObject({
      cards: {
        value: [
          {
            name: 'card0',
            device: '0000:00:02.0',
            connectors: [{ name: 'card0-Virtual-1', status: ok('connected'), isEnabled: ok(true) }],
          },
          { name: 'card1', device: '0000:02:00.0', connectors: [{ isEnabled: ok(false) }] },
        ],
      },
      framebuffers: {
        value: [
          { index: 0, name: 'bochs-drmdrmfb', device: '0000:00:02.0' },
          { index: 1, device: '0000:02:00.0' },
        ],
      },
      firmwareFramebuffers: ok([]),
      kernelConsoles: ok(['ttyS0']),
      sessions: ok([{ id: '2', seat: 'seat0', type: 'wayland', isActive: true }]),
    });
    expect(value.consoles).toEqual(
      ok([
        { name: 'vtcon0', kind: 'framebuffer', isBound: ok(true) },
        { name: 'vtcon1', kind: 'dummy', isBound: ok(false) },
      ]),
    );
  });

  it('has nothing on a headless host', async () => {
    expect(await valueOf(displays, { files: { '/proc/iomem': '' } })).toMatchObject({
      cards: ok([]),
      framebuffers: ok([]),
      consoles: ok([]),
      sessions: ok([]),
    });
  });

  it('keeps "not recorded" apart from "none"', async () => {
    expect(await valueOf(displays, { unreadable: { '/sys/class/drm': 'not-recorded' } })).toMatchObject({ cards: { state: 'unreadable' } });
  });
});

describe('displayUses', () => {
  it('finds the console and the enabled connector on the first card', async () => {
    const { uses, unseen } = displayUses(await valueOf(displays, TWO_CARDS), boot);
    expect(uses.map(({ source }) => source)).toEqual(['/sys/class/drm/card0-Virtual-1', '/sys/class/graphics/fb0']);
    expect(unseen).toEqual([]);
  });

  it('does not take a connected monitor on an output that is off for a use', async () => {
    expect(displayUses(await valueOf(displays, TWO_CARDS), card).uses).toEqual([]);
  });

  // The same machine without a display driver: the VGA text console, and with vga=791 a VESA framebuffer without PCI parent.
  it('finds the VGA text console on the boot display', async () => {
    const files = { '/sys/class/vtconsole/vtcon0/bind': '1\n', '/sys/class/vtconsole/vtcon0/name': '(S) VGA+\n', '/proc/iomem': '' };
    const value = await valueOf(displays, { files });
    expect(displayUses(value, boot).uses).toMatchObject([{ kind: 'console', source: '/sys/class/vtconsole/vtcon0' }]);
    expect(displayUses(value, card).uses).toEqual([]);
  });

  it('finds the owner of a firmware framebuffer in /proc/iomem', async () => {
    const value = await valueOf(displays, {
      links: { '/sys/class/graphics/fb0': '../../devices/platform/vesa-framebuffer.0/graphics/fb0' },
      files: {
        '/sys/devices/platform/vesa-framebuffer.0/graphics/fb0/name': 'VESA VGA\n',
        '/sys/class/vtconsole/vtcon1/bind': '1\n',
        '/sys/class/vtconsole/vtcon1/name': '(M) frame buffer device\n',
        '/proc/iomem': '    fd000000-fdffffff : 0000:02:00.0\n      fd000000-fdffffff : vesafb\n',
      },
    });
    expect(displayUses(value, card).uses).toMatchObject([{ kind: 'console', observed: 'VESA VGA, with the text console' }]);
    expect(displayUses(value, boot).uses).toEqual([]);
  });

  it('does not trust nvidia without outputs, except on a card that has none', async () => {
    const value = await valueOf(displays, { files: { '/proc/iomem': '' } });
    const nvidia = aPciDevice({ driver: ok('nvidia') });
    expect(displayUses(value, nvidia).unseen).toMatchObject([{ source: '/sys/class/drm' }]);
    expect(displayUses(value, { ...nvidia, classCode: '030200' }).unseen).toEqual([]);
  });

  it('names what it could not see', async () => {
    const value = await valueOf(displays, { unreadable: { '/sys/class/drm': 'not-recorded' }, files: { '/proc/iomem': '' } });
    expect(displayUses(value, card).unseen).toEqual([{ source: '/sys/class/drm', reason: 'not-recorded' }]);
  });
});

describe('ownerOfDevicePath', () => {
  it('finds the device of a firmware framebuffer below its card (kernel 6.9)', () => {
    expect(ownerOfDevicePath('../../devices/pci0000:00/0000:00:01.0/0000:01:00.0/simple-framebuffer.0/drm/card0')).toBe('0000:01:00.0');
  });

  it('finds none for a card on USB or on the platform bus', () => {
    expect(ownerOfDevicePath('../../devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/drm/card1')).toBeNull();
    expect(ownerOfDevicePath('../../devices/platform/simple-framebuffer.0/drm/card0')).toBeNull();
  });
});

describe('parseLoginSession', () => {
  it('reads any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const session = parseLoginSession('1', text);
        expect(session === null || session.seat !== '').toBe(true);
      }),
    );
  });
});
