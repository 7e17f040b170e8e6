import type { MeaningProblem } from '../../../config/yaml-text.ts';
import { nearest } from '../../../nearest.ts';
import type { NicSpec, Spec, VmSpec } from '../model.ts';

type Message = MeaningProblem['message'];

/** Something wrong with the value at a place. */
export function wrongAt(path: readonly PropertyKey[], message: Message): MeaningProblem {
  return { path, message };
}

/** Something wrong with the name of a thing. */
export function wrongName(path: readonly PropertyKey[], message: Message): MeaningProblem {
  return { path, message, isAboutKey: true };
}

/** A name that the spec does not have; the words are made late, because they look through all names. */
export function unknownName(what: string, name: string, known: Iterable<string>, otherwise: string): () => string {
  return () => {
    const meant = nearest(name, [...known]);
    return `there is no ${what} ${JSON.stringify(name)} in this spec (${meant === undefined ? otherwise : `did you mean ${JSON.stringify(meant)}?`})`;
  };
}

/** The VMs with their names, in the order of the spec. */
export function vmsOf({ vms }: Spec): readonly { readonly name: string; readonly vm: VmSpec }[] {
  return Object.entries(vms).map(([name, vm]) => ({ name, vm }));
}

/** A network interface, and where it stands. */
export interface PlacedNic {
  readonly vm: string;
  readonly nic: NicSpec;
  readonly path: readonly PropertyKey[];
}

/** The NICs of all VMs, in the order of the spec. */
export function nicsOf(spec: Spec): readonly PlacedNic[] {
  return vmsOf(spec).flatMap(({ name, vm }) => vm.nics.map((nic, index) => ({ vm: name, nic, path: ['vms', name, 'nics', index] })));
}

/** Everything whose key came before, with the first that has it; those with the key null are left out. */
export function repeated<Thing>(things: Iterable<Thing>, keyOf: (thing: Thing) => string | null): { thing: Thing; first: Thing }[] {
  const firsts = new Map<string, Thing>();
  const found: { thing: Thing; first: Thing }[] = [];
  for (const thing of things) {
    const key = keyOf(thing);
    if (key === null) continue;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, thing);
    else found.push({ thing, first });
  }
  return found;
}
