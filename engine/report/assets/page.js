"use strict";
// Draws the charts of the report from the JSON block, each with a table behind it.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const colours = ["#3b8eea", "#d96f2a"];
  const palette = ["#3b8eea", "#d96f2a", "#3fa35b", "#b65fcf", "#a8861a", "#2f97a5", "#d1495b", "#7d8aa1"];
  const ink = getComputedStyle(document.body).color;
  Chart.defaults.color = ink;
  Chart.defaults.borderColor = "rgba(128,128,128,.25)";
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;

  const make = (tag, parent, text) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  };
  const shown = value => value === null ? "" : Number(value.toPrecision(4)).toLocaleString("en");

  function table(parent, columns, caption) {
    const details = make("details", parent);
    make("summary", details, "Figures");
    const box = make("div", details);
    box.className = "wide";
    const element = make("table", box);
    make("caption", element, caption);
    const top = make("tr", make("thead", element));
    for (const name of ["Quarter", ...columns.map(column => column.name)]) make("th", top, name).scope = "col";
    const body = make("tbody", element);
    data.quarters.forEach((quarter, q) => {
      const row = make("tr", body);
      make("th", row, quarter).scope = "row";
      for (const column of columns) make("td", row, shown(column.values[q]));
    });
  }

  function figure(parent, title, columns, datasets, options) {
    const element = make("figure", parent);
    make("figcaption", element, title);
    const box = make("div", element);
    box.className = "canvas";
    const canvas = make("canvas", box);
    canvas.setAttribute("role", "img");
    const last = data.quarters.length - 1;
    const means = columns.filter(column => !column.bound);
    canvas.setAttribute("aria-label", title + ", in " + data.quarters[last] + ": " +
      means.map(column => column.name + " " + shown(column.values[last])).join(", "));
    new Chart(canvas, { type: "line", data: { labels: data.quarters, datasets }, options });
    table(element, columns, title);
    return element;
  }

  function fan(parent, title, sides) {
    if (!sides) return null;
    const columns = [], datasets = [];
    sides.forEach((side, s) => {
      const name = data.sides[s], colour = colours[s];
      columns.push({ name: name + ", mean", values: side.mean },
        { name: name + ", 10%", values: side.low, bound: true },
        { name: name + ", 90%", values: side.high, bound: true });
      const edge = { borderWidth: 0, pointRadius: 0, backgroundColor: colour + "33" };
      datasets.push({ ...edge, label: "", data: side.low, fill: false },
        { ...edge, label: "", data: side.high, fill: "-1" },
        { label: name, data: side.mean, borderColor: colour, backgroundColor: colour, borderWidth: 2,
          borderDash: s ? [6, 4] : [], pointRadius: 0, fill: false });
    });
    return figure(parent, title, columns, datasets, {
      plugins: { legend: { labels: { filter: item => item.text !== "", boxHeight: 1 } } },
      scales: { x: { ticks: { maxTicksLimit: 6, maxRotation: 0 } } },
    });
  }

  // The largest products one by one, the rest as one area.
  function areas(parent, market, s) {
    const products = market.products.filter(product => product.share_percent)
      .map(product => ({ name: product.id.split("/")[0], values: product.share_percent[s].mean }))
      .sort((a, b) => b.values[0] - a.values[0]);
    if (!products.length) return;
    const columns = products.slice(0, palette.length - 1), rest = products.slice(palette.length - 1);
    if (rest.length) columns.push({ name: "the rest", values: data.quarters.map((_, q) =>
      rest.reduce((sum, product) => sum + (product.values[q] || 0), 0)) });
    figure(parent, "Shares " + data.sides[s] + ", %", columns, columns.map((column, i) => ({
      label: column.name, data: column.values, fill: i ? "-1" : "origin", pointRadius: 0, borderWidth: 1,
      borderColor: palette[i], backgroundColor: palette[i] + "99",
    })), {
      plugins: { legend: { labels: { boxWidth: 10, font: { size: 10 } } } },
      scales: { x: { ticks: { maxTicksLimit: 6, maxRotation: 0 } }, y: { stacked: true, min: 0, max: 100 } },
    });
  }

  function productCharts(section, market) {
    const products = market.products.filter(product => product.share_percent || product.price_usd);
    if (!products.length) return;
    const label = make("label", make("p", section), "Product: ");
    const select = make("select", label);
    products.forEach((product, i) => { make("option", select, product.id.split("/")[0]).value = i; });
    const box = make("div", section);
    box.className = "charts";
    const draw = () => {
      box.querySelectorAll("canvas").forEach(canvas => Chart.getChart(canvas).destroy());
      box.replaceChildren();
      const product = products[select.value], name = product.id.split("/")[0];
      fan(box, "Share of " + name + ", %", product.share_percent);
      fan(box, "Price of " + name + ", USD", product.price_usd);
    };
    select.addEventListener("change", draw);
    draw();
  }

  // One figure at a time: bars that float from the total without the deals to the total with all.
  function waterfall(section) {
    const label = make("label", make("p", section), "Figure: ");
    const select = make("select", label);
    data.attributions.forEach((attribution, i) => { make("option", select, attribution.title).value = i; });
    const box = make("div", section);
    const draw = () => {
      box.querySelectorAll("canvas").forEach(canvas => Chart.getChart(canvas).destroy());
      box.replaceChildren();
      const { title, sentence, steps } = data.attributions[select.value];
      make("p", box, sentence);
      const element = make("figure", box);
      make("figcaption", element, title);
      const frame = make("div", element);
      frame.className = "canvas";
      const canvas = make("canvas", frame);
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", sentence);
      const isTotal = i => i === 0 || i === steps.length - 1;
      const colour = (step, i) => isTotal(i) ? palette[7] : step.mean < 0 ? palette[1] : palette[0];
      new Chart(canvas, { type: "bar", data: { labels: steps.map(step => step.name), datasets: [{
        data: steps.map(step => [step.from, step.to]), backgroundColor: steps.map(colour) }] }, options: {
        indexAxis: "y", plugins: { legend: { display: false }, tooltip: { callbacks: {
          label: item => shown(steps[item.dataIndex].mean) } } } } });
      const details = make("details", element);
      make("summary", details, "Figures");
      const wide = make("div", details);
      wide.className = "wide";
      const body = make("table", wide);
      make("caption", body, title);
      const top = make("tr", make("thead", body));
      for (const name of ["Step", "Mean", "95% from", "to"]) make("th", top, name).scope = "col";
      const rows = make("tbody", body);
      for (const step of steps) {
        const row = make("tr", rows);
        make("th", row, step.name).scope = "row";
        for (const value of [step.mean, step.low, step.high]) make("td", row, shown(value));
      }
    };
    select.addEventListener("change", draw);
    draw();
  }
  if (data.attributions.length) waterfall(document.getElementById("attribution"));

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
