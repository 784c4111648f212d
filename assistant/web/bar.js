// What the menu of indexes does, with Gradio's `element` and `trigger`; runs once.
const asked = {
  create: () => prompted('Name of the new index', '', {done: 'Make'}),
  rename: ({name}) => prompted(`New name of the index “${name}”`, name, {done: 'Rename'}),
  delete: ({name}) =>
    prompted(
      `This deletes the index “${name}” for good: its documents, the files uploaded to it, and` +
        ' everybody’s conversations with it. Type its name to go on.',
      '',
      {done: 'Delete'},
    ),
};
const events = {create: 'submit', rename: 'edit', delete: 'delete'};

element.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-do]');
  const deed = button?.dataset.do;
  if (!asked[deed]) return;
  const name = await asked[deed](button.dataset);
  if (name !== null) trigger(events[deed], {name});
});
