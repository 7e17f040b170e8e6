import { describe, expect, it } from 'vitest';

import { ABSENT, ok } from '../../../src/host/reading.ts';
import { fixed, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aConfig } from '../../../test/facts.ts';
import { aClient, aSharedFile, aStat } from '../../../test/looking-glass.ts';
import rule from './looking-glass-size.ts';

const NOTHING = { config: NO_HOST_FACT, lookingGlassClient: NO_HOST_FACT, lookingGlass: NO_HOST_FACT, monitorModes: NO_HOST_FACT };
const B7 = { number: 7, isTagged: true };
const LATER = { number: 7, isTagged: false };

const shmem = (size: string) => ({
  devices: `<shmem name='looking-glass'>\n      <model type='ivshmem-plain'/>\n      <size unit='M'>${size}</size>\n    </shmem>`,
});
const client = (release: { number: number; isTagged: boolean }) => ({ ok: true, value: aClient('B7', release) }) as const;
const resolution = (text: string) =>
  ({ ok: true, value: aConfig({ lookingGlass: { resolution: text, file: '/dev/shm/looking-glass' } }) }) as const;
const monitor = (width: number, height: number) =>
  ({
    ok: true,
    value: ok([{ connector: 'card0-DP-1', source: '/sys/class/drm/card0-DP-1/modes', resolution: { width, height } }]),
  }) as const;

describe(rule.id, () => {
  it('passes the smallest usual screen without a host, and says what else the memory holds', () => {
    expect(judgeOneDomain(rule, shmem('64'), NOTHING)).toMatchObject({
      status: 'pass',
      message: '64 MiB: enough for 2560x1440 without HDR, which needs twice as much',
    });
    expect(judgeOneDomain(rule, shmem('32'), NOTHING)).toMatchObject({ status: 'pass' });
  });

  it('fails on less than that', () => {
    expect(judgeOneDomain(rule, shmem('16'), NOTHING)).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: '16 MiB of shared memory, and 1920x1080 (the smallest usual screen) needs 32 MiB',
      evidence: [{ source: 'win11.xml:11', observed: "<size unit='M'>16</size>", expected: "<size unit='M'>32</size>" }],
    });
  });

  it('takes the resolution of passcheck.yaml, also without a host', () => {
    const facts = { ...NOTHING, config: resolution('3840x2160') };
    expect(judgeOneDomain(rule, shmem('128'), facts)).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, shmem('64'), facts)).toMatchObject({
      status: 'fail',
      severity: 'major',
      evidence: [{}, { source: 'passcheck.yaml', observed: 'lookingGlass.resolution: 3840x2160' }],
    });
  });

  it('reckons as the release does, or for both where nothing tells it', () => {
    const facts = { ...NOTHING, config: resolution('5120x2880') };
    expect(judgeOneDomain(rule, shmem('128'), { ...facts, lookingGlassClient: client(B7) })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, shmem('128'), { ...facts, lookingGlassClient: client(LATER) })).toMatchObject({
      status: 'fail',
      severity: 'major',
    });
    expect(judgeOneDomain(rule, shmem('128'), facts)).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: '128 MiB of shared memory, and 5120x2880 (as passcheck.yaml says) needs 256 MiB with builds after B7',
    });
  });

  it('asks the memory itself for the release where no client is installed', () => {
    const header = ok({ lgmp: 6, kvmfr: 20, version: 'B7' });
    const facts = {
      ...NOTHING,
      config: resolution('5120x2880'),
      lookingGlassClient: { ok: true, value: ABSENT } as const,
      lookingGlass: { ok: true, value: [aSharedFile({ header })] } as const,
    };
    expect(judgeOneDomain(rule, shmem('128'), facts)).toMatchObject({ status: 'pass' });
  });

  it('only supposes that the guest has the resolution of the host’s monitor', () => {
    const facts = { ...NOTHING, monitorModes: monitor(3840, 2160) };
    expect(judgeOneDomain(rule, shmem('64'), facts)).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: '64 MiB of shared memory, and 3840x2160 (the monitor at card0-DP-1) needs 128 MiB',
    });
    expect(judgeOneDomain(rule, shmem('16'), facts)).toMatchObject({ status: 'fail', severity: 'major' });
    expect(judgeOneDomain(rule, shmem('32'), { ...NOTHING, monitorModes: monitor(1280, 720) })).toMatchObject({ status: 'pass' });
  });

  it('judges what QEMU takes where no size is written', () => {
    const parts = { devices: "<shmem name='looking-glass'><model type='ivshmem-plain'/></shmem>" };
    expect(judgeOneDomain(rule, parts, NOTHING)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('4 MiB of shared memory'),
    });
  });
});

describe('the fix', () => {
  it('is made where no file of the old size is there', () => {
    const facts = { ...NOTHING, lookingGlass: { ok: true, value: [aSharedFile({ stat: ABSENT })] } as const };
    expect(fixed(rule, shmem('16'), facts)).toContain("<size unit='M'>32</size>");
  });

  it.each([
    [
      'a file of the old size is there, which QEMU refuses',
      { ok: true, value: [aSharedFile({ stat: aStat({ size: 16_777_216 }) })] } as const,
    ],
    ['the host does not tell', NO_HOST_FACT],
  ])('is left to a person where %s', (_, lookingGlass) => {
    const outcome = judgeOneDomain(rule, shmem('16'), { ...NOTHING, lookingGlass });
    expect(outcome).toMatchObject({
      remedy: { steps: [{}, { run: 'truncate -s 0 /dev/shm/looking-glass', text: 'while the domain is off' }] },
    });
    expect(outcome).not.toHaveProperty('edits');
  });
});

const kvmfr = (size: number) => ({
  attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
  body: `<qemu:commandline><qemu:arg value='-object'/><qemu:arg value='memory-backend-file,id=lg,mem-path=/dev/kvmfr0,size=${size}M,share=yes'/></qemu:commandline>`,
});

describe('other definitions', () => {
  it('are judged by their arguments for QEMU', () => {
    expect(judgeOneDomain(rule, kvmfr(32), NOTHING)).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, kvmfr(16), NOTHING)).toMatchObject({
      status: 'fail',
      remedy: { summary: 'Load kvmfr with static_size_mb=32 (a power of two), and let the size in the argument be 33554432' },
    });
  });

  it.each([{}, { devices: "<shmem name='scream'><size unit='M'>2</size></shmem>" }])(
    'without Looking Glass are none of its business',
    (parts) => {
      expect(judgeOneDomain(rule, parts, NOTHING)).toMatchObject({ status: 'not-applicable' });
    },
  );

  it('with no size at all are left to another rule', () => {
    expect(judgeOneDomain(rule, shmem('x'), NOTHING)).toMatchObject({ status: 'not-applicable' });
  });
});
