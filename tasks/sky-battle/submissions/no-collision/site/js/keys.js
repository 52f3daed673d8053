/** Which keys are held now. Arrow keys and space never scroll the page. */

const HELD = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right', ' ': 'fire' };

export class Keys {
  held = { up: 0, down: 0, left: 0, right: 0, fire: 0 };

  /** `flying()` says whether the keys belong to the plane; `press` gets every other key. */
  constructor(flying, press) {
    addEventListener('keydown', (event) => {
      const name = HELD[event.key];
      if (name && flying()) {
        this.held[name] = 1;
        event.preventDefault();
      } else if (!event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey) {
        press(event);
      }
    });
    addEventListener('keyup', (event) => {
      const name = HELD[event.key];
      if (name) this.held[name] = 0;
    });
    addEventListener('blur', () => this.release());
  }

  release() {
    for (const name of Object.keys(this.held)) this.held[name] = 0;
  }
}
