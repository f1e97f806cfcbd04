// What the profile in the form would list now: fetched a moment after something was changed. The button "Preview" does the same without this.
const wait = 500; // milliseconds of quiet
const form = document.querySelector("form[data-preview]");

if (form) {
  const said = document.getElementById("preview-said");
  const list = document.getElementById("preview-list");
  const next = document.getElementById("next-id");
  let timer = 0, last = body();

  // body is what is sent: everything but files and what leads elsewhere.
  function body() {
    const all = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") all.append(name, value);
    all.set("do", "preview");
    all.set("part", "preview");
    for (const name of ["q.cpv", "q.regions", "suggested"]) all.delete(name);
    return all.toString();
  }

  let running;
  async function refresh() {
    const sent = body();
    if (sent === last) return;
    running?.abort();
    running = new AbortController();
    list.classList.add("waiting");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(sent), headers: { Accept: "text/html" }, signal: running.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      last = sent;
      put(said, page.querySelector("[data-said]"));
      put(list, page.querySelector("[data-list]"));
      if (next) put(next, page.querySelector("[data-id]"));
    } catch (e) {
      if (e.name === "AbortError") return;
      // The button still does it.
    }
    list.classList.remove("waiting");
  }

  // put shows what is new; what is the same is not said again.
  function put(place, part) {
    if (part && place.innerHTML !== part.innerHTML) place.replaceChildren(...part.childNodes);
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(refresh, wait);
  }
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);

  // Preview, pressed, shows it at once and stays here.
  form.addEventListener("click", (e) => {
    const button = e.target.closest("button[value=preview]");
    if (!button || !button.closest(".seen")) return;
    e.preventDefault();
    clearTimeout(timer);
    refresh();
  });
}
