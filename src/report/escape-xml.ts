/** What XML 1.0 cannot hold, not even as a reference. https://www.w3.org/TR/xml/#charsets */
// oxlint-disable-next-line no-control-regex
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const REFERENCES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text for an XML attribute or element, in which characters that XML cannot hold are left out. */
export function escapeXml(text: string): string {
  return text.replaceAll(NO_XML, '').replaceAll(/[&<>"']/g, (character) => REFERENCES[character] ?? '');
}
