import { describe, expect, it } from 'vitest';

import { judgeDomain } from '../../../test/domain-rule.ts';
import { aDefinition, aDocument } from '../../../test/domain-rule.ts';
import rule from './evdev-argument.ts';

const ELEMENT = "<input type='evdev'><source dev='/dev/input/by-id/usb-A-event-kbd'/></input>";

function judge(devices: string, ...values: readonly string[]) {
  const lines = values.map((value) => `<qemu:arg value='${value}'/>`).join('\n');
  const text = aDefinition({ attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'", devices });
  return judgeDomain(rule, aDocument(text.replace('</domain>', `<qemu:commandline>${lines}</qemu:commandline></domain>`)));
}

const input = (id: string): readonly string[] => ['-object', `input-linux,id=${id},evdev=/dev/input/by-id/usb-${id}-event-kbd`];

describe(rule.id, () => {
  it('passes for elements', () => expect(judge(ELEMENT + ELEMENT)).toMatchObject([{ status: 'pass' }]));

  it('tells of arguments once, and where the others are', () => {
    expect(judge(ELEMENT, ...input('a'), ...input('b'), ...input('c'))).toMatchObject([
      { status: 'fail', message: expect.stringContaining('3 inputs go to QEMU'), evidence: { length: 3 } },
    ]);
    expect(judge('', ...input('a'))).toMatchObject([{ message: expect.stringContaining('an input goes to QEMU') }]);
  });

  it('says nothing without such inputs', () => {
    expect(judge("<input type='mouse' bus='ps2'/>", '-object', 'memory-backend-ram,id=a')).toMatchObject([{ status: 'not-applicable' }]);
  });
});
