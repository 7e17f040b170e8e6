/** What is looked for; an empty string stands for everything. */
interface Wanted {
  /** Words that all have to be there, in any order. */
  readonly text: string;
  readonly severity: string;
  readonly status: string;
}

/** What is known of a finding or result; `text` is in small letters. */
export interface Entry {
  readonly text: string;
  readonly severity: string;
  readonly status: string;
}

/** Tells which entries are wanted. */
export function matcher({ text, severity, status }: Wanted): (entry: Entry) => boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (entry) =>
    (severity === '' || entry.severity === severity) &&
    (status === '' || entry.status === status) &&
    words.every((word) => entry.text.includes(word));
}

interface Item extends Entry {
  readonly element: HTMLElement;
  readonly group: Element | null;
}

/** Makes the bar above the findings narrow down findings and results. */
export function startFilter(): void {
  const bar = document.querySelector<HTMLElement>('.filter');
  if (bar === null) return;
  const field = (name: string): HTMLInputElement | HTMLSelectElement | null => bar.querySelector(`[name="${name}"]`);
  const fields = { text: field('text'), severity: field('severity'), status: field('status') };
  const { text, severity, status } = fields;
  const count = bar.querySelector('output');
  const clear = bar.querySelector('button');
  if (text === null || severity === null || status === null || count === null || clear === null) return;
  bar.hidden = false;
  const view = new View();
  const update = (): void => {
    count.textContent = view.show({ text: text.value, severity: severity.value, status: status.value });
  };
  // Typing quickly must not show every state in between.
  let waiting = 0;
  bar.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(update, 120);
  });
  clear.addEventListener('click', () => {
    for (const one of [text, severity, status]) one.value = '';
    update();
    text.focus();
  });
}

/** Findings and results in the page, read when the first filter is set. */
class View {
  private items: readonly Item[] | null = null;
  private readonly opened = new Set<HTMLDetailsElement>();

  /** Shows what is wanted and hides the rest, in one pass; answers how much it is. */
  show(wanted: Wanted): string {
    this.items ??= readItems();
    const isAll = wanted.text.trim() === '' && wanted.severity === '' && wanted.status === '';
    const isWanted = matcher(wanted);
    const found = new Map<Element | null, number>();
    let count = 0;
    for (const item of this.items) {
      const isShown = isWanted(item);
      item.element.classList.toggle('out', !isShown);
      found.set(item.group, (found.get(item.group) ?? 0) + Number(isShown));
      count += Number(isShown);
    }
    for (const [group, shown] of found) this.showGroup(group, shown, isAll);
    return isAll ? '' : `${count} of ${this.items.length} shown`;
  }

  /** A folded group with something in it opens as long as something is looked for. */
  private showGroup(group: Element | null, shown: number, isAll: boolean): void {
    group?.classList.toggle('out', shown === 0);
    if (!(group instanceof HTMLDetailsElement)) return;
    if (!isAll && shown > 0 && !group.open) {
      group.open = true;
      this.opened.add(group);
    } else if (isAll && this.opened.delete(group)) group.open = false;
  }
}

function readItems(): Item[] {
  return [...document.querySelectorAll<HTMLElement>('[data-status][data-severity]')].map((element) => ({
    element,
    group: element.closest('[data-group]'),
    text: element.textContent.toLowerCase(),
    severity: element.dataset['severity'] ?? '',
    status: element.dataset['status'] ?? '',
  }));
}
