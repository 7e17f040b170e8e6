// What the page can do beyond being read; without it nothing is missing but comfort.
import { foldContents, markContents } from './contents.ts';
import { addCopyButtons } from './copy.ts';
import { startFilter } from './filter.ts';
import { revealTargets } from './reveal.ts';
import { addSortButtons } from './sort.ts';

document.documentElement.classList.add('scripted');
foldContents();
markContents();
revealTargets(startFilter());
addSortButtons();
addCopyButtons();
