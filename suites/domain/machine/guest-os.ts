import type { DomainDocument } from '../../../src/domain/document.ts';
import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { first, textAt } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

const METADATA = (id: string): string => `<metadata>
  <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
    <libosinfo:os id="${id}"/>
  </libosinfo:libosinfo>
</metadata>`;

export default defineDomainRule({
  id: 'domain/machine/guest-os',
  title: 'The definition says which system runs in it',
  severity: 'info',
  applies: [passesDeviceThrough],
  why: 'virt-manager chooses its defaults by it, and passcheck its rules: a Windows 11 that nothing names is not judged as one.',
  sources: ['https://libvirt.org/formatdomain.html#general-metadata', 'https://libosinfo.org/'],
  evaluate(document) {
    const { guest, root } = document;
    const spot = first(root, 'metadata') ?? first(root, 'name') ?? root;
    if (guest.os === 'unknown') {
      return failAt(document, spot, 'nothing says which system runs in it: rules about Windows were not applied', {
        expected: 'an id of libosinfo',
        remedy: xmlRemedy(document, 'Write which system it is, or call passcheck with --guest', metadata('http://microsoft.com/win/11')),
      });
    }
    if (guest.os !== 'windows') return passAt(document, spot, guest.because);
    if (guest.version === null) {
      return failAt(document, spot, `it is Windows (${guest.because}), and nothing says which: rules about Windows 11 were not applied`, {
        expected: 'an id of libosinfo',
        remedy: xmlRemedy(document, 'Write which Windows it is, or call passcheck with --guest', metadata('http://microsoft.com/win/11')),
      });
    }
    const named = namedVersion(document);
    if (named === null || named === guest.version || !guest.because.startsWith('libosinfo')) return passAt(document, spot, guest.because);
    return failAt(
      document,
      spot,
      `it is named after Windows ${named}, and libosinfo says Windows ${guest.version}: it was judged as Windows ${guest.version}`,
      {
        expected: `http://microsoft.com/win/${named}`,
        remedy: xmlRemedy(document, `If it is Windows ${named}, write so`, metadata(`http://microsoft.com/win/${named}`)),
      },
    );
  },
});

function metadata(id: string): { readonly inside: string; readonly write: string } {
  return { inside: '<domain>', write: METADATA(id) };
}

/** Of Windows 10 and 11, which rules tell apart. */
function namedVersion({ root }: DomainDocument): string | null {
  const text = `${textAt(root, 'name') ?? ''} ${textAt(root, 'title') ?? ''}`.slice(0, 400);
  return /(?:^|[^a-z])win(?:dows)?[-_ .]?(10|11)(?!\d)/i.exec(text)?.[1] ?? null;
}
