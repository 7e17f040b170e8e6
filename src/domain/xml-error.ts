/** Why a text is no domain definition; `line` and `column` begin at 1. */
export class DomainXmlError extends Error {
  override readonly name = 'DomainXmlError';
  readonly line: number;
  readonly column: number;
  /** `content`: libvirt refuses it, too. `limit`: passcheck does not look at so much. */
  readonly kind: 'content' | 'limit';

  constructor(message: string, position: { readonly line: number; readonly column: number }, kind: 'content' | 'limit' = 'content') {
    super(message);
    this.line = position.line;
    this.column = position.column;
    this.kind = kind;
  }
}
