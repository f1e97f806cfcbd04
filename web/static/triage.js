// Triage by keyboard on the ranked list: a key presses the button of the row that stands under the marker, by the same form.
// The row that comes back takes the place of the one that was there; where that fails, the form is sent as a page.
import { onKey } from "./app.js";

const list = document.querySelector(".matches");
if (list) {
  const bulk = document.getElementById("bulk");
  const said = document.getElementById("said");
  const rows = () => [...list.querySelectorAll(":scope > .match")];
  const link = (row) => row.querySelector("h2 a");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let at = null;

  const say = (text) => {
    said.textContent = "";
    requestAnimationFrame(() => (said.textContent = text));
  };

  /** Moves the marker to a row, and the focus with it. */
  const go = (row) => {
    if (!row) return;
    mark(row);
    link(row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
  };
  const mark = (row) => {
    at?.classList.remove("at");
    at = row;
    at.classList.add("at");
  };
  const step = (by) => {
    const all = rows();
    const i = at ? all.indexOf(at) : by > 0 ? -1 : all.length;
    go(all[Math.min(Math.max(i + by, 0), all.length - 1)]);
  };
  list.addEventListener("focusin", (e) => {
    const row = e.target.closest(".match");
    if (row && row !== at) mark(row);
  });

  /** Presses a button of a row's form: what the form says is done, and the row is put in its place as it is then. */
  async function send(form, button, onward) {
    const row = form.closest(".match");
    if (row.ariaBusy === "true") return;
    row.ariaBusy = "true";
    const inside = row.contains(document.activeElement);
    let next;
    let ok;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, button)), headers: { "X-Fragment": "row", Accept: "text/html" } });
      if (!answer.ok && answer.status !== 422) throw new Error(answer.statusText);
      ok = answer.ok;
      next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".match");
      if (!next) throw new Error("no row came back");
    } catch {
      row.ariaBusy = "false";
      plain = true;
      form.requestSubmit(button);
      return;
    }
    next = document.adoptNode(next);
    next.querySelector("[name=target][type=checkbox]").checked = row.querySelector("[name=target][type=checkbox]").checked;
    row.replaceWith(next);
    if (at === row) mark(next);
    say(next.querySelector(ok ? ".told" : ".error")?.textContent ?? "");
    if (!ok) {
      next.querySelector("[name=reason]").focus();
    } else if (onward) {
      const all = rows();
      go(all[all.indexOf(next) + 1] ?? next);
    } else if (inside) {
      go(next);
    }
  }
  let plain = false; // the form is sent as a page
  list.addEventListener("submit", (e) => {
    if (plain || !e.submitter || !e.target.matches(".act")) return;
    e.preventDefault();
    send(e.target, e.submitter, false);
  });

  const ticked = () => rows().filter((row) => row.querySelector("[name=target][type=checkbox]").checked);
  const press = (what) => {
    if (ticked().length > 0) {
      bulk.requestSubmit(bulk.querySelector(`button[value="${what}"]`));
      return;
    }
    if (!at) return step(1);
    const button = at.querySelector(`.act button[value="${what}"]`);
    if (button) send(button.form, button, what !== "undo");
    else say("There is nothing to undo.");
  };

  onKey("j", "next notice; Enter opens it", () => step(1));
  onKey("k", "notice before", () => step(-1));
  onKey("b", "bid", () => press("bid"));
  onKey("n", "no bid", () => press("no-bid"));
  onKey("w", "watch", () => press("watch"));
  onKey("s", "snooze: choose until when, then Enter", () => {
    const row = at ?? rows()[0];
    if (ticked().length > 0) return bulk.querySelector("[name=until]").focus();
    mark(row);
    row.querySelector(".act details").open = true;
    row.querySelector("[name=until]").focus();
  });
  onKey("e", "write a reason", () => {
    const row = at ?? rows()[0];
    if (ticked().length > 0) return bulk.querySelector("[name=reason]").focus();
    mark(row);
    row.querySelector(".act details").open = true;
    row.querySelector("[name=reason]").focus();
  });
  onKey("r", "rate as relevant", () => press("relevant"));
  onKey("i", "rate as not relevant", () => press("irrelevant"));
  onKey("o", "rate as already known", () => press("known"));
  onKey("u", "undo", () => press("undo"));
  onKey("x", "tick, to do several at once", () => {
    if (!at) step(1);
    at.querySelector("[name=target][type=checkbox]").click();
  });
  onKey("/", "words to look for in this list", () => {
    const words = document.getElementById("words");
    words.focus();
    words.select();
  });

  // In a row's form Enter does what stands nearest: beside "until" it snoozes. Escape leads back to the row.
  document.addEventListener("keydown", (e) => {
    if (e.target.name === "until" && e.key === "Enter") {
      e.preventDefault();
      e.target.form.requestSubmit(e.target.form.querySelector('button[value="snooze"]'));
    } else if (e.target.name === "reason" && e.target.form?.matches(".act") && e.key === "Enter") {
      e.preventDefault(); // which decision is meant is for a button to say
      e.target.form.querySelector('button[value="bid"]').focus();
    } else if (e.key === "Escape" && e.target.closest?.(".act") && list.contains(e.target)) {
      const row = e.target.closest(".match");
      row.querySelector(".act details").open = false;
      go(row);
    }
  });

  // What is ticked is counted, and the form for all of it stays in sight.
  const legend = bulk.querySelector("legend");
  const words = legend.textContent;
  const count = () => {
    const n = ticked().length;
    bulk.classList.toggle("live", n > 0);
    legend.textContent = n === 0 ? words : n === 1 ? "With the one that is ticked" : `With the ${n} that are ticked`;
    all.textContent = n < rows().length ? "Tick all" : "Tick none";
  };
  const all = document.createElement("button");
  all.type = "button";
  all.addEventListener("click", () => {
    const on = ticked().length < rows().length;
    for (const row of rows()) row.querySelector("[name=target][type=checkbox]").checked = on;
    count();
  });
  bulk.querySelector("p").prepend(all);
  list.addEventListener("change", (e) => e.target.matches("[type=checkbox]") && count());
  count();

  // A page that was led back to begins at the row it was about.
  const came = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (came && list.contains(came)) go(came);
}
