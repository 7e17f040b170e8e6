import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import type { DomainDocument } from './document.ts';
import { emulatorPin, iothreadPlaces, pinningOf, vcpuPlaces } from './pinning.ts';

const given = (body: string): DomainDocument => aDocument(aDefinition({ body }));
const cpus = (places: ReturnType<typeof vcpuPlaces>): unknown => places.map(({ id, cpus: list }) => [id, list]);

describe('vcpuPlaces', () => {
  it('knows the pins of each vCPU, in any order and before or behind <vcpu>', () => {
    const document = given("<cputune><vcpupin vcpu='1' cpuset='6-7,^7'/><vcpupin vcpu='0' cpuset='2'/></cputune><vcpu>2</vcpu>");
    expect(cpus(vcpuPlaces(document))).toEqual([
      [0, [2]],
      [1, [6]],
    ]);
  });

  it('lets those without a pin run where vcpu@cpuset says, or anywhere', () => {
    const body = "<cputune><vcpupin vcpu='0' cpuset='2'/></cputune>";
    expect(cpus(vcpuPlaces(given(`<vcpu cpuset='4-5'>2</vcpu>${body}`)))).toEqual([
      [0, [2]],
      [1, [4, 5]],
    ]);
    expect(vcpuPlaces(given(`<vcpu>2</vcpu>${body}`))[1]).toEqual({ id: 1, pin: null, cpus: null });
  });

  it('ignores vcpu@cpuset where numad chooses, as libvirt does', () => {
    expect(vcpuPlaces(given("<vcpu placement='auto' cpuset='4-5'>1</vcpu>"))[0]?.pin).toBeNull();
  });

  it('leaves out vCPUs that the guest does not start with, and pins of vCPUs that there are not', () => {
    const pins = [0, 1, 2, 7].map((vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='${vcpu}'/>`).join('');
    expect(cpus(vcpuPlaces(given(`<vcpu current='2'>4</vcpu><cputune>${pins}</cputune>`)))).toEqual([
      [0, [0]],
      [1, [1]],
    ]);
  });
});

describe('emulatorPin and iothreadPlaces', () => {
  it('read their own elements, and fall back on vcpu@cpuset', () => {
    const own = given(
      "<vcpu cpuset='1'>1</vcpu><iothreads>2</iothreads><cputune><emulatorpin cpuset='3'/><iothreadpin iothread='2' cpuset='4'/></cputune>",
    );
    expect(emulatorPin(own)?.cpus).toEqual([3]);
    expect(cpus(iothreadPlaces(own))).toEqual([
      [1, [1]],
      [2, [4]],
    ]);
    expect(emulatorPin(given("<vcpu cpuset='1'>1</vcpu>"))?.cpus).toEqual([1]);
    expect(emulatorPin(given('<vcpu>1</vcpu>'))).toBeNull();
  });
});

describe('pinningOf', () => {
  it('keeps what libvirt refuses, as what it is', () => {
    const { vcpus, emulator } = pinningOf(
      given("<cputune><vcpupin vcpu='x' cpuset='0'/><vcpupin vcpu='1' cpuset='0-'/><emulatorpin/></cputune>"),
    );
    expect(vcpus.map(({ id, cpus: list }) => [id, list])).toEqual([
      [Number.NaN, [0]],
      [1, null],
    ]);
    expect(emulator).toMatchObject([{ id: null, text: null, cpus: null }]);
  });

  it('does not expand more than a bounded number of CPUs', () => {
    const pins = Array.from({ length: 200 }, (_, vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='${vcpu}-16383'/>`).join('');
    const { vcpus, isBeyondLimit } = pinningOf(given(`<vcpu>200</vcpu><cputune>${pins}</cputune>`));
    expect(isBeyondLimit).toBe(true);
    expect(vcpus.filter(({ cpus: list }) => list !== null).length).toBeLessThan(70);
  });

  it('reads 4,096 pins in a few milliseconds', () => {
    const pins = Array.from({ length: 4096 }, (_, vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='${vcpu}'/>`).join('');
    expect(vcpuPlaces(given(`<vcpu>4096</vcpu><cputune>${pins}</cputune>`))).toHaveLength(4096);
  });

  it('throws for no text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w ,^-]{0,20}$/), fc.stringMatching(/^[\w ,^-]{0,20}$/), (vcpu, cpuset) => {
        const document = given(`<vcpu cpuset='${cpuset}'>${vcpu}</vcpu><cputune><vcpupin vcpu='${vcpu}' cpuset='${cpuset}'/></cputune>`);
        expect(vcpuPlaces(document).length).toBeLessThanOrEqual(16_384);
      }),
    );
  });
});
