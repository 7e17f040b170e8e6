import { expect } from 'vitest';

import { type DomainDocument, readDocuments } from '../src/domain/document.ts';
import { applyEdits } from '../src/domain/edit.ts';
import type { Guest } from '../src/domain/guest.ts';
import type { CheckFacts } from '../src/engine/check.ts';
import type { DomainRule } from '../src/engine/domain-rule.ts';
import type { Outcome } from '../src/engine/outcome.ts';
import type { Attempt } from '../src/facts/fact.ts';
import { FactError } from '../src/facts/fact-error.ts';
import type { FactId } from '../src/facts/registry.ts';

/** A definition in a file `win11.xml`. */
export function aDocument(text: string, given: { readonly label?: string; readonly guest?: Guest } = {}): DomainDocument {
  const [document] = readDocuments({ label: 'win11.xml', ...given, text });
  if (document === undefined) throw new Error('no domain');
  return document;
}

/** The parts of a definition that tests write out: what is left out is that of a plain Windows 11 VM with a GPU. */
export interface DomainParts {
  readonly name?: string;
  /** Attributes of `<domain>`. */
  readonly attributes?: string;
  /** libosinfo's short id (`win/11`, `win/10`); null: the definition does not say. */
  readonly os?: string | null;
  /** Everything between `<metadata>` and `<devices>`, e.g. `<vcpu>4</vcpu>`. */
  readonly body?: string;
  readonly devices?: string;
  /** The GPU `0000:01:00.0`; false: nothing is passed through. */
  readonly gpu?: boolean;
}

export const GPU = `<hostdev mode='subsystem' type='pci' managed='yes'>
      <source>
        <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
      </source>
    </hostdev>`;

/** A definition made of parts, indented as libvirt does. */
export function aDefinition({
  name = 'vm',
  attributes = "type='kvm'",
  os = 'win/11',
  body = '',
  devices = '',
  gpu = true,
}: DomainParts = {}): string {
  const metadata =
    os === null
      ? ''
      : `
  <metadata>
    <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
      <libosinfo:os id="http://microsoft.com/${os}"/>
    </libosinfo:libosinfo>
  </metadata>`;
  const given = [body, `<devices>\n    ${[devices, gpu ? GPU : ''].filter((part) => part !== '').join('\n    ')}\n  </devices>`];
  return `<domain ${attributes}>
  <name>${name}</name>${metadata}
  ${given.filter((part) => part !== '').join('\n  ')}
</domain>
`;
}

/** What a rule says of a definition made of parts. `facts`: values of `host`, attempts at `wantsHost`. */
export function judgeDomain<Host extends FactId, Wants extends FactId>(
  rule: DomainRule<Host, Wants>,
  parts: DomainParts | DomainDocument,
  ...[facts]: [Host | Wants] extends [never] ? [] : [CheckFacts<Host, Wants>]
): readonly Outcome[] {
  const document = 'root' in parts ? parts : aDocument(aDefinition(parts));
  return rule.judge(document, facts ?? ({} as CheckFacts<Host, Wants>));
}

/** The one outcome of {@link judgeDomain}. */
export function judgeOneDomain<Host extends FactId, Wants extends FactId>(
  rule: DomainRule<Host, Wants>,
  parts: DomainParts | DomainDocument,
  ...facts: [Host | Wants] extends [never] ? [] : [CheckFacts<Host, Wants>]
): Outcome {
  const [outcome, ...others] = judgeDomain(rule, parts, ...facts);
  if (outcome === undefined || others.length > 0) throw new Error(`${others.length + 1} outcomes`);
  return outcome;
}

/** An attempt at a wanted fact where there is no host. */
export const NO_HOST_FACT: Attempt<never> = { ok: false, error: new FactError({ source: 'no host', reason: 'no host is looked at' }) };

/**
 * Applies what `--fix` would do for a rule and expects that the rule then finds nothing, and that applying it again changes
 * nothing. Gives the fixed text.
 */
export function fixed<Host extends FactId, Wants extends FactId>(
  rule: DomainRule<Host, Wants>,
  parts: DomainParts | DomainDocument,
  ...facts: [Host | Wants] extends [never] ? [] : [CheckFacts<Host, Wants>]
): string {
  const document = 'root' in parts ? parts : aDocument(aDefinition(parts));
  const edits = judgeDomain(rule, document, ...facts).flatMap((outcome) => (outcome.status === 'fail' ? (outcome.edits ?? []) : []));
  const text = applyEdits(document.text, edits) ?? '';
  const after = judgeDomain(rule, aDocument(text, { label: document.label, guest: document.guest }), ...facts);
  expect(edits).not.toEqual([]);
  expect(after.filter(({ status }) => status === 'fail')).toEqual([]);
  return text;
}
