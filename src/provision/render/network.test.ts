import { describe, expect, it } from 'vitest';

import { UNPINNED } from '../../../test/provisioned.ts';
import { desire } from '../desire.ts';
import { specSchema } from '../spec/model.ts';
import { treeText } from '../tree.ts';

function networkOf(network: object): string {
  const spec = specSchema.parse({ name: 'lab', networks: { 'lab-net': { uuid: '3fcf372d-60c6-4bd1-91a5-b5f64a4988ef', ...network } } });
  return desire(spec, UNPINNED)
    .networks.map(({ tree }) => treeText(tree))
    .join('');
}

describe('a network', () => {
  it('has everything that libvirt would make up, and keeps its name, bridge and range', () => {
    const dhcp = { start: '192.168.56.100', end: '192.168.56.200' };
    expect(networkOf({ address: '192.168.56.1/24', bridge: 'virbr56', domain: 'lab.internal', dhcp })).toBe(`<network>
  <name>lab-net</name>
  <uuid>3fcf372d-60c6-4bd1-91a5-b5f64a4988ef</uuid>
  <forward mode='nat'/>
  <bridge name='virbr56' stp='on' delay='0'/>
  <mac address='52:54:00:5e:5e:89'/>
  <domain name='lab.internal'/>
  <ip address='192.168.56.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.56.100' end='192.168.56.200'/>
    </dhcp>
  </ip>
</network>`);
  });

  it('goes nowhere when it is isolated, and leaves the name of its bridge to libvirt', () => {
    const text = networkOf({ address: '10.1.2.3/30', forward: 'isolated' });
    expect(text).not.toContain('forward');
    expect(text).toContain("<bridge stp='on' delay='0'/>");
    expect(text).toContain("<ip address='10.1.2.3' netmask='255.255.255.252'/>");
  });

  it.each(['nat', 'route', 'open'])('is forwarded as it is asked for: %s', (forward) => {
    expect(networkOf({ address: '10.0.0.1/8', forward })).toContain(`<forward mode='${forward}'/>`);
  });
});
