import type { DomainDocument } from '../../../src/domain/document.ts';
import { type Interface, interfacesOf } from '../../../src/domain/interfaces.ts';
import { attribute } from '../../../src/domain/xml.ts';
import type { CheckFacts } from '../../../src/engine/check.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotCollect, couldNotLook, type Outcome } from '../../../src/engine/outcome.ts';
import { NETWORK_INTERFACES } from '../../../src/facts/network-interfaces.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';

type Facts = CheckFacts<'networkInterfaces', 'networks'>;

export default defineDomainRule({
  id: 'domain/network/source-exists',
  title: 'The networks and bridges of the definition are there',
  severity: 'blocker',
  host: ['networkInterfaces'],
  wantsHost: ['networks'],
  why: 'libvirt does not start a domain on a network or a bridge that is not there, or that is not active.',
  sources: ['https://libvirt.org/formatdomain.html#network-interfaces', 'https://libvirt.org/formatnetwork.html'],
  evaluate(document, facts) {
    return interfacesOf(document).flatMap((card) => judge(document, card, facts) ?? []);
  },
});

/** Null: the card names nothing of the host. */
function judge(document: DomainDocument, card: Interface, facts: Facts): Outcome | null {
  if (card.type === 'network') return judgeNetwork(document, card, facts);
  const names: Readonly<Record<string, string>> = { bridge: 'bridge', direct: 'dev' };
  const wanted = attribute(card.source, names[card.type] ?? '');
  if (wanted === null || wanted === '' || card.source === undefined) return null;
  if (facts.networkInterfaces.includes(wanted)) return passAt(document, card.source);
  const what = card.type === 'bridge' ? 'bridge' : 'network card';
  return failAt(document, card.source, `this host has no ${what} ${wanted.slice(0, 80)}`, {
    evidence: [{ source: NETWORK_INTERFACES, observed: facts.networkInterfaces.slice(0, 32).join(' '), expected: wanted.slice(0, 80) }],
    remedy: xmlRemedy(document, `Make the ${what}, or name one that is there`),
  });
}

function judgeNetwork(document: DomainDocument, card: Interface, { networks }: Facts): Outcome | null {
  const wanted = attribute(card.source, 'network');
  if (wanted === null || wanted === '' || card.source === undefined) return null;
  const source = 'virsh net-list --all';
  if (!networks.ok) return couldNotCollect(networks.error, `look at \`${source}\` by hand`);
  const list = networks.value.networks;
  if (list.state === 'unreadable') return couldNotLook(source, list.detail, 'run passcheck as root');
  if (list.state === 'absent') return couldNotLook(source, 'the network driver does not answer', 'start virtnetworkd');
  const network = list.value.find(({ name }) => name === wanted);
  if (network?.isActive === true) return passAt(document, card.source);
  const shown = wanted.slice(0, 80);
  if (network !== undefined) {
    return failAt(document, card.source, `the network ${shown} is not active`, {
      evidence: [{ source, observed: `${shown}: not active`, expected: 'active' }],
      remedy: {
        summary: `Start the network ${shown}, now and at every boot`,
        steps: [{ run: `virsh net-start ${shellWord(wanted)}` }, { run: `virsh net-autostart ${shellWord(wanted)}` }],
      },
      severity: 'major',
    });
  }
  return failAt(document, card.source, `libvirt has no network ${shown}`, {
    evidence: [
      {
        source,
        observed:
          list.value
            .map(({ name }) => name)
            .slice(0, 32)
            .join(' ') || 'no network',
        expected: shown,
      },
    ],
    remedy: xmlRemedy(document, 'Define the network, or name one that is there'),
  });
}
