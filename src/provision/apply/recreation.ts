import { DomainXmlError, parseXml, textAt } from '../../domain/xml.ts';
import type { Connection } from '../../libvirt/connection.ts';
import { virshComplaint } from '../../libvirt/virsh.ts';
import type { Step } from '../plan/model.ts';

/** More is in it than a new, empty image has. */
const EMPTY_BYTES = 4 * 1024 * 1024;

/**
 * Why a volume that the journal calls unfinished is not made again: it holds something all the same. Null: it is empty. Throws what
 * the connection does.
 */
export async function recreationRefusal(
  { pool, volume, path }: Extract<Step, { do: 'recreate-volume' }>,
  connection: Connection,
): Promise<string | null> {
  const { exitCode, stdout, stderr } = await connection.run(['vol-dumpxml', '--pool', pool, '--vol', volume]);
  if (exitCode !== 0) return virshComplaint(stderr);
  const bytes = allocatedBytes(stdout);
  if (bytes === null) return `libvirt does not say what ${path} holds`;
  if (bytes <= EMPTY_BYTES) return null;
  return `${path} holds ${Math.round(bytes / 1024 ** 2)} MiB, so it is no unfinished volume: look at it, and delete or rename it by hand`;
}

/** libvirt prints bytes, whatever it was given. */
function allocatedBytes(xml: string): number | null {
  try {
    const text = textAt(parseXml(xml.trim()), 'allocation');
    return text !== null && /^\d{1,16}$/.test(text) ? Number(text) : null;
  } catch (error) {
    if (error instanceof DomainXmlError) return null;
    throw error;
  }
}
