// What the page can do beyond being read; without it nothing is missing but comfort.
document.documentElement.classList.add('scripted');
