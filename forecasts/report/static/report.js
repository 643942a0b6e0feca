/* Draws the charts of a page and ties the controls to them. Works from a folder on disk: opens no
   connection, evaluates no text as code. Without it the page shows the still pictures. */
"use strict";

document.documentElement.classList.add("js");

const OPTIONS = {
  mode: "vega-lite",
  renderer: "svg",
  ast: true, // expressions are interpreted, so that the page needs no permission to evaluate text
  actions: false,
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};
const PIXELS_A_YEAR_LABEL = 75;
const margins = new Map();

function everyLayer(spec, visit) {
  visit(spec);
  for (const part of [...(spec.vconcat ?? []), ...(spec.layer ?? [])]) everyLayer(part, visit);
}

function readSpec(box) {
  return JSON.parse(document.getElementById(`spec-${box.dataset.chart}`).textContent);
}

function setWidth(spec, width) {
  everyLayer(spec, (part) => {
    if (part.width) part.width = width;
    const axis = part.encoding?.x?.axis;
    if (axis?.tickCount) axis.tickCount = Math.max(2, Math.floor(width / PIXELS_A_YEAR_LABEL));
  });
}

function setValueAxis(spec, kind) {
  const chosen = spec.usermeta.value_axis[kind];
  everyLayer(spec, (part) => {
    const y = part.encoding?.y;
    if (y?.scale?.type) Object.assign(y, { scale: chosen.scale, axis: chosen.axis });
  });
}

function applyControls(spec) {
  for (const input of document.querySelectorAll("[data-line]")) {
    const parameter = spec.params?.find((p) => p.name === input.dataset.line);
    if (parameter) parameter.value = input.checked;
  }
  const kind = document.querySelector("[data-log]").checked ? "log" : "linear";
  spec.params.find((p) => p.name === "value_axis").value = kind;
  setValueAxis(spec, kind);
}

async function draw(box) {
  const room = box.clientWidth;
  const live = box.querySelector(".live");
  // The margin left of the axis depends on its labels: learn it from the first drawing.
  for (let attempt = 0; attempt < 2; attempt++) {
    const spec = readSpec(box);
    const width = Math.max(120, Math.floor(room - (margins.get(box) ?? 75)));
    setWidth(spec, width);
    if (box.classList.contains("main")) applyControls(spec);
    box.view?.finalize();
    box.view = (await vegaEmbed(live, spec, OPTIONS)).view;
    box.classList.add("drawn");
    const margin = live.querySelector("svg").width.baseVal.value - width;
    const fits = Math.abs(margin - (margins.get(box) ?? 75)) < 3;
    margins.set(box, Math.ceil(margin));
    if (fits) break;
  }
  box.dataset.width = room;
}

async function drawAll(boxes) {
  for (const box of boxes) {
    try {
      await draw(box);
    } catch (error) {
      box.classList.remove("drawn"); // the still picture stays
      console.error(error);
    }
  }
}

function start() {
  const boxes = [...document.querySelectorAll("[data-chart]")];
  const main = boxes.filter((box) => box.classList.contains("main"));
  // One drawing after the other: a second must not begin while the first still fills its box.
  let queue = drawAll(boxes);
  // What fails is said in the console, and what comes after it is done all the same.
  const next = (work) => (queue = queue.then(work).catch(console.error));
  const again = (some) => next(() => drawAll(some));

  for (const input of document.querySelectorAll("[data-line]")) {
    input.addEventListener("change", () => {
      next(() =>
        Promise.all(main.map((box) => box.view?.signal(input.dataset.line, input.checked).runAsync()))
      );
    });
  }
  document.querySelector("[data-log]")?.addEventListener("change", () => {
    for (const box of main) margins.delete(box);
    again(main);
  });
  let waiting;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(
      () => again(boxes.filter((box) => Math.abs(box.clientWidth - box.dataset.width) > 2)),
      150
    );
  });
}

start();
