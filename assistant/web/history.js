// The drawer of conversations: opened and closed; and what a browser and its tab remember.
(() => {
  const name = 'assistant-conversations';
  const {index, talk} = window.indexes;
  const kept = (storage, key, otherwise) => {
    try {
      const found = window[storage].getItem(key) ?? otherwise;
      window[storage].setItem(key, found);
      return found;
    } catch {
      return otherwise; // Nothing may be kept here: then a page is as long as its conversation.
    }
  };
  const random = () =>
    btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))))
      .replaceAll('+', '-')
      .replaceAll('/', '_');
  // A browser's id is made once, and known before the first question can be asked.
  const browser = kept('localStorage', name, random());

  window.conversations = {
    // Which browser it is, which conversation its tab shows, and of which index.
    place: () => `${browser}/${kept('sessionStorage', talk(), '')}/${index}`,
    remember: (place) => {
      try {
        sessionStorage.setItem(talk(), place.split('/')[1] ?? '');
      } catch {
        // As above.
      }
    },
    // Has a file saved, and returns what is left to be saved.
    save: (packed) => {
      const file = JSON.parse(packed);
      const bytes = Uint8Array.from(atob(file.data), (letter) => letter.charCodeAt(0));
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([bytes], {type: 'application/octet-stream'}));
      link.download = file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      return '';
    },
  };

  const narrow = matchMedia('(max-width: 860px)');
  const find = (id) => document.getElementById(id);
  const isOpen = () => document.body.classList.contains('talks-open');

  const show = (open) => {
    document.body.classList.toggle('talks-open', open);
    find('talks-toggle').setAttribute('aria-expanded', String(open));
    if (open) requestAnimationFrame(() => find('talks').querySelector('textarea, input')?.focus());
    else find('talks-toggle').focus();
  };

  document.addEventListener('click', (event) => {
    const inside = (id) => event.target.closest(`#${id}`);
    if (inside('talks-toggle')) show(!isOpen());
    else if (inside('talks-close')) show(false);
    else if (isOpen() && narrow.matches && (!inside('talks') || event.target.closest('.talk')))
      if (!event.target.closest('dialog')) show(false);
    for (const menu of document.querySelectorAll('.menu[open]'))
      if (!menu.contains(event.target) || event.target.closest('button')) menu.open = false;
  });
  document.addEventListener('keydown', (event) => {
    const menu = document.querySelector('.menu[open]');
    if (event.key !== 'Escape' || event.defaultPrevented || !(menu || isOpen())) return;
    if (document.querySelector('dialog[open]')) return;
    event.preventDefault();
    if (menu) {
      menu.open = false;
      menu.querySelector('summary').focus();
    } else show(false);
  });
  const named = () => {
    if (!find('talks-close')) return false;
    const name = (id, attributes) => {
      for (const [key, value] of Object.entries(attributes)) find(id).setAttribute(key, value);
    };
    name('talks-toggle', {'aria-expanded': String(isOpen()), 'aria-controls': 'talks'});
    name('talks', {role: 'navigation', 'aria-label': say('Conversations')});
    name('talks-close', {'aria-label': say('Close the list')});
    return true;
  };
  new MutationObserver((_, observer) => {
    if (named()) observer.disconnect();
  }).observe(document.documentElement, {childList: true, subtree: true});
  document.addEventListener('spoken', named);
})();
