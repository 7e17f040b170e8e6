// Draws the charts that the page describes.
document.documentElement.classList.add('charted');
