// Asks for a line of text, or several, in a dialog of the page; null where it was called off.
window.prompted = (label, value, {long = false, done = say('Save')} = {}) =>
  new Promise((resolve) => {
    const make = (name, properties) => Object.assign(document.createElement(name), properties);
    const field = make(long ? 'textarea' : 'input', {value, maxLength: long ? 4000 : 1000, dir: 'auto'});
    const caption = make('label', {textContent: label});
    const form = make('form', {method: 'dialog'});
    const buttons = make('div', {className: 'buttons'});
    const cancel = make('button', {type: 'button', textContent: say('Cancel')});
    const dialog = make('dialog', {className: 'prompt'});
    buttons.append(cancel, make('button', {value: 'done', textContent: done, className: 'done'}));
    caption.append(field);
    form.append(caption, buttons);
    dialog.append(form);
    cancel.addEventListener('click', () => dialog.close());
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      dialog.close('done');
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'done' ? field.value : null);
    });
    document.querySelector('.gradio-container').append(dialog);
    dialog.showModal();
    field.select();
  });
