// What the buttons of the transcript and of the list of conversations do; runs once for each of
// the two, with Gradio's `element`, `trigger` and `watch`. All text goes in as text.
const copy = async (button) => {
  const text = button.dataset.text;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure connection there is only the old way.
    const field = Object.assign(document.createElement('textarea'), {value: text});
    button.after(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  }
  const label = button.textContent;
  button.textContent = say('Copied');
  setTimeout(() => (button.textContent = label), 2000);
};

const deeds = {
  open: ({id}) => trigger('select', {id}),
  rename: async ({id, text}) => {
    const title = await prompted(say('Title of the conversation'), text);
    if (title?.trim()) trigger('edit', {id, title});
  },
  delete: ({id, text}) => {
    if (confirm(say('Delete the conversation “{title}”?', {title: text}))) trigger('delete', {id});
  },
  export: ({id, format}) => trigger('download', {id, format}),
  retry: () => trigger('retry', {}),
  edit: async ({text}) => {
    const question = await prompted(say('Your question'), text, {long: true, done: say('Ask')});
    if (question?.trim()) trigger('retry', {question});
  },
  thumb: ({number, thumb}, button) => {
    const given = button.getAttribute('aria-pressed') === 'true' ? '' : thumb;
    // What is clicked before the page is written anew is about this thumb, not the one before.
    const reason = button.parentElement.querySelector('[data-do="reason"]');
    if (reason) {
      Object.assign(reason.dataset, {thumb: given, text: ''});
      reason.hidden = !given;
    }
    trigger('like', {number, thumb: given, reason: ''});
  },
  expect: async ({number, text}) => {
    const label = say('The right answer, in a few words. Leave it empty if the documents don’t hold it: then the question should be refused.');
    const expected = await prompted(label, text);
    if (expected !== null) trigger('edit', {number, expected});
  },
  reason: async ({number, thumb, text}) => {
    const reason = await prompted(say('Why? (may stay empty)'), text);
    if (reason !== null) trigger('like', {number, thumb, reason});
  },
};

// The HTML is written anew when it changes: the button that was used keeps the focus; of a menu,
// which closes, the conversation that it belongs to.
let used = '';
watch('value', () => {
  if (used && document.activeElement === document.body) element.querySelector(used)?.focus();
  used = '';
});

element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  const {ask, do: deed, id, number, thumb} = button.dataset;
  if (ask) trigger('click', {ask});
  if (deed === 'copy') copy(button);
  if (!deeds[deed]) return;
  const same = Object.entries({do: id ? 'open' : deed, id, number, thumb}).filter(([, v]) => v);
  used = same.map(([name, value]) => `[data-${name}="${CSS.escape(value)}"]`).join('');
  deeds[deed](button.dataset, button);
});
