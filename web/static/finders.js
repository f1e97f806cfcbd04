// Finders of codes and regions, and the two handles of the value band. The form works without: a button finds and opens
// there. Here the same answers are fetched while one types. A list box after the ARIA practices: the arrows move, Enter
// takes, Escape closes.
const wait = 180; // milliseconds of quiet before something is looked for

for (const box of document.querySelectorAll(".finder")) finder(box);
for (const box of document.querySelectorAll(".spread")) band(box);

function changed(element) {
  element.dispatchEvent(new Event("change", { bubbles: true }));
}

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.text();
}

function finder(box) {
  const { kind, name } = box.dataset;
  const input = box.querySelector(`[name="q.${name}"]`);
  const list = box.querySelector("[role=listbox]");
  const chips = box.querySelector("[data-chosen]");
  const found = box.querySelector("[data-found]");
  const browse = box.querySelector("[data-browse]");
  const said = box.querySelector("[role=status]");
  const boxes = (value) => [...box.querySelectorAll(`input[name="${CSS.escape(name)}"]`)].filter((x) => x.value === value);
  const ticked = (value) => boxes(value).some((x) => x.checked);
  let timer = 0, asked = 0, at = -1;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  // chip shows what is ticked at the top, once.
  function chip(value, label) {
    if (boxes(value).some((x) => x.closest("[data-chosen], .tiles, .wide-row"))) return;
    const item = document.createElement("li");
    const tag = document.createElement("label");
    tag.className = "chip";
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.name = name;
    tick.value = value;
    tick.checked = true;
    tag.append(tick, " ", label);
    item.append(tag);
    chips.append(item);
  }

  // set ticks or unticks a value wherever it stands.
  function set(value, on, label) {
    if (on) chip(value, label);
    for (const x of boxes(value)) x.checked = on;
  }

  box.addEventListener("change", (e) => {
    const tick = e.target;
    if (tick.name !== name || tick.type !== "checkbox") return;
    set(tick.value, tick.checked, tick.closest("label").querySelector(".pick")?.cloneNode(true) ?? tick.value);
  });

  function options() {
    return [...list.querySelectorAll("[role=option]")];
  }

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function move(to) {
    const all = options();
    if (all.length === 0) return;
    at = (to + all.length) % all.length;
    all.forEach((x, i) => x.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    const { value } = option.dataset;
    const on = !ticked(value);
    set(value, on, option.querySelector(".pick").cloneNode(true));
    said.textContent = `${option.dataset.code} ${option.dataset.name} ${on ? "is ticked" : "is not ticked any more"}`;
    input.value = "";
    close();
    changed(box);
  }

  async function look() {
    const query = input.value.trim();
    const mine = ++asked;
    if (query.length < 2) return close();
    let html;
    try {
      html = await fetched(`/finders/${kind}?as=options&q=${encodeURIComponent(query)}`);
    } catch {
      return close(); // the button finds it all the same
    }
    if (mine !== asked || document.activeElement !== input) return;
    list.innerHTML = html;
    at = -1;
    const n = options().length;
    for (const x of options()) if (ticked(x.dataset.value)) x.querySelector(".pick").append(" ✓");
    list.hidden = n === 0;
    input.setAttribute("aria-expanded", String(n > 0));
    input.removeAttribute("aria-activedescendant");
    said.textContent = n === 0 ? "nothing is found" : `${n} found; the arrows lead to them`;
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  });
  input.addEventListener("keydown", (e) => {
    switch (e.key) {
      case "ArrowDown":
      case "ArrowUp":
        e.preventDefault();
        if (list.hidden) look();
        else move(at < 0 && e.key === "ArrowUp" ? -1 : at + (e.key === "ArrowDown" ? 1 : -1));
        break;
      case "Enter": // is not for the form
        e.preventDefault();
        if (!list.hidden && options().length > 0) take(options()[Math.max(at, 0)]);
        break;
      case "Escape":
        if (!list.hidden) e.preventDefault();
        close();
        break;
    }
  });
  input.addEventListener("keypress", (e) => {
    if (e.key === "Enter") e.preventDefault();
  });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (e) => e.preventDefault()); // the focus stays in the input
  list.addEventListener("click", (e) => {
    const option = e.target.closest("[role=option]");
    if (option) take(option);
  });

  // What the buttons find or open is put in place, without the page going away.
  box.addEventListener("click", async (e) => {
    const button = e.target.closest("button");
    if (!button) return;
    const query = button.value === "find";
    if (!query && !button.value.startsWith("browse-")) return;
    e.preventDefault();
    const address = query ? `/finders/${kind}?q=${encodeURIComponent(input.value)}` : `/finders/${kind}?under=${encodeURIComponent(button.dataset.under)}`;
    const place = query || !found.contains(button) ? (query ? found : browse) : browse;
    let html;
    try {
      html = await fetched(address);
    } catch {
      button.form.requestSubmit(button);
      return;
    }
    close();
    if (kind === "itl" && !query && !button.dataset.under) html = "";
    place.innerHTML = html;
    for (const x of place.querySelectorAll("input[type=checkbox]")) x.checked = ticked(x.value);
    place.closest("details")?.setAttribute("open", "");
    document.querySelector(`[name="open.${kind}"]`).value = query ? document.querySelector(`[name="open.${kind}"]`).value : button.dataset.under;
    const first = place.querySelector("input, button") ?? input;
    first.focus();
    first.scrollIntoView({ block: "nearest" });
  });
}

