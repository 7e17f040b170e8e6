import { domainRules } from '../suites/domain.ts';
import { DEFAULT_CONFIG } from '../src/config/defaults.ts';
import { runChecks } from '../src/engine/run.ts';
import type { HostSource } from '../src/host/source.ts';
import { noHost } from '../src/host/none.ts';
import type { Report } from '../src/report/model.ts';

const STILL = { wall: () => 0, monotonic: () => 0 };

/** Judges texts as `passcheck lint` does, without libvirt's schema; by themselves unless there is a host. */
export function lint(texts: Readonly<Record<string, string>>, host: HostSource = noHost()): Promise<Report> {
  const definitions = Object.entries(texts).map(([label, text]) => ({ label, text }));
  const context = { config: DEFAULT_CONFIG, definitions };
  return runChecks({ suite: 'domain', checks: domainRules, host, context, version: '0.0.0', clock: STILL });
}
