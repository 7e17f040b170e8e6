import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PCI_BRIDGE_SPACE, ROOT_PORT_SPACE, TRUNCATED_SPACE } from '../../test/pci-spaces.ts';
import { parsePciConfigSpace } from './pci-config-space.ts';

/** A PCI Express endpoint with what is written over it. */
function anEndpoint(writes: Readonly<Record<number, readonly number[]>>): Uint8Array {
  const bytes = new Uint8Array(4096);
  bytes[0x06] = 0x10;
  bytes[0x34] = 0x40;
  bytes.set([0x10, 0x00, 0x02, 0x00], 0x40);
  for (const [at, values] of Object.entries(writes)) bytes.set(values, Number(at));
  return bytes;
}

function capabilitiesOf(bytes: Uint8Array) {
  const capabilities = parsePciConfigSpace(bytes)?.capabilities;
  return capabilities?.state === 'ok' ? capabilities.value : undefined;
}

describe('parsePciConfigSpace', () => {
  it('reads a root port with Access Control Services', () => {
    expect(parsePciConfigSpace(ROOT_PORT_SPACE)).toMatchObject({ responds: true, headerType: 1 });
    expect(capabilitiesOf(ROOT_PORT_SPACE)).toMatchObject({
      express: {
        portType: 'root-port',
        functionLevelReset: false,
        maxSpeed: 16,
        maxWidth: 32,
        currentSpeed: 16,
        currentWidth: 32,
        slot: 1,
      },
      extendedIds: { value: [0x01, 0x0d] },
      acs: { value: { capability: 0x5f, control: 0x1d } },
      resizableBars: { value: [] },
    });
  });

  it('reads a bridge to conventional PCI', () => {
    expect(capabilitiesOf(PCI_BRIDGE_SPACE)).toMatchObject({
      ids: [0x05, 0x01, 0x10, 0x0c],
      express: { portType: 'pcie-to-pci-bridge' },
      acs: { state: 'ok', value: null },
    });
  });

  it('says that root is needed when the kernel shows only the head, and still reads the head', () => {
    expect(parsePciConfigSpace(TRUNCATED_SPACE)).toMatchObject({
      responds: true,
      headerType: 1,
      capabilities: { state: 'unreadable', reason: 'denied', detail: expect.stringContaining('root') },
    });
  });

  it('knows a function that fell off the bus', () => {
    expect(parsePciConfigSpace(new Uint8Array(4096).fill(0xff))).toMatchObject({
      responds: false,
      headerType: null,
      capabilities: { state: 'unreadable' },
    });
  });

  it('reads function level reset of both kinds', () => {
    expect(capabilitiesOf(anEndpoint({ 0x44: [0, 0, 0, 0x10] }))).toMatchObject({ express: { functionLevelReset: true } });
    expect(capabilitiesOf(anEndpoint({ 0x40: [0x13, 0, 6, 3] }))).toMatchObject({ express: null, advancedFeaturesReset: true });
  });

  it('reads resizable windows', () => {
    // 256 MiB, 512 MiB and 8 GiB of window 1, 256 MiB now.
    const bytes = anEndpoint({ 0x100: [0x15, 0, 1, 0], 0x104: [0x00, 0x30, 0x02, 0x00], 0x108: [0x21, 0x08, 0, 0] });
    expect(capabilitiesOf(bytes)?.resizableBars).toEqual({
      state: 'ok',
      value: [{ bar: 1, sizes: [2 ** 28, 2 ** 29, 2 ** 33], current: 2 ** 28 }],
    });
  });

  it('could not look at the extended part where the space ends at 256 bytes, which for conventional PCI is all there is', () => {
    expect(capabilitiesOf(anEndpoint({}).subarray(0, 256))?.acs).toMatchObject({ state: 'unreadable' });
    expect(capabilitiesOf(anEndpoint({ 0x40: [0x01] }).subarray(0, 256))?.acs).toEqual({ state: 'ok', value: null });
  });

  it('ends on lists that go round in circles or leave the space', () => {
    expect(capabilitiesOf(anEndpoint({ 0x41: [0x40] }))?.ids).toEqual([0x10]);
    expect(capabilitiesOf(anEndpoint({ 0x100: [0x0d, 0, 1, 0x10] }))?.extendedIds).toEqual({ state: 'ok', value: [0x0d] });
    expect(capabilitiesOf(anEndpoint({ 0x100: [0x01, 0, 0xc1, 0xff], 0xffc: [0x0d, 0, 1, 0] }))?.acs).toEqual({
      state: 'ok',
      value: { capability: 0, control: 0 },
    });
  });

  it('takes any bytes', () => {
    const sized = fc.constantFrom(0, 63, 64, 128, 256, 257, 4096).chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
    fc.assert(
      fc.property(sized, (bytes) => {
        expect(parsePciConfigSpace(bytes) === null).toBe(bytes.length < 64);
      }),
      { numRuns: 200 },
    );
  });

  const corpus = join(process.env['PASSCHECK_CORPUS'] ?? '/nonexistent', 'pci');
  it.skipIf(!existsSync(corpus))('agrees with lspci on the recorded spaces of PASSCHECK_CORPUS', () => {
    const found = Object.fromEntries(
      readdirSync(corpus).map((name) => {
        const { express, advancedFeaturesReset, acs } = capabilitiesOf(readFileSync(join(corpus, name))) ?? {};
        return [
          name,
          `${express?.portType ?? 'pci'} flr=${express?.functionLevelReset === true || advancedFeaturesReset === true} ${acs?.state}`,
        ];
      }),
    );
    expect(found).toMatchObject({
      '0000-00-01.0.config': 'endpoint flr=true ok',
      '0000-00-02.0.config': 'pci flr=true ok',
      '0000-00-03.0.config': 'endpoint flr=false ok',
      '0001-00-00.0.config': 'root-port flr=false ok',
      '0005-80-00.0.config': 'pcie-to-pci-bridge flr=false ok',
      '0005-90-01.0.config': 'pci flr=false ok',
    });
  });
});
