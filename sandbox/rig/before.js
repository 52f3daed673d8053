/* Runs in the page before the competitor's code: fixed chance, and an ear on every sound. */
(seed) => {
  // mulberry32: small, well mixed, the same numbers on every machine
  let state = (seed * 0x9e3779b1) >>> 0;
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };

  const taps = new Map(); // AudioContext → AnalyserNode that hears what the loudspeaker gets
  const players = new Set(); // media elements that were ever started, in the document or not
  let started = 0;

  const tap = (context) => {
    if (!taps.has(context)) {
      taps.set(context, new AnalyserNode(context, { fftSize: 16384 }));
    }
    return taps.get(context);
  };
  const { connect, disconnect } = AudioNode.prototype;
  AudioNode.prototype.connect = function connectHeard(to, ...rest) {
    const live = to instanceof AudioDestinationNode && !(to.context instanceof OfflineAudioContext);
    if (live) connect.call(this, tap(to.context), ...rest.slice(0, 1));
    return connect.call(this, to, ...rest);
  };
  AudioNode.prototype.disconnect = function disconnectHeard(to, ...rest) {
    if (to instanceof AudioDestinationNode && taps.has(to.context)) {
      try { disconnect.call(this, taps.get(to.context)); } catch { /* was not connected */ }
    }
    return to === undefined ? disconnect.call(this) : disconnect.call(this, to, ...rest);
  };
  const { start } = AudioScheduledSourceNode.prototype;
  AudioScheduledSourceNode.prototype.start = function startHeard(...rest) {
    started += 1;
    return start.apply(this, rest);
  };
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function playHeard(...rest) {
    started += 1;
    players.add(this);
    return play.apply(this, rest);
  };

  const peak = (analyser) => {
    const wave = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(wave);
    return wave.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
  };
  const level = () => {
    let top = 0;
    for (const [context, analyser] of taps) {
      if (context.state === 'running') top = Math.max(top, peak(analyser));
    }
    document.querySelectorAll('audio, video').forEach((element) => players.add(element));
    for (const element of players) {
      const heard = !element.paused && !element.ended && !element.muted;
      if (heard) top = Math.max(top, element.volume);
    }
    return top;
  };
  Object.defineProperty(window, Symbol.for('podium-rig'), {
    value: Object.freeze({ // or a page would answer in its stead
      sound: () => ({ level: level(), started }),
      seed: (other) => { state = (other * 0x9e3779b1) >>> 0; },
    }),
  });
}
