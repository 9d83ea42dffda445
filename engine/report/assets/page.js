"use strict";
// Draws the charts of the report from the JSON block, each with a table behind it.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const palette = ["#3b8eea", "#d96f2a", "#3fa35b", "#b65fcf", "#a8861a", "#2f97a5", "#d1495b", "#7d8aa1"];
  // Lines differ in colour and in dashes; what the others are set against is grey and dotted.
  const lines = [[2, 3], [], [9, 4], [10, 3, 2, 3], [5, 5], [16, 4]].map((dash, i) =>
    ({ dash, colour: i ? palette[i - 1] : palette[7] }));
  const lineOf = side => lines[data.sides.length > 1 ? side : 1];
  Chart.defaults.borderColor = "rgba(128,128,128,.25)";
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;

  // Charts are pictures: they know nothing of the page's colours and of a sheet's width unless told.
  const sheet = { width: 330, height: 170 };
  const charts = () => Object.values(Chart.instances);
  let isOnPaper = false;
  // An axis would keep the colour of its first drawing.
  Chart.defaults.scale.ticks.color = () => Chart.defaults.color;
  function paint() {
    Chart.defaults.color = isOnPaper ? "#000" : getComputedStyle(document.body).color;
    charts().forEach(chart => {
      const isWide = chart.canvas.dataset.wide;
      if (isOnPaper) chart.resize(isWide ? 2 * sheet.width : sheet.width, isWide ? chart.height : sheet.height);
      else chart.resize();
      chart.update();
    });
  }
  const print = begins => { isOnPaper = begins; paint(); };
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  paint();

  const make = (tag, parent, text) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  };
  const shown = value => value === null ? "" : value.toLocaleString("en", { maximumSignificantDigits: 4 });

  function table(parent, title, columns, rows) {
    const details = make("details", parent);
    make("summary", details, "Figures").setAttribute("aria-label", "Figures: " + title);
    const box = make("div", details);
    box.className = "wide";
    box.tabIndex = 0;
    const element = make("table", box);
    make("caption", element, title);
    const top = make("tr", make("thead", element));
    for (const name of columns) make("th", top, name).scope = "col";
    const body = make("tbody", element);
    for (const [name, ...values] of rows) {
      const row = make("tr", body);
      make("th", row, name).scope = "row";
      for (const value of values) make("td", row, shown(value));
    }
  }

  function canvas(parent, description) {
    const box = make("div", parent);
    box.className = "canvas";
    const element = make("canvas", box);
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", description);
    return element;
  }

  function legend(parent) {
    const list = make("ul", parent);
    list.className = "legend";
    list.setAttribute("aria-hidden", "true"); // the table names its columns
    data.sides.forEach((name, s) => {
      const item = make("li", list), { dash, colour } = lineOf(s);
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const line = document.createElementNS(svg.namespaceURI, "line");
      const attributes = { x1: 0, x2: 30, y1: 5, y2: 5, stroke: colour, "stroke-width": 2, "stroke-dasharray": dash };
      for (const [key, value] of Object.entries(attributes)) line.setAttribute(key, value);
      svg.append(line);
      item.append(svg, name);
    });
  }

  function figure(parent, title, columns, datasets, options, hasLegend) {
    const element = make("figure", parent);
    const caption = make("figcaption", element, title);
    if (hasLegend) legend(caption);
    const last = data.quarters.length - 1;
    const means = columns.filter(column => !column.bound);
    const description = title + ", in " + data.quarters[last] + ": " +
      means.map(column => column.name + " " + (shown(column.values[last]) || "none")).join(", ");
    new Chart(canvas(element, description), { type: "line", data: { labels: data.quarters, datasets }, options });
    table(element, title, ["Quarter", ...columns.map(column => column.name)],
      data.quarters.map((quarter, q) => [quarter, ...columns.map(column => column.values[q])]));
  }

  function fan(parent, title, sides) {
    if (!sides) return;
    const columns = [], datasets = [], shade = sides.length > 2 ? "1c" : "33";
    sides.forEach((side, s) => {
      const name = data.sides[s], { dash, colour } = lineOf(s);
      columns.push({ name: name + ", mean", values: side.mean },
        { name: name + ", 10%", values: side.low, bound: true },
        { name: name + ", 90%", values: side.high, bound: true });
      // Where means coincide, broken lines lie on the unbroken one, and all on the bands.
      const order = dash.length ? 0 : 1;
      const edge = { borderWidth: 0, pointRadius: 0, backgroundColor: colour + shade, order: 2 };
      datasets.push({ ...edge, data: side.low, fill: false },
        { ...edge, data: side.high, fill: "-1" },
        { label: name, data: side.mean, borderColor: colour, backgroundColor: colour, borderWidth: 2,
          borderDash: dash, pointRadius: 0, fill: false, order });
    });
    figure(parent, title, columns, datasets, {
      plugins: { legend: { display: false } },
      scales: { x: { ticks: { maxTicksLimit: 6, maxRotation: 0 } } },
    }, true);
  }

  // The largest products one by one, the rest as one area.
  function areas(parent, market, s) {
    const products = market.products.filter(product => product.share_percent)
      .map(product => ({ name: product.id.split("/")[0], values: product.share_percent[s].mean }))
      .filter(product => product.values.some(value => value !== null))
      .sort((a, b) => b.values[0] - a.values[0]);
    if (!products.length) return;
    const columns = products.slice(0, palette.length - 1), rest = products.slice(palette.length - 1);
    if (rest.length) columns.push({ name: "the rest", values: data.quarters.map((_, q) =>
      rest.reduce((sum, product) => sum + (product.values[q] || 0), 0)) });
    figure(parent, "Shares, " + data.sides[s] + ", %", columns, columns.map((column, i) => ({
      label: column.name, data: column.values, fill: i ? "-1" : "origin", pointRadius: 0, borderWidth: 1,
      borderColor: palette[i], backgroundColor: palette[i] + "99",
    })), {
      plugins: { legend: { labels: { boxWidth: 10, font: { size: 10 } } } },
      scales: { x: { ticks: { maxTicksLimit: 6, maxRotation: 0 } }, y: { stacked: true, min: 0, max: 100 } },
    });
  }

  // A choice whose charts are drawn anew in its box.
  function chooser(section, name, titles, className, draw) {
    const line = make("p", section);
    line.className = "choice";
    const select = make("select", make("label", line, name + ": "));
    titles.forEach((title, i) => { make("option", select, title).value = i; });
    const box = make("div", section);
    box.className = className;
    const redraw = () => {
      box.querySelectorAll("canvas").forEach(element => Chart.getChart(element).destroy());
      box.replaceChildren();
      draw(box, select.value);
    };
    select.addEventListener("change", redraw);
    redraw();
  }

  function productCharts(section, market) {
    const products = market.products.filter(product => product.share_percent || product.price_usd);
    if (!products.length) return;
    const names = products.map(product => product.id.split("/")[0]);
    chooser(section, "Product", names, "charts", (box, i) => {
      fan(box, "Share of " + names[i] + ", %", products[i].share_percent);
      fan(box, "Price of " + names[i] + ", USD", products[i].price_usd);
    });
  }

  // Bars that float from no change to the change by all deals, each with the interval of its end.
  function waterfall(parent, { title, sentence, steps }) {
    make("p", parent, sentence);
    const element = make("figure", parent), bars = steps.slice(1), all = bars.length - 1;
    make("figcaption", element, title + ": change by each deal, and its 95% interval");
    const colour = (step, i) => i === all ? palette[7] : step.to < step.from ? palette[1] : palette[0];
    const target = canvas(element, sentence);
    target.dataset.wide = "yes";
    target.parentElement.style.height = 40 + 26 * bars.length + "px";
    new Chart(target, { type: "bar", data: { labels: bars.map(step => step.name), datasets: [
      { data: bars.map((step, i) => i === all || step.low === null ? null : [step.from + step.low, step.from + step.high]),
        backgroundColor: () => Chart.defaults.color, barThickness: 2 },
      { data: bars.map(step => [step.from, step.to]), backgroundColor: bars.map(colour) }] }, options: {
      indexAxis: "y", grouped: false, plugins: { legend: { display: false }, tooltip: {
        filter: item => item.datasetIndex === 1,
        callbacks: { label: item => shown(bars[item.dataIndex].to - bars[item.dataIndex].from) } } } } });
    table(element, title, ["Step", "Mean", "95% from", "to"],
      steps.map(step => [step.name, step.mean, step.low, step.high]));
  }
  if (data.attributions.length) {
    chooser(document.getElementById("attribution"), "Figure", data.attributions.map(attribution => attribution.title), "",
      (box, i) => waterfall(box, data.attributions[i]));
  }

  const firms = document.getElementById("firms");
  const most = 6;
  make("p", firms, "USD bn a quarter: mean (line) and 10% to 90% of histories (band), of the firms whose profit changes most. The other firms are in firms.csv.");
  const profits = make("div", firms);
  profits.className = "charts";
  for (const firm of data.firms.slice(0, most)) fan(profits, firm.id, firm.profit_usd_bn);

  const markets = document.getElementById("markets");
  make("h2", markets, "Markets");
  for (const market of data.markets) {
    const section = make("section", markets);
    make("h3", section, market.id);
    productCharts(section, market);
    const box = make("div", section);
    box.className = "charts";
    data.sides.forEach((_, s) => areas(box, market, s));
    fan(box, "Price index, quarter 0 = 100", market.price_index);
    fan(box, "Concentration (HHI)", market.hhi);
    fan(box, "Change of consumer surplus, USD bn", market.consumer_surplus_change_usd_bn);
  }
})();
