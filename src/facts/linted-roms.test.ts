import { describe, expect, it } from 'vitest';

import { aDefinition } from '../../test/domain-rule.ts';
import { aHostdev } from '../../test/host-device.ts';
import { aRomImage } from '../../test/rom.ts';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { createFactStore } from '../engine/fact-store.ts';
import { type MemoryHost, memoryHost } from '../host/memory.ts';
import type { Fact } from './fact.ts';
import { lintedDeviceNeeds } from './linted-device-needs.ts';
import { lintedRoms } from './linted-roms.ts';

function collect<Value>(fact: Fact<Value>, devices: string, host: MemoryHost) {
  const definitions = [{ label: 'win11.xml', text: aDefinition({ gpu: false, devices }) }];
  return createFactStore({ host: memoryHost(host), context: { config: DEFAULT_CONFIG, definitions }, now: () => 0 }).get(fact);
}

describe(lintedRoms.id, () => {
  const devices = ['/vbios/gpu.rom', '/vbios/gpu.rom', '/vbios/none.rom', 'gpu.rom']
    .map((file, part) => aHostdev({ source: `01:00.${part}`, inside: `<rom file='${file}'/>` }))
    .join('');

  it('looks once at each absolute path that is named', async () => {
    const files = { '/vbios/gpu.rom': aRomImage({ isLast: true }) };
    expect(await collect(lintedRoms, devices, { files })).toMatchObject({
      ok: true,
      value: [
        { path: '/vbios/gpu.rom', stat: { state: 'ok' }, rom: { state: 'ok', value: { images: [{ codeType: 3 }] } } },
        { path: '/vbios/none.rom', stat: { state: 'absent' }, rom: { state: 'absent' }, reach: null },
      ],
    });
  });

  it('does not read what is no file', async () => {
    const found = await collect(lintedRoms, aHostdev({ inside: "<rom file='/vbios'/>" }), { files: { '/vbios/gpu.rom': 'x' } });
    expect(found).toMatchObject({ value: [{ stat: { value: { kind: 'directory' } }, rom: { state: 'unreadable' } }] });
  });

  it('looks at nothing where nothing is named', async () => {
    expect(await collect(lintedRoms, aHostdev(), {})).toEqual({ ok: true, value: [] });
  });
});

describe(lintedDeviceNeeds.id, () => {
  it('finds what is mounted from a drive that a definition is given', async () => {
    const host: MemoryHost = {
      files: { '/proc/self/mounts': '/dev/nvme0n1p2 / ext4 rw 0 0\n', '/dev/nvme0n1p2': '' },
      links: { '/sys/class/block/nvme0n1p2': '/sys/devices/pci0000:00/0000:03:00.0/nvme/nvme0/nvme0n1/nvme0n1p2' },
      folders: ['/sys/devices/pci0000:00/0000:03:00.0/nvme/nvme0/nvme0n1/nvme0n1p2'],
    };
    expect(await collect(lintedDeviceNeeds, aHostdev({ source: '03:00.0' }), host)).toMatchObject({
      ok: true,
      value: { others: ['0000:03:00.0'], needs: [{ address: '0000:03:00.0', kind: 'disk', observed: '/dev/nvme0n1p2 is mounted on /' }] },
    });
  });

  it('looks at nothing where nothing is passed, or graphics and sound only', async () => {
    const nothing = { ok: true, value: { others: [], needs: [], unseen: [] } };
    expect(await collect(lintedDeviceNeeds, '', {})).toEqual(nothing);
    const uevent = 'PCI_CLASS=30000\nPCI_ID=10DE:2684\n';
    const host = { files: { '/sys/bus/pci/devices/0000:01:00.0/uevent': uevent } };
    expect(await collect(lintedDeviceNeeds, aHostdev(), host)).toEqual(nothing);
  });
});
