import { type Command, InvalidArgumentError, Option } from 'commander';

import { parseCpuset } from '../../domain/cpuset.ts';
import type { PinResult } from '../../pinning/result.ts';
import { pinsSummary } from '../../report/pins-terminal.ts';
import { userConfig } from '../config.ts';
import { gpuAddress } from '../gpu-address.ts';
import { openSource } from '../host.ts';
import type { Io } from '../io.ts';
import { writeOutput } from '../output-file.ts';
import { refusePinsConflicts } from '../pins-conflicts.ts';
import { pinsFormat, renderPins, type PinsFormat, PINS_FORMATS } from '../pins-output.ts';
import { withProgress } from '../progress.ts';

interface PinsOptions {
  readonly vcpus?: number;
  readonly hostCores?: number;
  readonly gpu?: string;
  readonly avoid?: readonly number[];
  readonly domain?: string;
  readonly into?: string;
  readonly diff?: boolean;
  readonly from?: string;
  readonly format?: PinsFormat;
  readonly out?: string;
  readonly config?: string;
  readonly color: boolean;
}

const EXAMPLES = `
Examples:
  $ passcheck pins                            this machine
  $ passcheck pins --vcpus 16 --gpu 01:00.0   so many, near this GPU
  $ passcheck pins --domain win11             for a domain of libvirt
  $ passcheck pins --into win11.xml --diff    what the plan changes in it
  $ passcheck pins --into win11.xml           change it, in place
  $ passcheck pins --format svg --out cpu.svg a picture of the processor
  $ passcheck pins --from host.tar.gz         a recorded host

Exit codes: 0 a plan · 1 refused, with the reason · 2 wrong usage
            3 the host could not be looked at · 4 a bug in passcheck`;

/** `passcheck pins`: which CPUs a VM gets. It changes a file only when told, and never defines a domain. */
export function definePins(command: Command, io: Io): void {
  command
    .description('Which CPUs a VM with a GPU gets: a pinning plan from the real topology of this host, with its reasons.')
    .option('--vcpus <n>', 'how many vCPUs (default: those of the definition, else a sensible number)', wholeNumber(1, 4096))
    .option('--gpu <address>', 'the GPU that the vCPUs should be near, as 01:00.0; none: plan without one', gpuAddress)
    .option('--host-cores <n>', 'how many cores the host keeps at least (default: 2, or 1 of fewer than 4)', wholeNumber(1, 4096))
    .option('--avoid <cpus>', 'CPUs that the VM must not get, as 8-15,24 (those of other VMs of libvirt it never gets)', cpuList)
    .option('--domain <definition>', 'plan for this VM: an XML file, a domain of libvirt, or -')
    .option('--into <definition>', 'the same, and put the plan into it: a file in place, a domain into NAME.fixed.xml')
    .option('--diff', 'with --into: print what would change, and change nothing')
    .option('--from <snapshot>', 'plan for a recorded host: a folder or .tar.gz of passcheck snapshot, or a captured /proc and /sys')
    .addOption(new Option('--format <format>', 'default: by the ending of --out, else terminal').choices(PINS_FORMATS))
    .option('--out <file>', 'write the plan into a file, whole or not at all')
    .option('--config <file>', 'the configuration (default: passcheck.yaml in this folder, when there is one)')
    .option('--no-color', 'no colours, even on a terminal')
    .addHelpText('after', EXAMPLES)
    .action((options: PinsOptions) => pins(options, io));
}

async function pins(options: PinsOptions, io: Io): Promise<void> {
  const { domain, into, diff = false, from, out } = options;
  refusePinsConflicts(options);
  if (!diff) pinsFormat(options);
  const { host, recordedConfig } = await openSource(from);
  const config = await userConfig({ path: options.config, isRecorded: from !== undefined, recordedConfig });
  const { answerPins } = await import('../pins-answer.ts');
  const work = answerPins({ ...options, definition: into ?? domain, host, config });
  const answer = await withProgress(io, 'looking at this host', work);
  if ('unseen' in answer) {
    io.note(`could not look: ${answer.unseen}`);
    io.exitCode = 3;
    return;
  }
  const { result, target, kernelSteps } = answer;
  io.exitCode = result.plan === null ? 1 : 0;
  if (diff && result.plan === null) {
    io.note(pinsSummary(result));
    return;
  }
  // Standard output has the definition then.
  const isTaken = into !== undefined && target?.input.origin === 'stdin' && out === undefined;
  if (into !== undefined && target !== null && result.plan !== null) {
    const { putInto } = await import('../pins-into.ts');
    await putInto({ ...target, plan: result.plan, isDiff: diff, out, connection: from === undefined ? config.connection : null }, io);
    if (diff) return;
  }
  if (isTaken) io.note(pinsSummary(result));
  else deliver(result, { ...options, kernelSteps, isApplied: into !== undefined }, io);
}

function deliver(
  result: PinResult,
  options: Pick<PinsOptions, 'format' | 'out' | 'color'> & { readonly kernelSteps: readonly string[]; readonly isApplied: boolean },
  io: Io,
): void {
  const { out } = options;
  const { text, error } = renderPins(result, options, io);
  if (out === undefined || out === '-') {
    io.print(text);
    if (error !== null) io.note(error);
    return;
  }
  // A plan that is refused has nothing that belongs into a file of XML.
  if (error === null) writeOutput(out, text);
  io.note(error ?? `written to ${out}`);
}

function cpuList(text: string): readonly number[] {
  const cpus = parseCpuset(text);
  if (cpus === null || cpus.length === 0) throw new InvalidArgumentError('Want CPUs as 8-15,24.');
  return cpus;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,4}$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`Want a number from ${least} to ${most}.`);
    return value;
  };
}
