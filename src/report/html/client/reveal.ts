/** Opens what a link leads to, when it is folded away, and takes the filter away where that hides it. */
export function revealTargets(clearFilter: () => void): void {
  const reveal = (): void => revealTarget(clearFilter);
  addEventListener('hashchange', reveal);
  // A link to where one is already changes nothing, and still has to open it.
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest('a') : null;
    if (link !== null && link.hash !== '' && link.hash === location.hash) reveal();
  });
  reveal();
}

function revealTarget(clearFilter: () => void): void {
  const target = document.getElementById(location.hash.slice(1));
  if (target === null) return;
  const above = ancestors(target);
  const isHidden = above.some((element) => element.classList.contains('out'));
  if (isHidden) clearFilter();
  const closed = [...above, target.querySelector(':scope > details')].filter(
    (element) => element instanceof HTMLDetailsElement && !element.open,
  );
  if (closed.length === 0 && !isHidden) return;
  for (const element of closed) element?.setAttribute('open', '');
  target.scrollIntoView();
}

function ancestors(element: Element): Element[] {
  const above: Element[] = [];
  for (let one: Element | null = element; one !== null; one = one.parentElement) above.push(one);
  return above;
}
