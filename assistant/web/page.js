// What the page does by itself: marks open their sources, sources lead back, marks explain
// themselves. All text goes in as text, never as markup.
(() => {
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const find = (id) => (id ? document.getElementById(id) : null);
  let tip = null;
  let tipFor = null;
  let closing = 0;

  const reveal = (target, block) => {
    target.scrollIntoView({behavior: calm.matches ? 'auto' : 'smooth', block});
  };

  const single = (name, target) => {
    for (const old of document.querySelectorAll(`.${name}`)) old.classList.remove(name);
    target.classList.add(name);
  };

  // Shows the tab that something is in.
  const showTab = (inside) => {
    const panel = inside.closest('[role="tabpanel"]');
    const tab = panel && document.querySelector(`[role="tab"][aria-controls="${panel.id}"]`);
    if (tab && tab.getAttribute('aria-selected') !== 'true') tab.click();
  };

  const toTop = () => document.getElementById('panel').scrollTo(0, 0);

  const openSource = (mark) => {
    const card = find(mark.dataset.source);
    if (!card) return;
    showTab(card);
    single('shown', card.closest('.sources'));
    document.getElementById('sources').classList.add('chosen');
    single('emphasised', card);
    single('open', mark);
    requestAnimationFrame(() => {
      card.focus({preventScroll: true});
      const evidence = card.querySelector('mark');
      const tall = card.offsetHeight > innerHeight * 0.6;
      reveal(tall && evidence ? evidence : card, tall ? 'center' : 'nearest');
    });
  };

  const back = (button) => {
    const mark = find(button.dataset.back);
    if (!mark) return;
    reveal(mark, 'center');
    mark.focus({preventScroll: true});
  };

  const hideTip = () => {
    if (tip) tip.hidden = true;
    if (tipFor) tipFor.removeAttribute('aria-describedby');
    tipFor = null;
  };

  const showTip = (mark) => {
    clearTimeout(closing);
    if (tipFor === mark) return;
    hideTip();
    if (!tip) {
      tip = document.createElement('div');
      tip.id = 'tip';
      tip.setAttribute('role', 'tooltip');
      tip.addEventListener('mouseenter', () => clearTimeout(closing));
      tip.addEventListener('mouseleave', hideTip);
      document.querySelector('.gradio-container').append(tip);
    }
    tip.replaceChildren();
    for (const [name, text] of [['place', mark.dataset.place], ['quote', mark.dataset.quote]]) {
      if (!text) continue;
      const line = document.createElement('p');
      line.className = name;
      line.dir = 'auto';
      line.textContent = text;
      tip.append(line);
    }
    tip.hidden = false;
    tipFor = mark;
    mark.setAttribute('aria-describedby', 'tip');
    const at = mark.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left - 24), innerWidth - tip.offsetWidth - 8);
    const below = at.bottom + 6 + tip.offsetHeight < innerHeight;
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - 6 - tip.offsetHeight)}px`;
  };

  const explains = (event) => event.target.closest?.('[data-quote]');

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (button?.dataset.show) {
      const tab = document.querySelector(`[role="tab"][aria-controls="${button.dataset.show}"]`);
      tab.click();
      tab.focus({preventScroll: true});
      reveal(tab, 'nearest');
    } else if (button?.dataset.source) {
      hideTip();
      openSource(button);
    } else if (button?.dataset.back) back(button);
    else if (button?.role === 'tab' && event.isTrusted) toTop();
  });
  document.addEventListener('mouseover', (event) => {
    const mark = explains(event);
    if (mark) showTip(mark);
  });
  document.addEventListener('mouseout', (event) => {
    if (explains(event)) closing = setTimeout(hideTip, 200);
  });
  document.addEventListener('focusin', (event) => {
    const mark = explains(event);
    if (mark?.matches(':focus-visible')) showTip(mark);
    else if (!event.target.closest('#tip')) hideTip();
  });
  document.addEventListener('scroll', hideTip, {capture: true, passive: true});
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    const card = document.activeElement?.closest?.('#sources .source');
    const way = card?.querySelector('[data-back]');
    if (tipFor || way) event.preventDefault();
    if (tipFor) hideTip();
    else if (way) back(way);
  });

  // A new question goes to the top of the chat, so that its answer is read from its beginning.
  let seen = 0;
  new MutationObserver(() => {
    const exchanges = document.querySelectorAll('#transcript .exchange');
    const last = exchanges[exchanges.length - 1];
    const newest = last ? Number(last.dataset.answer) : 0;
    if (newest === seen) return;
    if (newest > seen) {
      const sources = document.getElementById('sources');
      sources.classList.remove('chosen');
      showTab(sources);
      toTop();
      reveal(last, 'start');
    }
    seen = newest;
  }).observe(document.documentElement, {childList: true, subtree: true});
})();
