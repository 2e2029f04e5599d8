// What a machine runs before the charting library: a clock that stands still and
// random numbers that are none, so that the same chart has the same bytes, and
// timers that never go off.
Math.random = function () { return 0.5; };
Date = class extends Date {
  constructor(...parts) {
    if (parts.length === 0) super(0);
    else super(...parts);
  }
  static now() { return 0; }
};
function setTimeout() { return 0; }
function clearTimeout() {}
