// The fit report: it is marked as seen once it is seen, questions can be copied, and what takes a while comes without a new page.
const see = document.getElementById("see");
if (see) {
  const tell = async () => {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", tell);
    try {
      const button = see.querySelector("button");
      const answer = await fetch(see.action, { method: "POST", body: new URLSearchParams(new FormData(see, button)), headers: { "X-Fragment": "row", Accept: "text/html" } });
      if (answer.ok) {
        button.textContent = "Seen";
        button.disabled = true;
      }
    } catch {
      // The button is there for it.
    }
  };
  document.addEventListener("visibilitychange", tell);
  tell();
}

const letter = document.getElementById("letter");
if (letter) {
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "quiet";
  copy.textContent = "Copy";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(letter.value);
      said.textContent = " Copied.";
    } catch {
      letter.focus();
      letter.select();
      said.textContent = " Selected: copy it with Ctrl+C.";
    }
  });
  letter.after(copy, said);
}

for (const ask of document.querySelectorAll("a[data-part]")) {
  ask.addEventListener("click", async (e) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0) return;
    e.preventDefault();
    const section = document.getElementById(ask.dataset.part);
    section.ariaBusy = "true";
    ask.textContent = "One moment…";
    try {
      const answer = await fetch(ask.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = document.adoptNode(page.getElementById(ask.dataset.part));
      section.replaceWith(next);
      next.tabIndex = -1;
      next.focus();
    } catch {
      location.href = ask.href;
    }
  });
}
addEventListener("beforeprint", () => {
  for (const d of document.querySelectorAll("details.source:not([open])")) {
    d.open = true;
    d.dataset.printed = "";
  }
});
addEventListener("afterprint", () => {
  for (const d of document.querySelectorAll("details[data-printed]")) {
    d.open = false;
    delete d.dataset.printed;
  }
});
