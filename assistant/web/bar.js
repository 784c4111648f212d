// What the menu of indexes does, with Gradio's `element` and `trigger`; runs once.
const {index} = window.indexes;
if (index) document.title = `${index} – Assistant`;

const asked = {
  create: () => prompted(say('Name of the new index'), '', {done: say('Make')}),
  rename: ({name}) => prompted(say('New name of the index “{name}”', {name}), name, {done: say('Rename')}),
  delete: ({name}) =>
    prompted(
      say('This deletes the index “{name}” for good: its documents, the files uploaded to it, and everybody’s conversations with it. Type its name to go on.', {name}),
      '',
      {done: say('Delete')},
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
