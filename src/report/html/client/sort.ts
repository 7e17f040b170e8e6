const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Compares what two cells of a column say: numbers by value, `CPU 2` before `CPU 10`. */
export function compareKeys(a: string, b: string): number {
  return collator.compare(a, b);
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
  keyed.sort((a, b) => sign * compareKeys(a.key, b.key));
  body.append(...keyed.map(({ row }) => row));
}

/** A cell can say by what it is sorted, where its words would be sorted wrongly. */
function keyOf(cell: HTMLTableCellElement | undefined): string {
  return cell?.dataset['sort'] ?? cell?.textContent.trim() ?? '';
}
