// Which index a tab shows stands in its address: another index is another page.
(() => {
  const name = 'assistant-conversations';
  const index = new URLSearchParams(location.search).get('index') ?? '';
  const address = (other) => (other ? `?index=${encodeURIComponent(other)}` : './');
  // Where a tab remembers which conversation it shows of an index.
  const talk = (one = index) => (one ? `${name}/${one}` : name);

  window.indexes = {
    index,
    talk,
    open: (other) => location.replace(address(other)),
    renamed: (other) => {
      try {
        sessionStorage.setItem(talk(other), sessionStorage.getItem(talk()) ?? '');
      } catch {
        // Nothing may be kept here.
      }
      location.replace(address(other));
    },
  };
})();
