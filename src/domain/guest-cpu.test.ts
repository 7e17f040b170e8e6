import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { featureState, type GuestCpu, guestCpu, isHostCpu, setsOwnTopology } from './guest-cpu.ts';

const QEMU = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";

function withArguments(body: string, ...words: readonly string[]): GuestCpu {
  const list = words.map((word) => `<qemu:arg value='${word}'/>`).join('');
  return guestCpu(aDocument(aDefinition({ attributes: QEMU, body: `${body}<qemu:commandline>${list}</qemu:commandline>` })));
}

const read = (body: string): GuestCpu => guestCpu(aDocument(aDefinition({ body })));

describe('guestCpu', () => {
  it.each([
    ['', 'none', false],
    ["<cpu><topology sockets='1' cores='1' threads='1'/></cpu>", 'none', false],
    ['<cpu><model>EPYC</model></cpu>', 'custom', false],
    ["<cpu mode='host-model'/>", 'host-model', false],
    ["<cpu mode='maximum'/>", 'maximum', true],
    ["<cpu mode='host-passthrough'/>", 'host-passthrough', true],
  ])('reads %s', (body, mode, isHost) => {
    const cpu = read(body);
    expect([cpu.mode, isHostCpu(cpu)]).toEqual([mode, isHost]);
  });

  it('knows which features are on: require is the default', () => {
    const cpu = read(
      "<cpu mode='host-passthrough'><feature name='svm'/><feature name='vmx' policy='disable'/><feature name='topoext' policy='optional'/></cpu>",
    );
    expect(['svm', 'vmx', 'topoext', 'invtsc'].map((name) => featureState(cpu, name))).toEqual([true, false, true, null]);
  });

  it('obeys the last -cpu of the QEMU command line, as QEMU does', () => {
    const cpu = withArguments("<cpu mode='host-model'/>", '-cpu', 'qemu64', '-cpu', 'host,kvm=off,-hypervisor,+topoext,hv_time');
    expect(isHostCpu(cpu)).toBe(true);
    expect(['kvm', 'hypervisor', 'topoext', 'hv_time', 'svm'].map((name) => featureState(cpu, name))).toEqual([
      false,
      false,
      true,
      true,
      null,
    ]);
  });

  it('says nothing of a -cpu without a value', () => expect(withArguments('', '-cpu').argument).toBeNull());

  it('knows that -smp hides the topology', () => {
    const body = "<qemu:commandline><qemu:arg value='-smp'/><qemu:arg value='4'/></qemu:commandline>";
    expect(setsOwnTopology(aDocument(aDefinition({ attributes: QEMU, body })))).toBe(true);
    expect(setsOwnTopology(aDocument(aDefinition()))).toBe(false);
  });

  it('throws for no -cpu', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w+,=. -]{0,60}$/), (text) => {
        expect(typeof isHostCpu(withArguments('', '-cpu', text))).toBe('boolean');
      }),
    );
  });
});
