/** One word of a shell assignment, after quotes were removed. */
export interface ShellWord {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

/** `NAME=value`, `NAME+=value`, `NAME=(words)` or `NAME+=(words)` at the start of a line. */
export interface ShellAssignment {
  readonly name: string;
  readonly appends: boolean;
  readonly isArray: boolean;
  /** The elements of an array; of a plain value the one word that it is. Expansions (`$X`) stay as written. */
  readonly words: readonly ShellWord[];
}

/**
 * The assignments of a shell script that is used as configuration. It is read, never run: conditions and commands are
 * skipped, so an assignment in an `if` counts.
 */
export function parseShellAssignments(text: string): ShellAssignment[] {
  const reader = new Reader(text);
  const assignments: ShellAssignment[] = [];
  while (!reader.isAtEnd()) {
    reader.skipBlanks();
    const head = reader.match(/(?:export\s{1,8})?([A-Za-z_][A-Za-z0-9_]{0,63})(\+?)=/y);
    if (head?.[1] !== undefined) {
      const isArray = reader.take('(');
      const words = isArray ? readArray(reader) : [reader.word()];
      assignments.push({ name: head[1], appends: head[2] === '+', isArray, words });
    }
    reader.skipLine();
  }
  return assignments;
}

function readArray(reader: Reader): ShellWord[] {
  const words: ShellWord[] = [];
  for (;;) {
    reader.skipSpace();
    if (reader.isAtEnd() || reader.take(')')) return words;
    words.push(reader.word(')'));
  }
}

/** A position in a text. */
class Reader {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at += match[0].length;
    return match;
  }

  take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  skipBlanks(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at += 1;
  }

  /** Blanks, line ends and comments between the elements of an array. */
  skipSpace(): void {
    for (;;) {
      const next = this.#text[this.#at];
      if (next === '#') this.skipLine();
      else if (next !== undefined && /\s/.test(next)) this.#advance();
      else return;
    }
  }

  skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#text.length : end + 1;
    this.#line += 1;
  }

  /** Up to a blank, a line end or `stop`; quoted parts keep theirs. At least one character is taken when `stop` is not next. */
  word(stop = ';'): ShellWord {
    const line = this.#line;
    let text = '';
    for (let next = this.#text[this.#at]; next !== undefined && !/\s/.test(next) && next !== stop; next = this.#text[this.#at]) {
      this.#advance();
      if (next === '\\') text += this.#escaped();
      else if (next === '"' || next === "'") text += this.#quoted(next);
      else text += next;
    }
    return { text, line };
  }

  #escaped(): string {
    const next = this.#text[this.#at] ?? '';
    this.#advance();
    return next === '\n' ? '' : next;
  }

  #quoted(quote: string): string {
    let text = '';
    for (let next = this.#text[this.#at]; next !== undefined && next !== quote; next = this.#text[this.#at]) {
      this.#advance();
      text += quote === '"' && next === '\\' ? this.#escaped() : next;
    }
    this.#advance();
    return text;
  }

  #advance(): void {
    if (this.#text[this.#at] === '\n') this.#line += 1;
    this.#at += 1;
  }
}
