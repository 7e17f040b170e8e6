import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import type { Spec } from '../spec/model.ts';
import { parseSpec } from '../spec/parse.ts';
import { hasGpu, TEMPLATES, withGpu } from './template.ts';

function textOf(name: string): string {
  return TEMPLATES.find((template) => template.name === name)?.text ?? '';
}

function specOf(name: string): Spec {
  const parsed = parseSpec(textOf(name));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

describe('a spec that comes with passcheck', () => {
  it('is every YAML file of the folder', () => {
    const files = readdirSync(fileURLToPath(new URL('.', import.meta.url))).filter((name) => name.endsWith('.yaml'));
    expect(TEMPLATES.map(({ name }) => `${name}.yaml`).toSorted()).toEqual(files.toSorted());
  });

  it.each(TEMPLATES)('$name is right, is named after itself, and says what to do next', ({ name, summary, text }) => {
    expect(parseSpec(text)).toMatchObject({ ok: true, value: { name } });
    expect(summary.length).toBeGreaterThan(20);
    expect(`  ${name.padEnd(12)}${summary}`.length).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^# +passcheck plan \S+\.yaml .*\n# +passcheck apply \S+\.yaml /m);
    expect(text).toContain('docs/spec.md');
  });
});

describe('homelab', () => {
  const spec = specOf('homelab');

  it('has the networks, the pool and the volumes of the document', () => {
    expect(spec.networks).toMatchObject({
      'lab-net': {
        forward: 'nat',
        bridge: 'virbr56',
        address: '192.168.56.1/24',
        dhcp: { start: '192.168.56.100', end: '192.168.56.200' },
      },
      default: { forward: 'nat', bridge: 'virbr0', address: '192.168.122.1/24', dhcp: { start: '192.168.122.2', end: '192.168.122.254' } },
    });
    expect(spec.pools).toEqual({ homelab: { path: '/var/lib/libvirt/images/homelab', autostart: true } });
    expect(Object.entries(spec.volumes).map(([name, { size, format }]) => `${name}.${format} ${size}`)).toEqual([
      'dc01.qcow2 60 GiB',
      'sccm01.qcow2 100 GiB',
      'client01.qcow2 60 GiB',
      'client02.qcow2 60 GiB',
    ]);
  });

  it.each([
    ['DC01', '192.168.56.10', 'server'],
    ['SCCM01', '192.168.56.11', 'server'],
    ['CLIENT01', '192.168.56.21', 'client'],
    ['CLIENT02', '192.168.56.22', 'client'],
  ])('%s has two NICs, UEFI, a TPM, its own disk and images', (name, address, image) => {
    const file = name.toLowerCase();
    expect(spec.vms[name]).toMatchObject({
      os: image === 'server' ? 'windows-server-2022' : 'windows-11',
      firmware: 'uefi',
      secureBoot: true,
      tpm: true,
      nvram: `/var/lib/libvirt/qemu/nvram/${file}.nvram`,
      disks: [{ volume: file, bus: 'virtio' }],
      media: [image, 'virtio'],
      nics: [{ network: 'lab-net', address }, { network: 'default' }],
      hostname: name,
      autostart: false,
    });
  });
});

describe('win11-vfio', () => {
  it('has a counterpart of each option of the NixOS module, and names it', () => {
    const text = textOf('win11-vfio');
    for (const option of ['gpuDeviceIds', 'gpuDevices', 'winIsoPath', 'virtioIsoPath', 'diskPath', 'spice.enable', 'attachInstallMedia'])
      expect(text).toContain(`win11Vfio.${option}: `);
    expect(specOf('win11-vfio')).toMatchObject({
      media: { windows: '/var/lib/libvirt/iso/Win11.iso', virtio: '/var/lib/libvirt/iso/virtio-win.iso' },
      volumes: { win11: { file: 'win11.qcow2' } },
      vms: { win11: { secureBoot: true, tpm: true, spice: true, attachInstallMedia: true, media: ['windows', 'virtio'] } },
    });
  });
});

it('phase-0 has what the guide asks for', () => {
  expect(specOf('phase-0').volumes).toMatchObject({ win11: { size: '100 GiB', format: 'qcow2' } });
  expect(specOf('phase-0').vms['win11']).toMatchObject({
    os: 'windows-11',
    memory: '16 GiB',
    hugepages: true,
    vcpus: 8,
    pins: 'auto',
    firmware: 'uefi',
    tpm: true,
    disks: [{ volume: 'win11', bus: 'virtio' }],
    gpu: { devices: ['0000:01:00.0', '0000:01:00.1'] },
    lookingGlass: { resolution: '2560x1440' },
  });
});

it('a GPU takes the place of the example, and nothing else changes', () => {
  expect(TEMPLATES.filter(hasGpu).map(({ name }) => name)).toEqual(['win11-vfio', 'phase-0']);
  for (const template of TEMPLATES.filter(hasGpu)) {
    const text = withGpu(template, [{ address: '0000:0a:00.0', id: '1002:73bf' }]);
    const parsed = parseSpec(text);
    expect(parsed).toMatchObject({ value: { vms: { win11: { gpu: { devices: ['0000:0a:00.0'], ids: ['1002:73bf'] } } } } });
    const changed = template.text.split('\n').filter((line, index) => line !== text.split('\n')[index]);
    expect(changed.map((line) => line.trim().split(' ')[0])).toEqual(['#', 'devices:', 'ids:']);
  }
});
