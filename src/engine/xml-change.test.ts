import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { all, first } from '../domain/xml.ts';
import { placed, type XmlChange } from './xml-change.ts';

const document = (body: string, devices = '') => aDocument(aDefinition({ body, devices, gpu: false }));
const at = (body: string, change: XmlChange) => placed(document(body), change);

describe('where a remedy writes', () => {
  it('writes what is not there inside of its parent, and the parent where that is missing', () => {
    expect(at('<features><acpi/></features>', { inside: '<features>', write: "<smm state='on'/>" })).toEqual([
      { place: 'inside <features>', write: "<smm state='on'/>" },
    ]);
    expect(at('', { inside: '<features>', write: "<smm state='on'/>" })).toEqual([
      { place: 'inside <domain>', write: "<features><smm state='on'/></features>" },
    ]);
  });

  it('sets the attributes that differ where the element is there', () => {
    const change = { inside: '<domain>', write: "<cpu mode='host-passthrough' check='none'/>" };
    expect(at("<cpu mode='host-model' check='none'><topology sockets='1' cores='4' threads='1'/></cpu>", change)).toEqual([
      { place: 'in the tag <cpu> (line 8), set', write: "mode='host-passthrough'" },
    ]);
    const type = { inside: '<os>', write: "<type arch='x86_64' machine='q35'>hvm</type>" };
    expect(at("<os><type machine='pc'>hvm</type></os>", type)).toEqual([
      { place: 'in the tag <type> (line 8), set', write: "arch='x86_64' machine='q35'" },
    ]);
  });

  it('replaces an element whose content differs', () => {
    expect(
      at("<features><hyperv mode='passthrough'/></features>", {
        inside: '<features>',
        write: "<hyperv mode='custom'><vpindex state='on'/></hyperv>",
      }),
    ).toEqual([
      { place: "instead of <hyperv mode='passthrough'/> (line 8)", write: "<hyperv mode='custom'><vpindex state='on'/></hyperv>" },
    ]);
    const whole = { inside: '<domain>', write: "<memory unit='GiB'>8</memory>" };
    expect(at("<memory unit='KiB'>1</memory>", whole)).toMatchObject([{ place: "instead of <memory unit='KiB'>1</memory> (line 8)" }]);
  });

  it('tells timers by their names, and writes the rest of several elements where it is missing', () => {
    const timer = { inside: '<clock>', write: "<timer name='rtc' tickpolicy='catchup'/>" };
    expect(at("<clock><timer name='pit'/></clock>", timer)).toMatchObject([{ place: 'inside <clock>' }]);
    expect(at("<clock><timer name='rtc'/></clock>", timer)).toEqual([
      { place: 'in the tag <timer> (line 8), set', write: "tickpolicy='catchup'" },
    ]);
    const both = { inside: '<memoryBacking>', write: "<source type='memfd'/><access mode='shared'/>" };
    expect(at("<memoryBacking><access mode='private'/></memoryBacking>", both)).toEqual([
      { place: 'in the tag <access> (line 8), set', write: "mode='shared'" },
      { place: 'inside <memoryBacking>', write: "<source type='memfd'/>" },
    ]);
  });

  it('says which of several elements is meant', () => {
    const cards = document('', "<interface type='user'/>\n    <interface type='user'><model type='e1000'/></interface>");
    const [one, two] = all(cards.root, 'devices', 'interface');
    const write = "<model type='virtio'/>";
    expect(placed(cards, { inside: '<interface>', within: one ?? cards.root, write })).toEqual([
      { place: 'inside <interface> (line 9)', write },
    ]);
    expect(placed(cards, { inside: '<interface>', within: two ?? cards.root, write })).toEqual([
      { place: 'in the tag <model> (line 10), set', write: "type='virtio'" },
    ]);
  });

  it('replaces what a rule says is to be replaced, and adds one more of what may come often', () => {
    const given = document('', "<controller type='usb' model='ehci'/>");
    const controller = first(given.root, 'devices', 'controller') ?? given.root;
    expect(placed(given, { instead: controller, write: "<controller type='usb' model='qemu-xhci'/>" })).toMatchObject([
      { place: "instead of <controller type='usb' model='ehci'/> (line 9)" },
    ]);
    expect(placed(given, { inside: '<devices>', write: "<controller type='scsi'/>" })).toMatchObject([{ place: 'inside <devices>' }]);
  });
});
