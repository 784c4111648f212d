// The keyboard: j and k go through citations, / asks, ? lists the keys. Single letters can be
// switched off, as WCAG 2.1.4 wants it for those who dictate.
(() => {
  const OFF = 'assistant-shortcuts-off';
  const KEYS = [
    ['j', later('Next citation, or next evidence in the reader')],
    ['k', later('Previous citation, or previous evidence')],
    ['/', later('Go to the question')],
    ['Esc', later('Close what is open, step by step')],
    ['?', later('Show these keys')],
  ];
  const find = (selector) => document.querySelector(selector);
  const memory = new Map();
  const memorised = {
    getItem: (name) => memory.get(name),
    setItem: (name, value) => memory.set(name, value),
  };
  const kept = () => {
    try {
      return localStorage;
    } catch {
      return memorised; // The browser was told to keep nothing.
    }
  };
  const isOff = () => kept().getItem(OFF) === 'yes';
  let dialog = null;

  const element = (tag, text = '', parts = []) => {
    const made = document.createElement(tag);
    made.textContent = text;
    made.append(...parts);
    return made;
  };

  const build = () => {
    dialog = element('dialog');
    dialog.id = 'keys';
    const title = element('h2', say('Keyboard shortcuts'));
    title.id = 'keys-title';
    dialog.setAttribute('aria-labelledby', title.id);
    const rows = KEYS.flatMap(([key, does]) => [
      element('dt', '', [element('kbd', key)]),
      element('dd', say(does)),
    ]);
    const box = element('input');
    box.type = 'checkbox';
    box.checked = !isOff();
    box.addEventListener('change', () => kept().setItem(OFF, box.checked ? 'no' : 'yes'));
    const shut = element('button', say('Close'));
    shut.type = 'button';
    shut.addEventListener('click', () => dialog.close());
    dialog.append(
      title,
      element('dl', '', rows),
      element('label', '', [box, ' ' + say('Letters and signs work as shortcuts')]),
      shut,
    );
    find('.gradio-container').append(dialog);
  };

  const list = () => {
    if (!dialog?.isConnected) build();
    dialog.showModal();
  };

  const typing = (target) =>
    target?.closest?.('input, textarea, select, [contenteditable="true"], dialog');

  // In the reader the next evidence of the answer; else the next mark of the answer that is read.
  const step = (forward) => {
    if (find('#reader .bar')?.checkVisibility()) {
      find(`#reader .${forward ? 'next' : 'previous'}`)?.click();
      return;
    }
    const open = find('#transcript .mark.open');
    const exchange = open?.closest('.exchange') ?? find('#transcript .exchange:last-child');
    const marks = [...(exchange?.querySelectorAll('.mark') ?? [])];
    if (!marks.length) return;
    const at = marks.indexOf(open);
    const next = at < 0 ? (forward ? 0 : marks.length - 1) : at + (forward ? 1 : -1);
    marks[Math.min(Math.max(next, 0), marks.length - 1)].click();
  };

  const actions = {
    j: () => step(true),
    k: () => step(false),
    '/': () => find('#question textarea')?.focus(),
    '?': list,
  };

  document.addEventListener('keydown', (event) => {
    const act = actions[event.key];
    const chord = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    if (!act || chord || isOff() || typing(event.target)) return;
    event.preventDefault();
    act();
  });
  document.addEventListener('click', (event) => {
    if (event.target.closest('button.shortcuts')) list();
  });
})();
