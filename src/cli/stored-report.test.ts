import { beforeAll, describe, expect, it } from 'vitest';

import { edited } from '../../test/edited.ts';
import { EVERY_STATE } from '../../test/phase.ts';
import { exampleMeasurements, judgeRecorded } from '../../test/recorded.ts';
import { parseStrictly } from '../../test/strict-html.ts';
import { renderGithub } from '../report/github.ts';
import { renderHtml } from '../report/html/html-report.ts';
import { renderJson } from '../report/json.ts';
import { renderJunit } from '../report/junit.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { Report } from '../report/model.ts';
import { renderSarif } from '../report/sarif.ts';
import { renderTerminal } from '../report/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { parseReport } from './stored-report.ts';

let whole: Report;

const FORMATS: readonly ((report: Report) => string)[] = [
  renderHtml,
  renderJson,
  renderJunit,
  renderMarkdown,
  renderSarif,
  renderGithub,
  (report) => renderTerminal(report, { colour: false }),
];

function read(value: unknown): Report {
  return parseReport('report.json', JSON.stringify(value));
}

function refusal(text: string): string {
  try {
    parseReport('report.json', text);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'read';
}

beforeAll(async () => {
  const judged = await judgeRecorded('shared-group', { withMachine: true });
  whole = { ...judged, measurements: exampleMeasurements(), phase: EVERY_STATE };
});

describe('a stored report that was cut off', () => {
  it('is refused wherever it ends', () => {
    const text = renderJson(whole);
    for (let part = 1; part < 40; part += 1) {
      const message = refusal(text.slice(0, Math.floor((text.length * part) / 40)));
      expect(message).toMatch(/^report\.json is truncated: its end is missing$/);
    }
    expect(refusal(text.slice(0, -1))).toBe('read');
    expect(refusal('{ "tool": nothing }')).toBe('report.json is no JSON');
    expect(refusal(text.slice(0, -3))).toBe('report.json is truncated: its end is missing');
  });
});

describe('a stored report with a value of the wrong kind', () => {
  it.each([
    ['machine', 'none'],
    ['machine.inventory', null],
    ['machine.inventory.schema', 2],
    ['machine.inventory.cpu.threads', '16'],
    ['machine.inventory.cpu.cells.0.cores.0.cpus.0', '0'],
    ['machine.inventory.cpu.cells.0.cores.0.kind', 'fast'],
    ['machine.inventory.pciDevices.1.upstream', '0000:00:01.0'],
    ['machine.inventory.gpus.0.kind', 'external'],
    ['machine.inventory.hidden', {}],
    ['machine.vms.0.pins.vcpus', [{ id: 0 }], 'machine.vms.0.pins.vcpus.0.cpus'],
    ['machine.vms.0.devices.0', 1],
    ['machine.environment.0.value', null],
    ['measurements.0.data.kind', 'video'],
    ['measurements.0.data.values.5', null],
    ['measurements.0.figures.0.value', 'fast'],
    ['measurements.0.better', 'faster'],
    ['measurements.0.synthetic', 'yes'],
    ['phase.verdict', 'MAYBE'],
    ['phase.criteria.1.state', 'done'],
    ['results.0.severity', 'fatal'],
    ['results.0.evidence', [{}], 'results.0.evidence.0.source'],
    ['counts.fail', null],
  ])('is refused with its place: %s', (path, value, place = path) => {
    expect(refusal(JSON.stringify(edited(whole, path, value)))).toBe(`report.json is damaged: no usable value at ${place}`);
  });

  it.each([
    ['results', [], 'it counts '],
    ['counts.fail', 99, 'it counts 99 results as "fail", and holds '],
    ['phase.criteria', [], 'its phase says NO-GO, and the criteria say INCONCLUSIVE'],
    ['verdict', 'GO', 'it says GO, and its '],
  ])('is refused when it says something against itself: %s', (path, value, words) => {
    expect(refusal(JSON.stringify(edited(whole, path, value)))).toContain(`report.json is damaged: ${words}`);
  });

  it('shows nothing of a hostile place that a terminal could obey, and not all of a long one', () => {
    const severities = { [`\u001b[2J${'x'.repeat(500)}`]: 'fatal' };
    const message = refusal(JSON.stringify({ ...whole, severities }));
    expect(message.length).toBeLessThan(200);
    expect(message).toContain('severities.');
  });
});

describe('a stored report that was edited into something that cannot be', () => {
  const ABSURD = [1e308, -1, 5e-324];

  it.each([
    'machine.inventory.cpu.threads',
    'machine.inventory.cpu.packages',
    'machine.inventory.cpu.cells.0.packageId',
    'machine.inventory.cpu.cells.0.node',
    'machine.inventory.cpu.cells.0.cacheKiB',
    'machine.inventory.cpu.cells.0.cores.0.cpus.0',
    'machine.inventory.memory.totalKiB',
    'machine.inventory.disks.0.sizeBytes',
    'machine.inventory.iommu.groups',
    'machine.vms.0.vcpus',
    'machine.vms.0.memoryKiB',
    'measurements.0.data.values.0',
    'measurements.0.figures.0.value',
    'measurements.3.data.native.0',
    'measurements.3.figures.2.low',
    'durationMs',
    'facts.0.ms',
  ])('is shown in every format with an absurd number: %s', (path) => {
    for (const number of ABSURD) expect(wrongWords(read(edited(whole, path, number)))).toEqual([]);
  });

  it.each([
    ['no PCI device is there any more', 'machine.inventory.pciDevices', []],
    ['a bridge is above itself', 'machine.inventory.pciDevices.0.upstream', ['0000:00:00.0', '0000:00:00.0']],
    ['a device is there twice', 'machine.inventory.pciDevices.1.address', '0000:00:00.0'],
    ['an address is none', 'machine.inventory.pciDevices.1.address', 'slot 3'],
    ['a class is none', 'machine.inventory.pciDevices.1.classCode', 'display'],
    ['the processor was not seen', 'machine.inventory.cpu', null],
    ['cells have no core', 'machine.inventory.cpu.cells.0.cores', []],
    ['a core has one CPU a thousand times', 'machine.inventory.cpu.cells.0.cores.0.cpus', Array.from({ length: 1000 }, () => 0)],
    ['there is no GPU', 'machine.inventory.gpus', []],
    ['a VM has what is not there', 'machine.vms.0.devices', ['ffff:ff:1f.7', 'nonsense', '']],
    [
      'a VM is pinned to what is not there',
      'machine.vms.0.pins',
      { vcpus: [{ id: -7, cpus: [1e308, -1, 0.5] }], emulator: [], iothreads: [{ id: 1e9, cpus: null }] },
    ],
    [
      'two VMs have one name',
      'machine.vms.1',
      { name: 'win11', vcpus: 0, memoryKiB: null, pins: { vcpus: [], emulator: null, iothreads: [] }, devices: [] },
    ],
    ['a limit is on a figure that is not there', 'measurements.0.limit', { figure: 'nothing', value: 1, kind: 'at-most' }],
    ['there are fewer times than values', 'measurements.0.data.atMs', [5]],
    ['there are no values', 'measurements.0.data.values', []],
    ['blocks are not paired', 'measurements.3.data.guest', [1]],
    ['there are no figures', 'measurements.0.figures', []],
    ['two measurements have one id', 'measurements.1.id', 'latency/delivery'],
    ['a criterion names what was not judged', 'phase.criteria.0.by', ['no/such/check', 'machine/nothing']],
    [
      'a place is before the file',
      'results.0.location',
      { file: 'a', line: -5, column: -1e308, endLine: 1e308, excerpt: { text: 'abc', column: -3, length: 1e308 } },
    ],
    ['edits are outside the file', 'results.0.edits', [{ start: 1e308, end: -1, text: '' }]],
    ['nothing was started at any time', 'startedAt', 'yesterday'],
    ['no fact was collected', 'facts', []],
  ])('is shown in every format: %s', (_name, path, value) => {
    expect(wrongWords(read(edited(whole, path, value)))).toEqual([]);
  });

  it('is shown when an older passcheck made it, that did not know of machines and phases', () => {
    const { machine: _machine, phase: _phase, ...old } = whole;
    expect(wrongWords(read({ ...old, measurements: [] }))).toEqual([]);
  });

  it('keeps nothing that a later passcheck of the same schema added', () => {
    expect(read({ ...whole, future: { html: '<script>' }, machine: { ...whole.machine, future: 1 } })).toEqual(read(whole));
  });
});

/** In no format may a number become a word, or a page be one that a browser has to mend. */
function wrongWords(report: Report): string[] {
  parseStrictly(renderHtml(report));
  return FORMATS.flatMap((render) => {
    const text = render(report).replaceAll(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '');
    return /.{0,40}(?:\bNaN\b|Infinity|undefined|\[object ).{0,40}/.exec(text)?.[0] ?? [];
  });
}
