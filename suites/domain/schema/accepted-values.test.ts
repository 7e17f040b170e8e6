import { describe, expect, it } from 'vitest';

import { type DomainParts, judgeDomain } from '../../../test/domain-rule.ts';
import rule from './accepted-values.ts';

const judge = (parts: DomainParts) => judgeDomain(rule, parts);
const messages = (parts: DomainParts) => judge(parts).map(({ message }) => message);
const address = (attributes: string) => ({ devices: `<sound model='ich9'>\n      <address ${attributes}/>\n    </sound>` });
const virtualFunction = (slot: string) =>
  `<interface type='hostdev'><source><address type='pci' domain='0' bus='3' slot='${slot}' function='2'/></source></interface>`;
const slice = (uuid: string) =>
  `<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source><address uuid='${uuid}'/></source></hostdev>`;

describe('domain/schema/accepted-values', () => {
  it('takes what virt-manager writes', () => {
    const body = "<features><smm state='on'/><kvm><hidden state='off'/></kvm></features>\n  <clock offset='localtime'/>";
    const devices = "<graphics type='spice' autoport='yes'><listen type='address'/></graphics>";
    expect(judge({ body, devices })).toMatchObject([{ status: 'pass' }]);
  });

  it.each([
    [{ body: "<features><smm state='yes'/></features>" }, "libvirt knows no state='yes' of <smm>"],
    [{ body: "<features><kvm><hidden state='true'/></kvm></features>" }, "libvirt knows no state='true' of <hidden>"],
    [{ body: '<features><kvm><hidden/></kvm></features>' }, '<hidden> has no state'],
    [{ body: "<clock offset='local'/>" }, "libvirt knows no offset='local' of <clock>"],
    [{ body: "<pm><suspend-to-mem enabled='off'/></pm>" }, "libvirt knows no enabled='off' of <suspend-to-mem>"],
    [{ devices: "<disk type='file'><driver name='qemu' type='img'/></disk>" }, "libvirt knows no type='img' of <driver>"],
    [{ devices: "<tpm model='crb'><backend type='emulator'/></tpm>" }, "libvirt knows no model='crb' of <tpm>"],
    [{ devices: "<tpm model='tpm-crb'/>" }, '<tpm> has no <backend>'],
    [{ devices: '<memballoon/>' }, '<memballoon> has no model'],
    [{ devices: "<interface type='network'/>" }, '<interface> has no <source>'],
    [{ devices: "<interface type='network'><source/></interface>" }, '<source> has no network'],
    [{ devices: "<interface type='direct'><source mode='bridge'/></interface>" }, '<source> has no dev'],
    [{ devices: "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source/></hostdev>" }, '<source> has no <address>'],
    [{ devices: slice('4b20d080-1b54-4048-85b3-a6a62d165c01').replace(" model='vfio-pci'", '') }, '<hostdev> has no model'],
    [{ body: "<numatune><memory mode='strict' nodeset='x'/></numatune>" }, "libvirt knows no nodeset='x' of <memory>"],
    [{ body: "<numatune><memnode cellid='0' mode='strict'/></numatune>" }, '<memnode> has no nodeset'],
    [{ body: '<memoryBacking><hugepages><page/></hugepages></memoryBacking>' }, '<page> has no size'],
    [{ body: "<memoryBacking><hugepages><page size='0'/></hugepages></memoryBacking>" }, "libvirt knows no size='0' of <page>"],
    [{ body: "<memoryBacking><hugepages><page size='2M'/></hugepages></memoryBacking>" }, "libvirt knows no size='2M' of <page>"],
    [{ devices: "<video><model type='QXL'/></video>" }, "libvirt knows no type='QXL' of <model>"],
    [{ devices: "<video><model type='qxl' ram='64M'/></video>" }, "libvirt knows no ram='64M' of <model>"],
    [address("type='pci' domain='0x0000' bus='0x00' slot='0x20' function='0x0'"), "libvirt knows no slot='0x20' of <address>"],
    [address("type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x8'"), "libvirt knows no function='0x8' of <address>"],
    [address("domain='0x0000' bus='0x00' slot='0x02' function='0x0'"), '<address> has no type'],
  ])('refuses what libvirt refuses: %j', (parts, message) => {
    expect(messages(parts)).toEqual([message]);
    expect(judge(parts)).toMatchObject([{ status: 'fail', remedy: { summary: expect.stringMatching(/^Write/) as unknown } }]);
  });

  it('names the address of a passed function, which people copy from lspci', () => {
    const devices =
      "<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='0g' slot='0x00' function='0x0'/></source></hostdev>";
    expect(judge({ devices, gpu: false })).toMatchObject([
      { message: "libvirt knows no bus='0g' of <address>", evidence: [{ observed: "bus='0g'", expected: 'a number from 0 to 255' }] },
    ]);
  });

  it('takes a slice of a GPU by its UUID only', () => {
    expect(judge({ devices: slice('4b20d080-1b54-4048-85b3-a6a62d165c01') })).toMatchObject([{ status: 'pass' }]);
    expect(messages({ devices: slice('card0') })).toEqual(["libvirt knows no uuid='card0' of <address>"]);
  });

  it('looks at a virtual function that libvirt makes ready, too', () => {
    expect(judge({ devices: virtualFunction('0x10') })).toMatchObject([{ status: 'pass' }]);
    expect(messages({ devices: virtualFunction('0x20') })).toEqual(["libvirt knows no slot='0x20' of <address>"]);
  });

  it('takes numbers in every base, and addresses that libvirt completes', () => {
    expect(judge(address("type='pci' domain='0' bus='00' slot='31' function='7'"))).toMatchObject([{ status: 'pass' }]);
    expect(judge(address("type='pci'"))).toMatchObject([{ status: 'pass' }]);
  });

  it('knows no element of other namespaces', () => {
    expect(judge({ body: "<metadata><x:smm xmlns:x='urn:x' state='yes'/></metadata>" })).toMatchObject([{ status: 'pass' }]);
  });

  it('names twenty places at most', () => {
    expect(judge({ devices: '<memballoon/>'.repeat(50) })).toHaveLength(20);
  });
});
