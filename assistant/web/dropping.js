// Files and folders that are dropped or chosen: sent one after another, with the folders they
// came in, then handed on. What can't be read is not sent, and named with the reason.
const find = (selector = '') => element.querySelector(`.drop ${selector}`);
const most = (what) => Number(find().dataset[what]);
let stop = null; // what ends the sending that goes on

const ending = (name) => name.slice(name.lastIndexOf('.')).toLowerCase();

const tell = (text) => {
  find('.sending').hidden = !text;
  find('.sending span').textContent = text;
};

const why = (name, file) => {
  if (!find().dataset.kinds.split(' ').includes(ending(name))) return say('files of this kind can’t be read');
  if (file.size > most('megabytes') * 1e6) {
    return say('it has {size} MB, and exceeds the limit of {most} MB', {
      size: (file.size / 1e6).toFixed(1),
      most: most('megabytes'),
    });
  }
  return '';
};

const sent = async (file, signal) => {
  const form = new FormData();
  form.append('files', file, `file${ending(file.name)}`);
  const root = window.gradio_config?.root ?? '';
  const reply = await fetch(`${root}/gradio_api/upload`, {method: 'POST', body: form, signal});
  if (!reply.ok) throw new Error(await reply.text());
  return (await reply.json())[0];
};

const send = async (found) => {
  if (stop || !found.length) return;
  const left = [];
  const wanted = [];
  for (const [name, file] of found) {
    const reason = why(name, file);
    if (reason) left.push([name, reason]);
    else wanted.push([name, file]);
  }
  const count = wanted.length;
  const together = wanted.reduce((sum, [, file]) => sum + file.size, 0) / 1e6;
  if (count > most('most') || together > most('together')) {
    trigger('upload', {files: [], left, count, together});
    return;
  }
  stop = new AbortController();
  const files = [];
  try {
    for (const [number, [name, file]] of wanted.entries()) {
      tell(say('Sending {number} of {count}: {name}', {number: number + 1, count, name}));
      try {
        files.push({path: await sent(file, stop.signal), name});
      } catch (error) {
        if (stop.signal.aborted) return;
        left.push([name, error.message]);
      }
    }
  } finally {
    tell('');
    stop = null;
  }
  trigger('upload', {files, left, count, together});
};

// A folder hands out what it holds in portions.
const inside = (folder) => new Promise((resolve, reject) => {
  const reader = folder.createReader();
  const all = [];
  const more = () => reader.readEntries((some) => {
    all.push(...some);
    if (some.length) more();
    else resolve(all);
  }, reject);
  more();
});

const walked = async (entry, above = '') => {
  const name = above + entry.name;
  if (entry instanceof File) return [[name, entry]];
  if (entry.isFile) {
    return [[name, await new Promise((resolve, reject) => entry.file(resolve, reject))]];
  }
  const shown = (await inside(entry)).filter((one) => !one.name.startsWith('.'));
  return (await Promise.all(shown.map((one) => walked(one, `${name}/`)))).flat();
};

// The zone is written anew in the page's language: what happens in it is heard around it.
element.addEventListener('click', (event) => {
  const what = event.target.closest('[data-choose]')?.dataset.choose;
  if (what === 'none') stop?.abort();
  else if (what) find(`input.${what}`).click();
});
element.addEventListener('change', ({target: input}) => {
  const found = [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);
  input.value = '';
  send(found.filter(([name]) => !name.includes('/.')));
});
for (const kind of ['dragover', 'dragenter']) {
  element.addEventListener(kind, (event) => {
    event.preventDefault();
    find().classList.add('over');
  });
}
element.addEventListener('dragleave', (event) => {
  if (!find().contains(event.relatedTarget)) find().classList.remove('over');
});
element.addEventListener('drop', async (event) => {
  event.preventDefault();
  find().classList.remove('over');
  // What was dropped is forgotten as soon as this returns: it is named before anything waits.
  const entries = [...event.dataTransfer.items].map(
    (item) => item.webkitGetAsEntry() ?? item.getAsFile(),
  );
  send((await Promise.all(entries.filter(Boolean).map((entry) => walked(entry)))).flat());
});
