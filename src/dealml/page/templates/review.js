"use strict";
// Reads the rows from the data element and draws them by cloning the row pattern. Text enters the page through
// textContent alone, and the page's policy forbids every other way, so a name cannot become markup.
(() => {
  const byId = (id) => document.getElementById(id);
  const table = byId("deals");
  if (!table) return;
  const { settings, strings, reasons, rows } = JSON.parse(byId("data").textContent);
  const MINUS = "\u2212";
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  // ---- Data: the order of the fields is that of payload.py.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function unpack([id, name, account, owner, stage, segment, team, due, amount, expected, foreign, chance, pro, con, when, judged, lead, scenarios]) {
    return {
      id, name: name || id, account: strings[account], owner: strings[owner], stage: strings[stage], segment: strings[segment],
      team: strings[team], due, amount, expected, chance, pro, con, foreign, when, judged, slip: when?.[3] ?? null,
      touch: lead?.[0] ?? [], company: lead?.[1] ?? [], chances: lead?.[2] ?? [], scenarios: scenarios ?? [],
      prefix: foreign === null ? settings.prefix : strings[foreign],
      searched: null,
    };
  }

  // Made at the first search: opening the page should not wait for it.
  function searched(row) {
    row.searched ??= plain([row.name, row.account, row.owner, row.id].join("\n"));
    return row.searched;
  }

  const all = rows.map(unpack);
  const state = { order: { key: settings.counts ? "chance" : "expected", way: "descending" }, matching: all, from: 0, drawn: 0 };

  // ---- Text: the same rules as shared/filters.py.
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

  // Days are counted from the day of the review.
  function day(days) {
    if (days === null) return "not set";
    const date = new Date(Date.parse(settings.asOf) + days * 86400000);
    return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  }

  function closeDateSentence(when) {
    if (!when) return "";
    const [expected, earliest, latest, slip] = when;
    const parts = [];
    if (expected !== null) {
      parts.push(`If it closes, then most likely around ${day(expected)}`);
      if (earliest !== null && latest !== null) parts.push(`four times in five between ${day(earliest)} and ${day(latest)}`);
    }
    if (slip !== null) parts.push(`${percent(slip)} likely to be still open after its close date`);
    const sentence = parts.join("; ");
    return sentence && `${sentence[0].toUpperCase()}${sentence.slice(1)}.`;
  }

  const counted = (number) => `${grouped(number)} ${number === 1 ? settings.singular : settings.plural}`;

  // ---- Rows
  const anchor = (row) => `${settings.singular}-${encodeURIComponent(row.id)}`;
  const fields = (node) => new Map([...node.querySelectorAll("[data-f]")].map((el) => [el.dataset.f, el]));

  // Points and index of each reason stand one after the other.
  function unpaired(flat) {
    return Array.from({ length: flat.length / 2 }, (_, n) => {
      const [lead, value, origin, raw, evidence] = reasons[flat[2 * n + 1]];
      return [flat[2 * n] / 10000, strings[lead], value, strings[origin] + raw, strings[evidence] ?? ""];
    });
  }

  function reasonItem([points, lead, value, source, evidence]) {
    const item = byId("reason-pattern").content.firstElementChild.cloneNode(true);
    const at = fields(item);
    at.get("points").textContent = inPoints(points);
    at.get("sentence").textContent = lead + value;
    at.get("source").textContent = source;
    if (at.has("evidence")) at.get("evidence").textContent = evidence;
    return item;
  }

  function fillReasons(at, kind, flat) {
    const unpacked = unpaired(flat);
    const top = at.get(`top-${kind}`);
    top.hidden = !unpacked.length;
    if (!unpacked.length) return;
    const [points, lead, value] = top.children;
    points.textContent = signed(unpacked[0][0]);
    [lead.textContent, value.textContent] = [unpacked[0][1], unpacked[0][2]];
    const list = at.get(kind);
    list.replaceChildren(...unpacked.map(reasonItem));
    list.nextElementSibling.hidden = true;
  }

  function texts(row, index) {
    return {
      rank: grouped(index + 1), name: row.name, title: row.name, account: row.account, segment: row.segment, team: row.team,
      owner: row.owner || "not set", stage: row.stage || "not set", due: day(row.due),
      chance: percent(row.chance), chance2: percent(row.chance),
      amount: money(row.amount, row.prefix), expected: money(row.expected, row.prefix),
      expects: typeof row.when?.[0] === "number" ? `likely ${day(row.when[0])}` : "", close_date_note: closeDateSentence(row.when),
      judged: row.judged?.[0] ?? "", "judged-amount": row.judged?.[1] ?? "", "judged-close": row.judged?.[2] ?? "",
      override_note: row.judged?.[3] ?? "", scenarios: row.scenarios.map((number) => `${strings[number]}.`).join(" "),
      ...(settings.counts ? leadTexts(row) : {}),
    };
  }

  // The same words as lead_note.py.
  function leadTexts(row) {
    const marks = (numbers, separator) => numbers.map((number) => strings[number]).join(separator);
    const chances = row.chances.map((chance, n) => `${percent(chance)} within ${settings.horizons[n]} days`);
    return {
      touch: marks(row.touch, " · "), company: row.company.length ? `company ${marks(row.company, ", ")}` : "",
      chances: chances.length ? `${settings.chance}: ${chances.join(", ")}.` : "",
    };
  }

  // Only a page that is served has forms.
  function fillForm(at, id, body) {
    at.get("deal").value = id;
    if (id !== settings.form.deal) return;
    at.get("problem").textContent = settings.form.problem;
    for (const [name, value] of Object.entries(settings.form.values)) {
      const input = body.querySelector(`form [name="${CSS.escape(name)}"]`);
      if (input) input.value = value;
    }
  }

  function draw(row, index) {
    const body = byId("row-pattern").content.querySelector("tbody").cloneNode(true);
    const at = fields(body);
    body.id = anchor(row);
    for (const [field, text] of Object.entries(texts(row, index))) at.get(field).textContent = text;
    at.get("name").href = `#${body.id}`;
    at.get("width").setAttribute("width", (row.chance * 100).toFixed(1));
    at.get("late").hidden = settings.counts || row.due === null || row.due >= 0;
    at.get("none").hidden = row.pro.length + row.con.length > 0;
    if (settings.form) fillForm(at, row.id, body);
    fillReasons(at, "pro", row.pro);
    fillReasons(at, "con", row.con);
    return body;
  }

  function drawUpTo(count) {
    const until = Math.min(count, state.matching.length);
    const bodies = [];
    for (let index = state.drawn; index < until; index += 1) bodies.push(draw(state.matching[index], index));
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
  const COLUMNS = { team: 6, owner: 3, stage: 4, segment: 5 };
  const chosen = Object.fromEntries(Object.keys(COLUMNS).map((key) => [key, byId(`by-${key}`)]));
  // Of leads: a lead has any number of these marks.
  const marked = Object.fromEntries(["touch", "company"].flatMap((key) => (byId(`by-${key}`) ? [[key, byId(`by-${key}`)]] : [])));
  const selects = [...Object.values(chosen), ...Object.values(marked)];
  const filtered = () => byId("find").value.trim() !== "" || byId("least").value !== "0"
    || selects.some((select) => select.value !== "");

  function matches() {
    const wanted = plain(byId("find").value.trim()).split(/\s+/).filter(Boolean);
    const least = Number(byId("least").value) / 100;
    const exact = Object.entries(chosen).filter(([, select]) => select.value !== "")
      .map(([key, select]) => [key, strings[Number(select.value)]]);
    const marks = Object.entries(marked).filter(([, select]) => select.value !== "")
      .map(([key, select]) => [key, strings.indexOf(select.value)]);
    return all.filter((row) => row.chance >= least && exact.every(([key, text]) => row[key] === text)
      && marks.every(([key, number]) => row[key].includes(number)) && wanted.every((word) => searched(row).includes(word)));
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
    const inCurrency = state.matching.filter((row) => row.foreign === null);
    const sum = (key) => money(inCurrency.reduce((total, row) => total + (row[key] ?? 0), 0), settings.prefix);
    const shown = state.matching.length === all.length
      ? counted(all.length) : `${grouped(state.matching.length)} of ${counted(all.length)}`;
    if (settings.counts) {
      const chances = state.matching.reduce((total, row) => total + row.chance, 0);
      return `${shown}, ${grouped(Math.round(chances))} ${settings.expected}`;
    }
    return `${shown}, ${settings.worth} ${sum("amount")}, ${sum("expected")} ${settings.expected}`;
  }

  function drawFrom(first) {
    state.from = first;
    state.drawn = first;
    for (const body of [...table.tBodies]) body.remove();
    byId("earlier").hidden = first === 0;
    drawUpTo(first + settings.pageSize);
  }

  function refresh() {
    state.matching = matches().sort(compare);
    drawFrom(0);
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
    for (const select of selects) select.value = "";
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

  function offer(select, column) {
    const used = [...new Set(rows.map((row) => row[column]))].sort((a, b) => strings[a].localeCompare(strings[b]));
    select.append(...used.map((number) => new Option(strings[number] || "not set", String(number))));
    select.closest(".field").hidden = used.length < 2;
  }

  // ---- Links to one row
  function wanted() {
    const raw = location.hash.slice(1) || settings.form?.anchor || "";
    try {
      return [raw, decodeURIComponent(raw)];
    } catch {
      return [raw];
    }
  }

  function openLinked() {
    const names = wanted();
    const findBy = (of) => all.find((row) => names.includes(of(row)));
    const linked = names[0] && (findBy((row) => `${settings.singular}-${row.id}`) ?? findBy(anchor));
    if (!linked) return false;
    if (!state.matching.includes(linked)) clear();
    const index = state.matching.indexOf(linked);
    const page = Math.floor(index / settings.pageSize) * settings.pageSize;
    // Drawing all rows before one far down would take long: then the list goes on from there.
    if (index < state.from || page > state.drawn + settings.near) drawFrom(page);
    else drawUpTo(page + settings.pageSize);
    const body = table.tBodies[index - state.from];
    body.querySelector("details").open = true;
    body.scrollIntoView({ block: "center" });
    body.querySelector("summary").focus({ preventScroll: true });
    return true;
  }

  // ---- Wiring
  Object.entries(chosen).forEach(([key, select]) => offer(select, COLUMNS[key]));
  for (const id of ["find", "least"]) byId(id).addEventListener("input", refresh);
  for (const select of selects) select.addEventListener("change", refresh);
  byId("sort").addEventListener("change", () => order(...byId("sort").value.split(":")));
  byId("clear").addEventListener("click", () => { clear(); byId("find").focus(); });
  byId("more").addEventListener("click", () => {
    drawUpTo(state.drawn + settings.pageSize)[0]?.querySelector(".name").focus();
  });
  for (const head of table.querySelectorAll("[data-sort]")) {
    head.firstElementChild.disabled = false;
    head.firstElementChild.addEventListener("click", () => toggle(head.dataset.sort));
  }
  byId("earlier").addEventListener("click", () => { drawFrom(0); table.querySelector(".name").focus(); });
  // The link that is already in the address bar changes no hash when it is followed again.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    // Unless the browser is kept from following it, it takes the focus away again.
    if (link && link.hash === location.hash && openLinked()) event.preventDefault();
  });
  window.addEventListener("hashchange", openLinked);
  window.addEventListener("beforeprint", () => { if (state.from) drawFrom(0); drawUpTo(settings.printed); });
  byId("controls").hidden = false;
  refresh();
  // Not before loading has ended: until then the browser itself follows the link and takes the focus away.
  window.addEventListener("load", openLinked);
})();
