// Lists of steps, cycles and findings. Tens of thousands of lines: only those in sight are there.
const LINE = 28;

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

class List {
  // `line` gives the element of a line; its first button is what the arrow keys go to.
  constructor(box, count, line) {
    Object.assign(this, { box, count, line, shown: new Map() });
    this.inner = make("div", { className: "inner" });
    this.inner.style.height = count * LINE + "px";
    box.replaceChildren(this.inner);
    this.fill = later(() => this.fillNow());
    box.addEventListener("scroll", this.fill);
    box.addEventListener("keydown", event => {
      const at = +event.target.closest("[data-line]")?.dataset.line;
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: count - 1, PageDown: at + 10, PageUp: at - 10 }[event.key];
      if (!(to === to) || to === undefined) return;
      event.preventDefault();
      this.focus(Math.min(Math.max(to, 0), count - 1));
    });
    new ResizeObserver(this.fill).observe(box);
  }
  fillNow() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / LINE) - 5);
    const last = Math.min(this.count - 1, Math.ceil((this.box.scrollTop + this.box.clientHeight) / LINE) + 5);
    const holdsFocus = element => element.contains(document.activeElement);
    for (const [at, element] of this.shown) if ((at < first || at > last) && !holdsFocus(element)) { element.remove(); this.shown.delete(at); }
    for (let at = first; at <= last; at++) {
      if (this.shown.has(at)) continue;
      const element = this.line(at);
      element.dataset.line = at;
      element.style.top = at * LINE + "px";
      // In their order: tab keys follow it.
      const next = [...this.shown.keys()].filter(other => other > at).sort((a, b) => a - b)[0];
      this.inner.insertBefore(element, next === undefined ? null : this.shown.get(next));
      this.shown.set(at, element);
    }
  }
  reveal(at) {
    const top = at * LINE, { box } = this;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + LINE > box.scrollTop + box.clientHeight) box.scrollTop = top + LINE - box.clientHeight;
    this.fillNow();
  }
  focus(at) { this.reveal(at); this.shown.get(at)?.querySelector("button")?.focus({ preventScroll: true }); }
  // Lines are made anew: what they show has changed.
  renew() {
    const at = document.activeElement?.closest("[data-line]"), place = at && this.box.contains(at) ? +at.dataset.line : null;
    const which = place === null ? null : document.activeElement.tagName;
    for (const element of this.shown.values()) element.remove();
    this.shown.clear();
    this.fillNow();
    if (place !== null) this.shown.get(place)?.querySelector(which)?.focus({ preventScroll: true });
  }
}

// Panels of which one is shown.
const tabs = buttons => {
  const choose = chosen => {
    for (const button of buttons) {
      const is = button === chosen;
      button.setAttribute("aria-selected", is); button.tabIndex = is ? 0 : -1;
      document.getElementById(button.getAttribute("aria-controls")).hidden = !is;
    }
  };
  buttons.forEach((button, k) => {
    button.addEventListener("click", () => choose(button));
    button.addEventListener("keydown", event => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const next = buttons[(k + by + buttons.length) % buttons.length];
      choose(next); next.focus();
    });
  });
  choose(buttons[0]);
  return choose;
};
