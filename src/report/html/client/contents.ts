/** Folds the list of contents away where it would push the report down. */
export function foldContents(): void {
  const list = document.querySelector<HTMLDetailsElement>('.contents details');
  if (list === null) return;
  const narrow = matchMedia('(max-width: 60rem)');
  const fold = (): void => {
    list.open = !narrow.matches;
  };
  fold();
  narrow.addEventListener('change', fold);
  list.addEventListener('click', ({ target }) => {
    if (narrow.matches && target instanceof Element && target.closest('a') !== null) list.open = false;
  });
}

/** Marks the section that is being read in the list of contents. */
export function markContents(): void {
  const links = new Map([...document.querySelectorAll<HTMLAnchorElement>('.contents a')].map((link) => [link.hash.slice(1), link]));
  const sections = [...document.querySelectorAll<HTMLElement>('main > section')];
  const read = new Set<Element>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) read.add(target);
        else read.delete(target);
      }
      const current = sections.find((section) => read.has(section));
      if (current === undefined) return;
      for (const [id, link] of links) {
        if (id === current.id) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
    },
    // The upper part of the window is where people read.
    { rootMargin: '-10% 0px -70% 0px' },
  );
  for (const section of sections) observer.observe(section);
}
