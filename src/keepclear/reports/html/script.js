"use strict";
// The page is complete without this script. It adds: moving and zooming the map, labels that
// make room for each other at every zoom, and one selection across map, lists and timeline.
document.addEventListener("DOMContentLoaded", () => {
  const map = document.getElementById("map");
  const world = map.querySelector(".world");
  const base = { width: 1000, height: 720 };
  const pins = [...map.querySelectorAll(".pin")].reverse().map((node) => ({
    node, x: Number(node.dataset.x), y: Number(node.dataset.y),
    text: node.querySelector("text"), mark: node.querySelector("path"),
    isConflict: node.classList.contains("conflict-pin"),
    isGrave: node.matches(".conflict-pin, .infringement-pin"),
    label: node.querySelector("text")?.textContent.replace(/ \+\d+$/, ""),
  }));
  const sides = [
    ["start", 13, 5], ["end", -13, 5], ["middle", 0, -12], ["middle", 0, 23],
    ["start", 11, -11], ["end", -11, -11], ["start", 11, 21], ["end", -11, 21],
  ];
  // Labels that do not show have no length: measure while all do.
  for (const { node } of pins) node.classList.remove("crowded", "covered");
  for (const pin of pins) pin.wide = (pin.text?.getComputedTextLength() || 0) + 6;
  let view = { x: 0, y: 0, width: base.width };

  // --- labels -------------------------------------------------------------------------
  const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  function board() {
    const cells = new Map();
    const keys = (box) => {
      const found = [];
      for (let x = Math.floor(box[0] / 64); x <= Math.floor(box[2] / 64); x++)
        for (let y = Math.floor(box[1] / 64); y <= Math.floor(box[3] / 64); y++) found.push(x * 1e4 + y);
      return found;
    };
    return {
      isFree: (box) => keys(box).every((key) => !(cells.get(key) ?? []).some((other) => meet(box, other))),
      take: (box) => keys(box).forEach((key) => {
        if (!cells.has(key)) cells.set(key, []);
        cells.get(key).push(box);
      }),
    };
  }
  function labelBox(at, wide, [anchor, dx, dy]) {
    const left = at.x + dx - { start: 3, end: wide - 3, middle: wide / 2 }[anchor];
    return [left, at.y + dy - 13, left + wide, at.y + dy + 4];
  }
  function gather(placed) {
    const heads = [];
    for (const one of placed.filter((each) => each.pin.isConflict && each.inside)) {
      const head = heads.find((other) => Math.max(Math.abs(other.x - one.x), Math.abs(other.y - one.y)) < 18);
      if (head) { head.count += 1; one.covered = true; } else heads.push(Object.assign(one, { count: 0 }));
    }
    for (const one of placed.filter((each) => each.pin.isConflict))
      one.pin.text.textContent = one.pin.label + (one.count ? ` +${one.count}` : "");
  }
  function placeLabels() {
    const frame = map.getBoundingClientRect();
    const scale = frame.width / view.width;
    const taken = board();
    taken.take([0, frame.height - 40, 0.34 * frame.width, frame.height]);
    const placed = pins.map((pin) => {
      const x = (pin.x - view.x) * scale, y = (pin.y - view.y) * scale;
      return { pin, x, y, inside: x >= 0 && y >= 0 && x <= frame.width && y <= frame.height };
    });
    gather(placed);
    const spot = (one) => [one.x - 9, one.y - 9, one.x + 9, one.y + 9];
    for (const one of placed) if (one.pin.isGrave && one.inside && !one.covered) taken.take(spot(one));
    for (const one of placed) {
      const list = one.pin.node.classList;
      list.remove("crowded", "covered");
      one.pin.node.setAttribute("x", `${(100 * one.x / frame.width).toFixed(3)}%`);
      one.pin.node.setAttribute("y", `${(100 * one.y / frame.height).toFixed(3)}%`);
      if (!one.inside) { list.add("crowded"); continue; }
      const gives = one.pin.mark && !one.pin.isGrave;
      if (one.covered || (gives && !taken.isFree(spot(one)))) { list.add("covered"); continue; }
      if (gives) taken.take(spot(one));
      if (one.pin.text && !placeLabel(one, taken, frame)) list.add("crowded");
    }
  }
  function placeLabel(one, taken, frame) {
    const wide = one.pin.wide + (one.count ? 9 * ` +${one.count}`.length : 0);
    for (const side of sides) {
      const box = labelBox(one, wide, side);
      const inside = box[0] >= 0 && box[1] >= 0 && box[2] <= frame.width && box[3] <= frame.height;
      if (!inside || !taken.isFree(box)) continue;
      taken.take(box);
      one.pin.text.setAttribute("text-anchor", side[0]);
      one.pin.text.setAttribute("x", side[1]);
      one.pin.text.setAttribute("y", side[2]);
      return true;
    }
    return false;
  }

  // --- view ---------------------------------------------------------------------------
  function scaleBars() {
    const metresPerUnit = Number(map.dataset.mPerUnit);
    for (const bar of map.querySelectorAll(".scale g")) {
      const most = 0.22 * view.width * metresPerUnit / Number(bar.dataset.m);
      const power = 10 ** Math.floor(Math.log10(most));
      const length = [5, 2, 1].map((digit) => digit * power).find((each) => each <= most) ?? power;
      const share = 100 * length * Number(bar.dataset.m) / metresPerUnit / view.width;
      bar.querySelector("rect").setAttribute("width", `${share}%`);
      bar.querySelector("text").setAttribute("x", `${2 + share}%`);
      bar.querySelector("text").textContent = `${Number(length.toPrecision(3))} ${bar.dataset.unit}`;
    }
  }
  let waiting = false;
  function draw() {
    const height = view.width * base.height / base.width;
    world.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${height}`);
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; scaleBars(); placeLabels(); });
  }
  function show(x, y, width) {
    const wide = Math.min(Math.max(width, base.width / 400), base.width * 2);
    const high = wide * base.height / base.width;
    view = {
      width: wide,
      x: Math.min(Math.max(x, -base.width), 2 * base.width - wide),
      y: Math.min(Math.max(y, -base.height), 2 * base.height - high),
    };
    draw();
  }
  function zoom(factor, shareX = 0.5, shareY = 0.5) {
    const wide = Math.min(Math.max(view.width / factor, base.width / 400), base.width * 2);
    const ratio = base.height / base.width;
    show(view.x + (view.width - wide) * shareX, view.y + (view.width - wide) * ratio * shareY, wide);
  }
  const fit = () => show(0, 0, base.width);
  const move = (dx, dy) => show(view.x + dx * view.width, view.y + dy * view.width, view.width);
  const shares = (event) => {
    const frame = map.getBoundingClientRect();
    return [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height];
  };

  // --- mouse and touch ----------------------------------------------------------------
  const fingers = new Map();
  let dragged = 0;
  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !map.contains(document.activeElement)) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, ...shares(event));
  }, { passive: false });
  map.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    dragged = 0;
  });
  map.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const wide = map.getBoundingClientRect().width;
    if (fingers.size === 2) pinch(event);
    else move((before.clientX - event.clientX) / wide, (before.clientY - event.clientY) / wide);
    dragged += Math.abs(before.clientX - event.clientX) + Math.abs(before.clientY - event.clientY);
    if (dragged > 4 && !map.hasPointerCapture(event.pointerId)) map.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
  });
  function pinch(event) {
    const [other] = [...fingers.values()].filter((each) => each.pointerId !== event.pointerId);
    const before = fingers.get(event.pointerId);
    const apart = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    const was = apart(before, other);
    if (was > 0) zoom(apart(event, other) / was, ...shares(other));
  }
  for (const name of ["pointerup", "pointercancel"])
    window.addEventListener(name, (event) => fingers.delete(event.pointerId));
  map.addEventListener("dragstart", (event) => event.preventDefault());

  // --- one selection everywhere -------------------------------------------------------
  const selected = document.getElementById("selected");
  const holders = [...document.querySelectorAll("[data-op], [data-conflict]")];
  function select(keys, conflict) {
    const wanted = new Set(keys);
    for (const node of holders) {
      const isPair = node.dataset.conflict !== undefined;
      const is = isPair ? node.dataset.conflict === conflict : wanted.has(node.dataset.op);
      node.classList.toggle("selected", is);
    }
    const told = keys.map((key) => map.querySelector(`.op[data-op="${key}"]`)?.getAttribute("aria-label"));
    selected.textContent = told.filter(Boolean).join(" — ") || "Nothing selected.";
  }
  function selectFrom(node) {
    const keys = (node.dataset.keys ?? node.dataset.op ?? "").split(" ").filter(Boolean);
    select(keys, node.dataset.conflict ?? node.getAttribute("href")?.match(/^#conflict-(\d+)$/)?.[1]);
  }
  function openCard(number) {
    const card = document.getElementById(`conflict-${number}`);
    if (!card) return;
    card.open = true;
    card.querySelector("summary").focus({ preventScroll: true });
    card.scrollIntoView({ block: "start" });
  }
  document.addEventListener("focusin", (event) => {
    const node = event.target.closest("[data-keys], [data-op]");
    if (node && !map.contains(node)) selectFrom(node);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (map.contains(event.target)) {
      if (dragged > 4) { event.preventDefault(); return; }
      map.focus({ preventScroll: true });
      if (!link) return;
      event.preventDefault();
      selectFrom(link);
      if (link.closest(".conflict-pin")) centre(link.closest(".pin"));
      return;
    }
    const number = link?.getAttribute("href")?.match(/^#conflict-(\d+)$/)?.[1];
    if (number) { event.preventDefault(); openCard(number); }
  });

  // --- keyboard -----------------------------------------------------------------------
  const marks = [...map.querySelectorAll(".conflict-pin a")].reverse();
  let at = -1;
  function centre(pin) {
    show(Number(pin.dataset.x) - view.width / 2, Number(pin.dataset.y) - view.width * 0.36, view.width);
  }
  function step(by) {
    if (!marks.length) return;
    at = (at + by + marks.length) % marks.length;
    selectFrom(marks[at]);
    if (view.width > base.width / 3) view.width = base.width / 3;
    centre(marks[at].closest(".pin"));
    document.querySelector(`.short [data-conflict="${at + 1}"]`)?.scrollIntoView({ block: "nearest" });
  }
  const keys = {
    ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0),
    ArrowUp: () => move(0, -0.1), ArrowDown: () => move(0, 0.1),
    "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), 0: fit,
    n: () => step(1), p: () => step(at < 0 ? 0 : -1), Escape: () => select([], undefined),
  };
  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  const buttons = { in: () => zoom(1.5), out: () => zoom(1 / 1.5), fit };
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.hidden = false;
    button.addEventListener("click", buttons[button.dataset.zoom]);
  }

  // --- what the strip covers when a link leads somewhere --------------------------------
  const strip = document.querySelector(".strip");
  new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingTop = `${strip.offsetHeight + 12}px`;
  }).observe(strip);

  // --- paper --------------------------------------------------------------------------
  const cards = [...document.querySelectorAll("details.card")];
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = cards.filter((card) => !card.open);
    for (const card of closed) card.open = true;
  });
  window.addEventListener("afterprint", () => { for (const card of closed) card.open = false; });

  new ResizeObserver(() => draw()).observe(map);
  draw();
});
