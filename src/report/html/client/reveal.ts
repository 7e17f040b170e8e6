/** Opens what a link leads to, when it is folded away. */
export function revealTargets(): void {
  addEventListener('hashchange', reveal);
  // A link to where one is already changes nothing, and still has to open it.
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest('a') : null;
    if (link !== null && link.hash !== '' && link.hash === location.hash) reveal();
  });
  reveal();
}

function reveal(): void {
  const target = document.getElementById(location.hash.slice(1));
  if (target === null) return;
  const above = ancestors(target);
  // A link leads to what the filter hides, too.
  for (const element of above) element.classList.remove('out');
  const closed = [...above, target.querySelector(':scope > details')].filter(
    (element) => element instanceof HTMLDetailsElement && !element.open,
  );
  if (closed.length === 0) return;
  for (const element of closed) element?.setAttribute('open', '');
  target.scrollIntoView();
}

function ancestors(element: Element): Element[] {
  const above: Element[] = [];
  for (let one: Element | null = element; one !== null; one = one.parentElement) above.push(one);
  return above;
}

/** Paper cannot be opened: everything is, as long as it is printed. */
export function openForPrint(): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const element of opened) element.open = true;
  });
  addEventListener('afterprint', () => {
    for (const element of opened) element.open = false;
    opened = [];
  });
}
