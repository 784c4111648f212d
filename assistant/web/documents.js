// The table of documents: what is ticked, opened, read again, removed. The ticks are the truth
// of what is chosen: all that is chosen is listed.
const picks = () => [...element.querySelectorAll('.pick')];
const ticked = () => picks().filter((pick) => pick.checked).map((pick) => pick.dataset.name);

const settle = () => {
  const all = element.querySelector('.all');
  if (!all) return;
  const some = ticked().length;
  all.checked = some > 0 && some === picks().length;
  all.indeterminate = some > 0 && !all.checked;
};

const choose = (tick) => {
  for (const pick of picks()) pick.checked = tick;
  settle();
  trigger('select', {names: ticked()});
};

const remove = (names) => {
  const asked = names.length === 1
    ? say('Remove “{name}” from the documents?', {name: names[0]})
    : say('Remove {count} documents?', {count: names.length});
  if (names.length && window.confirm(asked)) trigger('delete', {names});
};

element.addEventListener('change', (event) => {
  if (event.target.matches('.all')) choose(event.target.checked);
  else if (event.target.matches('.pick')) {
    settle();
    trigger('select', {names: ticked()});
  }
});
element.addEventListener('click', (event) => {
  const {read, document: name, remove: gone, again} = event.target.closest('button')?.dataset ?? {};
  if (read) trigger('click', {read, document: name});
  else if (gone) remove([gone]);
  else if (again) trigger('retry', {names: [again]});
});
document.addEventListener('chosen', (event) => {
  if (event.detail === 'clear') choose(false);
  else if (event.detail === 'remove') remove(ticked());
  else if (event.detail === 'again') trigger('retry', {names: ticked()});
});
new MutationObserver(settle).observe(element, {childList: true, subtree: true});
