import { describe, expect, it } from 'vitest';

import { domainRules } from '../suites/domain.ts';
import { lint } from './lint.ts';

const CONTAINER = "<domain type='lxc'>\n  <name>web</name>\n  <memory>1048576</memory>\n  <os><type>exe</type></os>\n</domain>\n";
const ARM =
  "<domain type='kvm'>\n  <name>pi</name>\n  <memory>1048576</memory>\n  <os><type arch='aarch64'>hvm</type></os>\n  <devices/>\n</domain>\n";

/** Rules about what every definition has: a name, sizes, values that libvirt reads, a place among other domains. */
const ABOUT_EVERY_DEFINITION = [
  'domain/cpu/vcpu-count',
  'domain/devices/password',
  'domain/machine/uuid',
  'domain/machine/placeholders',
  'domain/machine/unique',
  'domain/memory/sizes',
  'domain/schema/accepted-values',
  'domain/schema/well-formed',
];

describe('every rule', () => {
  it.each([
    ['a container', CONTAINER],
    ['an ARM guest', ARM],
  ])('leaves %s alone, but for those about every definition', async (_name, text) => {
    const { results } = await lint({ 'other.xml': text });
    const speaking = results.filter(({ status }) => status !== 'not-applicable').map(({ id }) => id);
    expect(new Set(results.map(({ id }) => id)).size).toBe(domainRules.length);
    expect(speaking.filter((id) => !ABOUT_EVERY_DEFINITION.includes(id))).toEqual([]);
  });
});
