// Before the first paint: the chosen theme and language, so that nothing flashes. See app/choices.ts.
(() => {
  try {
    const { theme, language } = JSON.parse(localStorage.getItem('mitate.choices') ?? '{}');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
    document.documentElement.lang = language ?? (navigator.language.startsWith('ja') ? 'ja' : 'en');
  } catch {
    // storage is closed to this page: the system's theme and language apply
  }
})();
