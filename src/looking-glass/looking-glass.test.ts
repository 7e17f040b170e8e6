import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { memoryBackends } from './memory-backend.ts';
import { largestResolution, parseResolution, requiredMiB } from './memory-size.ts';
import { parseRelease, releaseOfProtocol } from './release.ts';
import { parseProtocol, parseSession } from './shared-header.ts';

const B7 = { number: 7, isTagged: true };

describe('requiredMiB', () => {
  // The tables of https://looking-glass.io/docs/B7/install_libvirt/ and of the current documentation.
  it.each([
    ['1920x1080', 32, 32],
    ['1920x1200', 32, 32],
    ['2560x1440', 64, 64],
    ['3440x1440', 64, 64],
    ['3840x2160', 128, 128],
    ['5120x1440', 128, 128],
    ['5120x2880', 128, 256],
    ['7680x4320', 512, 512],
  ])('%s: %d MiB up to B7, %d MiB after it', (text, before, after) => {
    const resolution = parseResolution(text) ?? { width: 0, height: 0 };
    expect(requiredMiB(resolution, B7)).toBe(before);
    expect(requiredMiB(resolution, null)).toBe(after);
  });

  it('is never less for more pixels', () => {
    const side = fc.integer({ min: 640, max: 8192 });
    fc.assert(
      fc.property(side, side, fc.constantFrom(B7, null), (width, height, release) => {
        expect(requiredMiB({ width: width + 64, height }, release)).toBeGreaterThanOrEqual(requiredMiB({ width, height }, release));
      }),
    );
  });

  it('the largest usual resolution for a size', () => {
    expect(largestResolution(64, B7)).toEqual({ width: 2560, height: 1440 });
    expect(largestResolution(63, B7)).toEqual({ width: 1920, height: 1080 });
    expect(largestResolution(31, B7)).toBeNull();
  });
});

describe('parseRelease', () => {
  it.each([
    ['B7', 7, true],
    ['B7-0-g27fe47cbe2', 7, true],
    ['B7-75-g870eb8c600', 7, false],
    ['B7-rc1', 7, false],
    ['0+b6-3', 6, true],
    ['2:B7-1', 7, true],
    ['B7.r75.g870eb8c-1', 7, false],
    ['looking-glass-client-B6', 6, true],
  ])('%s', (text, number, isTagged) => expect(parseRelease(text)).toEqual({ number, isTagged }));

  it.each(['', '870eb8c600', '1.0', 'a12-release', 'sb7'])('no release in "%s"', (text) => expect(parseRelease(text)).toBeNull());

  it('knows the protocols', () => {
    expect([3, 4, 5, 6, 10].map(releaseOfProtocol)).toEqual([
      null,
      { number: 5, isTagged: true },
      { number: 6, isTagged: true },
      B7,
      { number: 7, isTagged: false },
    ]);
  });
});

describe('memoryBackends', () => {
  const found = [{ path: '/dev/kvmfr0', sizeBytes: 33_554_432 }];

  it.each([
    "{'qom-type':'memory-backend-file','id':'looking-glass','mem-path':'/dev/kvmfr0','size':33554432,'share':true}",
    '{"qom-type": "memory-backend-file", "size": 33554432, "mem-path": "/dev/kvmfr0"}',
    'memory-backend-file,id=looking-glass,mem-path=/dev/kvmfr0,size=32M,share=yes',
    'memory-backend-file,size=33554432,mem-path=/dev/kvmfr0',
  ])('%s', (word) => expect(memoryBackends(['-object', word])).toEqual(found));

  it('passes over everything else', () => {
    expect(
      memoryBackends(['-device', "{'driver':'ivshmem-plain','id':'shmem0','memdev':'looking-glass'}", 'mem-path=/dev/kvmfr0']),
    ).toEqual([]);
  });

  it('takes any word', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(memoryBackends([`memory-backend-file,mem-path=${text}`]).every(({ path }) => path.startsWith('/'))).toBe(true);
      }),
    );
  });
});

describe('the shared header', () => {
  it('of B7', () => {
    expect(parseProtocol(Buffer.from('LGMP\u0006\0\0\0', 'latin1'))).toBe(6);
    const session = Buffer.alloc(48);
    session.write('KVMFR---\u0014\0\0\0B7', 'latin1');
    expect(parseSession(session)).toEqual({ kvmfr: 20, version: 'B7' });
  });

  it('of memory that nobody wrote to', () => {
    expect(parseProtocol(Buffer.alloc(8))).toBeNull();
    expect(parseProtocol(Buffer.alloc(3))).toBeNull();
  });

  it('takes any bytes, and no control character from them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 40, maxLength: 60 }), (bytes) => {
        const { version } = parseSession(Buffer.concat([Buffer.from('KVMFR---'), bytes]));
        expect(version ?? '').toMatch(/^[\x20-\x7E]*$/);
        parseProtocol(bytes);
      }),
    );
  });
});
