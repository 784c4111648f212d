// What scripts say, in the page's language: its texts come from the server when the page opens.
(() => {
  let texts = {};
  const root = document.documentElement;

  window.later = (text) => text;
  window.say = (text, values = {}) =>
    (texts[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  window.speak = (told) => {
    const {language, texts: read} = JSON.parse(told || '{"language": "en", "texts": {}}');
    const changed = root.classList.contains('spoken') && root.lang !== language;
    if (changed) location.reload();
    texts = read;
    root.lang = language;
    root.classList.add('spoken');
    document.dispatchEvent(new Event('spoken'));
  };
})();
