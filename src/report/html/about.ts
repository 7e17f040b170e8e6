import type { MachineVm } from '../machine.ts';
import type { Report } from '../model.ts';
import { subjectParts } from '../order.ts';
import { shorten } from '../wrap.ts';
import { html, type Html } from './markup.ts';
import { timeWords } from './time.ts';

const MOST_VMS = 3;

/** The host, its GPU and the VM, and what judged them when, a line each. */
export function about(report: Report): Html {
  const rows = [...subjectRows(report), ...vmRows(report), ['Report', madeWords(report)] as const];
  return html`<dl class="about-list">${rows.map(([name, words]) => html`<div><dt>${name}</dt><dd>${words}</dd></div>`)}</dl>`;
}

type Row = readonly [name: string, words: string];

function subjectRows(report: Report): Row[] {
  const parts = subjectParts(report).map((part) => shorten(part, 200));
  const gpus = parts.filter((part) => part.startsWith('GPU '));
  const others = parts.filter((part) => !gpus.includes(part)).join(' · ');
  return [
    ...(others === '' ? [] : [[report.suite === 'domain' ? 'Judged' : 'Host', others] as const]),
    ...gpus.map((gpu) => ['GPU', gpu.slice('GPU '.length)] as const),
  ];
}

function vmRows({ machine }: Report): Row[] {
  if (machine === undefined) return [];
  const { vms } = machine;
  if (vms.length === 0) return [['VM', 'none was seen']];
  const [only, ...others] = vms;
  if (only !== undefined && others.length === 0) return [['VM', [...vmWords(only), deviceWords(only)].join(' · ')]];
  const left = vms.length - MOST_VMS;
  const shown = vms.slice(0, MOST_VMS).map((vm) => vmWords(vm).join(', '));
  return [['VMs', [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join(' · ')]];
}

/** `passcheck 0.1.0, host recorded 2026-11-20 14:58 UTC` */
function madeWords(report: Report): string {
  const { tool, recorded } = report;
  const time = timeWords(report);
  const made = `passcheck ${shorten(tool.version, 40)}`;
  if (recorded === true) return time === null ? `${made}, from a recorded host` : `${made}, host recorded ${time}`;
  return time === null ? made : `${made}, judged ${time}`;
}

/** `win11`, `8 vCPUs`, `16 GiB` */
function vmWords({ name, vcpus, memoryKiB }: MachineVm): string[] {
  return [shorten(name, 120), vcpus === 1 ? '1 vCPU' : `${vcpus} vCPUs`, ...(memoryKiB === null ? [] : [memoryWords(memoryKiB)])];
}

function deviceWords({ devices }: MachineVm): string {
  return devices.length === 0 ? 'no PCI device passed through' : `gets ${shorten(devices.join(', '), 200)}`;
}

function memoryWords(kib: number): string {
  const mib = kib / 1024;
  return mib >= 1024 && Number.isInteger(mib / 512) ? `${mib / 1024} GiB` : `${Math.round(mib)} MiB`;
}
