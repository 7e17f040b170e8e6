import { describe, expect, it } from 'vitest';

import { anAudioFunction, aPciDevice } from '../../test/facts.ts';
import {
  firstOfSlot,
  functionName,
  gpuFunctions,
  isEmulatedDisplay,
  isIntegrated,
  isLikelyGpu,
  isManagementDisplay,
  isVfioDriver,
} from './gpu-devices.ts';

const graphics = aPciDevice({ address: '0000:0c:00.0', vendor: '1002', device: '164e' });
const security = aPciDevice({ address: '0000:0c:00.2', vendor: '1022', device: '1649', classCode: '108000' });

describe('isVfioDriver', () => {
  it('knows vfio-pci and its variants', () => {
    const names = ['vfio-pci', 'vfio_pci', 'nvgrace-gpu-vfio-pci', 'mlx5_vfio_pci', 'xe-vfio-pci'];
    expect(names.map((name) => isVfioDriver(name))).toEqual([true, true, true, true, true]);
  });

  it('takes no other driver for one', () => {
    expect(['nvidia', 'pci-stub', 'vfio', 'vfio-pci-core', 'notvfio-pci'].map((name) => isVfioDriver(name))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('isIntegrated', () => {
  it('knows the graphics of Intel processors by their place', () => {
    expect(isIntegrated([], aPciDevice({ address: '0000:00:02.0', vendor: '8086' }))).toBe(true);
    expect(isIntegrated([], aPciDevice({ address: '0000:03:00.0', vendor: '8086', device: '56a0' }))).toBe(false);
  });

  it('knows those of AMD processors by the encryption controller in their slot', () => {
    expect(isIntegrated([graphics, security], graphics)).toBe(true);
    expect(isIntegrated([graphics], graphics)).toBe(false);
  });
});

describe('gpuFunctions', () => {
  it('is the whole slot of a card', () => {
    const usb = aPciDevice({ address: '0000:01:00.2', classCode: '0c0330' });
    const functions = gpuFunctions([aPciDevice(), anAudioFunction(), usb, graphics], aPciDevice());
    expect(functions.map(({ address }) => address)).toEqual(['0000:01:00.0', '0000:01:00.1', '0000:01:00.2']);
  });

  it('leaves virtual functions of the same slot out', () => {
    const virtual = aPciDevice({ address: '0000:01:00.4', physicalFunction: '0000:01:00.0' });
    expect(gpuFunctions([aPciDevice(), virtual], aPciDevice())).toHaveLength(1);
    expect(gpuFunctions([aPciDevice(), virtual], virtual)).toEqual([virtual]);
  });
});

describe('isLikelyGpu', () => {
  it('excludes what hypervisors emulate', () => {
    const emulated = aPciDevice({ vendor: '1234', device: '1111' });
    expect([isEmulatedDisplay(emulated), isLikelyGpu(emulated)]).toEqual([true, false]);
    expect(isEmulatedDisplay(aPciDevice())).toBe(false);
  });

  it('excludes displays of management controllers', () => {
    const vga = aPciDevice({ vendor: '102b', device: '0536' });
    expect(isManagementDisplay(vga)).toBe(true);
    expect(isLikelyGpu(vga)).toBe(false);
    expect(isLikelyGpu(aPciDevice())).toBe(true);
  });
});

describe('firstOfSlot', () => {
  it('keeps one function of each slot, and every virtual function', () => {
    const virtual = aPciDevice({ address: '0000:01:00.4', physicalFunction: '0000:01:00.0' });
    const second = aPciDevice({ address: '0000:01:00.1', classCode: '038000' });
    expect(firstOfSlot([aPciDevice(), second, virtual]).map(({ address }) => address)).toEqual(['0000:01:00.0', '0000:01:00.4']);
  });
});

describe('functionName', () => {
  it('says what a function is for', () => {
    const names = ['030000', '040300', '0c0330', '0c8000', '010802'].map((classCode) => functionName({ classCode }));
    expect(names).toEqual(['graphics', 'audio', 'USB', 'USB-C', 'class 010802']);
  });
});
