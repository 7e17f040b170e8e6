/** How an object of libvirt calls itself in its definition. */
export interface DefinitionHead {
  readonly name: string;
  readonly uuid: string;
}

/**
 * libvirt writes name and UUID first, each on a line of its own, before anything that its users write; so they are found without reading
 * the rest. Null when this is no definition. src/conf/domain_conf.c, network_conf.c, storage_conf.c
 */
export function definitionHead(xml: string): DefinitionHead | null {
  const match = /^<(?:domain|network|pool)(?:\s[^>]*)?>\n {2}<name>([^<\n]*)<\/name>\n {2}<uuid>([0-9a-f-]{36})<\/uuid>\n/.exec(
    xml.trimStart(),
  );
  const [, name, uuid] = match ?? [];
  return name === undefined || uuid === undefined ? null : { name: name.replaceAll(/&(?:amp|lt|gt|apos|quot|#39|#34);/g, entity), uuid };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&apos;': "'",
  '&quot;': '"',
  '&#39;': "'",
  '&#34;': '"',
};

function entity(written: string): string {
  return ENTITIES[written] ?? written;
}
