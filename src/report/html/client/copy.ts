/** Gives each block that is meant to be copied a button. */
export function addCopyButtons(): void {
  for (const block of document.querySelectorAll<HTMLElement>('.copy')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    block.append(button);
  }
  document.addEventListener('click', ({ target }) => {
    if (target instanceof HTMLButtonElement && target.parentElement?.classList.contains('copy') === true) void copyFrom(target);
  });
}

async function copyFrom(button: HTMLButtonElement): Promise<void> {
  const code = button.parentElement?.querySelector('code');
  if (code === null || code === undefined) return;
  button.textContent = (await copied(code)) ? 'Copied' : 'Selected';
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 2000);
}

/** Where a browser keeps the clipboard from a page, the text is selected instead. */
async function copied(code: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    getSelection()?.selectAllChildren(code);
    return false;
  }
}
