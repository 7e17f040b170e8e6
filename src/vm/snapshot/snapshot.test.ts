import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { parseXml } from '../../domain/xml.ts';
import type { Attempt } from '../problem.ts';
import { discardSnapshot } from './discard.ts';
import { type Manifest, manifestSchema } from './manifest.ts';
import type { ImageInfo, ImageSnapshot, ImageTool } from './qemu-img.ts';
import { planRevert, revert } from './revert.ts';
import { forgetSnapshot, readSnapshots } from './store.ts';
import type { Subject } from './subject.ts';
import { takeSnapshot } from './take.ts';

const NOW = new Date('2026-11-20T20:00:00.000Z');

let place: string;
let folder: string;
let images: Images;

/** Images whose content is a word. `broken`: the call that fails, `take /a`. */
interface Images extends ImageTool {
  readonly content: Map<string, string>;
  readonly kept: Map<string, (ImageSnapshot & { readonly content: string })[]>;
  broken: string;
}

function memoryImages(): Images {
  const content = new Map<string, string>();
  const kept: Images['kept'] = new Map();
  let count = 0;
  const done = (call: string, work: () => void): Promise<string | null> => {
    if (call === tool.broken) return Promise.resolve('no space left on the disk');
    work();
    return Promise.resolve(null);
  };
  const of = (path: string): (ImageSnapshot & { readonly content: string })[] => kept.get(path) ?? [];
  const tool: Images = {
    content,
    kept,
    broken: '',
    info: async (path): Promise<Attempt<ImageInfo>> => ({
      ok: true,
      value: { virtualBytes: 1, actualBytes: 1, snapshots: of(path), bases: [], faults: [] },
    }),
    chain: async () => ({ ok: true, value: [] }),
    take: (path, tag) =>
      done(`take ${path}`, () => {
        count += 1;
        kept.set(path, [...of(path), { id: String(count), tag, dateSec: count, dateNsec: 0, content: content.get(path) ?? '' }]);
      }),
    apply: (path, tag) => done(`apply ${path}`, () => content.set(path, of(path).find((one) => one.tag === tag)?.content ?? 'nothing')),
    remove: (path, tag) =>
      done(`remove ${path}`, () =>
        kept.set(
          path,
          of(path).filter((one) => one.tag !== tag),
        ),
      ),
    mend: async () => null,
  };
  return tool;
}

beforeEach(() => {
  place = fs.mkdtempSync(join(tmpdir(), 'passcheck-snapshot-'));
  folder = join(place, 'state/snapshots/uuid-1');
  fs.mkdirSync(join(place, 'tpm/tpm2'), { recursive: true });
  images = memoryImages();
  for (const name of ['a', 'b']) fs.writeFileSync(join(place, name), '');
  become('then');
});

afterEach(() => fs.rmSync(place, { recursive: true }));

const DISKS = ['a', 'b'] as const;
const NVRAM = (): string => join(place, 'nvram');
const TPM = (): string => join(place, 'tpm');
const STATE = (): string => join(place, 'tpm/tpm2/tpm2-00.permall');

function become(time: string): void {
  for (const name of DISKS) images.content.set(join(place, name), time);
  for (const path of [NVRAM(), STATE()]) fs.writeFileSync(path, time);
}

function times(): readonly string[] {
  const contents = DISKS.map((name) => images.content.get(join(place, name)) ?? '');
  return [...contents, ...[NVRAM(), STATE()].map((path) => fs.readFileSync(path, 'utf8'))];
}

async function subject(): Promise<Subject> {
  const xml = '<domain/>';
  const looked = DISKS.map(async (name) => {
    const info = await images.info(join(place, name));
    if (!info.ok) throw new Error('no image');
    return { target: `vd${name}`, path: join(place, name), info: info.value };
  });
  return {
    vm: { uuid: 'uuid-1', name: 'win', state: 'shut off', xml, root: parseXml(xml) },
    disks: await Promise.all(looked),
    nvram: { path: NVRAM(), exists: fs.existsSync(NVRAM()) },
    tpm: { path: TPM(), exists: fs.existsSync(TPM()) },
  };
}

