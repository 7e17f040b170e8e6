import { type Command, Option } from 'commander';

import { createFactStore } from '../../engine/fact-store.ts';
import { collectInventoryFacts, toInventory } from '../../inventory/collect.ts';
import { renderInventoryMarkdown } from '../../report/inventory-markdown.ts';
import { safeJson } from '../../report/json.ts';
import { userConfig } from '../config.ts';
import { takingOf } from '../describing.ts';
import { openSource } from '../host.ts';
import type { Io } from '../io.ts';
import { writeOutput } from '../output-file.ts';
import { withProgress } from '../progress.ts';

interface InventoryOptions {
  readonly from?: string;
  readonly format?: 'markdown' | 'json';
  readonly out?: string;
  readonly config?: string;
}

const EXAMPLES = `
Examples:
  $ passcheck inventory                       this machine, as Markdown
  $ passcheck inventory --format json
  $ passcheck inventory --from host.tar.gz    a recorded host
  $ sudo passcheck inventory --out hardware_inventory.md
                                              with the memory modules, which
                                              only root sees

Exit codes: 0 written, also when something could not be looked at, which the
            document then says at its end · 2 wrong usage · 4 a bug in passcheck`;

/** `passcheck inventory`: what is built into this machine, with the IOMMU group of every PCI device. It judges nothing. */
export function defineInventory(command: Command, io: Io): void {
  command
    .description('What is built into this machine: CPU, board, firmware, GPUs, memory, storage, every PCI device with its IOMMU group.')
    .option('--from <snapshot>', 'a recorded host: a folder or .tar.gz of passcheck snapshot, or a captured /proc and /sys')
    .addOption(new Option('--format <format>', 'default: by the ending of --out, else markdown').choices(['markdown', 'json']))
    .option('--out <file>', 'write it into a file, whole or not at all')
    .option('--config <file>', 'the configuration (default: passcheck.yaml in this folder, when there is one)')
    .addHelpText('after', EXAMPLES)
    .action((options: InventoryOptions) => inventory(options, io));
}

async function inventory({ from, format, out, config: path }: InventoryOptions, io: Io): Promise<void> {
  const { host, clock, recordedConfig } = await openSource(from);
  const config = await userConfig({ path, isRecorded: from !== undefined, recordedConfig });
  const store = createFactStore({ host, context: { config }, now: () => clock.monotonic() });
  const given = await withProgress(io, 'looking at this host', collectInventoryFacts(store));
  const found = toInventory(given, takingOf({ from }, clock));
  const isJson = (format ?? (out?.endsWith('.json') === true ? 'json' : 'markdown')) === 'json';
  const text = isJson ? `${safeJson(found)}\n` : renderInventoryMarkdown(found);
  if (out === undefined || out === '-') {
    io.print(text);
    return;
  }
  writeOutput(out, text);
  const { hidden } = found;
  io.note(
    `written to ${out}${hidden.length === 0 ? '' : `; ${hidden.length === 1 ? '1 thing' : `${hidden.length} things`} could not be looked at, see its end`}`,
  );
}
