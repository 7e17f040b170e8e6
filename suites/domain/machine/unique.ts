import type { DomainDocument } from '../../../src/domain/document.ts';
import { uuidDigits } from '../../../src/domain/domain-uuid.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotCollect, type Evidence, type Outcome, type Severity } from '../../../src/engine/outcome.ts';
import type { DefinedDocument } from '../../../src/facts/defined-documents.ts';
import { NO_HOST } from '../../../src/facts/fact-error.ts';
import { oncePer } from '../../../src/once-per.ts';

/** Another domain with this name or this UUID, and where it is. */
interface Rival {
  readonly document: DomainDocument;
  readonly place: string;
}

export default defineDomainRule({
  id: 'domain/machine/unique',
  title: 'Name and UUID belong to this domain alone',
  severity: 'blocker',
  wantsHost: ['definedDocuments'],
  anyGuest: true,
  why: 'libvirt knows a domain by its name and by its UUID, and refuses a second one with either: a copied definition needs new ones.',
  sources: ['https://libvirt.org/formatdomain.html#general-metadata', 'https://libvirt.org/manpages/virsh.html#define'],
  evaluate(document, { definedDocuments }, given) {
    const defined = definedDocuments.ok ? definedDocuments.value : [];
    const onHost = rivalOf(document, definedIndex(defined));
    if (onHost !== null && uuidDigits(document) === null) return replacement(document, onHost);
    if (onHost !== null) return judge(document, { document: onHost, place: 'libvirt' }, 'blocker');
    const beside = rivalOf(document, givenIndex(given));
    // Files that were given together can be meant for different hosts.
    if (beside !== null) return judge(document, { document: beside, place: beside.label }, 'major');
    if (!definedDocuments.ok && definedDocuments.error.reason !== NO_HOST)
      return couldNotCollect(definedDocuments.error, 'look at `virsh list --all`', 'major');
    return passAt(document, first(document.root, 'name') ?? document.root);
  },
});

/** Domains by what must be theirs alone. */
interface Index {
  readonly byName: ReadonlyMap<string, readonly DomainDocument[]>;
  readonly byId: ReadonlyMap<string, readonly DomainDocument[]>;
}

const givenIndex = oncePer(indexOf);
const definedIndex = oncePer((defined: readonly DefinedDocument[]) => indexOf(defined.map(({ document }) => document)));

function indexOf(documents: readonly DomainDocument[]): Index {
  const [byName, byId] = [new Map<string, DomainDocument[]>(), new Map<string, DomainDocument[]>()];
  for (const document of documents) {
    add(byName, document.domain.name, document);
    add(byId, uuidDigits(document) ?? '', document);
  }
  return { byName, byId };
}

/** Of many with one name the first ones tell enough. */
function add(map: Map<string, DomainDocument[]>, key: string, document: DomainDocument): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [document]);
  else if (list.length < 16) list.push(document);
}

/** One that has the name or the UUID, and not both: with both it is the same domain. */
function rivalOf(document: DomainDocument, { byName, byId }: Index): DomainDocument | null {
  const uuid = uuidDigits(document);
  const named = (byName.get(document.domain.name) ?? []).find(
    (other) => other !== document && !isCopy(document, other) && (uuid === null || uuidDigits(other) !== uuid),
  );
  const identified = uuid === null ? undefined : byId.get(uuid)?.find((other) => other.domain.name !== document.domain.name);
  return named ?? identified ?? null;
}

/** A text that was given twice, as a file and on standard input. */
function isCopy(one: DomainDocument, other: DomainDocument): boolean {
  return one.text === other.text && one.root.start === other.root.start;
}

/** Without a UUID that libvirt can read, a definition with the name of a domain is most likely a new version of that one. */
function replacement(document: DomainDocument, { domain }: DomainDocument): Outcome {
  const element = first(document.root, 'uuid') ?? first(document.root, 'name') ?? document.root;
  const name = domain.name.slice(0, 80);
  const message = `libvirt has ${name} already, and takes this for a new version of it only with the UUID that it has`;
  return failAt(document, element, message, {
    expected: `<uuid>${domain.uuid ?? ''}</uuid>`,
    evidence: [{ source: 'virsh list --all', observed: `${name} ${domain.uuid ?? 'without a UUID'}` }],
    remedy: xmlRemedy(document, `Write the UUID of ${name} to replace it; for a domain beside it write another name, and no <uuid>`, {
      inside: '<domain>',
      write: `<uuid>${domain.uuid ?? ''}</uuid>`,
    }),
  });
}

function judge(document: DomainDocument, { document: rival, place }: Rival, severity: Severity): Outcome {
  const isName = rival.domain.name === document.domain.name;
  const where = place === 'libvirt' ? 'libvirt has' : `${place} is`;
  const element = first(document.root, isName ? 'name' : 'uuid') ?? document.root;
  const message = isName
    ? `${where} another domain named ${rival.domain.name.slice(0, 80)}`
    : `${where} the domain ${rival.domain.name.slice(0, 80)} with this UUID`;
  const evidence: Evidence = {
    source: place === 'libvirt' ? 'virsh list --all' : place,
    observed: `${rival.domain.name.slice(0, 80)} ${rival.domain.uuid ?? 'without a UUID'}`,
  };
  const ofLibvirt = isName && place === 'libvirt' && rival.domain.uuid !== null;
  const remedy = ofLibvirt
    ? xmlRemedy(document, 'Give it another name; or, if it is to replace that domain, write the UUID of that', {
        inside: '<domain>',
        write: `<uuid>${rival.domain.uuid ?? ''}</uuid>`,
      })
    : xmlRemedy(document, isName ? 'Give one of them another name, and another UUID' : 'Remove <uuid>: libvirt makes one');
  return failAt(document, element, message, { severity, evidence: [evidence], remedy });
}
