import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { type Enlightenments, enlightenmentsOf, hasSwitch, isEnlightened, missingRequirements } from './enlightenments.ts';

const CLOCK = "<clock offset='utc'><timer name='hypervclock' present='yes'/></clock>";
const read = (features: string, clock = ''): Enlightenments =>
  enlightenmentsOf(aDocument(aDefinition({ body: `<features>${features}</features>${clock}` })).root);
const on = (...names: string[]): string => `<hyperv>${names.map((name) => `<${name} state='on'/>`).join('')}</hyperv>`;
const missing = (features: string, clock = ''): Record<string, readonly string[]> =>
  Object.fromEntries(missingRequirements(read(features, clock)));

describe('enlightenmentsOf', () => {
  it('has no mode without <hyperv>', () => {
    expect(read('')).toMatchObject({ mode: 'none', block: undefined, hasClock: false });
  });

  it('counts everything as on where the host chooses, whatever is written', () => {
    for (const mode of ['passthrough', 'host-model']) {
      const enlightenments = read(`<hyperv mode='${mode}'><relaxed state='off'/></hyperv>`);
      expect(enlightenments).toMatchObject({ mode: 'host', hasClock: true });
      expect(isEnlightened(enlightenments, 'relaxed')).toBe(true);
    }
  });

  it('adds several blocks up, and takes the last of a name', () => {
    const enlightenments = read(
      "<hyperv><relaxed state='on'/><vapic state='on'/></hyperv><hyperv mode='custom'><vapic state='off'/></hyperv>",
    );
    expect(['relaxed', 'vapic', 'synic'].map((name) => isEnlightened(enlightenments, name))).toEqual([true, false, false]);
  });

  it('takes nothing but on for on', () => {
    for (const state of ["state='yes'", "state=' on'", ''])
      expect(isEnlightened(read(`<hyperv><relaxed ${state}/></hyperv>`), 'relaxed')).toBe(false);
  });

  it('knows the parts of an enlightenment, unless it is off as a whole', () => {
    expect(hasSwitch(read("<hyperv><stimer state='on'><direct state='on'/></stimer></hyperv>"), 'stimer', 'direct')).toBe(true);
    expect(hasSwitch(read("<hyperv><stimer state='off'><direct state='on'/></stimer></hyperv>"), 'stimer', 'direct')).toBe(false);
  });
});

describe('missingRequirements', () => {
  it.each([
    [on('synic'), { vpindex: ['synic'] }],
    [on('tlbflush', 'ipi'), { vpindex: ['tlbflush', 'ipi'] }],
    [on('stimer'), { synic: ['stimer'], vpindex: ['stimer'], hypervclock: ['stimer'] }],
    [on('stimer', 'synic'), { vpindex: ['synic'], hypervclock: ['stimer'] }],
    [on('evmcs'), { vapic: ['evmcs'] }],
    ["<hyperv><vpindex state='on'/><tlbflush state='on'><direct state='on'/></tlbflush></hyperv>", { vapic: ['tlbflush'] }],
    [on('relaxed', 'vpindex', 'runtime', 'frequencies'), {}],
    ["<hyperv mode='passthrough'><stimer state='on'/></hyperv>", {}],
    ['', {}],
  ])('%s: %j', (features, expected) => {
    expect(missing(features)).toEqual(expected);
  });

  it('is content with the clock among the timers', () => {
    expect(missing(on('vpindex', 'synic', 'stimer'), CLOCK)).toEqual({});
  });

  it('never fails, whatever is on', () => {
    const names = fc.constantFrom<string[]>(
      'synic',
      'stimer',
      'vpindex',
      'tlbflush',
      'ipi',
      'evmcs',
      'vapic',
      'constructor',
      '__proto__',
      'x',
    );
    fc.assert(
      fc.property(fc.uniqueArray(names), (chosen) => {
        const found = missingRequirements(read(on(...chosen)));
        return [...found].every(([name, users]) => !chosen.includes(name) && users.every((user) => chosen.includes(user)));
      }),
    );
  });
});
