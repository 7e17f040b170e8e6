import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseSpec } from './parse.ts';
import type { Spec } from './model.ts';
import { specSchema } from './model.ts';
import { SPEC_WORDS } from './spec-words.ts';

/** `LINE:COLUMN: …` of each problem. */
function problems(text: string): string[] {
  const parsed = parseSpec(text);
  return parsed.ok
    ? []
    : [
        ...parsed.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`),
        ...(parsed.more > 0 ? [`${parsed.more} more`] : []),
      ];
}

function specOf(text: string): Spec {
  const parsed = parseSpec(text);
  if (!parsed.ok) throw new Error(problems(text).join('\n'));
  return parsed.value;
}

/** A VM `a` with these keys besides those that it has to have. */
function vm(...lines: readonly string[]): string {
  return ['name: lab', 'vms:', '  a:', '    memory: 1 GiB', '    vcpus: 1', ...lines.map((line) => `    ${line}`)].join('\n');
}

describe('a spec', () => {
  it('needs nothing but its name', () => {
    expect(specOf('name: lab')).toEqual({
      name: 'lab',
      connection: 'qemu:///system',
      networks: {},
      pools: {},
      volumes: {},
      media: {},
      vms: {},
    });
  });

  it('fills in what a VM does not say', () => {
    expect(specOf(vm()).vms['a']).toEqual({
      os: 'linux',
      accelerator: 'kvm',
      memory: '1 GiB',
      vcpus: 1,
      hugepages: false,
      firmware: 'uefi',
      secureBoot: true,
      tpm: true,
      disks: [],
      media: [],
      attachInstallMedia: true,
      nics: [],
      spice: true,
      autostart: false,
    });
    expect(specOf(vm('firmware: bios')).vms['a']).toMatchObject({ secureBoot: false });
    expect(specOf(vm('secureBoot: false')).vms['a']).toMatchObject({ secureBoot: false });
  });

  it('has addresses in one form', () => {
    const text = vm(
      'uuid: 4E6EF9E2-9A2D-4A63-9C27-0B1C0B2D3A4F',
      'nics: [{ bridge: br0, mac: 52:54:00:AB:CD:EF }]',
      'gpu: { devices: [01:00.0, "0000:0A:00.1"], ids: [10DE:2684, 10de:22ba] }',
    );
    expect(specOf(text).vms['a']).toMatchObject({
      uuid: '4e6ef9e2-9a2d-4a63-9c27-0b1c0b2d3a4f',
      nics: [{ bridge: 'br0', mac: '52:54:00:ab:cd:ef' }],
      gpu: { devices: ['0000:01:00.0', '0000:0a:00.1'], ids: ['10de:2684', '10de:22ba'] },
    });
  });

  it('may say things once, with anchors', () => {
    const text = ['name: lab', 'vms:', '  a: &vm { memory: 1 GiB, vcpus: 1 }', '  b: *vm'].join('\n');
    expect(Object.keys(specOf(text).vms)).toEqual(['a', 'b']);
  });

  it.each([
    ['', '1:1: name is missing'],
    ['- name: lab', '1:1: the spec has to be a table of keys and values'],
    ['name: lab\nvm: {}', '2:1: unknown key "vm" (did you mean "vms"?)'],
    ['name: lab\nconnection: qemu+ssh://gaia/system', '2:13: connection has to be one of qemu:///system, qemu:///session'],
    ['name: my lab', '1:7: name has to be a name of letters, digits and _ . + - (64 at most, a letter or digit first)'],
    ['name: "lab\nvms: {}', '2:8: missing closing "quote'],
    ['name: lab\nvms:\n  a: {}', '3:6: vms.a.memory is missing'],
    ['name: lab\nvms: [a]', '2:6: vms has to be a table of keys and values'],
    ['name: lab\nvms:\n  a:\n', '3:5: vms.a has to be a table of keys and values'],
    [vm('colour: red'), '6:5: unknown key "colour" (known: uuid, title, os, accelerator, memory, vcpus,'],
    [vm('disk: {}'), '6:5: unknown key "disk" (did you mean "disks"?)'],
    [vm('nics: [{ network: x, mtu: 9000 }]'), '6:26: unknown key "mtu" (known: network, bridge, mac, model, address)'],
    [vm('pins: { cpus: [1], emulator: "0" }'), '6:11: vms.a.pins.vcpus is missing'],
    [vm('pins: yes'), '6:11: vms.a.pins has to be auto, or a table of keys and values'],
    [vm('pins: { vcpus: [], emulator: "0" }'), '6:20: vms.a.pins.vcpus must not be empty'],
    [vm('pins: { vcpus: [-1], emulator: "0" }'), '6:21: vms.a.pins.vcpus 1 has to be at least 0'],
    [vm('pins: { vcpus: [8192], emulator: "0" }'), '6:21: vms.a.pins.vcpus 1 has to be less than 8192'],
    [vm('hugepages: some'), '6:16: vms.a.hugepages has to be a size like 60 GiB or 512 MiB, more than nothing'],
    [vm('hugepages: 2'), '6:16: vms.a.hugepages has to be true or false, or a size like 60 GiB or 512 MiB, more than nothing'],
    [vm('os: windows-xp'), '6:9: vms.a.os has to be one of windows-11, windows-10,'],
    [vm('gpu: { devices: [] }'), '6:21: vms.a.gpu.devices must not be empty'],
    [vm('gpu: { devices: [01:00] }'), '6:22: vms.a.gpu.devices 1 has to be a PCI address like 0000:01:00.0'],
    [
      vm('nics: [{ network: x }, { mac: 52:54:00:00:00 }]'),
      '6:35: vms.a.nics 2: mac has to be a MAC address of one device like 52:54:00:12:34:56',
    ],
    [vm('nics: [{ bridge: x, mac: 53:54:00:00:00:01 }]'), '6:30: vms.a.nics 1: mac has to be a MAC address of one device'],
    [vm(`disks: [${'{ volume: x },'.repeat(25)}]`), '6:12: vms.a.disks has more than 24 entries'],
    ['name: lab\nvolumes: { d: { pool: p, size: 60 } }', '2:32: volumes.d.size has to be a size like 60 GiB or 512 MiB, more than nothing'],
    [
      'name: lab\nvolumes: { d: { pool: p, size: -5 GiB } }',
      '2:32: volumes.d.size has to be a size like 60 GiB or 512 MiB, more than nothing',
    ],
    [
      'name: lab\nvolumes: { d: { pool: p, size: 0.0 GiB } }',
      '2:32: volumes.d.size has to be a size like 60 GiB or 512 MiB, more than nothing',
    ],
    ['name: lab\nvolumes: { d: { pool: p, size: 60G } }', '2:32: volumes.d.size has to be a size'],
    ['name: lab\npools: { p: { path: /a/../b } }', '2:21: pools.p.path has to be an absolute path without . or .. in it'],
    ['name: lab\npools: { p: { path: /../etc } }', '2:21: pools.p.path has to be an absolute path without . or .. in it'],
    ['name: lab\npools: { p: { path: images } }', '2:21: pools.p.path has to be an absolute path without . or .. in it'],
    ['name: lab\npools: { p: { path: "/a\\u202eb" } }', '2:21: pools.p.path has to be an absolute path'],
    ['name: lab\nmedia: { win: /iso/ }', '2:15: media.win has to be the absolute path of a file, without . or .. in it'],
    ['name: lab\nnetworks: { n: { address: 192.168.56.1 } }', '2:27: networks.n.address has to be an address with a prefix from 8 to 30'],
    [
      'name: lab\nnetworks: { n: { address: 192.168.56.1/24, bridge: a-bridge-too-long } }',
      '2:52: networks.n.bridge has to be a bridge name of at most 15',
    ],
    ['name: lab\nnetworks: { n: { address: 192.168.056.1/24 } }', '2:27: networks.n.address has to be an address with a prefix'],
    [vm('vcpus: 2'), '6:5: this key is there twice'],
    [vm('title: "a\\nb"'), '6:12: vms.a.title has to be a line of text'],
    [vm('title: "\\ud800"'), '6:12: vms.a.title has to be a line of text'],
  ])('%j is told with its place', (text, message) => {
    expect(problems(text)[0]?.slice(0, message.length)).toBe(message);
  });

  it.each(['0', '1.5', '711', '"2"', '1e9', '-1', '.inf'])('a VM has a whole number of vCPUs, not %s', (count) => {
    expect(problems(`name: lab\nvms: { a: { memory: 1 GiB, vcpus: ${count} } }`)[0]).toMatch(/^2:35: vms\.a\.vcpus has to be /);
  });

  it.each(['a b', 'a;reboot', '$(id)', '`id`', 'a&b', '<a>', '"a', "a'", '../a', '-a', 'a/b', 'ä', 'a\u0000', ' a', 'x'.repeat(65), '<<'])(
    'nothing has the name %j',
    (name) => {
      for (const kind of ['networks', 'pools', 'volumes', 'media', 'vms']) {
        const [first, ...others] = problems(`name: lab\n${kind}:\n  ${JSON.stringify(name)}: {}`);
        expect(first).toMatch(new RegExp(`^3:3: ${kind}: ".*" has to be a name of letters, digits and _ \\. \\+ -`));
        expect(first).not.toMatch(/\p{Cc}/u);
        expect(others).toEqual([]);
      }
    },
  );

  it.each(['toString', 'constructor', 'hasOwnProperty', 'valueOf'])(
    'a name that every object has is none that the spec has: %s',
    (name) => {
      expect(problems(vm(`disks: [{ volume: ${name} }]`))).toEqual([
        `6:23: there is no volume "${name}" in this spec (declare it under volumes)`,
      ]);
      expect(problems(vm(`media: [${name}]`, `nics: [{ network: ${name} }]`))).toHaveLength(2);
      expect(problems(`name: lab\nvolumes: { a: { pool: ${name}, size: 1 GiB } }`)).toHaveLength(1);
      expect(problems(`name: lab\npools: { ${name}: { path: /p } }\nvolumes: { a: { pool: ${name}, size: 1 GiB } }`)).toEqual([]);
    },
  );

  it.each(['password', 'Passwd', 'adminPassword', 'secret', 'passwordHunter2'])(
    'has no %s anywhere, and the value is never told',
    (key) => {
      const said = 'passwords do not belong into a spec: keep them in the environment, or in a file of mode 0600';
      expect(problems(`name: lab\n${key}: hunter2`)).toEqual([`2:1: ${said}`]);
      expect(problems(vm(`${key}: hunter2`))).toEqual([`6:5: ${said}`]);
      expect(problems(vm(`nics: [{ bridge: b, ${key}: hunter2 }]`))).toEqual([`6:25: ${said}`]);
    },
  );

  it('a volume may be called secret', () => {
    const text = 'name: lab\npools: { p: { path: /p } }\nvolumes: { secret: { pool: p, size: 1 GiB } }';
    expect(problems(text)).toEqual([]);
  });

  it('tells twenty problems, and how many others there are', () => {
    expect(problems(`name: lab\n${Array.from({ length: 33 }, (_, index) => `x${index}: 1`).join('\n')}`).at(-1)).toBe('13 more');
  });
});

/** The keys of each table of a schema, as the words have them. */
function tables(schema: unknown, place: string): [string, string[]][] {
  const def = (schema as { def: Record<string, unknown> & { type: string } }).def;
  const below = (path: string): string => (place === '' ? path : `${place}.${path}`);
  switch (def.type) {
    case 'object': {
      const shape = def['shape'] as Record<string, unknown>;
      return [[place, Object.keys(shape)], ...Object.entries(shape).flatMap(([key, value]) => tables(value, below(key)))];
    }
    case 'optional':
    case 'default':
      return tables(def['innerType'], place);
    case 'pipe':
      return tables(def['in'], place);
    case 'record':
      return tables(def['valueType'], below('*'));
    case 'array':
      return tables(def['element'], below('*'));
    case 'union':
      return (def['options'] as unknown[]).flatMap((option) => tables(option, place));
    default:
      return [];
  }
}

it('the words know the keys of the schema', () => {
  expect(SPEC_WORDS.keys).toEqual(Object.fromEntries(tables(specSchema, '')));
});

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

describe('a hostile text ends, and is refused', () => {
  const nested = many(9, (level) => `l${level + 1}: &l${level + 1} [${Array.from({ length: 10 }, () => `*l${level}`).join(', ')}]`);

  it.each([
    ['a thousand million values behind aliases', `l0: &l0 x\n${nested}`],
    ['ten thousand unknown keys', `name: lab\n${many(10_000, (index) => `k${index}: 1`)}`],
    ['ten thousand wrong names', `name: lab\nvms:\n${many(10_000, (index) => `  "k ${index}": 1`)}`],
    ['ten thousand times one key', `name: lab\n${many(10_000, () => 'k: 1')}`],
    [
      'ten thousand volumes of unknown pools',
      `name: lab\nvolumes:\n${many(10_000, (index) => `  v${index}: { pool: p${index}, size: 1 GiB }`)}`,
    ],
    ['ten thousand aliases', `name: &a lab\nvms: [${'*a,'.repeat(10_000)}]`],
    ['ten thousand anchors', `name: lab\nvms: [${'&a 1,'.repeat(10_000)}]`],
    ['tables in tables', `name: lab\nvms: ${'{a: '.repeat(20_000)}`],
    ['lists in lists', `name: lab\nvms: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['a line of a million characters', `name: ${'x'.repeat(1_000_000)}`],
    ['a long path', `name: lab\npools: { p: { path: ${'/a'.repeat(500_000)} } }`],
    ['dots without end', `name: lab\npools: { p: { path: ${'/.'.repeat(500_000)}x } }`],
    ['a size of a million digits', `name: lab\nvolumes: { v: { pool: p, size: ${'9'.repeat(1_000_000)} GiB } }`],
  ])('%s', (_name, text) => {
    const [first, ...others] = problems(text);
    expect(first).toMatch(/^\d+:\d+: \S/);
    expect(first?.length).toBeLessThan(1000);
    expect(others.length).toBeLessThanOrEqual(20);
  });
});

it('any text is a spec or a list of problems', () => {
  const words = [
    'name: lab',
    'vms:',
    'a:',
    'memory: 1 GiB',
    'vcpus: 1',
    'pins:',
    'gpu:',
    '[',
    ']',
    '{',
    '}',
    ',',
    '\n',
    ' ',
    '  ',
    '    ',
    '-',
    ':',
    '&a',
    '*a',
    '"',
    '|',
    '#',
    '!',
    '?',
    '~',
    '1',
    '\t',
  ];
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (given) => {
      const parsed = parseSpec(given);
      if (parsed.ok) return;
      expect(parsed.problems.length).toBeGreaterThan(0);
      for (const { line, column, message } of parsed.problems) {
        expect(line).toBeGreaterThan(0);
        expect(column).toBeGreaterThan(0);
        expect(message).not.toMatch(/\p{Cc}|nvalid (?:input|option|key|element|value)|undefined|cannot be used/u);
      }
    }),
    { numRuns: 400 },
  );
});
