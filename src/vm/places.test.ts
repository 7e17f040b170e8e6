import { describe, expect, it } from 'vitest';

import { parseXml } from '../domain/xml.ts';
import { libvirtPlaces, nvramPlace, tpmPlace } from './places.ts';

const SYSTEM = { nvram: '/n', swtpm: '/s' };
const NONE = { kind: 'none' };

function nvram(os: string): unknown {
  return nvramPlace(parseXml(`<domain><name>win</name>${os}</domain>`), SYSTEM);
}

function tpm(device: string): unknown {
  return tpmPlace(parseXml(`<domain><devices>${device}</devices></domain>`), 'uuid-1', SYSTEM);
}

describe('where libvirt keeps what is beside the disks', () => {
  it('is in /var/lib for the system and for root, in the configuration folder for others', () => {
    const system = { nvram: '/var/lib/libvirt/qemu/nvram', swtpm: '/var/lib/libvirt/swtpm' };
    const user = { uid: 1000, environment: { HOME: '/home/jane' } };
    expect(libvirtPlaces('qemu:///system', user)).toEqual(system);
    expect(libvirtPlaces('qemu:///session', { uid: 0, environment: { HOME: '/root' } })).toEqual(system);
    expect(libvirtPlaces('qemu:///session', user)?.swtpm).toBe('/home/jane/.config/libvirt/qemu/swtpm');
    const elsewhere = { uid: 1000, environment: { HOME: '/home/jane', XDG_CONFIG_HOME: '/conf' } };
    expect(libvirtPlaces('qemu:///session', elsewhere)?.nvram).toBe('/conf/libvirt/qemu/nvram');
    expect(libvirtPlaces('qemu:///session', { uid: 1000, environment: { HOME: 'jane' } })).toBeNull();
  });

  it('UEFI settings are where the definition says, else under the name of the VM', () => {
    expect(nvram('<os><nvram template="/t"> /var/win.nvram </nvram></os>')).toEqual({ kind: 'at', paths: ['/var/win.nvram'] });
    expect(nvram('<os><nvram type="file"><source file="/var/win.nvram"/></nvram></os>')).toEqual({ kind: 'at', paths: ['/var/win.nvram'] });
    const own = { kind: 'at', paths: ['/n/win_VARS.fd', '/n/win_VARS.qcow2'] };
    expect(nvram('<os firmware="efi"/>')).toEqual(own);
    expect(nvram('<os><loader type="pflash">/code.fd</loader></os>')).toEqual(own);
    expect(nvram('<os><loader type="pflash">/code.fd</loader><nvram template="/t"/></os>')).toEqual(own);
  });

  it('a BIOS and a firmware without a memory have none; on the network they cannot be kept', () => {
    expect(nvram('<os/>')).toEqual(NONE);
    expect(nvram('<os><loader type="rom">/bios.bin</loader></os>')).toEqual(NONE);
    expect(nvram('<os firmware="efi"><loader stateless="yes"/></os>')).toEqual(NONE);
    expect(nvram('<os><nvram type="network"><source/></nvram></os>')).toMatchObject({ kind: 'elsewhere' });
  });

  it('an emulated TPM has a folder by the UUID of its VM; another one cannot be kept', () => {
    expect(tpm('')).toEqual(NONE);
    expect(tpm("<tpm><backend type='emulator' version='2.0'/></tpm>")).toEqual({ kind: 'at', paths: ['/s/uuid-1'] });
    expect(tpm("<tpm><backend type='passthrough'/></tpm>")).toMatchObject({ kind: 'elsewhere' });
    expect(tpm("<tpm><backend type='emulator'><source type='dir' path='/x'/></backend></tpm>")).toMatchObject({ kind: 'elsewhere' });
  });
});
