import type { DomainDocument } from '../../../src/domain/document.ts';
import { type EvdevInput, evdevInputs } from '../../../src/domain/evdev.ts';
import { locate, type Spot } from '../../../src/domain/locate.ts';
import { passAt, seenAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotCollect, couldNotLook, fail, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import type { EvdevNode } from '../../../src/facts/evdev-nodes.ts';
import { hintAboutList } from '../../../src/facts/file-access.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { confList } from '../../../src/libvirt/conf.ts';
import { groupSteps } from '../../../src/remedy/services.ts';
import { type DeviceRules, judgeCgroup, judgeSecurity } from '../../preflight/device-rules.ts';

export default defineDomainRule({
  id: 'domain/display/evdev-allowed',
  title: 'QEMU may open the input devices that arguments name',
  severity: 'blocker',
  host: ['evdevNodes', 'config', 'qemuConf'],
  wantsHost: ['libvirt', 'securityModules', 'platform'],
  why: 'libvirt opens only what it knows of to QEMU: a device of <qemu:arg> it hides, or leaves to root, and the domain does not start. With <input type="evdev"> it does all of it by itself.',
  sources: ['https://libvirt.org/formatdomain.html#input-devices', 'https://libvirt.org/drvqemu.html#posix-users-groups'],
  evaluate(document, { evdevNodes, config, qemuConf, libvirt, securityModules, platform }) {
    const inputs = evdevInputs(document).filter(({ way, path }) => way === 'argument' && path.startsWith('/dev/'));
    if (inputs.length === 0) return [];
    if (config.connection === 'qemu:///session')
      return notApplicable('in a session QEMU runs as its user, and libvirt restricts it in nothing');
    const known = platform.ok ? platform.value : null;
    const rules = {
      connection: config.connection,
      qemuConf: { ok: true, value: qemuConf },
      libvirt,
      securityModules,
      platform: known,
    } as const;
    const real = realPath(evdevNodes);
    const hidden = inputs.filter((input) => !isOpenByNode(real(input), qemuConf) && judgeCgroup([input.path], qemuConf, rules) !== null);
    const others = inputs.filter((input) => !hidden.includes(input));
    return [
      ...hiddenByCgroup(document, hidden, rules),
      ...others.map((input) => judge(document, input, evdevNodes.get(input.path), rules)),
    ];
  },
});

function realPath(nodes: ReadonlyMap<string, EvdevNode>): (input: EvdevInput) => string {
  return ({ path }) => {
    const real = nodes.get(path)?.real;
    return real?.state === 'ok' ? real.value : path;
  };
}

/** Said once: the list has one line for all of them. */
function hiddenByCgroup(document: DomainDocument, hidden: readonly EvdevInput[], rules: Rules): readonly Outcome[] {
  const [first, ...others] = hidden;
  const paths = [...new Set(hidden.map(({ path }) => path))];
  const outcome = judgeCgroup(paths, rules.qemuConf.value, rules);
  if (first === undefined || outcome === null) return [];
  return [atInput(document, first.spot, outcome, others)];
}

type Rules = DeviceRules & { readonly qemuConf: { readonly ok: true } };

function judge(document: DomainDocument, { spot, path }: EvdevInput, node: EvdevNode | undefined, rules: Rules): Outcome {
  const real = node?.real.state === 'ok' ? node.real.value : path;
  const { securityModules, platform, qemuConf } = rules;
  const outcomes = [
    judgeMode(node, platform),
    securityModules.ok
      ? judgeSecurity(real, securityModules.value, qemuConf)
      : couldNotCollect(securityModules.error, 'run passcheck as root'),
  ];
  const worst = outcomes.find((outcome) => outcome?.status === 'fail') ?? outcomes.find((outcome) => outcome !== null) ?? null;
  return worst === null ? passAt(document, spot) : atInput(document, spot, worst);
}

/** Without a /dev of its own, QEMU opens the node by each of its names. */
function isOpenByNode(real: string, conf: Parameters<typeof confList>[0]): boolean {
  return confList(conf, 'namespaces')?.length === 0 && confList(conf, 'cgroup_device_acl')?.includes(real) === true;
}

function atInput(document: DomainDocument, spot: Spot, outcome: Outcome, others: readonly EvdevInput[] = []): Outcome {
  if (outcome.status !== 'fail' || outcome.location !== undefined) return outcome;
  const places = [spot, ...others.slice(0, 10).map((other) => other.spot)].map((place) => seenAt(document, place));
  const [place = seenAt(document, spot), ...more] = places;
  return { ...outcome, evidence: [place, ...more, ...outcome.evidence], location: locate(document, spot) };
}

/** Nodes belong to root and the group input, and libvirt gives away only what it knows of. */
function judgeMode(node: EvdevNode | undefined, platform: Platform | null): Outcome | null {
  if (node?.stat.state !== 'ok' || node.stat.value.kind !== 'character-device') return null;
  if (!node.qemu.ok) return couldNotCollect(node.qemu.error, 'run passcheck as root');
  if (node.qemu.value === null || node.qemu.value.reach.state === 'reachable') return null;
  const { name, reach } = node.qemu.value;
  if (reach.state === 'unknown') return couldNotLook(reach.at, reach.reason, hintAboutList(reach, `may ${name} read and write?`));
  const { uid, gid, mode } = reach.stat;
  return fail(`${name}, whom QEMU runs as, may not open ${reach.at}`, {
    evidence: [{ source: reach.at, observed: `owner ${uid}:${gid}, mode ${mode.toString(8)}`, expected: `rw for ${name}` }],
    remedy: {
      summary: `Pass it as <input type='evdev'>, which libvirt opens to QEMU, or put ${name} into the group input`,
      steps: platform === null ? [] : groupSteps(platform, name, ['input'], 'service'),
    },
  });
}
