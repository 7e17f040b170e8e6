import { pathToFileURL } from 'node:url';

import { severityCounts, withStatus } from '../report/order.ts';
import type { Report } from '../report/model.ts';
import { MENDED_DOMAIN } from './demo-session.ts';

/** What the demo says at its end: the verdict, where everything is, what is not real, and what to do now. */
export function demoWords(report: Report, folder: string, program: string): string {
  const at = (name: string): string => `${folder.replace(/(?<!^)\/+$/, '')}/${name}`;
  const found = severityCounts(withStatus(report, 'fail'));
  const lines = [
    '',
    `${report.verdict}  ${found === '' ? 'no finding' : found} (the recorded host and its VM)`,
    ...phaseWords(report),
    '',
    `Look at   ${at('index.html')}`,
    `          ${pathToFileURL(at('index.html')).href}`,
    'Beside it report.md, report.json, hardware_inventory.md, cpu.svg (which CPUs',
    `          the VM should get) and ${MENDED_DOMAIN} (the VM, mended)`,
    'Recorded  the host: a stock kernel in a machine that QEMU emulates',
    'Made up   the measurements of latency and speed',
    '',
    'Now on your own machine; these change nothing there:',
    `  ${program} preflight                   is it ready?`,
    `  ${program} lint win11                  is this VM right? A name, or a file`,
    `  ${program} pins --domain win11         which CPUs should it get?`,
    `  ${program} preflight --out mine.html   a report like this one`,
  ];
  return `${lines.join('\n')}\n`;
}

function phaseWords({ phase }: Report): string[] {
  if (phase === undefined) return [];
  const met = phase.criteria.filter(({ state }) => state === 'met').length;
  return [`       ${phase.id}: ${met} of ${phase.criteria.length} criteria met`];
}