async function take(name = 'clean'): Promise<Attempt<Manifest>> {
  return takeSnapshot(await subject(), name, { folder, images, now: NOW, version: '1.0.0' });
}

async function goBack({ started = null }: { readonly started?: string | null } = {}): Promise<string | null> {
  const { complete, unfinished } = readSnapshots(folder);
  const plan = planRevert(await subject(), complete[0] ?? never(), folder);
  if (!plan.ok) return plan.problems.map(({ message }) => message).join('; ');
  return revert(plan.value, { folder, images, now: NOW, isAgain: unfinished !== null, started: async () => started });
}

function never(): never {
  throw new Error('there is no snapshot');
}

describe('a snapshot', () => {
  it('has what the VM was, and says so in its manifest', async () => {
    expect(await take()).toMatchObject({ ok: true, value: { name: 'clean', takenAt: NOW.toISOString() } });
    const manifest = manifestSchema.parse(JSON.parse(fs.readFileSync(join(folder, 'clean/manifest.json'), 'utf8')));
    expect(manifest.disks.map(({ target, id }) => [target, id])).toEqual([
      ['vda', '1'],
      ['vdb', '2'],
    ]);
    expect(fs.readdirSync(join(folder, 'clean')).toSorted()).toEqual(['domain.xml', 'manifest.json', 'nvram', 'tpm']);
    expect(fs.statSync(join(folder, 'clean/nvram')).mode & 0o777).toBe(0o600);
    become('now');
    fs.writeFileSync(join(place, 'tpm/tpm2/later'), '');
    expect(await goBack()).toBeNull();
    expect(times()).toEqual(['then', 'then', 'then', 'then']);
    expect(fs.readdirSync(join(place, 'tpm/tpm2'))).toEqual(['tpm2-00.permall']);
    expect(readSnapshots(folder).unfinished).toBeNull();
  });

  it('that fails in the middle leaves nothing', async () => {
    images.broken = `take ${join(place, 'b')}`;
    expect(await take()).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining('no space') }] });
    expect(readSnapshots(folder)).toMatchObject({ complete: [], incomplete: [] });
    expect([...images.kept.values()].flat()).toEqual([]);
  });

  it.each(['nvram', 'tpm/tpm2/link'])('is not taken when %s is a link', async (name) => {
    fs.rmSync(join(place, name), { force: true });
    fs.symlinkSync('/etc/hostname', join(place, name));
    expect(await take()).toMatchObject({ ok: false });
    expect([...images.kept.values()].flat()).toEqual([]);
    expect(fs.existsSync(join(folder, 'clean'))).toBe(false);
  });

  it('of which only traces are left is none, and they can be removed', async () => {
    await take();
    fs.renameSync(join(folder, 'clean/manifest.json'), join(place, 'manifest.json'));
    fs.writeFileSync(join(folder, 'clean/begun.json'), JSON.stringify({ schema: 1, name: 'clean', disks: [join(place, 'a'), '/gone'] }));
    expect(readSnapshots(folder)).toMatchObject({ complete: [], incomplete: ['clean'], damaged: [] });
    images.broken = `remove ${join(place, 'a')}`;
    expect(await discardSnapshot(folder, 'clean', images)).toContain('no space');
    images.broken = '';
    expect(await discardSnapshot(folder, 'clean', images)).toBeNull();
    expect(images.kept.get(join(place, 'a'))).toEqual([]);
    expect(readSnapshots(folder).incomplete).toEqual([]);
  });

  it('with a manifest that cannot be read is not removed by itself', async () => {
    await take();
    fs.writeFileSync(join(folder, 'clean/manifest.json'), '{ "schema": 2 }');
    expect(readSnapshots(folder)).toMatchObject({ complete: [], incomplete: [], damaged: ['clean'] });
  });

  it('that is being deleted is none from the first moment on', async () => {
    await take();
    forgetSnapshot(folder, { schema: 1, name: 'clean', disks: DISKS.map((name) => join(place, name)) });
    expect(readSnapshots(folder)).toMatchObject({ complete: [], incomplete: ['clean'] });
    expect(await discardSnapshot(folder, 'clean', images)).toBeNull();
    expect([...images.kept.values()].flat()).toEqual([]);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('is refused a tag that somebody else has in an image', async () => {
    await images.take(join(place, 'b'), 'passcheck-clean');
    expect(await take()).toMatchObject({ ok: false, problems: [{ fix: expect.stringContaining('qemu-img snapshot -d passcheck-clean') }] });
    expect(images.kept.get(join(place, 'b'))).toHaveLength(1);
  });
});

