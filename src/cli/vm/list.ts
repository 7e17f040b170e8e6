import { stateFolder } from '../../provision/state/folder.ts';
import { thisCaller } from '../../provision/state/read-owned.ts';
import { safeJson } from '../../report/json.ts';
import { listVms } from '../../vm/list.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { withConnection } from './asked-vm.ts';
import { vmTable } from './vm-table.ts';
import type { ConnectionOptions } from './vm-options.ts';

/** What `--format` of a list can say. */
export const LIST_FORMATS = ['terminal', 'json'] as const;

export interface ListOptions extends ConnectionOptions {
  readonly format?: (typeof LIST_FORMATS)[number];
}

/** `passcheck vm list` */
export async function list(options: ListOptions, io: Io): Promise<void> {
  await withConnection(options, io, async (connection) => {
    const caller = thisCaller();
    const rows = await withProgress(io, 'asking libvirt', listVms(connection, stateFolder(connection.uri, caller)));
    if (options.format === 'json') io.print(`${safeJson({ schema: 1, connection: connection.uri, vms: rows })}\n`);
    else io.print(vmTable(rows));
    if (rows.length === 0) io.note(`${connection.uri} has no VM`);
    if (caller.uid !== 0 && connection.uri === 'qemu:///system' && rows.length > 0)
      io.note('snapshots that root took are not in this list: sudo');
  });
}
