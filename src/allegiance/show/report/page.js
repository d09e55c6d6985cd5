"use strict";
(() => {
  const narrow = window.matchMedia("(max-width: 640px)");
  const config = { responsive: true, displayModeBar: false };
  const still = { mode: "immediate", frame: { duration: 0, redraw: false }, transition: { duration: 0 } };
  const drawn = [];

  const slide = (figure, plot) => {
    const range = figure.querySelector("input[type=range]");
    if (!range) return;
    const names = JSON.parse(range.dataset.frames);
    const shown = figure.querySelector("output");
    const button = figure.querySelector(".moments button");
    let timer = null;
    const show = () => {
      const name = names[Number(range.value)];
      shown.textContent = name;
      range.setAttribute("aria-valuetext", name);
      Plotly.animate(plot, [name], still).catch(() => {});
    };
    const stop = () => {
      window.clearInterval(timer);
      timer = null;
      button.textContent = "Play";
    };
    range.addEventListener("input", () => { stop(); show(); });
    button.addEventListener("click", () => {
      if (timer) return stop();
      if (Number(range.value) >= names.length - 1) range.value = 0;
      button.textContent = "Stop";
      timer = window.setInterval(() => {
        range.value = Number(range.value) + 1;
        show();
        if (Number(range.value) >= names.length - 1) stop();
      }, 200);
    });
    figure.querySelector(".moments").hidden = false;
  };

  // Titles come wrapped for a narrow screen; a wide one has room for longer lines.
  const HEAD = { letter: 9, line: 18 };
  const TAIL = { letter: 6.6, line: 15 };
  const wrapped = (text, most) => {
    const lines = [""];
    for (const word of text.replaceAll("<br>", " ").split(" ")) {
      const last = lines.length - 1;
      if (lines[last] && lines[last].length + word.length + 1 > most) lines.push(word);
      else lines[last] += (lines[last] && " ") + word;
    }
    return lines;
  };
  const widened = (layout, width) => {
    const { title } = layout;
    if (!title?.text || !title.subtitle) return layout;
    const head = wrapped(title.text.replace(/^<b>|<\/b>$/g, ""), (width - 16) / HEAD.letter);
    const tail = wrapped(title.subtitle.text, (width - 16) / TAIL.letter);
    const fewer = HEAD.line * (title.text.split("<br>").length - head.length)
      + TAIL.line * (title.subtitle.text.split("<br>").length - tail.length);
    const spared = Math.max(fewer - 12, 0); // a subtitle stands lower than its lines tell
    title.text = `<b>${head.join("<br>")}</b>`;
    title.subtitle.text = tail.join("<br>");
    title.pad.t = 8 + HEAD.line * (head.length - 1);
    layout.margin.t -= spared;
    layout.height -= spared;
    return layout;
  };

  const draw = async (figure) => {
    const { figure: form, narrow: other } = JSON.parse(figure.querySelector("script").textContent);
    const plot = figure.querySelector(".plot");
    const layout = narrow.matches ? other || form.layout : widened(form.layout, plot.clientWidth);
    plot.style.height = `${layout.height}px`;
    await Plotly.newPlot(plot, form.data, layout, config);
    if (form.frames) await Plotly.addFrames(plot, form.frames);
    slide(figure, plot);
    const save = figure.querySelector("button.save");
    save.hidden = false;
    save.addEventListener("click", () => Plotly.downloadImage(plot, {
      format: "png", scale: 2, filename: figure.id, width: plot.clientWidth, height: layout.height }));
    drawn.push(plot);
  };

  const all = async () => {
    for (const figure of document.querySelectorAll("figure[data-figure]")) await draw(figure);
    document.documentElement.dataset.drawn = drawn.length;
  };

  // On a narrow screen a row becomes a card, each cell under the name of its column: none is cut off.
  for (const place of document.querySelectorAll(".wide")) {
    const names = [...place.querySelectorAll("thead th")].map((cell) => cell.textContent);
    for (const row of place.querySelectorAll("tbody tr")) {
      [...row.cells].forEach((cell, at) => {
        if (at) cell.dataset.label = names[at];
        const length = cell.textContent.length;
        if (at && length > 14) cell.classList.add(length > 40 ? "long" : "half");
      });
    }
    place.classList.add("labelled");
  }

  window.addEventListener("beforeprint", () => {
    for (const more of document.querySelectorAll("details.numbers")) more.open = false;
    for (const more of document.querySelectorAll("details.long")) more.open = true;
    for (const plot of drawn) Plotly.relayout(plot, { autosize: false, width: 660 });
  });
  window.addEventListener("afterprint", () => {
    for (const plot of drawn) Plotly.relayout(plot, { autosize: true, width: null });
  });
  all();
})();
