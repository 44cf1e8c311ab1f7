// What is wrong with a page as it stands, as [kind, what] pairs. Notes are facts to look at, not faults.
(language) => {
  const found = new Map();
  const tell = (kind, what) => found.set(`${kind}\n${what}`, [kind, what]);
  const roots = [document, ...[...document.querySelectorAll("*")].flatMap((one) => (one.shadowRoot ? [one.shadowRoot] : []))];
  const all = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  const parent = (one) => one.parentElement ?? one.getRootNode().host ?? null;
  const up = (one) => (one ? [one, ...up(parent(one))] : []);
  const name = (one) =>
    `${one.tagName.toLowerCase()}${one.classList[0] ? "." + one.classList[0] : ""} ` +
    (one.children.length > 3 ? "" : `«${(one.getAttribute("aria-label") ?? one.textContent).trim().replace(/\s+/g, " ").replace(/\d+:\d+/g, "0:00").slice(0, 50)}»`);
  const seen = (one) =>
    one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !one.closest(".vh, .sr, [inert], [data-live-announcer], :has(> [aria-live=assertive] + [aria-live=polite])");

  if (document.documentElement.scrollWidth > innerWidth) tell("overflow", `page ${document.documentElement.scrollWidth} > ${innerWidth}`);
  for (const one of all("body *")) {
    if (!seen(one) || one.clientWidth === 0) continue;
    const style = getComputedStyle(one);
    const wide = one.scrollWidth - one.clientWidth;
    if (wide > 1 && /auto|scroll/.test(style.overflowX)) tell("overflow", `${name(one)} scrolls ${wide} px sideways`);
    if (wide > 1 && style.textOverflow === "ellipsis" && style.overflowX !== "visible") tell("note: shortened", name(one));
  }

  // Each line of text against whatever cuts it, and against the control that it names.
  const texts = [];
  for (const root of roots) {
    const walk = document.createTreeWalker(root === document ? document.body : root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (walk.currentNode.data.trim()) texts.push(walk.currentNode);
  }
  for (const text of texts) {
    const one = text.parentElement;
    if (!one || !seen(one) || /^(SCRIPT|STYLE|OPTION|TITLE)$/.test(one.tagName)) continue;
    const words = text.data.trim().replace(/\s+/g, " ").slice(0, 60);
    if (/^[a-z]+(\.[a-zA-Z_]+)+$/.test(words) && !/\.(com|ru|png|pdf|example)$/.test(words)) tell("no words", words);
    if (/\{\w*\}|undefined|NaN|\[object/.test(words) && !one.closest("textarea, mark, [role=option]")) tell("no words", words);
    const foreign = language === "en" ? /[а-яё]{2,}/i.test(words) : /[a-z]{4,}/i.test(words) && !one.closest("kbd");
    if (foreign && !one.closest(`[lang]:not(html, [lang="${language}"])`)) tell("note: language", words);
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.bottom > 0);
    const chain = up(one);
    const stop = chain.findIndex((each) => /auto|scroll/.test(getComputedStyle(each).overflow));
    for (const each of stop < 0 ? chain : chain.slice(0, stop)) {
      const style = getComputedStyle(each);
      if (style.display === "inline" || each === document.body || each === document.documentElement) continue;
      const clips = style.overflowX === "hidden" || style.overflowX === "clip";
      if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") break;
      const control = each.matches("button, a, [role=tab], [role=option], [role=radio], input, select");
      if (!clips && !control) continue;
      const frame = each.getBoundingClientRect();
      if (boxes.some((box) => box.left < frame.left - 1 || box.right > frame.right + 1)) tell("cut", `«${words}» in ${name(each)}`);
      const down = style.overflowY === "hidden" || style.overflowY === "clip" || control;
      // What is beyond the frame altogether is hidden, not cut.
      const lines = boxes.filter((box) => box.top < frame.bottom && box.bottom > frame.top);
      if (down && lines.some((box) => box.top < frame.top - 3 || box.bottom > frame.bottom + 3)) tell("cut", `«${words}» upwards or downwards in ${name(each)}`);
    }
  }

  // Controls over each other, where both could be hit.
  // Behind an ellipsis the browser leaves no place of its own to a link.
  const shortened = (one) => getComputedStyle(one).textOverflow === "ellipsis" && one.scrollWidth > one.clientWidth + 1;
  const modal = all("dialog:modal").at(-1) ?? [...document.querySelectorAll('[role="dialog"], [role="menu"]')].at(-1);
  const controls = all("button, a[href], input, select, textarea, [role=slider], [role=option], [role=menuitem], [role=treeitem] > *")
    .filter((one) => seen(one) && one.type !== "file" && (!modal || modal.contains(one)) && !up(one).some(shortened));
  const boxes = controls.map((one) => {
    let { left, top, right, bottom } = one.getBoundingClientRect();
    for (const each of up(one).slice(1)) {
      if (getComputedStyle(each).overflow === "visible") continue;
      const frame = each.getBoundingClientRect();
      left = Math.max(left, frame.left), top = Math.max(top, frame.top), right = Math.min(right, frame.right), bottom = Math.min(bottom, frame.bottom);
    }
    return { left, top, right, bottom };
  });
  const layer = (one) => up(one).find((each) => /sticky|fixed/.test(getComputedStyle(each).position) || each.matches("dialog, [role=dialog], [role=listbox], [role=menu], [role=alert]"));
  for (let a = 0; a < controls.length; a++)
    for (let b = a + 1; b < controls.length; b++) {
      if (controls[a].contains(controls[b]) || controls[b].contains(controls[a]) || layer(controls[a]) !== layer(controls[b])) continue;
      const wide = Math.min(boxes[a].right, boxes[b].right) - Math.max(boxes[a].left, boxes[b].left);
      const high = Math.min(boxes[a].bottom, boxes[b].bottom) - Math.max(boxes[a].top, boxes[b].top);
      if (wide > 2 && high > 2) tell("overlap", `${name(controls[a])} and ${name(controls[b])}`);
    }
  return [...found.values()];
}
