// Does what the first word of its input says: each way to meet a limit.
const { spawn } = require("node:child_process");
const [word, ...numbers] = require("node:fs").readFileSync(0, "utf8").split(/\s+/);

const deep = (n) => (n ? 1 + deep(n - 1) : 0);

switch (word) {
  case "sum":
    console.log(Number(numbers[0]) + Number(numbers[1]));
    break;
  case "spin":
    for (;;);
  case "sleep":
    setInterval(() => {}, 60_000);
    break;
  case "memory": {
    const held = [];
    for (;;) held.push(new Array(100_000).fill(held.length + 0.5));
  }
  case "output":
    for (;;) require("node:fs").writeSync(1, "again and again and again\n".repeat(100));
  case "deep":
    console.log(deep(100_000));
    break;
  case "exit":
    process.exit(7);
  case "signal":
    process.kill(process.pid, "SIGSEGV");
    setTimeout(() => {}, 5000);
    break;
  case "processes": {
    let started = 0, answered = 0;
    for (let n = 0; n < 100; n++) {
      const child = spawn("sleep", ["60"]);
      const done = () => { if (++answered === 100) { console.log(started); process.exit(0); } };
      child.on("spawn", () => { started++; done(); });
      child.on("error", done);
    }
  }
}
