// Runs the program in a browser, and posts its report, or what went wrong, to the server the page
// came from.
const troubles = [];
addEventListener("error", ({ message }) => troubles.push(message));
addEventListener("unhandledrejection", ({ reason }) => troubles.push(String(reason)));

async function report() {
  const twolayer = await import("/dist/index.js");
  const { run } = await import("/spec/runtimes/program.js");
  const digits = await (await fetch("/examples/digits/digits.csv")).text();
  const [, version] = /Chrome\/([\d.]+)/.exec(navigator.userAgent);
  return { version, ...(await run(twolayer, digits)) };
}

const answer = await report().catch((error) => ({ error: error.stack }));
if (troubles.length > 0) answer.error ??= troubles.join("\n");
await fetch("/report", { method: "POST", body: JSON.stringify(answer) });
