import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { UsageError } from '../usage-error.ts';
import { CONFIG_WORDS } from './config-words.ts';
import { type ConfigSearch, loadConfig } from './load.ts';
import { parseConfig } from './parse.ts';
import { DEFAULT_CONFIG } from './defaults.ts';
import { configSchema } from './schema.ts';

const CHECKS = ['preflight/iommu/enabled', 'preflight/vfio/driver-bound'];

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), 'passcheck-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function search(given: Partial<ConfigSearch> = {}): ConfigSearch {
  return { folder, environment: {}, checkIds: CHECKS, ...given };
}

function put(path: string, text: string | Uint8Array): void {
  fs.mkdirSync(join(folder, path, '..'), { recursive: true });
  fs.writeFileSync(join(folder, path), text);
}

async function messageOf(given: Partial<ConfigSearch> = {}): Promise<string> {
  const error: unknown = await loadConfig(search(given)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof Error ? error.message : '';
}

describe('which file is taken', () => {
  it('none: everything is inferred', async () => expect(await loadConfig(search())).toEqual({ config: DEFAULT_CONFIG, path: null }));

  it('passcheck.yaml of the working directory, before the one of the user', async () => {
    put('passcheck.yaml', 'gpu: 01:00.0');
    put('xdg/passcheck/passcheck.yaml', 'gpu: 02:00.0');
    const loaded = await loadConfig(search({ environment: { XDG_CONFIG_HOME: join(folder, 'xdg') } }));
    expect(loaded).toMatchObject({ config: { gpu: ['0000:01:00.0'] }, path: join(folder, 'passcheck.yaml') });
  });

  it('the one of the user, also below HOME', async () => {
    put('xdg/passcheck/passcheck.yaml', 'gpu: 02:00.0');
    put('home/.config/passcheck/passcheck.yaml', 'gpu: 03:00.0');
    const [xdg, home] = [join(folder, 'xdg'), join(folder, 'home')];
    expect(await loadConfig(search({ environment: { XDG_CONFIG_HOME: xdg, HOME: home } }))).toMatchObject({
      config: { gpu: ['0000:02:00.0'] },
    });
    expect(await loadConfig(search({ environment: { HOME: home } }))).toMatchObject({ config: { gpu: ['0000:03:00.0'] } });
    expect(await loadConfig(search({ environment: { XDG_CONFIG_HOME: 'xdg' } }))).toMatchObject({ path: null });
  });

  it('the one of --config, and no other', async () => {
    put('passcheck.yaml', 'unknown: 1');
    put('other.yaml', 'vms: [win11]');
    expect(await loadConfig(search({ file: 'other.yaml' }))).toMatchObject({ config: { vms: ['win11'] } });
    expect(await messageOf({ file: 'no.yaml' })).toBe('could not read no.yaml: there is no such file');
    expect(await messageOf({ file: '.' })).toBe('could not read .: it is a folder');
  });

  it('an endless file is refused', async () => expect(await messageOf({ file: '/dev/zero' })).toContain('larger than 1 MiB'));
  it('a file that is no text is refused', async () => {
    put('passcheck.yaml', Uint8Array.of(0x67, 0xff, 0xfe));
    expect(await messageOf()).toBe('passcheck.yaml is no UTF-8 text');
  });
});

describe('a problem is reported with line and column', () => {
  it.each([
    ['gpu: "0000:01:00.0"\ngpus: []', '2:1: unknown key "gpus" (did you mean "gpu"?)'],
    ['lookingGlass:\n  resolutoin: 2560x1440', '2:3: unknown key "resolutoin" (did you mean "resolution"?)'],
    ['colour: red', '1:1: unknown key "colour" (known: gpu, ids, vms, connection, lookingGlass, media, thresholds, severity, phase)'],
    ['gpu: first', '1:6: gpu has to be a PCI address like 0000:01:00.0'],
    ['gpu: ["01:00.0", 7]', '1:18: gpu 2 has to be a text'],
    ['gpu: ["01:00.0", x]', '1:18: gpu 2 has to be a PCI address like 0000:01:00.0'],
    ['gpu: {}', '1:6: gpu has to be a text, or a list'],
    ['ids: 10de:2684', '1:6: ids has to be a list'],
    ['vms: [""]', '1:7: vms 1 must not be empty'],
    ['connection: qemu+ssh://gaia/system', '1:13: connection has to be one of qemu:///system, qemu:///session'],
    ['media:\n  windows: win.iso', '2:12: media.windows has to be an absolute path'],
    ['thresholds: {overhead: 0}', '1:24: thresholds.overhead has to be more than 0'],
    ['thresholds: {boots: 1.5}', '1:21: thresholds.boots has to be a whole number'],
    [
      'severity:\n  preflight/iommu/enabeld: info',
      '2:3: no check has the id "preflight/iommu/enabeld" (did you mean "preflight/iommu/enabled"?)',
    ],
    ['severity: {iommu/enabled: info}', '1:12: no check has the id "iommu/enabled" (did you mean "preflight/iommu/enabled"?)'],
    ['severity: {nonsense: info}', '1:12: no check has the id "nonsense" (passcheck explain lists all)'],
    ['severity:\n  preflight/iommu/enabled: loud', '2:28: severity.preflight/iommu/enabled has to be one of blocker, major, minor, info'],
    ['- gpu', '1:1: the configuration has to be a table of keys and values'],
    ['just text', '1:1: the configuration has to be a table of keys and values'],
    ['phase: a\nphase: b', '2:1: this key is there twice'],
    ['severity: {"1": info, 1: info}', '1:23: this key is there twice'],
    ['severity: {007: info}', '1:12: YAML reads this key as 7: put it in quotes'],
    ['severity: {__proto__: info}', '1:12: this word cannot be a key'],
    ['%YAML 1.1\n---\n<<: 5', '3:1: unknown key "<<" (known: gpu, ids, vms, connection, lookingGlass, media, thresholds, severity, phase)'],
    ['gpu: !!binary aGk=', '1:6: a tag (!…) has no meaning here'],
    ['gpu: &a [*a]', '1:10: *a contains itself'],
    ['media: &a\n  windows: {x: {y: *a}}', '2:20: *a contains itself'],
    ['gpu: *gone', '1:6: *gone was never defined: put a value that begins with * in quotes'],
    ['gpu: !!js/function x', '1:6: a tag (!…) has no meaning here'],
    ['? {a: b}\n: c', '1:3: a key has to be a word'],
    ['a: 1\n---\nb: 2', '2:1: a second document begins here: one file is one configuration'],
  ])('%j', async (text, message) => {
    put('passcheck.yaml', text);
    expect(await messageOf()).toBe(`passcheck.yaml:${message}`);
  });

  it.each([
    ['phase: a: b', '1:8: a second ": " on the line, or a line indented too far: put a text with a colon in quotes'],
    ['vms: [a: b: c]', '1:10: a second ": " in one value: put a text with a colon in quotes'],
    ['vms: [*]', '1:7: a value that begins with * or & has to be in quotes: "*"'],
    ['phase: @x', '1:8: a value that begins with this sign has to be in quotes'],
  ])('the commonest slips of YAML have a hint: %j', async (text, message) => {
    put('passcheck.yaml', text);
    expect((await messageOf()).split('\n')[0]).toBe(`passcheck.yaml:${message}`);
  });

  it('more problems than anybody reads are counted', async () => {
    put('passcheck.yaml', Array.from({ length: 33 }, (_, index) => `x${index}: 1`).join('\n'));
    const lines = (await messageOf()).split('\n');
    expect([lines.length, lines.at(-1)]).toEqual([21, 'passcheck.yaml: and 13 more']);
  });

  it.each(['gpu: [1', 'gpu: "x', '\tgpu: x', 'a: b: c', '%YAML 9\n---\n{}', '"\\x"', '\u0000'])('broken YAML: %j', async (text) => {
    put('passcheck.yaml', text);
    expect(await messageOf()).toMatch(/^passcheck\.yaml:\d+:\d+: \S/);
  });

  it('every problem has its line', async () => {
    put('passcheck.yaml', 'gpus: []\nids: x\nmedia: {win: /a}');
    expect((await messageOf()).split('\n')).toHaveLength(3);
  });

  it('too many aliases are refused', async () => {
    const list = Array.from({ length: 1000 }, () => '*a').join(', ');
    put('passcheck.yaml', `phase: &a x\nvms: [${list}]`);
    expect(await messageOf()).toBe('passcheck.yaml:1:1: more than 1000 anchors and aliases: write the values out');
    put('passcheck.yaml', `phase: &a x\nvms: [${list.slice(4)}]`);
    expect((await loadConfig(search())).config.vms).toHaveLength(999);
  });

  it('a thousand million values behind aliases are refused at once', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array.from({ length: 10 }, () => `*l${level}`).join(', ')}]`,
    );
    put('passcheck.yaml', ['l0: &l0 x', ...levels].join('\n'));
    expect(await messageOf()).toBe('passcheck.yaml:1:1: its aliases stand for more than 100000 values: write them out');
  });

  it('a long list behind few aliases is refused at once', async () => {
    const list = Array.from({ length: 50_000 }, () => '1').join(',');
    put('passcheck.yaml', `vms: &a [${list}]\nids: [*a, *a, *a]`);
    expect(await messageOf()).toContain('its aliases stand for more than 100000 values');
  });

  it('very deep nesting is refused', async () => {
    put('passcheck.yaml', `gpu: ${'['.repeat(200_000)}`);
    expect(await messageOf()).toMatch(/^passcheck\.yaml:\d+:\d+: /);
  });
});

describe('parseConfig', () => {
  it('takes the example of the documentation', () => {
    const text = [
      'gpu: "0000:01:00.0"',
      'ids: ["10de:2684", 10de:22ba]',
      'vms: [win11]',
      'lookingGlass: { resolution: 2560x1440, file: /dev/shm/looking-glass }',
      'media: { windows: /var/lib/libvirt/iso/Win11.iso, virtio: /var/lib/libvirt/iso/virtio-win.iso }',
      'thresholds: { overhead: 0.05, lookingGlassMs: 20, boots: 3 }',
      'severity: { preflight/iommu/enabled: info }',
      'phase: phase-0',
    ].join('\n');
    expect(parseConfig(text, CHECKS)).toMatchObject({ ok: true, config: { ids: ['10de:2684', '10de:22ba'], phase: 'phase-0' } });
  });

  it('takes an empty file', () => expect(parseConfig('# nothing yet\n', CHECKS)).toEqual({ ok: true, config: DEFAULT_CONFIG }));

  it('knows the keys of the schema', () => {
    const shape = configSchema.def.shape;
    const inner = {
      lookingGlass: shape.lookingGlass.def.innerType,
      media: shape.media.def.innerType,
      thresholds: shape.thresholds.def.innerType,
    };
    const nested = Object.entries(inner).map(([key, { def }]) => [key, Object.keys(def.shape)]);
    expect(CONFIG_WORDS.keys).toEqual({ '': Object.keys(shape), ...Object.fromEntries(nested) });
  });

  it('any text is a configuration or a list of problems', () => {
    const word = fc.constantFrom(
      'gpu',
      ':',
      ' ',
      '\n',
      '[',
      ']',
      '{',
      '}',
      '&a',
      '*a',
      '-',
      '"',
      "'",
      '|',
      '?',
      '!',
      '01:00.0',
      '\t',
      'media',
      ',',
      '<<',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 25 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        const parsed = parseConfig(given, CHECKS);
        if (parsed.ok) return;
        expect(parsed.problems.length).toBeGreaterThan(0);
        for (const { line, column, message } of parsed.problems) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(message).not.toMatch(/\p{Cc}|nvalid (?:input|option|key|element|value)|undefined/u);
        }
      }),
      { numRuns: 400 },
    );
  });
});
