import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { driverOverrides, parseBindingScript, parseUdevOverrides } from './driver-overrides.ts';

describe('driverOverrides', () => {
  it('reads the overrides of driverctl', async () => {
    const value = await valueOf(driverOverrides, {
      files: {
        '/etc/driverctl.d/pci-0000:01:00.0': 'vfio-pci\n',
        '/etc/driverctl.d/vmbus-1234': 'uio\n',
        '/usr/lib/systemd/system/driverctl@.service': '',
        '/usr/lib/udev/rules.d/05-driverctl.rules': '',
      },
    });
    expect(value).toMatchObject({
      overrides: [{ address: '0000:01:00.0', driver: 'vfio-pci', source: '/etc/driverctl.d/pci-0000:01:00.0' }],
      isDriverctlInstalled: true,
    });
  });

  // One packaging of driverctl put both files into the root folder: overrides are saved and never applied.
  it('sees that the unit of driverctl is not where systemd looks', async () => {
    const value = await valueOf(driverOverrides, {
      files: { '/etc/driverctl.d/pci-0000:01:00.0': 'vfio-pci\n', '/driverctl@.service': '', '/rules.d/05-driverctl.rules': '' },
    });
    expect(value.isDriverctlInstalled).toBe(false);
  });

  it('finds the script that a unit starts', async () => {
    const value = await valueOf(driverOverrides, {
      files: {
        '/etc/systemd/system/bind.service': '[Service]\nType=oneshot\nExecStart=/usr/local/sbin/bind-gpu\n',
        '/usr/local/sbin/bind-gpu': '#!/bin/sh\necho vfio-pci > /sys/bus/pci/devices/0000:01:00.0/driver_override\n',
        '/etc/systemd/system/other.service': '[Service]\nExecStart=/usr/bin/sleep 1\n',
      },
    });
    expect(value.scripts).toEqual([{ source: '/usr/local/sbin/bind-gpu', addresses: ['0000:01:00.0'], picksByBootVga: false }]);
  });

  it('names what it could not read', async () => {
    const value = await valueOf(driverOverrides, { unreadable: { '/etc/driverctl.d': 'denied' } });
    expect(value.unread).toEqual([{ source: '/etc/driverctl.d', reason: 'permission denied' }]);
  });
});

describe('parseUdevOverrides', () => {
  it('reads assignments and not comparisons', () => {
    const rule = 'ACTION=="add", KERNEL=="0000:0A:00.0", SUBSYSTEM=="pci", ATTR{driver_override}="vfio-pci"';
    expect(parseUdevOverrides(`# ${rule}\n${rule}\n`, 'f')).toEqual([{ address: '0000:0a:00.0', driver: 'vfio-pci', source: 'f' }]);
    expect(parseUdevOverrides(rule.replace('}=', '}=='), 'f')).toEqual([]);
  });
});

describe('parseBindingScript', () => {
  it('reads the script that many guides hand on', () => {
    const script = [
      '#!/bin/sh',
      'for i in /sys/bus/pci/devices/*/boot_vga; do',
      '  if [ $(cat "$i") -eq 0 ]; then',
      '    echo "vfio-pci" > "$(dirname "$i")/driver_override"',
      '  fi',
      'done',
      'modprobe -i vfio-pci',
    ].join('\n');
    expect(parseBindingScript(script, 's')).toEqual({ source: 's', addresses: [], picksByBootVga: true });
  });

  it('knows the short and the libvirt form of an address', () => {
    expect(parseBindingScript('virsh nodedev-detach pci_0000_01_00_1\ndriverctl set-override 02:00.0 vfio-pci', 's')?.addresses).toEqual([
      '0000:01:00.1',
      '0000:02:00.0',
    ]);
  });

  it('ignores comments and other scripts', () => {
    expect(parseBindingScript('# echo vfio-pci > driver_override\necho hello', 's')).toBeNull();
  });

  it('reads any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Array.isArray(parseUdevOverrides(text, 's'))).toBe(true);
        parseBindingScript(`driverctl ${text}`, 's');
      }),
    );
  });
});
