// Runs before the first paint, so that no wrong theme flashes. A file of its own: the page's policy forbids inline scripts.
const chosen = localStorage.getItem('theme');
const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
document.documentElement.dataset.theme = dark ? 'dark' : 'light';
