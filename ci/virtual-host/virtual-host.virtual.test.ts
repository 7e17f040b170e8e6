import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { reportSchema } from '../../src/report/model.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { boot } from './boot.ts';
import { missingTools } from './kernel.ts';
import { type Scenario, scenarios } from './scenarios.ts';

// `npm run test:virtual` judges each host inside; `npm run record:virtual` also stores it for `npm test`.
const HOSTS = resolve(import.meta.dirname, '../../fixtures/hosts');
const isRecording = process.env['PASSCHECK_RECORD'] === '1';
const isFull = isRecording || process.env['PASSCHECK_FULL'] === '1';
const booted = scenarios.filter(({ isRare }) => isFull || isRare === undefined);
const obstacle = missingTools();
if (obstacle !== null) console.warn(`virtual hosts skipped: ${booted.map(({ name }) => name).join(', ')} (${obstacle})`);

describe.skipIf(obstacle !== null)('passcheck preflight in a virtual passthrough host', () => {
  for (const scenario of booted) {
    it(`${scenario.name}: ${scenario.title}`, async () => {
      const host = await boot(scenario.hardware, insideCommand(scenario));
      try {
        expect(host.exitCode, host.log).toBe(0);
        const report = reportSchema.parse(JSON.parse(readFileSync(join(host.out, 'report.json'), 'utf8')));
        const decisive = report.results.filter(({ severity }) => severity === 'blocker' || severity === 'major');
        const ids = (status: string): string[] => [...new Set(decisive.filter((result) => result.status === status).map(({ id }) => id))];
        const seen = { verdict: report.verdict, failing: ids('fail').toSorted(), errors: ids('error').toSorted() };
        const { verdict, failing, errors = [] } = scenario.expected;
        if (isRecording) record(scenario.name, host.out);
        expect(seen, `${host.log}\n${renderTerminal(report, { colour: false })}`).toEqual({
          verdict,
          failing: failing.toSorted(),
          errors: errors.toSorted(),
        });
      } finally {
        host.dispose();
      }
    });
  }
});

function insideCommand({ setup, config, user }: Scenario): string {
  const asUser = user === undefined ? '' : `setpriv --reuid ${user} --regid ${user} --init-groups env HOME=/home/${user} `;
  const node = `${asUser}node /opt/passcheck/dist/cli.js`;
  return `${setup}
mkdir -p /tmp/judge; chmod 1777 /tmp/judge; cd /tmp/judge
cat > passcheck.yaml <<'YAML'
thresholds: { hostReserveMiB: 512 }
${config ?? ''}
YAML
${node} preflight --format json > /run/virtual-host/out/report.json || [ $? -ne 4 ]
${isRecording ? `${node} snapshot /tmp/judge/snapshot && cp -r /tmp/judge/snapshot /run/virtual-host/out/` : ''}`;
}

function record(name: string, out: string): void {
  const target = join(HOSTS, name);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(HOSTS, { recursive: true });
  cpSync(join(out, 'snapshot'), target, { recursive: true });
}
