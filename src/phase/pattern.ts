/** The ids that a pattern names; `*` stands for anything within one part of an id. */
export function idsOf(pattern: string, ids: readonly string[]): readonly string[] {
  if (!pattern.includes('*')) return ids.filter((id) => id === pattern);
  const wanted = pattern.split('/').map((part) => part.split(/\*+/));
  return ids.filter((id) => {
    const parts = id.split('/');
    return parts.length === wanted.length && wanted.every((pieces, index) => fits(pieces, parts[index] ?? ''));
  });
}

/** Not an expression: what a file brings with many `*` could take one for ever. */
function fits(pieces: readonly string[], part: string): boolean {
  const [head = ''] = pieces;
  if (pieces.length === 1) return part === head;
  const tail = pieces.at(-1) ?? '';
  if (!part.startsWith(head) || !part.endsWith(tail) || part.length < head.length + tail.length) return false;
  const end = part.length - tail.length;
  let at = head.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = part.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
