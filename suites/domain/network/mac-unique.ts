import type { DomainDocument } from '../../../src/domain/document.ts';
import { type Interface, interfacesOf, macAddress } from '../../../src/domain/interfaces.ts';
import { perRoot } from '../../../src/domain/per-root.ts';
import { areRivals } from '../../../src/domain/rivals.ts';
import { attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { merged } from '../../../src/engine/merged.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { groupedBy } from '../../../src/grouped.ts';
import { isRunning, type Neighbour, neighbourEvidence, neighboursOf, runs, unseenNeighbours } from '../neighbours.ts';

export default defineDomainRule({
  id: 'domain/network/mac-unique',
  title: 'Every network card has an address of its own',
  severity: 'major',
  wantsHost: ['definedDocuments'],
  why: 'Two cards with one address on one network take each other’s packets, and get one IP address: both lose their connections.',
  sources: ['https://libvirt.org/formatdomain.html#network-interfaces'],
  evaluate(document, { definedDocuments }, given) {
    const cards = cardsOf(document);
    if (cards.length === 0) return [];
    const neighbours = neighboursOf(document, definedDocuments, given);
    const users = usersByAddress(neighbours);
    const outcomes = [
      ...twice(document, cards),
      ...cards.flatMap((card) => shared(document, card, users, isRunning(document, definedDocuments))),
    ];
    if (outcomes.length > 0) return merged(outcomes);
    const unseen = unseenNeighbours(definedDocuments, given);
    if (unseen !== null) return unseen;
    return cards.map(({ mac }) => passAt(document, mac));
  },
});

interface Card {
  readonly address: string;
  readonly mac: XmlElement;
  readonly card: Interface;
}

const cardsOf = perRoot((root): readonly Card[] =>
  interfacesOf({ root }).flatMap((card) => {
    const address = macAddress(attribute(card.mac, 'address'));
    return address === null || card.mac === undefined ? [] : [{ address, mac: card.mac, card }];
  }),
);

function twice(document: DomainDocument, cards: readonly Card[]): readonly Outcome[] {
  const seen = new Map<string, Card>();
  return cards.flatMap((card) => {
    const other = seen.get(card.address);
    if (other === undefined) seen.set(card.address, card);
    if (other === undefined) return [];
    return [
      failAt(document, card.mac, `two network cards have the address ${card.address}`, {
        expected: 'an address of its own',
        remedy: xmlRemedy(document, 'Remove the <mac> element of one of them: libvirt makes an address up'),
        evidence: [seenAt(document, other.mac)],
      }),
    ];
  });
}

interface User {
  readonly other: Neighbour;
  readonly card: Card;
}

function usersByAddress(neighbours: readonly Neighbour[]): ReadonlyMap<string, readonly User[]> {
  const users = neighbours.flatMap((other) => cardsOf(other.document).map((card): User => ({ other, card })));
  return groupedBy(users, ({ card }) => card.address);
}

function shared(document: DomainDocument, card: Card, users: ReadonlyMap<string, readonly User[]>, selfRuns: boolean): readonly Outcome[] {
  const found = users.get(card.address) ?? [];
  const user = found.find(({ other }) => runs(other)) ?? found[0];
  if (user === undefined) return [];
  const { document: other } = user.other;
  const { name } = other.domain;
  const isElsewhere = networkOf(card.card) !== networkOf(user.card.card);
  // Domains that share a device or an image cannot run together, whatever their state.
  const collides = runs(user.other) && !selfRuns && !isElsewhere && !areRivals(document, other);
  const place = isElsewhere ? ', on another network' : '';
  return [
    failAt(document, card.mac, `${name} has a network card with the address ${card.address}, too${collides ? ', and is running' : place}`, {
      expected: 'an address of its own',
      remedy: xmlRemedy(document, 'Remove the <mac> element here, or there: libvirt makes an address up'),
      evidence: neighbourEvidence(user.other, user.card.mac),
      ...severityOf(isElsewhere, collides),
    }),
  ];
}

function severityOf(isElsewhere: boolean, collides: boolean): { readonly severity?: 'minor' | 'blocker' } {
  if (collides) return { severity: 'blocker' };
  return isElsewhere ? { severity: 'minor' } : {};
}

/** Virtual networks of libvirt are apart from each other; bridges and cards of the host may lead to one network. */
function networkOf({ type, source }: Interface): string {
  return type === 'network' ? `network ${attribute(source, 'network') ?? ''}` : 'outside';
}
