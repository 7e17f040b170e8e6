import { styleText } from 'node:util';

import type { PinResult } from '../pinning/result.ts';
import { drawPicture, type PaintRole } from './pins-picture.ts';
import { manyLines, oneLine } from './sanitize.ts';
import { hang } from './wrap.ts';

/** How a plan is shown on a terminal. */
export interface PinsTerminalOptions {
  readonly colour: boolean;
  /** Lines are wrapped to them; what is to be copied never is. */
  readonly columns: number;
  /** The plan is written into a definition, so its XML need not be shown. */
  readonly isApplied: boolean;
  /** Steps that change the kernel's command line on this host, one a line; empty: not known. */
  readonly kernelSteps: readonly string[];
}

const COLOURS = {
  vcpu: ['bold', 'green'],
  emulator: ['yellow'],
  iothread: ['yellow'],
  avoided: ['dim'],
  host: ['dim'],
  frame: ['dim'],
  bold: ['bold'],
  refused: ['bold', 'red'],
} as const;

type Paint = (name: keyof typeof COLOURS, text: string) => string;

/** The answer for people: what was decided and why, a picture, what to write and what to run. */
export function renderPinsTerminal(result: PinResult, options: PinsTerminalOptions): string {
  const { colour } = options;
  // `validateStream` would make the colour depend on this process, not on the option.
  const paint: Paint = (name, text) => (colour ? styleText([...COLOURS[name]], text, { validateStream: false }) : text);
  const lines = result.plan === null ? refusalLines(result, options, paint) : planLines(result, result.plan, options, paint);
  return `${lines.join('\n')}\n`;
}

function refusalLines({ refusal, picture, domain }: PinResult, { columns }: PinsTerminalOptions, paint: Paint): string[] {
  const text = `${refusal?.reason ?? ''}.`;
  return [
    ...painted(hang('NO PLAN  ', oneLine(`${domain === null ? '' : `${domain}: `}${text}`), columns), 'NO PLAN', 'refused', paint),
    ...hang('  Instead: ', oneLine(`${refusal?.instead ?? ''}.`), columns),
    '',
    ...drawPicture(picture, columns, paintRole(paint), { isPlanned: false }),
  ];
}

function planLines(result: PinResult, plan: NonNullable<PinResult['plan']>, options: PinsTerminalOptions, paint: Paint): string[] {
  const { columns, isApplied } = options;
  const { processor, cores } = result.host;
  const [first = '', ...reasons] = plan.reasons;
  const host = processor === null ? `a host with ${cores} cores` : `${processor} (${cores} cores)`;
  const title = `${plan.vcpus.length === 1 ? '1 vCPU' : `${plan.vcpus.length} vCPUs`}${result.domain === null ? '' : ` for ${result.domain}`} on ${host}`;
  return [
    ...painted(hang('PLAN  ', oneLine(title), columns), 'PLAN', 'bold', paint),
    '',
    ...[first, ...reasons].flatMap((reason) => hang('  ', oneLine(reason), columns)),
    '',
    ...drawPicture(result.picture, columns, paintRole(paint)),
    ...section(
      'Noted',
      plan.notes.flatMap((note) => hang('  ', oneLine(note), columns)),
      paint,
    ),
    ...(isApplied ? [] : section('In the definition, inside <domain>', indented(plan.xml), paint)),
    ...isolationLines(plan, result.domain, options, paint),
  ];
}

/** cpusets first: they need no reboot, and leave the host all its CPUs while the VM is off. */
function isolationLines(plan: NonNullable<PinResult['plan']>, domain: string | null, options: PinsTerminalOptions, paint: Paint): string[] {
  const say = (text: string): string[] => hang('  ', oneLine(text), options.columns);
  const { kernel } = plan.isolation;
  const slices = plan.isIsolated ? say('isolcpus does so already, for as long as the host runs.') : sliceLines(plan.isolation, domain, say);
  const isolcpus = 'Not isolcpus: it takes the CPUs from the host until the next boot, and the kernel calls it deprecated.';
  return [
    ...section('Keep the host off these CPUs while the VM runs', slices, paint),
    ...section(
      'On the kernel command line, only where that is not enough',
      [
        ...kernel.flatMap(({ option, why }) => [`    ${option}`, ...hang('      ', why, options.columns)]),
        ...options.kernelSteps.flatMap(say),
        ...(plan.isIsolated ? [] : say(isolcpus)),
      ],
      paint,
    ),
  ];
}

function sliceLines(
  { start, stop, hook }: NonNullable<PinResult['plan']>['isolation'],
  domain: string | null,
  say: (text: string) => string[],
): string[] {
  return [
    ...say('As root before it starts (systemd with cgroup v2; until the next boot):'),
    ...start.map((command) => `    ${command}`),
    ...say('And when it has stopped, and no other VM runs:'),
    ...stop.map((command) => `    ${command}`),
    ...say('libvirt does both by itself, for several VMs too, with a script, executable (libvirt 6.5 or later; restart its daemon once):'),
    `    ${hook.path}`,
    ...indented(hook.text.trimEnd(), '    '),
    ...(domain === null ? say('NAME stands for the name of the VM.') : []),
  ];
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : ['', paint('bold', title), ...lines];
}

function indented(text: string, indent = '  '): string[] {
  return manyLines(text)
    .split('\n')
    .map((line) => indent + line);
}

/** The first word of the first line in a colour. */
function painted([first = '', ...rest]: readonly string[], word: string, name: keyof typeof COLOURS, paint: Paint): string[] {
  return [paint(name, word) + first.slice(word.length), ...rest];
}

function paintRole(paint: Paint): PaintRole {
  return (role, text) => paint(role, text);
}

/** What became of a plan, in one line. */
export function pinsSummary({ plan, refusal }: PinResult): string {
  return plan === null ? `no plan: ${refusal?.reason ?? ''}; ${refusal?.instead ?? ''}` : (plan.reasons[0] ?? '');
}
