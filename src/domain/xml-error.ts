/** Why a text is no domain definition; `line` and `column` begin at 1. */
export class DomainXmlError extends Error {
  override readonly name = 'DomainXmlError';
  readonly line: number;
  readonly column: number;

  constructor(message: string, position: { readonly line: number; readonly column: number }) {
    super(message);
    this.line = position.line;
    this.column = position.column;
  }
}
