import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { firmwareBuild, isPackagedFirmware } from './firmware-build.ts';

describe('firmwareBuild', () => {
  it.each([
    ['/usr/share/OVMF/OVMF_CODE.fd', { part: 'code', size: null, needsSmm: false, hasSecureBoot: false, format: 'raw' }],
    ['/usr/share/OVMF/OVMF_CODE_4M.fd', { part: 'code', size: '4M', needsSmm: false, hasSecureBoot: false }],
    ['/usr/share/OVMF/OVMF_CODE_4M.ms.fd', { part: 'code', size: '4M', needsSmm: true, hasSecureBoot: true }],
    ['/usr/share/OVMF/OVMF_VARS_4M.ms.fd', { part: 'vars', size: '4M' }],
    ['/usr/share/edk2/ovmf/OVMF_CODE_4M.secboot.qcow2', { part: 'code', size: '4M', needsSmm: true, format: 'qcow2' }],
    ['/usr/share/edk2/x64/OVMF_CODE.secboot.4m.fd', { part: 'code', size: '4M', needsSmm: true }],
    ['/usr/share/edk2/x64/OVMF_VARS.4m.fd', { part: 'vars', size: '4M', needsSmm: false }],
    ['/usr/share/qemu/ovmf-x86_64-smm-ms-code.bin', { part: 'code', needsSmm: true, hasSecureBoot: true }],
    ['/usr/share/qemu/ovmf-x86_64-ms-4m-code.bin', { part: 'code', size: '4M', needsSmm: false, hasSecureBoot: true }],
    ['/run/libvirt/nix-ovmf/edk2-x86_64-secure-code.fd', { part: 'code', size: null, needsSmm: true }],
    ['/usr/share/ovmf/OVMF.fd', { part: null, size: null, needsSmm: false }],
    ['/home/me/OVMF.raw', { format: 'raw' }],
    ['', { part: null, size: null, format: null }],
  ])('reads %s', (path, build) => {
    expect(firmwareBuild(path)).toMatchObject(build);
  });

  it('says something of any path', () => {
    fc.assert(fc.property(fc.string(), (path) => typeof firmwareBuild(path).needsSmm === 'boolean'));
  });
});

describe('isPackagedFirmware', () => {
  it('tells what a package brings from a copy', () => {
    expect(isPackagedFirmware('/usr/share/OVMF/OVMF_CODE_4M.fd')).toBe(true);
    expect(isPackagedFirmware('/run/libvirt/nix-ovmf/OVMF_CODE.fd')).toBe(true);
    expect(isPackagedFirmware('/var/lib/libvirt/qemu/nvram/OVMF.fd')).toBe(false);
  });
});
