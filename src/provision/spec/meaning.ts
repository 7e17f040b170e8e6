import type { MeaningProblem } from '../../config/yaml-text.ts';
import { wrongHostNames } from './meaning/host-names.ts';
import { wrongIdentities } from './meaning/identity.ts';
import { wrongNetworks } from './meaning/networks.ts';
import { wrongNics } from './meaning/nics.ts';
import { wrongPins } from './meaning/pins.ts';
import { wrongStorage } from './meaning/storage.ts';
import { wrongVms } from './meaning/vms.ts';
import type { Spec } from './model.ts';

/** What is wrong with a spec that its schema cannot tell, each thing at its place. Takes time by the size of the spec, not by its square. */
export function wrongInSpec(spec: Spec): MeaningProblem[] {
  return [
    ...wrongIdentities(spec),
    ...wrongNetworks(spec),
    ...wrongStorage(spec),
    ...wrongVms(spec),
    ...wrongHostNames(spec),
    ...wrongPins(spec),
    ...wrongNics(spec),
  ];
}
