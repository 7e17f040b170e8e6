import { describe, expect, it } from 'vitest';

import { aDocument } from '../../test/domain-rule.ts';
import { ivshmemArguments, kvmfrIndex, memoryObjects } from './kvmfr.ts';

const JSON_PAIR = [
  '-device',
  "{'driver':'ivshmem-plain','id':'shmem0','memdev':'looking-glass'}",
  '-object',
  "{'qom-type':'memory-backend-file','id':'looking-glass','mem-path':'/dev/kvmfr0','size':33554432,'share':true}",
];
const KEYS_PAIR = [
  '-device',
  'ivshmem-plain,id=shmem0,memdev=looking-glass',
  '-object',
  'memory-backend-file,id=looking-glass,mem-path=/dev/kvmfr0,size=32M,share=yes',
];

function withArguments(words: readonly string[]) {
  const lines = words.map((word) => `<qemu:arg value="${word}"/>`).join('');
  return aDocument(`<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>vm</name>
    <qemu:commandline>${lines}</qemu:commandline></domain>`);
}

describe.each([
  ['JSON', JSON_PAIR],
  ['keys', KEYS_PAIR],
])('arguments as %s', (_, words) => {
  it('have a device and its memory', () => {
    const document = withArguments(words);
    expect(ivshmemArguments(document)).toMatchObject([{ id: 'shmem0', memdev: 'looking-glass' }]);
    expect(memoryObjects(document)).toMatchObject([{ id: 'looking-glass', path: '/dev/kvmfr0', sizeBytes: 33_554_432, isShared: true }]);
  });
});

describe('other arguments', () => {
  it('are passed over', () => {
    const document = withArguments([
      '-device',
      'vfio-pci,host=01:00.0',
      '-object',
      'rng-random,id=a,filename=/dev/random',
      'ivshmem-plain',
    ]);
    expect([...ivshmemArguments(document), ...memoryObjects(document)]).toEqual([]);
  });
});

describe('kvmfrIndex', () => {
  it.each([
    ['/dev/kvmfr0', 0],
    ['/dev/kvmfr12', 12],
    ['/dev/kvmfr', null],
    ['/dev/shm/kvmfr0', null],
  ])('%s', (path, index) => expect(kvmfrIndex(path)).toBe(index));
});
