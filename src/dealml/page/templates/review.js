"use strict";
// Reads the rows from the data element and draws them by cloning the row pattern. Text enters the page through
// textContent alone, and the page's policy forbids every other way, so a name cannot become markup.
(() => {
  const byId = (id) => document.getElementById(id);
  const table = byId("deals");
  if (!table) return;
  const { settings, strings, rows } = JSON.parse(byId("data").textContent);
  const MINUS = "\u2212";
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  // ---- Data: the order of the fields is that of payload.py.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function unpack([id, name, account, owner, stage, segment, due, amount, expected, foreign, chance, pro, con]) {
    const [accountText, ownerText] = [strings[account], strings[owner]];
    return {
      id, name: name || id, account: accountText, owner: ownerText, stage: strings[stage], segment: strings[segment],
      due, amount, expected, chance, pro, con, foreign,
      prefix: foreign === null ? settings.prefix : strings[foreign],
      searched: plain([name, accountText, ownerText, id].join("\n")),
    };
  }

  const all = rows.map(unpack);
  const state = { order: { key: "expected", way: "descending" }, matching: all, drawn: 0 };

  // ---- Text: the same rules as text.py.
  const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  const halfUp = (number) => Math.floor(number + 0.5);

  function money(hundredths, prefix) {
    if (hundredths === null) return "not set";
    const whole = halfUp(Math.abs(hundredths) / 100);
    return (hundredths < 0 && whole ? MINUS : "") + prefix + grouped(whole);
  }

  function percent(share) {
    if (share < 0.01) return "under 1%";
    return share > 0.99 ? "over 99%" : `${halfUp(share * 100)}%`;
  }

  function signed(points) {
    const size = Math.abs(points) * 100;
    const sign = points < 0 ? MINUS : "+";
    if (size >= 0.95) return sign + halfUp(size);
    return sign + (size >= 0.05 ? (halfUp(size * 10) / 10).toFixed(1) : "0");
  }

  function inPoints(points) {
    const number = signed(points);
    return `${number} ${number.slice(1) === "1" ? "point" : "points"}`;
  }

  function day(iso) {
    if (!iso) return "not set";
    const [year, month, date] = iso.split("-").map(Number);
    return `${date} ${MONTHS[month - 1]} ${year}`;
  }

  const counted = (number) => `${grouped(number)} ${number === 1 ? settings.one : settings.many}`;

  // ---- Rows
  const anchor = (row) => `${settings.one}-${encodeURIComponent(row.id)}`;
  const fields = (node) => new Map([...node.querySelectorAll("[data-f]")].map((el) => [el.dataset.f, el]));

  function reasonItem([points, sentence, source]) {
    const item = byId("reason-pattern").content.firstElementChild.cloneNode(true);
    const at = fields(item);
    at.get("points").textContent = inPoints(points);
    at.get("sentence").textContent = strings[sentence];
    at.get("source").textContent = strings[source];
    return item;
  }

  function fillReasons(at, kind, reasons) {
    const top = at.get(`top-${kind}`);
    top.hidden = !reasons.length;
    if (!reasons.length) return;
    const [points, sentence] = top.children;
    points.textContent = signed(reasons[0][0]);
    sentence.textContent = strings[reasons[0][1]];
    const list = at.get(kind);
    list.replaceChildren(...reasons.map(reasonItem));
    list.nextElementSibling.hidden = true;
  }

  function texts(row, place) {
    return {
      rank: grouped(place + 1), name: row.name, title: row.name, account: row.account, segment: row.segment,
      owner: row.owner || "not set", stage: row.stage || "not set", due: day(row.due),
      chance: percent(row.chance), chance2: percent(row.chance),
      amount: money(row.amount, row.prefix), expected: money(row.expected, row.prefix),
    };
  }

  function draw(row, place) {
    const body = byId("row-pattern").content.querySelector("tbody").cloneNode(true);
    const at = fields(body);
    body.id = anchor(row);
    for (const [field, text] of Object.entries(texts(row, place))) at.get(field).textContent = text;
    at.get("name").href = `#${body.id}`;
    at.get("width").setAttribute("width", (row.chance * 100).toFixed(1));
    at.get("late").hidden = !row.due || row.due >= settings.asOf;
    at.get("none").hidden = row.pro.length + row.con.length > 0;
    fillReasons(at, "pro", row.pro);
    fillReasons(at, "con", row.con);
    return body;
  }

  function drawUpTo(count) {
    const until = Math.min(count, state.matching.length);
    const bodies = [];
    for (let place = state.drawn; place < until; place += 1) bodies.push(draw(state.matching[place], place));
    table.append(...bodies);
    state.drawn = Math.max(state.drawn, until);
    showMore();
    return bodies;
  }

  function showMore() {
    const left = state.matching.length - state.drawn;
    byId("more").hidden = left <= 0;
    // Paper has no button: say what is not on it.
    byId("cut").textContent = left > 0 ? `Printed: the first ${grouped(state.drawn)} of ${grouped(state.matching.length)}.` : "";
    byId("more").textContent = `Show ${grouped(Math.min(left, settings.pageSize))} more of ${grouped(left)} left`;
  }

  // ---- Filters and order
  const chosen = { owner: byId("by-owner"), stage: byId("by-stage"), segment: byId("by-segment") };
  const filtered = () => byId("find").value.trim() !== "" || byId("least").value !== "0"
    || Object.values(chosen).some((select) => select.value !== "");

  function matches() {
    const wanted = plain(byId("find").value.trim()).split(/\s+/).filter(Boolean);
    const least = Number(byId("least").value) / 100;
    const exact = Object.entries(chosen).filter(([, select]) => select.value !== "")
      .map(([key, select]) => [key, strings[Number(select.value)]]);
    return all.filter((row) => row.chance >= least && exact.every(([key, text]) => row[key] === text)
      && wanted.every((word) => row.searched.includes(word)));
  }

  // Sums in another currency cannot be compared with the rest, so they count as missing, and missing comes last.
  function comparable(row, key) {
    return row.foreign !== null && (key === "amount" || key === "expected") ? null : row[key];
  }

  function compare(a, b) {
    const { key, way } = state.order;
    const [left, right] = [comparable(a, key), comparable(b, key)];
    if (left === right) return 0;
    if (left === null || right === null) return left === null ? 1 : -1;
    return (left < right ? -1 : 1) * (way === "ascending" ? 1 : -1);
  }

  function tally() {
    const own = state.matching.filter((row) => row.foreign === null);
    const sum = (key) => money(own.reduce((total, row) => total + (row[key] ?? 0), 0), settings.prefix);
    const shown = state.matching.length === all.length
      ? counted(all.length) : `${grouped(state.matching.length)} of ${counted(all.length)}`;
    return `${shown}, ${settings.worth} ${sum("amount")}, ${sum("expected")} ${settings.expected}`;
  }

  function refresh() {
    state.matching = matches().sort(compare);
    state.drawn = 0;
    for (const body of [...table.tBodies]) body.remove();
    drawUpTo(settings.pageSize);
    const none = state.matching.length === 0;
    byId("nothing").hidden = !none;
    table.hidden = none;
    byId("clear").hidden = !filtered();
    byId("least-text").textContent = `${byId("least").value}%`;
    byId("tally").textContent = tally();
  }

  function clear() {
    byId("find").value = "";
    byId("least").value = "0";
    for (const select of Object.values(chosen)) select.value = "";
    refresh();
  }

  function order(key, way) {
    state.order = { key, way };
    for (const head of table.querySelectorAll("[data-sort]")) {
      head.setAttribute("aria-sort", head.dataset.sort === key ? way : "none");
    }
    const option = [...byId("sort").options].find((item) => item.value === `${key}:${way}`);
    if (option) option.selected = true;
    else byId("sort").selectedIndex = -1;
    refresh();
  }

  function toggle(key) {
    const usual = key === "due" ? "ascending" : "descending";
    const other = usual === "ascending" ? "descending" : "ascending";
    order(key, state.order.key === key && state.order.way === usual ? other : usual);
  }

  function offer(select, key, place) {
    const used = [...new Set(rows.map((row) => row[place]))].sort((a, b) => strings[a].localeCompare(strings[b]));
    select.append(...used.map((number) => new Option(strings[number] || "not set", String(number))));
    select.closest(".field").hidden = used.length < 2;
  }

  // ---- Links to one row
  function wanted() {
    const raw = location.hash.slice(1);
    try {
      return [raw, decodeURIComponent(raw)];
    } catch {
      return [raw];
    }
  }

  function openLinked() {
    const names = wanted();
    const linked = all.find((row) => names.includes(anchor(row)) || names.includes(`${settings.one}-${row.id}`));
    if (!linked) return;
    if (!state.matching.includes(linked)) clear();
    const place = state.matching.indexOf(linked);
    drawUpTo(Math.ceil((place + 1) / settings.pageSize) * settings.pageSize);
    const body = table.tBodies[place];
    body.querySelector("details").open = true;
    body.scrollIntoView({ block: "center" });
    body.querySelector("summary").focus({ preventScroll: true });
  }

  // ---- Wiring
  Object.entries(chosen).forEach(([key, select], index) => offer(select, key, 3 + index));
  for (const id of ["find", "least"]) byId(id).addEventListener("input", refresh);
  for (const select of Object.values(chosen)) select.addEventListener("change", refresh);
  byId("sort").addEventListener("change", () => order(...byId("sort").value.split(":")));
  byId("clear").addEventListener("click", () => { clear(); byId("find").focus(); });
  byId("more").addEventListener("click", () => {
    drawUpTo(state.drawn + settings.pageSize)[0]?.querySelector(".name").focus();
  });
  for (const head of table.querySelectorAll("[data-sort]")) {
    head.firstElementChild.disabled = false;
    head.firstElementChild.addEventListener("click", () => toggle(head.dataset.sort));
  }
  // The link that is already in the address bar changes no hash when it is followed again.
  table.addEventListener("click", (event) => {
    if (event.target.closest(".name")?.hash === location.hash) openLinked();
  });
  window.addEventListener("hashchange", openLinked);
  window.addEventListener("beforeprint", () => drawUpTo(settings.printed));
  byId("controls").hidden = false;
  refresh();
  // Not before loading has ended: until then the browser itself follows the link and takes the focus away.
  window.addEventListener("load", openLinked);
})();
