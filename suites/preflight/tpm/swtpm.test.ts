import { describe, expect, it } from 'vitest';

import type { Domain } from '../../../src/domain/model.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { Swtpm } from '../../../src/facts/swtpm.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import { aDomain, DEBIAN } from '../../../test/facts.ts';
import check from './swtpm.ts';

const SWTPM: Swtpm = {
  tools: { swtpm: ok('/usr/bin/swtpm'), swtpm_setup: ok('/usr/bin/swtpm_setup'), swtpm_ioctl: ok('/usr/bin/swtpm_ioctl') },
  searched: ['/usr/bin'],
  certificateTool: { path: '/usr/bin/swtpm_localca', file: ok({ kind: 'file', size: 1, mode: 0o755, uid: 0, gid: 0, mtimeMs: 0 }) },
  stateFolder: {
    path: '/var/lib/swtpm-localca',
    existing: '/var/lib/swtpm-localca',
    stat: ok({ kind: 'directory', size: 4096, mode: 0o750, uid: 102, gid: 0, mtimeMs: 0 }),
  },
  user: { name: 'tss', uid: 102, gids: [106] },
};

function judge(given: Partial<Swtpm>, tpms: readonly Domain['tpm'][] = []) {
  return check.evaluate({
    swtpm: { ...SWTPM, ...given },
    platform: { ok: true, value: DEBIAN },
    judgedDomains: {
      ok: true,
      value: { domains: tpms.map((tpm) => ({ definition: aDomain({ tpm }), state: 'shut off' })), missing: [], others: [] },
    },
  });
}

const PASSTHROUGH = { model: 'tpm-crb', backend: 'passthrough', version: null };

describe(check.id, () => {
  it('passes with the three programs that libvirt looks for', () => {
    expect(judge({})).toMatchObject({ status: 'pass', evidence: [{ source: '/usr/bin/swtpm' }, {}, {}] });
  });

  it('fails without swtpm, with the package, whether a VM exists or not', () => {
    const outcome = judge({ tools: { ...SWTPM.tools, swtpm: ABSENT } });
    expect(outcome).toMatchObject({
      status: 'fail',
      message: 'swtpm: not installed',
      evidence: [{ source: '/usr/bin' }],
      remedy: { steps: [expect.anything()] },
    });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('fails when only the tools are missing (Debian packs them apart)', () => {
    expect(judge({ tools: { ...SWTPM.tools, swtpm_setup: ABSENT } })).toMatchObject({
      status: 'fail',
      message: 'swtpm_setup: not installed',
    });
  });

  it('a missing program beats a hidden one, a hidden one is never a pass', () => {
    const hidden = unreadable('not-recorded', 'not recorded');
    expect(judge({ tools: { ...SWTPM.tools, swtpm: hidden } })).toMatchObject({ status: 'unknown', evidence: [{ source: 'swtpm' }] });
    expect(judge({ tools: { ...SWTPM.tools, swtpm: hidden, swtpm_ioctl: ABSENT } })).toMatchObject({ status: 'fail' });
  });

  it('says so when the only VM uses the host’s TPM, or none', () => {
    expect(judge({}, [PASSTHROUGH])).toMatchObject({ status: 'pass', message: 'win11: uses the host’s own TPM' });
    expect(judge({}, [{ model: 'tpm-crb', backend: 'external', version: null }])).toMatchObject({
      status: 'pass',
      message: 'win11: uses a TPM that somebody else starts',
    });
    expect(judge({ tools: { ...SWTPM.tools, swtpm: ABSENT } }, [PASSTHROUGH])).toMatchObject({ status: 'fail', severity: 'minor' });
    expect(judge({ tools: { ...SWTPM.tools, swtpm: ABSENT } }, [null])).toMatchObject({ status: 'fail', severity: 'minor' });
  });

  it('one VM with an emulated TPM is enough to need it', () => {
    const outcome = judge({ tools: { ...SWTPM.tools, swtpm: ABSENT } }, [
      PASSTHROUGH,
      { model: 'tpm-crb', backend: 'emulator', version: '2.0' },
    ]);
    expect(outcome).toMatchObject({ status: 'fail' });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('is major when the configured certificate tool is gone', () => {
    const outcome = judge({ certificateTool: { path: '/usr/share/swtpm/swtpm-localca', file: ABSENT } });
    expect(outcome).toMatchObject({ status: 'fail', severity: 'major', evidence: [{ source: '/etc/swtpm_setup.conf' }] });
  });

  it('is major when the user of swtpm may not write the folder of its key', () => {
    const outcome = judge({ user: { name: 'swtpm', uid: 110, gids: [115] } });
    expect(outcome).toMatchObject({ status: 'fail', severity: 'major', evidence: [{ source: '/var/lib/swtpm-localca' }] });
    expect(judge({ user: null })).toMatchObject({ status: 'pass' });
  });

  it('is major when that folder is not there and the user may not make it (NixOS)', () => {
    const stat = ok({ kind: 'directory', size: 4096, mode: 0o755, uid: 0, gid: 0, mtimeMs: 0 } as const);
    const outcome = judge({ stateFolder: { path: '/var/lib/swtpm-localca', existing: '/var/lib', stat } });
    expect(outcome).toMatchObject({
      status: 'fail',
      message: 'tss, whom swtpm runs as, may not make /var/lib/swtpm-localca',
      evidence: [{ source: '/var/lib' }],
      remedy: { steps: [{ run: 'install -d -m 0750 -o tss /var/lib/swtpm-localca' }] },
    });
    expect(judge({ user: { name: 'root', uid: 0, gids: [0] }, stateFolder: { path: '/x', existing: '/', stat } })).toMatchObject({
      status: 'pass',
    });
  });

  it('needs neither platform nor domains', () => {
    const error = new FactError({ source: 'virsh', reason: 'not there' });
    const facts = { platform: { ok: false, error }, judgedDomains: { ok: false, error } } as const;
    expect(check.evaluate({ swtpm: SWTPM, ...facts })).toMatchObject({ status: 'pass' });
    expect(check.evaluate({ swtpm: { ...SWTPM, tools: { ...SWTPM.tools, swtpm: ABSENT } }, ...facts })).toMatchObject({ status: 'fail' });
  });
});
