import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readDocuments } from './document.ts';
import { attributeSpan, locate, tagText, withoutSecrets } from './locate.ts';
import { all, first, parseXml, type XmlElement } from './xml.ts';

function read(
  text: string,
  label = 'vms/win11.xml',
): { document: ReturnType<typeof readDocuments>[number]; at: (...path: string[]) => XmlElement } {
  const [document] = readDocuments({ label, text });
  if (document === undefined) throw new Error('no domain');
  return {
    document,
    at(...path) {
      const element = first(document.root, ...path);
      if (element === undefined) throw new Error('no such element');
      return element;
    },
  };
}

describe('locate', () => {
  it('finds an element and one of its attributes, with CRLF and a byte order mark', () => {
    const { document, at } = read(
      "\ufeff<domain>\r\n  <name>a</name>\r\n  <vcpu placement='static'\r\n        current='2'>4</vcpu>\r\n</domain>",
    );
    expect(locate(document, at('vcpu'))).toMatchObject({ file: 'vms/win11.xml', line: 3, column: 3, endLine: 4 });
    expect(locate(document, { element: at('vcpu'), attribute: 'current' })).toMatchObject({
      line: 4,
      column: 9,
      endColumn: 20,
      excerpt: { text: "        current='2'>4</vcpu>", column: 9, length: 11 },
    });
  });

  it('names the file, not the domain in it', () => {
    const { document, at } = read('<domain><name>a</name></domain>', 'vms/node.xml#a');
    expect(locate(document, at('name')).file).toBe('vms/node.xml');
  });

  it('shows a window of a definition that is one long line', () => {
    const { document, at } = read(`<domain><name>a</name>${'<b/>'.repeat(100)}<c x='1'/></domain>`);
    const { excerpt } = locate(document, at('c'));
    expect(excerpt?.text.slice((excerpt?.column ?? 0) - 1, (excerpt?.column ?? 0) - 1 + (excerpt?.length ?? 0))).toBe("<c x='1'/>");
  });

  it.each(["<graphics passwd='s3cret'/>", '<graphics passwd = "s3cret"/>', "<arg value='-object secret,password=s3cret,x=1'/>"])(
    'hides the secret of %s',
    (xml) => {
      const { document, at } = read(`<domain><name>a</name>${xml}</domain>`);
      const element = at(/^<(\w+)/.exec(xml)?.[1] ?? '');
      expect(JSON.stringify([locate(document, element), tagText(document, element)])).not.toContain('s3cret');
    },
  );

  it('hides a secret in which the window would begin', () => {
    for (let length = 30; length < 90; length += 1) {
      const { document, at } = read(`<domain><name>a</name>${'<b/>'.repeat(50)}<g passwd='${'s3'.repeat(length)}'/><c x='1'/></domain>`);
      expect(JSON.stringify(locate(document, at('c')))).not.toContain('s3s3');
    }
  });

  it.each([
    ["<g type='vnc' passwd=\n'SECRET' x='1'/>", 'g', 'x'],
    ["<g passwd='SEC\nSECRET' x='1'/>", 'g', 'x'],
    ["<arg value='password=\nSECRET,y'/> <c x='1'/>", 'c', 'x'],
    ["<arg value='secret,id=s,\ndata=SECRET'/> <c x='1'/>", 'c', 'x'],
  ])('shows no line that begins in a secret: %s', (xml, name, key) => {
    const { document, at } = read(`<domain><name>a</name>${xml}</domain>`);
    const place = locate(document, { element: at(name), attribute: key });
    expect(place).toMatchObject({ line: 2 });
    expect(JSON.stringify(place)).not.toContain('SECRET');
  });

  it.each([
    ["passwd = 'SECRET'", "passwd='(hidden)'"],
    ["password=SEC,,SECRET RET,x='y'", "password=(hidden),x='y'"],
    ['password= SECRET,x', 'password= (hidden),x'],
    [`{'qom-type':'secret','data':'SECRET'}`, `{'qom-type':'secret','data':'(hidden)'}`],
    [`{"data": "SECRET", "id": "a"}`, `{"data": "(hidden)", "id": "a"}`],
    ["<env name='QEMU_PASSWORD' value='SECRET'/>", "<env name='QEMU_PASSWORD' value='(hidden)'/>"],
    ['ssh://user:SECRET@host/x', 'ssh://user:(hidden)@host/x'],
    ['iscsi://user%SECRET@host/x', 'iscsi://user%(hidden)@host/x'],
    ["<backend type='passthrough'/> http://host:80/a@b", "<backend type='passthrough'/> http://host:80/a@b"],
  ])('hides what is secret in %s', (text, hidden) => {
    expect(withoutSecrets(text)).toBe(hidden);
  });

  it('knows where every element of any document begins and ends', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        name.map((tag) => `<${tag} x='>'/>`),
        fc
          .tuple(name, fc.array(tie('tree'), { maxLength: 3 }))
          .map(([tag, children]) => `<${tag} y="/">\n<!-- <a> -->${children.join(' ')}</${tag} >`),
      ),
    }));
    fc.assert(
      fc.property(tree, (text) => {
        const check = (element: XmlElement): void => {
          expect(text.slice(element.start).startsWith(`<${element.name}`)).toBe(true);
          expect(text.slice(element.contentStart - 1, element.contentStart)).toBe('>');
          expect(text.slice(element.end - 1, element.end)).toBe('>');
          for (const key of Object.keys(element.attributes)) {
            const span = attributeSpan(text, element, key);
            expect(text.slice(span?.valueStart, span?.valueEnd)).toBe(element.attributes[key]);
          }
          for (const child of element.children) check(child);
        };
        check(parseXml(text));
      }),
    );
  });
});

describe('comments', () => {
  it('are kept with the element that they are in', () => {
    const { at } = read('<domain><name>a</name><features><!-- for the GPU --><acpi/></features></domain>');
    expect(at('features').comments).toMatchObject([{ text: ' for the GPU ' }]);
    expect(all(at('features'), 'acpi')).toHaveLength(1);
  });
});
