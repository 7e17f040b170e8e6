import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './shared-memory-model.ts';

const shmem = (content: string, name = 'looking-glass') => ({ devices: `<shmem name='${name}'>${content}</shmem>` });
const SIZE = "<size unit='M'>32</size>";
const SERVER = "<server path='/tmp/socket'/>";

describe(rule.id, () => {
  it.each([
    ['the plain model', shmem(`<model type='ivshmem-plain'/>${SIZE}`)],
    ['a doorbell with its server', shmem(`<model type='ivshmem-doorbell'/>${SERVER}`, 'other')],
  ])('passes %s', (_, parts) => expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'pass' }));

  it.each([
    ['no model', shmem(SIZE), 'the shared memory names no model, and the one that libvirt then takes QEMU has no more'],
    ['the model that QEMU dropped', shmem(`<model type='ivshmem'/>${SIZE}`), 'QEMU has no shared memory of the model ivshmem'],
    ['a doorbell without a server', shmem(`<model type='ivshmem-doorbell'/>${SIZE}`), 'ivshmem-doorbell needs a <server>'],
  ])('fails on %s, which can be mended', (_, parts, message) => {
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'fail', message });
    expect(fixed(rule, parts)).toContain("<model type='ivshmem-plain'/>");
  });

  it('names the line', () => {
    expect(judgeOneDomain(rule, shmem("<model type='ivshmem'/>"))).toMatchObject({
      evidence: [{ source: 'win11.xml:9', observed: "<model type='ivshmem'/>", expected: "<model type='ivshmem-plain'/>" }],
    });
  });

  it('leaves the choice to a person where a server is given, or the memory belongs to another program', () => {
    for (const parts of [
      shmem(`<model type='ivshmem-plain'/>${SERVER}`),
      shmem(`<model type='ivshmem'/>${SERVER}`),
      shmem("<model type='ivshmem-doorbell'/>", 'other'),
    ]) {
      const outcome = judgeOneDomain(rule, parts);
      expect(outcome).toMatchObject({ status: 'fail' });
      expect(outcome).not.toHaveProperty('edits');
    }
  });

  it('is no blocker for Looking Glass with a server, which starts', () => {
    expect(judgeOneDomain(rule, shmem(`<model type='ivshmem-doorbell'/>${SERVER}`))).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('fails on a name that is a path', () => {
    const outcome = judgeOneDomain(rule, shmem("<model type='ivshmem-plain'/>", '/dev/shm/looking-glass'));
    expect(outcome).toMatchObject({ status: 'fail', evidence: [{ observed: "name='/dev/shm/looking-glass'" }] });
  });

  it('fails on memory without a name', () => {
    expect(judgeOneDomain(rule, { devices: "<shmem><model type='ivshmem-plain'/></shmem>" })).toMatchObject({ status: 'fail' });
  });

  it('says nothing of a definition without shared memory', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });
});
