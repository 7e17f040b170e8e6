import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aFile } from '../../../test/machine-facts.ts';
import type { DocumentFiles } from '../../../src/facts/document-files.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import type { FileStat } from '../../../src/host/source.ts';
import rule from './emulator.ts';

const PATH = '/usr/bin/qemu-system-x86_64';
const devices = `<emulator>${PATH}</emulator>`;
const host = (stat: Reading<FileStat>, path = PATH) => ({
  documentFiles: new Map([[path, { stat, real: ok(path) }]]) satisfies DocumentFiles,
  qemu: {
    ok: true as const,
    value: { system: ok({ path: '/usr/libexec/qemu-kvm', domains: [], version: ok([9, 1, 0] as const) }), others: [] },
  },
});

describe(rule.id, () => {
  it('passes when it is there', () => {
    expect(judgeOneDomain(rule, { devices }, host(ok(aFile())))).toMatchObject({ status: 'pass' });
  });

  it('fails when it is not, and names that of the host', () => {
    expect(judgeOneDomain(rule, { devices }, host(ABSENT))).toMatchObject({
      status: 'fail',
      message: `${PATH} is not there`,
      evidence: [
        { source: 'win11.xml:9', expected: '/usr/libexec/qemu-kvm' },
        { source: PATH, observed: 'not there' },
      ],
    });
    expect(judgeOneDomain(rule, { devices }, { ...host(ABSENT), qemu: NO_HOST_FACT })).toMatchObject({
      remedy: { summary: 'Install what belongs there, or name another emulator' },
    });
  });

  it.each([aFile({ kind: 'directory' }), aFile({ mode: 0o644 })])('fails for what is no program', (stat) => {
    expect(judgeOneDomain(rule, { devices }, host(ok(stat)))).toMatchObject({ status: 'fail', message: `${PATH} is no program` });
  });

  it('passes nothing that it could not look at', () => {
    expect(judgeOneDomain(rule, { devices }, host(unreadable('not-recorded', 'not recorded')))).toMatchObject({ status: 'unknown' });
    expect(judgeOneDomain(rule, { devices: '<emulator>qemu</emulator>' }, host(ABSENT))).toMatchObject({ status: 'unknown' });
  });

  it('says nothing where libvirt chooses it', () => {
    expect(judgeOneDomain(rule, {}, host(ABSENT))).toMatchObject({ status: 'not-applicable' });
  });
});
