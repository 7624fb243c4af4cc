// What changes by itself is asked for again and again, while anybody looks.

const PAUSE_MS = 1500;

/**
 * Calls `refresh` until the page is left, and never again before the last call has ended: an answer that comes late
 * would be taken for a newer one. While the page is hidden, or after a failure, it is only tried again later.
 */
export function keepFresh(signal, refresh, pause = PAUSE_MS) {
  // Who was quick has left before the page was there.
  if (signal.aborted) return;
  let isUnderWay = false;
  const timer = setInterval(async () => {
    if (document.hidden || isUnderWay) return;
    isUnderWay = true;
    try {
      await refresh();
    } catch {
      // The next try says the same, or it works again.
    } finally {
      isUnderWay = false;
    }
  }, pause);
  signal.addEventListener("abort", () => clearInterval(timer));
}

/**
 * A function that renders a value only when it is another than the last one: what is open stays, and what is focused
 * is so again where it is drawn anew.
 */
export function onChange(render) {
  let shown;
  return (value) => {
    const text = JSON.stringify(value);
    if (text === shown) return;
    shown = text;
    const focused = document.activeElement;
    render(value);
    if (!focused.isConnected) findSame(focused)?.focus({ preventScroll: true });
  };
}

const meaning = (element) => element.href ?? element.ariaLabel ?? element.textContent;

function findSame(gone) {
  return [...document.querySelectorAll(`#main ${gone.localName}`)].find((one) => meaning(one) === meaning(gone));
}
