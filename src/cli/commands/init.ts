import { lstatSync } from 'node:fs';

import type { Command } from 'commander';

import { nearest } from '../../nearest.ts';
import { hasGpu, TEMPLATES, withGpu } from '../../provision/templates/template.ts';
import { shellWord } from '../../remedy/shell-word.ts';
import { UsageError } from '../../usage-error.ts';
import { userConfig } from '../config.ts';
import { gpuAddress } from '../gpu-address.ts';
import { openSource } from '../host.ts';
import type { Io } from '../io.ts';
import { writeOutput } from '../output-file.ts';
import { programName } from '../program-name.ts';
import { withProgress } from '../progress.ts';

interface InitOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly gpu?: string;
  readonly from?: string;
}

type Template = (typeof TEMPLATES)[number];

const EXAMPLES = `
Specs:
${TEMPLATES.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`).join('\n')}

Examples:
  $ passcheck init homelab > lab.yaml
  $ passcheck init win11-vfio --out vm.yaml   with the GPU of this machine in it
  $ passcheck init phase-0 --gpu 0a:00.0 --out vm.yaml
                                              with this one

Exit codes: 0 written · 2 wrong usage · 4 a bug in passcheck`;

/** `passcheck init`: a spec to begin with. It makes no VM. */
export function defineInit(command: Command, io: Io): void {
  command
    .description('A commented spec to begin with, for passcheck plan and apply. It makes nothing but this text.')
    .argument('[spec]', `one of ${TEMPLATES.map(({ name }) => name).join(', ')}`)
    .option('--out <file>', 'write it into a file, whole or not at all')
    .option('--force', 'with --out: replace a file that is there')
    .option(
      '--gpu <address>',
      'the GPU that the VM gets, as 01:00.0 (default: the one that preflight judges); none: an example',
      gpuAddress,
    )
    .option('--from <snapshot>', 'look for the GPU in a recorded host: a folder or .tar.gz of passcheck snapshot')
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, options: InitOptions) => init(name, options, io));
}

async function init(name: string | undefined, options: InitOptions, io: Io): Promise<void> {
  const { out } = options;
  const template = templateOf(name);
  if ((options.gpu ?? options.from) !== undefined && !hasGpu(template))
    throw new UsageError(`${template.name} gives no VM a GPU: leave out ${options.gpu === undefined ? '--from' : '--gpu'}`);
  if (out !== undefined) refuseToReplace(out, options);
  else if (options.force === true) throw new UsageError('--force goes with --out FILE');
  const { text, note } = await filledIn(template, options, io);
  if (out === undefined || out === '-') io.print(text);
  else writeOutput(out, text);
  if (note !== null) io.note(note);
  if (out !== undefined && out !== '-') io.note(`written to ${out}; next: ${programName(process.env)} plan ${shellWord(out)}`);
}

function templateOf(name: string | undefined): Template {
  const names = TEMPLATES.map((template) => template.name);
  const template = TEMPLATES.find((one) => one.name === name);
  if (template !== undefined) return template;
  if (name === undefined) throw new UsageError(`say which spec: ${names.join(', ')} (${programName(process.env)} init --help)`);
  const meant = nearest(name, names);
  throw new UsageError(
    `there is no spec ${JSON.stringify(name.slice(0, 120))} (${meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`})`,
  );
}

/** A link that leads nowhere would be replaced, too. A device or FIFO (`/dev/stdout`) is written to. */
function refuseToReplace(out: string, { force = false }: InitOptions): void {
  if (force || out === '-') return;
  const there = lstatSync(out, { throwIfNoEntry: false });
  if (there === undefined || !(there.isFile() || there.isSymbolicLink())) return;
  throw new UsageError(`${out} is there already: --force replaces it`);
}

async function filledIn(
  template: Template,
  { gpu, from }: InitOptions,
  io: Io,
): Promise<{ readonly text: string; readonly note: string | null }> {
  if (!hasGpu(template) || gpu === 'none') return { text: template.text, note: null };
  const { host, clock, recordedConfig } = await openSource(from);
  const config = await userConfig({ path: undefined, isRecorded: from !== undefined, recordedConfig });
  const [{ createFactStore }, { initGpu }] = await Promise.all([import('../../engine/fact-store.ts'), import('../init-gpu.ts')]);
  const store = createFactStore({ host, context: { config }, now: () => clock.monotonic() });
  const found = await withProgress(io, 'looking for the GPU', initGpu(store, gpu));
  if ('missing' in found) return { text: template.text, note: `${found.missing}: the addresses and ids of the GPU are an example` };
  const devices = found.functions.map(({ address, vendor, device }) => ({ address, id: `${vendor}:${device}` }));
  return { text: withGpu(template, devices), note: `the GPU in it: ${devices.map(({ address, id }) => `${address} (${id})`).join(', ')}` };
}
