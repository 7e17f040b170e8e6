const NUMBER = /^-?\d{1,20}(?:\.\d{1,20})?$/;
const words = new Intl.Collator('en', { sensitivity: 'base' });

/**
 * Compares what the cells of a column say: by value where all of it is numbers, else by letters, so that 00:02.0 comes before 00:1f.0.
 * A cell without a digit ("none") makes no words of a column of numbers; it comes last.
 */
export function comparerOf(keys: readonly string[]): (a: string, b: string) => number {
  const isOfNumbers = keys.every((key) => NUMBER.test(key) || !/\d/.test(key));
  if (!isOfNumbers) return words.compare;
  return (a, b) => valueOf(a) - valueOf(b) || words.compare(a, b);
}

function valueOf(key: string): number {
  return NUMBER.test(key) ? Number(key) : Number.MAX_VALUE;
}

/** Gives the columns of each sortable table a button in their heading. */
export function addSortButtons(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) {
    for (const [column, heading] of [...(table.tHead?.rows[0]?.cells ?? [])].entries()) {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener('click', () => sortBy(table, column, heading));
    }
  }
}

function sortBy(table: HTMLTableElement, column: number, heading: HTMLTableCellElement): void {
  const [body] = table.tBodies;
  if (body === undefined) return;
  const isDescending = heading.getAttribute('aria-sort') === 'ascending';
  for (const other of heading.parentElement?.children ?? []) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
  const keyed = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column]) }));
  const sign = isDescending ? -1 : 1;
  const compare = comparerOf(keyed.map(({ key }) => key));
  keyed.sort((a, b) => sign * compare(a.key, b.key));
  body.append(...keyed.map(({ row }) => row));
}

/** A cell can say by what it is sorted, where its words would be sorted wrongly. */
function keyOf(cell: HTMLTableCellElement | undefined): string {
  return cell?.dataset['sort'] ?? cell?.textContent.trim() ?? '';
}
