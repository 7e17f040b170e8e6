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

/** A part of the page that holds findings or results, and how many of them are shown. */
interface Area {
  readonly anchor: string;
  readonly name: string;
  shown: number;
}

interface Item extends Entry {
  readonly element: HTMLElement;
  readonly group: Element | null;
  readonly area: Area;
}

type Field = HTMLInputElement | HTMLSelectElement;

interface Bar {
  readonly fields: Readonly<Record<keyof Wanted, Field>>;
  readonly count: Element;
  readonly hits: Element;
  readonly clear: Element;
}

/** Makes the bar above the findings narrow down findings and results; answers what shows all of them again. */
export function startFilter(): () => void {
  const element = document.querySelector<HTMLElement>('.filter');
  const bar = element === null ? null : partsOf(element);
  if (element === null || bar === null) return () => {};
  const { text, severity, status } = bar.fields;
  const view = new View();
  const update = (): void => {
    bar.count.textContent = view.show({ text: text.value, severity: severity.value, status: status.value });
    bar.hits.replaceChildren(...view.hits());
  };
  const clear = (): void => {
    for (const one of [text, severity, status]) one.value = '';
    update();
  };
  // Typing quickly must not show every state in between.
  let waiting = 0;
  element.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(update, 120);
  });
  bar.clear.addEventListener('click', () => {
    clear();
    text.focus();
  });
  element.hidden = false;
  return clear;
}

function partsOf(bar: Element): Bar | null {
  const field = (name: keyof Wanted): Field | null => bar.querySelector(`[name="${name}"]`);
  const [text, severity, status] = [field('text'), field('severity'), field('status')];
  const [count, hits, clear] = [bar.querySelector('output'), bar.querySelector('.hits'), bar.querySelector('button')];
  if (text === null || severity === null || status === null || count === null || hits === null || clear === null) return null;
  return { fields: { text, severity, status }, count, hits, clear };
}

/** Findings and results in the page, read when the first filter is set. */
class View {
  private items: readonly Item[] | null = null;
  private isAll = true;
  private readonly opened = new Set<HTMLDetailsElement>();

  /** Shows what is wanted and hides the rest, in one pass; answers how much it is. */
  show(wanted: Wanted): string {
    this.items ??= readItems();
    this.isAll = wanted.text.trim() === '' && wanted.severity === '' && wanted.status === '';
    const isWanted = matcher(wanted);
    const found = new Map<Element | null, number>();
    for (const { area } of this.items) area.shown = 0;
    let count = 0;
    for (const item of this.items) {
      const shown = Number(isWanted(item));
      item.element.classList.toggle('out', shown === 0);
      found.set(item.group, (found.get(item.group) ?? 0) + shown);
      item.area.shown += shown;
      count += shown;
    }
    for (const [group, shown] of found) this.showGroup(group, shown);
    return this.isAll ? '' : `${count} of ${this.items.length} shown${count === 0 ? '' : ':'}`;
  }

  /** Where what is shown stands: it can be far below. */
  hits(): HTMLAnchorElement[] {
    if (this.isAll) return [];
    const areas = [...new Set((this.items ?? []).map(({ area }) => area))];
    return areas
      .filter(({ shown }) => shown > 0)
      .map(({ anchor, name, shown }) =>
        Object.assign(document.createElement('a'), { href: `#${anchor}`, textContent: `${name} ${shown}` }),
      );
  }

  /** A folded group with something in it opens as long as something is looked for. */
  private showGroup(group: Element | null, shown: number): void {
    group?.classList.toggle('out', shown === 0);
    if (!(group instanceof HTMLDetailsElement)) return;
    if (!this.isAll && shown > 0 && !group.open) {
      group.open = true;
      this.opened.add(group);
    } else if (this.isAll && this.opened.delete(group)) group.open = false;
  }
}

function readItems(): Item[] {
  const areas = new Map<Element | null, Area>();
  return [...document.querySelectorAll<HTMLElement>('[data-status][data-severity]')].map((element) => {
    const group = element.closest('[data-group]');
    const place = group instanceof HTMLDetailsElement ? group : element.closest('section');
    const area = areas.get(place) ?? areaOf(place);
    areas.set(place, area);
    const { severity = '', status = '' } = element.dataset;
    return { element, group, area, text: element.textContent.toLowerCase(), severity, status };
  });
}

/** A heading says how many there are behind its name. */
function areaOf(place: Element | null): Area {
  const name = place?.querySelector('h2, h3')?.firstChild?.textContent?.trim() ?? '';
  return { anchor: place?.id ?? '', name, shown: 0 };
}