describe('going back', () => {
  beforeEach(async () => {
    await take();
    become('now');
  });

  it.each(['apply a', 'apply b'])('cut off at %s, is remembered, and does the rest when it is done again', async (call) => {
    images.broken = call.replace(' ', ` ${place}/`);
    expect(await goBack()).toContain('no space');
    expect(readSnapshots(folder).unfinished).toMatchObject({ name: 'clean' });
    images.broken = '';
    expect(await goBack()).toBeNull();
    expect(times()).toEqual(['then', 'then', 'then', 'then']);
    expect(readSnapshots(folder).unfinished).toBeNull();
  });

  it('cut off between files, does the rest when it is done again', async () => {
    fs.mkdirSync(`${STATE()}.passcheck-revert`);
    expect(await goBack()).toContain('could not be put back');
    expect(times()).toEqual(['then', 'then', 'then', 'now']);
    expect(readSnapshots(folder).unfinished).toMatchObject({ name: 'clean' });
    fs.rmdirSync(`${STATE()}.passcheck-revert`);
    fs.rmSync(NVRAM());
    fs.writeFileSync(`${NVRAM()}.passcheck-revert`, 'half');
    expect(await goBack()).toBeNull();
    expect(times()).toEqual(['then', 'then', 'then', 'then']);
    expect(fs.readdirSync(place).filter((name) => name.includes('revert'))).toEqual([]);
  });

  it('stops before the files when the VM was started in between', async () => {
    expect(await goBack({ started: 'it was started in between' })).toContain('started in between');
    expect(times()).toEqual(['then', 'then', 'now', 'now']);
    expect(readSnapshots(folder).unfinished).not.toBeNull();
  });

  it.each([
    [
      'the copy of its firmware settings is not what was kept',
      () => fs.appendFileSync(join(folder, 'clean/nvram'), 'x'),
      'copy of its UEFI settings',
    ],
    ['the copy of its TPM is gone', () => fs.rmSync(join(folder, 'clean/tpm/tpm2/tpm2-00.permall')), 'copy of its TPM state'],
    ['an image has no such snapshot', () => images.kept.delete(join(place, 'b')), 'vdb'],
    [
      'an image has another snapshot of that name',
      () => images.kept.set(join(place, 'b'), [{ id: '2', tag: 'passcheck-clean', dateSec: 99, dateNsec: 0, content: 'other' }]),
      'not the image that the snapshot was taken of',
    ],
  ])('is refused when %s, and changes nothing', async (_, damage, words) => {
    damage();
    expect(await goBack()).toContain(words);
    expect(times()).toEqual(['now', 'now', 'now', 'now']);
    expect(readSnapshots(folder).unfinished).toBeNull();
  });

  it('is refused when disks, firmware or TPM are others now', async () => {
    const [manifest] = readSnapshots(folder).complete;
    const now = await subject();
    const [first] = now.disks;
    if (manifest === undefined || first === undefined) return never();
    const wrong = [
      { ...now, disks: [first] },
      { ...now, disks: [...now.disks, { ...first, path: join(place, 'c') }] },
      { ...now, nvram: null },
      { ...now, tpm: null },
    ];
    expect(wrong.map((one) => planRevert(one, manifest, folder).ok)).toEqual([false, false, false, false]);
    expect(planRevert(now, { ...manifest, tpm: null }, folder).ok).toBe(false);
    expect(planRevert(now, manifest, folder).ok).toBe(true);
    return undefined;
  });
});

describe('a manifest', () => {
  it.each(['../nvram', '/etc/passwd', 'tpm2/../../x', '.', 'a/..', ''])('with a file named %j is none', async (name) => {
    const taken = await take();
    if (!taken.ok) return never();
    const { definition } = taken.value;
    expect(manifestSchema.safeParse({ ...taken.value, definition: { ...definition, name } }).success).toBe(false);
    return undefined;
  });
});
