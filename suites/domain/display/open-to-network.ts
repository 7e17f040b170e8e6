import type { DomainDocument } from '../../../src/domain/document.ts';
import { graphicsOf, isLoopback, isWildcard, type Listen, listensOf } from '../../../src/domain/graphics.ts';
import { attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { type Evidence, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import type { QemuConf } from '../../../src/facts/qemu-conf.ts';
import { confText } from '../../../src/libvirt/conf.ts';

type Server = 'vnc' | 'spice';

export default defineDomainRule({
  id: 'domain/display/open-to-network',
  title: 'VNC and SPICE are not open to the network without a password',
  severity: 'major',
  wantsHost: ['qemuConf'],
  why: 'Whoever reaches the port sees the screen and types on the keyboard of the guest.',
  sources: [
    'https://libvirt.org/formatdomain.html#graphical-framebuffers',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/qemu/qemu.conf.in',
  ],
  evaluate(document, { qemuConf }) {
    const conf = qemuConf.ok ? qemuConf.value : null;
    return graphicsOf(document).flatMap((graphics) => {
      const type = attribute(graphics, 'type');
      if (type !== 'vnc' && type !== 'spice') return [];
      return listensOf(graphics).map((listen) => judge(document, { graphics, type, listen }, conf));
    });
  },
});

interface Place {
  readonly graphics: XmlElement;
  readonly type: Server;
  readonly listen: Listen;
}

function judge(document: DomainDocument, { graphics, type, listen }: Place, conf: QemuConf | null): Outcome {
  const { element } = listen;
  if (listen.kind === 'local') return passAt(document, element);
  if (listen.kind === 'network')
    return notApplicable(`the definition does not tell the address of the network ${listen.network.slice(0, 60)}`);
  const fallback = listen.address === null ? defaultAddress(type, conf) : null;
  const address = listen.address ?? fallback?.address ?? '127.0.0.1';
  if (isLoopback(address)) return passAt(document, element);
  const protection = protectionOf(graphics, type, conf);
  if (protection !== null) return passAt(document, element, `${address.slice(0, 60)}, with ${protection}`);
  const isEvery = isWildcard(address);
  const name = type.toUpperCase();
  const where = isEvery ? 'every address of the host' : address.slice(0, 60);
  const isAttribute = element === graphics && attribute(graphics, 'listen') !== null;
  return failAt(
    document,
    isAttribute ? { element, attribute: 'listen' } : element,
    `${name} listens on ${where}, and no password is to be seen`,
    {
      expected: '127.0.0.1, or a password',
      evidence: fallback === null ? [] : [fallback.evidence],
      remedy: xmlRemedy(document, `Let ${name} listen on 127.0.0.1 and come by SSH, or set a password (${hiding(document)})`, {
        ...listenPlace(graphics, element),
        write: isAttribute ? "listen='127.0.0.1'" : "<listen type='address' address='127.0.0.1'/>",
      }),
      ...(isEvery ? {} : { severity: 'minor' as const }),
    },
  );
}

function listenPlace(
  graphics: XmlElement,
  element: XmlElement,
): { readonly instead: XmlElement } | { readonly inside: string; readonly within?: XmlElement } {
  if (element !== graphics) return { instead: element };
  return attribute(graphics, 'listen') === null ? { inside: '<graphics>', within: graphics } : { inside: 'the tag <graphics>' };
}

function hiding({ isDefined, label }: DomainDocument): string {
  return isDefined
    ? `virsh dumpxml ${label} --security-info shows one that is set`
    : 'virsh dumpxml leaves one out unless asked with --security-info';
}

/** `vnc_listen` and `spice_listen` of qemu.conf; null: it is not set, or not known. */
function defaultAddress(type: Server, conf: QemuConf | null): { readonly address: string; readonly evidence: Evidence } | null {
  if (conf === null || confText(conf, `${type}_auto_unix_socket`) === '1') return null;
  const address = confText(conf, `${type}_listen`);
  return address === null
    ? null
    : { address, evidence: { source: conf.path, observed: `${type}_listen = ${JSON.stringify(address.slice(0, 60))}` } };
}

/** What keeps others out; null: nothing that is known. An empty password lets nobody in. */
function protectionOf(graphics: XmlElement, type: Server, conf: QemuConf | null): string | null {
  const password = attribute(graphics, 'passwd');
  if (password !== null) return password === '' ? 'a password that nobody can give' : 'a password';
  if (conf === null) return null;
  if (confText(conf, `${type}_password`) !== null) return `the password of ${conf.path}`;
  if (confText(conf, `${type}_sasl`) === '1') return 'SASL';
  const verifies = confText(conf, 'vnc_tls_x509_verify') ?? confText(conf, 'default_tls_x509_verify');
  return type === 'vnc' && confText(conf, 'vnc_tls') === '1' && verifies === '1' ? 'certificates of the clients' : null;
}