// band keeps the two handles, the two numbers and the bars in step. The numbers are what is sent.
function band(box) {
  const steps = box.dataset.steps.split(" ").map(Number);
  const handles = [...box.querySelectorAll("input[type=range]")];
  const numbers = handles.map((h) => document.getElementById(h.dataset.for));
  const bars = [...box.querySelectorAll("rect")];
  const words = box.querySelector("[data-within]");
  const none = words.textContent.split(";")[1];
  const [from, to] = handles;
  box.querySelector(".handles").hidden = false;

  const pounds = (number) => {
    const text = number.value.trim();
    return /^\d{1,13}(\.\d{1,2})?$/.test(text) ? Number(text) : null;
  };

  function told(handle, number) {
    handle.setAttribute("aria-valuetext", number.value.trim() === "" ? "open" : `£${Number(number.value).toLocaleString("en-GB")}`);
  }

  function draw() {
    const [low, high] = numbers.map(pounds);
    let known = 0, within = 0;
    for (const bar of bars) {
      const { from, to, count } = bar.dataset;
      const inside = (low === null || to === "" || Number(to) > low) && (high === null || Number(from) <= high);
      bar.classList.toggle("in", inside);
      known += Number(count);
      if (inside) within += Number(count);
    }
    words.textContent = `${within} of the ${known} open notices that say a value are in the band;${none}`;
    handles.forEach((h, i) => told(h, numbers[i]));
  }

  function fromNumbers() {
    const [low, high] = numbers.map(pounds);
    from.value = low === null ? 0 : steps.findLastIndex((s) => s <= low);
    const end = high === null ? -1 : steps.findIndex((s) => s >= high);
    to.value = end < 0 ? to.max : end;
    draw();
  }

  handles.forEach((handle, i) => {
    handle.addEventListener("input", () => {
      if (i === 0 && Number(from.value) >= Number(to.value)) from.value = Number(to.value) - 1;
      if (i === 1 && Number(to.value) <= Number(from.value)) to.value = Number(from.value) + 1;
      numbers[i].value = handle.value === handle.dataset.open ? "" : String(steps[Number(handle.value)] ?? "");
      draw();
    });
    handle.addEventListener("change", () => changed(numbers[i]));
    numbers[i].addEventListener("input", fromNumbers);
  });
  fromNumbers();
}
