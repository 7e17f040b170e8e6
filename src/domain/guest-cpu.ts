import type { DomainDocument } from './document.ts';
import { qemuOptions } from './qemu-devices.ts';
import { all, attribute, first, textAt, type XmlElement } from './xml.ts';

/** One `<feature>` of a CPU. */
export interface CpuFeature {
  readonly element: XmlElement;
  readonly name: string;
  /** `require` where it is not written. */
  readonly policy: string;
}

/** The processor that a guest is shown. */
export interface GuestCpu {
  readonly element: XmlElement | undefined;
  /** `none`: no `<cpu>`, or one that names neither a mode nor a model; the guest has QEMU's plain qemu64 then. */
  readonly mode: string;
  readonly model: string | null;
  /** In the order in which they are written; libvirt refuses a name that comes twice. */
  readonly features: readonly CpuFeature[];
  /** `-cpu` in `<qemu:commandline>`, which QEMU obeys instead of what libvirt wrote before it; null without one. */
  readonly argument: CpuArgument | null;
}

/** `host,-hypervisor,topoext=on` */
interface CpuArgument {
  /** The `<qemu:arg>` with the value. */
  readonly element: XmlElement;
  readonly model: string;
  /** Features by name, whether they are on. */
  readonly features: ReadonlyMap<string, boolean>;
}

type Root = Pick<DomainDocument, 'root'>;

/** Reads `<cpu>`, and what the QEMU command line makes of it. https://libvirt.org/formatdomain.html#cpu-model-and-topology */
export function guestCpu({ root }: Root): GuestCpu {
  const element = first(root, 'cpu');
  const model = textAt(element, 'model');
  const features = all(element, 'feature').map((feature) => ({
    element: feature,
    name: attribute(feature, 'name') ?? '',
    policy: attribute(feature, 'policy') ?? 'require',
  }));
  const mode = attribute(element, 'mode') ?? 'custom';
  return {
    element,
    mode: mode === 'custom' && model === null ? 'none' : mode,
    model,
    features,
    argument: cpuArgument({ root }),
  };
}

/** The guest is shown the host's own processor. */
export function isHostCpu({ mode, argument }: GuestCpu): boolean {
  return argument === null ? ['host-passthrough', 'maximum'].includes(mode) : ['host', 'max'].includes(argument.model);
}

/** Is a feature switched on or off by name? Null: nothing is said of it. */
export function featureState({ features, argument }: GuestCpu, name: string): boolean | null {
  if (argument !== null) return argument.features.get(name) ?? null;
  const policy = features.find((feature) => feature.name === name)?.policy;
  return policy === undefined ? null : ['require', 'force', 'optional'].includes(policy);
}

/** QEMU takes the last `-cpu`. */
function cpuArgument(document: Root): CpuArgument | null {
  const last = qemuOptions(document, 'cpu').at(-1);
  if (last === undefined) return null;
  const [model = '', ...words] = last.value.slice(0, 4096).split(',');
  return { element: last.element, model, features: new Map(words.flatMap((word) => featureOf(word.trim()))) };
}

/** `+name`, `-name`, `name=on`, `name=off`, `name`. */
function featureOf(word: string): readonly [string, boolean][] {
  const match = /^([+-]?)([\w.-]{1,64})(?:=(\w{1,8}))?$/.exec(word);
  if (match === null) return [];
  const [, sign, name = '', value = 'on'] = match;
  return [[name, sign !== '-' && ['on', 'yes', 'true'].includes(value)]];
}

/** QEMU's own `-smp` behind libvirt's, which it obeys: then the definition does not tell the guest's topology. */
export function setsOwnTopology(document: Root): boolean {
  return qemuOptions(document, 'smp').length > 0;
}
