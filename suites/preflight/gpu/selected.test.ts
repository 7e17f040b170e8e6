import { describe, expect, it } from 'vitest';

import { aGpu, aPassthrough, aPciDevice } from '../../../test/facts.ts';
import { ABSENT, ok } from '../../../src/host/reading.ts';
import check from './selected.ts';

const gpu = aPciDevice({ driver: ABSENT });
const other = aPciDevice({ address: '0000:02:00.0', driver: ok('nvidia') });
const inferred = aPassthrough([aGpu([gpu], { reasons: ['the only display device that is not the boot display'] })], {
  basis: 'only-candidate',
});

describe(check.id, () => {
  it('passes with the GPU on vfio-pci, and says why it is meant', () => {
    expect(check.evaluate({ passthrough: aPassthrough(), pciDevices: [aPciDevice()] })).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0', observed: 'graphics 10de:2684, driver vfio-pci: bound to vfio-pci' }],
    });
  });

  it('says that it inferred the GPU', () => {
    expect(check.evaluate({ passthrough: inferred, pciDevices: [gpu] })).toMatchObject({
      status: 'pass',
      message: 'inferred: the only display device that is not the boot display',
    });
  });

  it('shows both where a bound and an assigned GPU differ', () => {
    const passthrough = aPassthrough([aGpu([gpu], { reasons: ['assigned to win11'] }), aGpu([other], { reasons: ['bound to vfio-pci'] })]);
    expect(check.evaluate({ passthrough, pciDevices: [gpu, other] })).toMatchObject({
      evidence: [{ observed: expect.stringContaining('assigned to win11') }, { observed: expect.stringContaining('bound to vfio-pci') }],
    });
  });

  it('fails with two candidates, lists them and shows the line to write', () => {
    const passthrough = aPassthrough([], { basis: null, candidates: ['0000:01:00.0', '0000:02:00.0'] });
    expect(check.evaluate({ passthrough, pciDevices: [gpu, other] })).toMatchObject({
      status: 'fail',
      message: '2 devices could be meant: 0000:01:00.0, 0000:02:00.0',
      evidence: [
        { source: '/sys/bus/pci/devices/0000:01:00.0', observed: 'graphics 10de:2684, no driver' },
        { source: '/sys/bus/pci/devices/0000:02:00.0', observed: 'graphics 10de:2684, driver nvidia' },
      ],
      remedy: { steps: [{ file: 'passcheck.yaml', line: 'gpu: "0000:01:00.0"' }] },
    });
  });

  it('does not decide between candidates when the domains could not be asked', () => {
    const passthrough = aPassthrough([], {
      basis: null,
      candidates: ['0000:01:00.0', '0000:02:00.0'],
      unseen: ['virsh: permission denied'],
    });
    expect(check.evaluate({ passthrough, pciDevices: [gpu, other] })).toMatchObject({
      status: 'unknown',
      evidence: [{ source: 'virsh', observed: 'permission denied' }, {}, {}],
    });
  });

  it('does not trust an inference while something could name another GPU', () => {
    const passthrough = { ...inferred, unseen: ['/proc/cmdline: permission denied'] };
    expect(check.evaluate({ passthrough, pciDevices: [gpu] })).toMatchObject({
      status: 'unknown',
      evidence: [{ source: '/proc/cmdline' }, {}],
    });
  });

  it('passes a bound GPU although the domains could not be asked', () => {
    const passthrough = aPassthrough([aGpu()], { unseen: ['virsh: permission denied'] });
    expect(check.evaluate({ passthrough, pciDevices: [aPciDevice()] })).toMatchObject({ status: 'pass' });
  });

  it('fails when passcheck.yaml names a device that is not there', () => {
    const problem = 'passcheck.yaml, gpu: there is no device 0000:0a:00.0';
    const passthrough = aPassthrough([], { basis: 'configured', problems: [problem], candidates: ['0000:01:00.0'] });
    expect(check.evaluate({ passthrough, pciDevices: [gpu] })).toMatchObject({
      status: 'fail',
      message: problem,
      evidence: [{ source: 'passcheck.yaml' }],
      remedy: { steps: [{ run: 'lspci -nn -D' }, { line: 'gpu: "0000:01:00.0"' }] },
    });
  });

  it('fails when a domain is given a device that is not there', () => {
    const passthrough = aPassthrough([aGpu()], { problems: ['win11 is given 0000:09:00.0, and there is no such device'] });
    expect(check.evaluate({ passthrough, pciDevices: [gpu] })).toMatchObject({
      status: 'fail',
      evidence: [{ source: 'virsh dumpxml win11' }],
    });
  });

  it('fails on a machine without any GPU', () => {
    expect(check.evaluate({ passthrough: aPassthrough([], { basis: null }), pciDevices: [] })).toMatchObject({
      status: 'fail',
      message: 'there is no GPU on the PCI bus',
    });
  });

  it('does not take the display of a virtual machine for a GPU', () => {
    const emulated = aPciDevice({ vendor: '1af4', device: '1050', driver: ok('virtio-pci'), bootVga: ok(true) });
    const outcome = check.evaluate({ passthrough: aPassthrough([], { basis: null, candidates: [] }), pciDevices: [emulated] });
    expect(outcome).toMatchObject({
      status: 'fail',
      message: 'there is no GPU to give away, only the display that this virtual machine emulates',
    });
  });

  it('fails on a server that has only the display of its management controller', () => {
    const management = aPciDevice({ vendor: '1a03', device: '2000', driver: ok('ast') });
    expect(check.evaluate({ passthrough: aPassthrough([], { basis: null }), pciDevices: [management] })).toMatchObject({
      status: 'fail',
      evidence: [{ observed: 'graphics 1a03:2000, driver ast' }],
    });
  });
});
