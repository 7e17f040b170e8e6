import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './kvmfr-arguments.ts';

const DEVICE = "{'driver':'ivshmem-plain','id':'shmem0','memdev':'looking-glass'}";
const OBJECT = "{'qom-type':'memory-backend-file','id':'looking-glass','mem-path':'/dev/kvmfr0','size':33554432,'share':true}";

function withWords(words: readonly string[], devices = '') {
  const lines = words.map((word) => `<qemu:arg value="${word}"/>`).join('\n    ');
  return {
    attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
    devices,
    body: `<qemu:commandline>\n    ${lines}\n  </qemu:commandline>`,
  };
}
const pair = (device = DEVICE, object = OBJECT, devices = '') => withWords(['-device', device, '-object', object], devices);

describe(rule.id, () => {
  it.each([
    ['JSON', pair()],
    [
      'keys',
      pair('ivshmem-plain,id=shmem0,memdev=looking-glass', 'memory-backend-file,id=looking-glass,mem-path=/dev/kvmfr0,size=32M,share=yes'),
    ],
    ['both', pair(DEVICE, 'memory-backend-file,id=looking-glass,mem-path=/dev/kvmfr0,size=32M,share=on')],
    ['another id beside a <shmem>', pair(DEVICE.replace('shmem0', 'lg'), OBJECT, "<shmem name='scream'/>")],
    ['a number beyond those of libvirt', pair(DEVICE.replace('shmem0', 'shmem1'), OBJECT, "<shmem name='scream'/>")],
  ])('passes %s', (_, parts) => {
    expect(judgeDomain(rule, parts).map(({ status }) => status)).toEqual(['pass', 'pass']);
  });

  it.each([
    [
      'a device without its memory',
      withWords(['-device', DEVICE]),
      'the memory looking-glass of ivshmem-plain is nowhere defined',
      undefined,
    ],
    [
      'memory of no power of two',
      pair(DEVICE, OBJECT.replace('33554432', '32000000')),
      'the memory of /dev/kvmfr0 has 32000000 bytes, which is no power of two',
      undefined,
    ],
    ['a device that names none', withWords(['-device', 'ivshmem-plain,id=a']), 'ivshmem-plain names no memory', undefined],
    ['memory without a device', withWords(['-object', OBJECT]), 'no device shows /dev/kvmfr0 to the guest', 'major'],
    [
      'memory that is not shared',
      pair(DEVICE, OBJECT.replace('true', 'false')),
      '/dev/kvmfr0 is mapped without sharing: the guest writes into a copy of its own',
      'major',
    ],
    ['a text for true', pair(DEVICE, OBJECT.replace('true', "'on'")), 'share is a text, and QEMU wants true or false there', undefined],
    [
      'a text for a number',
      pair(DEVICE, OBJECT.replace('33554432', "'32M'")),
      'size is a text, and QEMU wants a number of bytes there',
      undefined,
    ],
    [
      'no size',
      pair(DEVICE, 'memory-backend-file,id=looking-glass,mem-path=/dev/kvmfr0,share=on'),
      'the memory of /dev/kvmfr0 has no size',
      undefined,
    ],
    [
      'a unit that QEMU lacks',
      pair(DEVICE, 'memory-backend-file,id=looking-glass,mem-path=/dev/kvmfr0,size=32MB,share=on'),
      'size 32MB is none that QEMU knows',
      undefined,
    ],
    ['JSON that is none', pair(DEVICE.replace('}', ''), OBJECT), 'QEMU takes this for JSON, and it is none', undefined],
    [
      'the id of a <shmem>',
      pair(DEVICE, OBJECT, "<shmem name='looking-glass'/>"),
      'libvirt calls the <shmem> of the definition shmem0, too, and QEMU takes no id twice',
      undefined,
    ],
  ])('fails on %s', (_, parts, message, severity) => {
    const failed = judgeDomain(rule, parts).filter(({ status }) => status === 'fail');
    const [first] = failed;
    expect(first?.status === 'fail' && [first.message, first.severity]).toEqual([message, severity]);
    expect(first).toHaveProperty('evidence.0.source', expect.stringMatching(/^win11\.xml:\d+$/));
  });

  it('leaves other arguments alone', () => {
    const words = [
      '-device',
      'vfio-pci,host=01:00.0',
      '-object',
      'memory-backend-file,id=ram,mem-path=/dev/hugepages,size=8G',
      '-foo',
      '{',
    ];
    expect(judgeOneDomain(rule, withWords(words))).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });
});
