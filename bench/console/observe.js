// Runs in every page that is measured, before anything of the page. Times in ms since the page was asked for.
const seen = {
  lcpMs: 0,
  cls: 0,
  inpMs: 0,
  longestTaskMs: 0,
  shellMs: null,
  changedMs: 0,
  chosenMs: null,
  answeredMs: null,
  frames: [],
};
globalThis.benchSeen = seen;

const observe = (type, options, read) =>
  new PerformanceObserver((list) => list.getEntries().forEach(read)).observe({ type, buffered: true, ...options });
observe('largest-contentful-paint', {}, ({ startTime }) => {
  seen.lcpMs = startTime;
});
observe('layout-shift', {}, ({ value, hadRecentInput }) => {
  if (!hadRecentInput) seen.cls += value;
});
observe('event', { durationThreshold: 16 }, ({ interactionId, duration }) => {
  if (interactionId) seen.inpMs = Math.max(seen.inpMs, duration);
});
observe('longtask', {}, ({ duration }) => {
  seen.longestTaskMs = Math.max(seen.longestTaskMs, duration);
});

const look = () => {
  seen.changedMs = performance.now();
  if (seen.shellMs === null && document.querySelector('.shell-top')) seen.shellMs = performance.now();
  if (seen.answeredMs === null && document.querySelector('.verdict-share')) seen.answeredMs = performance.now();
};
new MutationObserver(look).observe(document, { childList: true, subtree: true });
addEventListener(
  'change',
  ({ target }) => {
    if (target.type === 'file') seen.chosenMs = performance.now();
  },
  true,
);

/** Time between frames, until `stopFrames`. */
globalThis.startFrames = () => {
  seen.frames = [];
  seen.longestTaskMs = 0;
  let before = performance.now();
  const frame = (now) => {
    seen.frames.push(now - before);
    before = now;
    globalThis.frameRequest = requestAnimationFrame(frame);
  };
  globalThis.frameRequest = requestAnimationFrame(frame);
};
globalThis.stopFrames = () => cancelAnimationFrame(globalThis.frameRequest);
