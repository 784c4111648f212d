// Documents opened for reading: the tab comes forward, the evidence into view, Escape leads back.
(() => {
  const find = (selector) => document.querySelector(selector);
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  let from = null; // the button that the reader was opened by
  let awaited = false; // whether something is to be shown once it is there
  let searched = false; // whether something is looked for in the document
  let kept = null; // how far the end is from the top of the view, while more is shown before

  const tab = (panel) => {
    const id = find(panel)?.closest('[role="tabpanel"]')?.id;
    const button = id && find(`[role="tab"][aria-controls="${id}"]`);
    if (button && button.getAttribute('aria-selected') !== 'true') button.click();
  };

  const scroller = () => {
    const panel = find('#panel');
    return getComputedStyle(panel).overflowY === 'visible' ? document.scrollingElement : panel;
  };

  const bring = (target) => {
    target?.scrollIntoView({behavior: calm.matches ? 'auto' : 'smooth', block: 'center'});
  };

  const opened = () => {
    awaited = false;
    find('#reader').removeAttribute('aria-busy');
    tab('#reader');
    const inBar = document.activeElement?.closest?.('#reader .bar');
    if (kept !== null) {
      const view = scroller();
      view.scrollTop = view.scrollHeight - kept;
      kept = null;
      return;
    }
    if (searched) {
      searched = false;
      find('#reader .search input')?.focus({preventScroll: true});
      find('#reader .search')?.scrollIntoView({block: 'nearest'});
      return;
    }
    if (!inBar) find('#reader h2')?.focus({preventScroll: true});
    bring(find('#reader .current') ?? find('#reader h2'));
  };

  const close = () => {
    awaited = false;
    const place = find('#reader .alone') ? '#documents' : '#sources';
    tab(place);
    const back = from?.isConnected ? from : find(`${place} :is(.read, .open)`);
    // The tab comes forward some frames later; what is hidden can't be focused.
    let frames = 0;
    const wait = () => {
      frames += 1;
      if (back?.checkVisibility()) {
        back.focus({preventScroll: true});
        bring(back);
      } else if (frames < 60) requestAnimationFrame(wait);
    };
    wait();
  };

  document.addEventListener('document-opened', () => {
    // What Gradio was handed is on the page some frames later; the tab is only made when needed.
    let frames = 0;
    const wait = () => {
      frames += 1;
      if (!awaited) return; // Meanwhile somebody has gone back.
      if (frames > 2 && find('#reader section, #reader .problem')) opened();
      else if (frames < 120) requestAnimationFrame(wait);
    };
    requestAnimationFrame(wait);
  });
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.dataset.read) {
      awaited = true;
      if (button.closest('#sources, #documents')) from = button;
      const view = scroller();
      kept = button.matches('.earlier') ? view.scrollHeight - view.scrollTop : null;
      find('#reader')?.setAttribute('aria-busy', 'true');
    } else if (button.matches('#reader .close')) {
      close();
    } else if (button.matches('#reader .zoom')) {
      const large = find('#reader .frame').classList.toggle('large');
      button.setAttribute('aria-pressed', String(large));
      bring(find('#reader .current'));
    }
  });
  document.addEventListener('submit', (event) => {
    if (event.target.matches('#reader .search')) {
      awaited = searched = true;
      kept = null;
      find('#reader').setAttribute('aria-busy', 'true');
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || find('dialog[open]')) return;
    if (find('#reader section')?.checkVisibility() && !event.target.closest('textarea')) close();
  });
})();
