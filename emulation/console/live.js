// What changes by itself is asked for again and again, while anybody looks.

const PAUSE_MS = 1500;

/** Calls `refresh` until the page is left; while it is hidden, or after a failure, it is only tried again later. */
export function keepFresh(signal, refresh, pause = PAUSE_MS) {
  const timer = setInterval(async () => {
    if (document.hidden) return;
    try {
      await refresh();
    } catch {
      // The next try says the same, or it works again.
    }
  }, pause);
  signal.addEventListener("abort", () => clearInterval(timer));
}

/** A function that renders a value only when it is another than the last one: what is focused or open stays. */
export function onChange(render) {
  let shown;
  return (value) => {
    const text = JSON.stringify(value);
    if (text === shown) return;
    shown = text;
    render(value);
  };
}
