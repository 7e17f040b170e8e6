import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, type Outcome, pass, passWith, type Remedy } from '../../../src/engine/outcome.ts';
import { accessByMode } from '../../../src/facts/file-access.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { JudgedDomains } from '../../../src/facts/judged-domains.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import type { Swtpm } from '../../../src/facts/swtpm.ts';
import type { Reading } from '../../../src/host/reading.ts';
import { installSteps } from '../../../src/remedy/packages.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';

export default defineCheck({
  id: 'preflight/tpm/swtpm',
  title: 'swtpm is installed, to give the guest a TPM 2.0',
  severity: 'blocker',
  needs: ['swtpm'],
  wants: ['platform', 'judgedDomains'],
  why: 'Windows 11 wants a TPM 2.0, and a VM that has an emulated one does not start without swtpm.',
  sources: [
    'https://libvirt.org/formatdomain.html#tpm-device',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/util/virtpm.c',
    'https://github.com/stefanberger/swtpm/issues/297',
  ],
  evaluate({ swtpm, platform, judgedDomains }) {
    const found = judgeTools(swtpm, platform);
    const reason = judgedDomains.ok ? whyNotNeeded(judgedDomains.value) : null;
    if (reason === null) return found ?? judgeCertificates(swtpm, platform) ?? pass(...evidence(swtpm));
    if (found?.status === 'fail') return { ...found, severity: 'minor', message: `${found.message}; ${reason}` };
    return found ?? passWith(reason, ...evidence(swtpm));
  },
});

/** Null: a judged VM has an emulated TPM, or there is no VM yet. */
function whyNotNeeded({ domains }: JudgedDomains): string | null {
  const all = domains.map(({ definition: { name, tpm } }) => ({ name, backend: tpm?.backend ?? null }));
  if (all.length === 0 || all.some(({ backend }) => backend === 'emulator')) return null;
  const outside = all.filter(({ backend }) => backend === 'external').map(({ name }) => name);
  if (outside.length > 0) return `${outside.join(', ')}: uses a TPM that somebody else starts`;
  const passed = all.filter(({ backend }) => backend === 'passthrough').map(({ name }) => name);
  const names = (passed.length > 0 ? passed : all.map(({ name }) => name)).join(', ');
  return passed.length > 0 ? `${names}: uses the host’s own TPM` : `${names}: has no TPM, which Windows 11 would want`;
}

function judgeTools({ tools, searched }: Swtpm, platform: Attempt<Platform>): Outcome | null {
  const entries = Object.entries(tools);
  const missing = entries.filter(([, path]) => path.state === 'absent').map(([name]) => name);
  if (missing.length > 0) {
    return fail(`${missing.join(', ')}: not installed`, {
      evidence: [{ source: searched.join(':') || 'PATH of libvirtd.service', observed: `no ${missing.join(', no ')}` }],
      remedy: install('Install swtpm with its tools', platform),
    });
  }
  const [hidden] = entries.flatMap(([name, path]) => (path.state === 'unreadable' ? [{ name, detail: path.detail }] : []));
  return hidden === undefined ? null : couldNotLook(hidden.name, hidden.detail, 'run passcheck as root');
}

/** libvirt asks swtpm_setup for certificates whenever it makes a TPM: without them the VM does not start the first time. */
function judgeCertificates({ certificateTool, stateFolder, user }: Swtpm, platform: Attempt<Platform>): Outcome | null {
  if (certificateTool?.file.state === 'absent') {
    return fail(`${certificateTool.path}, which signs a new TPM, is not there`, {
      evidence: [{ source: '/etc/swtpm_setup.conf', observed: `create_certs_tool = ${certificateTool.path}`, expected: 'a program' }],
      remedy: install('Install the tools of swtpm', platform),
      severity: 'major',
    });
  }
  if (stateFolder?.stat.state !== 'ok' || user === null) return null;
  const { path, existing, stat } = stateFolder;
  if (accessByMode(stat.value, user, ['read', 'write', 'execute']) !== 'denied') return null;
  const { uid, gid, mode } = stat.value;
  const owner = shellWord(user.name);
  const isThere = existing === path;
  return fail(`${user.name}, whom swtpm runs as, may not ${isThere ? 'write' : 'make'} ${path}`, {
    evidence: [{ source: existing, observed: `owner ${uid}:${gid}, mode ${mode.toString(8)}`, expected: `writable by ${user.name}` }],
    remedy: {
      summary: `Give ${path} to ${user.name}`,
      steps: [{ run: isThere ? `chown -R ${owner}: ${shellWord(path)}` : `install -d -m 0750 -o ${owner} ${shellWord(path)}` }],
    },
    severity: 'major',
  });
}

function evidence({ tools }: Swtpm): [Evidence, ...Evidence[]] {
  return [programAt(tools.swtpm), programAt(tools.swtpm_setup), programAt(tools.swtpm_ioctl)];
}

function programAt(path: Reading<string>): Evidence {
  return { source: path.state === 'ok' ? path.value : 'PATH', observed: 'is there' };
}

function install(summary: string, platform: Attempt<Platform>): Remedy {
  return platform.ok ? { summary, steps: installSteps(platform.value, ['swtpm']) } : { summary };
}
