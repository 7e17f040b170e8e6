import { chipsetOf } from '../../domain/machine-type.ts';
import type { XmlElement } from '../../domain/xml.ts';
import type { Tree } from '../tree.ts';
import { below, valueOf } from './item.ts';

/** A board that is wanted, and another one that is there. */
export interface OtherMachine {
  readonly desired: string;
  readonly live: string;
}

/**
 * The machines of a domain whose board or processor is not the one that is wanted; null where both are alike. libvirt refuses to
 * change one into another: the controllers and addresses of all devices belong to the board (seen on 9.0).
 */
export function otherMachineOf(desired: Tree, live: XmlElement): OtherMachine | null {
  const [wanted, there] = [below(desired, 'os', 'type'), below(live, 'os', 'type')];
  const machines = { desired: valueOf(wanted, 'machine'), live: valueOf(there, 'machine') };
  if (machines.desired === null || machines.live === null) return null;
  const isOtherProcessor = valueOf(wanted, 'arch') !== null && valueOf(wanted, 'arch') !== valueOf(there, 'arch');
  if (!isOtherProcessor && chipsetOf(machines.desired) === chipsetOf(machines.live)) return null;
  return { desired: machines.desired, live: machines.live };
}
