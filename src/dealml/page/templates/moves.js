"use strict";
// The waterfall's teams, and the deals behind each step; as in review.js, text enters through textContent alone.
(() => {
  const byId = (id) => document.getElementById(id);
  const falls = [...document.querySelectorAll("[data-fall]")];
  if (!falls.length) return;
  const { moves } = JSON.parse(byId("data").textContent);

  // Paper has nothing to open: the deals to talk about are printed whole.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll(".talk-group details:not([open])")];
    for (const details of folded) details.open = true;
  });
  window.addEventListener("afterprint", () => { for (const details of folded) details.open = false; });

  function item(index) {
    const [anchor, name, team, amount, chances, reasons] = moves.deals[index];
    const copy = byId("move-pattern").content.querySelector("li").cloneNode(true);
    const texts = { amount, name, team: moves.texts[team], chances, reasons: moves.texts[reasons] };
    for (const node of copy.querySelectorAll("[data-m]")) node.textContent = texts[node.dataset.m];
    const link = copy.querySelector("a");
    if (anchor) link.href = `#${anchor}`;
    else {
      const gone = document.createElement("span");
      gone.className = "gone";
      gone.dir = "auto";
      gone.textContent = name;
      link.replaceWith(gone);
    }
    return copy;
  }

  function fill(fall, details) {
    const [shown, rest] = moves.steps[`${fall.dataset.fall}:${details.dataset.category}`] ?? [[], ""];
    const [list, more, line] = [".moves", "button", ".rest"].map((part) => details.querySelector(part));
    list.replaceChildren(...shown.slice(0, moves.drawn).map(item));
    const left = shown.slice(moves.drawn);
    more.hidden = !left.length;
    more.textContent = `Show ${left.length} more`;
    line.textContent = left.length ? "" : rest;
    more.onclick = () => {
      const items = left.map(item);
      list.append(...items);
      more.hidden = true;
      line.textContent = rest;
      (items[0].querySelector("a") ?? details.querySelector("summary")).focus();
    };
  }

  for (const fall of falls) {
    for (const details of fall.querySelectorAll("details")) {
      details.addEventListener("toggle", () => { if (details.open) fill(fall, details); });
    }
  }
  const chosen = byId("fall-team");
  if (!chosen) return;
  byId("pick-team").hidden = false;
  const show = () => { for (const fall of falls) fall.hidden = fall.dataset.fall !== chosen.value; };
  chosen.addEventListener("change", show);
  show();
})();
