// What all pages share: "/" goes to the search, "?" tells the keys. Scripts of single pages add theirs with
// onKey(…), and none of them is needed: pages work without.
export const keys = new Map();

const typing = (target) => target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

/** Adds a key: what it does, in words, and what is done. A key pressed with Ctrl, Alt or Meta, or while typing, is left alone. */
export function onKey(key, words, act) {
  keys.set(key, { words, act });
}

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.altKey || e.metaKey || e.defaultPrevented || typing(e.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const found = keys.get(e.key);
  if (!found) return;
  e.preventDefault();
  found.act(e);
});

onKey("/", "search all notices", () => {
  const find = document.getElementById("find");
  find.focus();
  find.select();
});

onKey("?", "show these keys", () => help().showModal());

function help() {
  document.getElementById("keys")?.remove();
  const dialog = document.createElement("dialog");
  dialog.id = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = document.createElement("h2");
  title.id = "keys-title";
  title.textContent = "Keys";
  const list = document.createElement("dl");
  for (const [key, { words }] of keys) {
    const dt = document.createElement("dt");
    const kbd = document.createElement("kbd");
    kbd.textContent = key;
    dt.append(kbd);
    const dd = document.createElement("dd");
    dd.textContent = words;
    list.append(dt, dd);
  }
  const form = document.createElement("form");
  form.method = "dialog";
  const close = document.createElement("button");
  close.textContent = "Close";
  form.append(close);
  dialog.append(title, list, form);
  document.body.append(dialog);
  return dialog;
}

// An open menu closes on Escape and when something else is clicked.
document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.switch[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (e) => {
  for (const menu of document.querySelectorAll("details.switch[open]")) {
    if (!menu.contains(e.target)) menu.open = false;
  }
});

// The summary of a form's errors is where one starts to read.
document.querySelector(".errors")?.focus();
