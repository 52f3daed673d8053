/** All sound is made here with WebAudio: a quiet engine, a little tune, and a cue per event. */

const TUNE = [57, 64, 69, 71, 72, 71, 69, 64, 53, 60, 65, 69, 72, 69, 65, 60, 55, 62, 67, 71, 74, 71, 67, 62, 52, 59, 64, 68, 71, 68, 64, 59];
const BEAT = 0.19; // seconds a note
const pitch = (note) => 440 * 2 ** ((note - 69) / 12);

export class Sound {
  muted = localStorage.getItem('sky-battle/muted') === 'yes';
  #context = null;
  #note = 0;
  #due = 0;

  /** Browsers let sound begin only after a key or a click, so the first flight calls this. */
  wake() {
    if (!this.#context) {
      this.#context = new AudioContext();
      this.master = new GainNode(this.#context, { gain: this.muted ? 0 : 0.5 });
      this.master.connect(this.#context.destination);
      this.#engine();
    }
    this.#context.resume();
  }

  mute(muted) {
    this.muted = muted;
    localStorage.setItem('sky-battle/muted', muted ? 'yes' : 'no');
    this.master?.gain.setValueAtTime(muted ? 0 : 0.5, this.#context.currentTime);
  }

  #engine() {
    const hum = new OscillatorNode(this.#context, { type: 'sawtooth', frequency: 68 });
    const soft = new BiquadFilterNode(this.#context, { type: 'lowpass', frequency: 190 });
    this.engine = new GainNode(this.#context, { gain: 0 });
    hum.connect(soft).connect(this.engine).connect(this.master);
    hum.start();
  }

  /** The engine runs only while the plane flies. */
  flying(on) {
    this.engine?.gain.setTargetAtTime(on ? 0.16 : 0, this.#context.currentTime, 0.08);
  }

  /** Called once a frame during a flight: keeps the tune a few notes ahead of the ear. */
  keepPlaying() {
    if (!this.#context) return;
    const now = this.#context.currentTime;
    if (this.#due < now) this.#due = now + 0.05;
    while (this.#due < now + 0.25) {
      const note = TUNE[this.#note % TUNE.length];
      this.#tone({ at: this.#due, from: pitch(note), type: 'triangle', length: 0.34, loud: 0.13 });
      if (this.#note % 8 === 0) {
        this.#tone({ at: this.#due, from: pitch(note - 24), type: 'sine', length: 1.4, loud: 0.22 });
      }
      this.#note += 1;
      this.#due += BEAT;
    }
  }

  #tone({ at = this.#context.currentTime, from, to = from, type = 'sine', length, loud }) {
    const source = new OscillatorNode(this.#context, { type, frequency: from });
    const gain = new GainNode(this.#context, { gain: 0 });
    source.frequency.exponentialRampToValueAtTime(Math.max(1, to), at + length);
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loud, at + 0.012);
    gain.gain.exponentialRampToValueAtTime(0.0008, at + length);
    source.connect(gain).connect(this.master);
    source.start(at);
    source.stop(at + length);
  }

  #noise(length, loud, cut) {
    const { sampleRate } = this.#context;
    const buffer = new AudioBuffer({ length: sampleRate * length, sampleRate });
    const wave = buffer.getChannelData(0);
    for (let i = 0; i < wave.length; i += 1) {
      wave[i] = (Math.random() * 2 - 1) * (1 - i / wave.length) ** 2;
    }
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    const filter = new BiquadFilterNode(this.#context, { type: 'lowpass', frequency: cut });
    const gain = new GainNode(this.#context, { gain: loud });
    source.connect(filter).connect(gain).connect(this.master);
    source.start();
  }

  cue({ type, points }) {
    if (!this.#context) return;
    if (type === 'shot') this.#tone({ from: 920, to: 240, type: 'square', length: 0.11, loud: 0.09 });
    if (type === 'cracked') this.#noise(0.14, 0.3, 1400);
    if (type === 'destroyed') {
      this.#noise(0.42, 0.5, 900);
      if (points < 0) this.#tone({ from: 330, to: 150, type: 'triangle', length: 0.5, loud: 0.25 });
    }
    if (type === 'collected') {
      [76, 81, 88].forEach((note, i) => this.#tone({
        at: this.#context.currentTime + i * 0.07, from: pitch(note), length: 0.22, loud: 0.2,
      }));
    }
    if (type === 'crashed') this.#noise(0.6, 0.8, 500);
    if (type === 'over') this.#tone({ from: 392, to: 98, type: 'triangle', length: 1.3, loud: 0.3 });
  }
}
