const everyMs = 5_000;
const mostTimes = 120;

/** `data-watch="<address>"` asks there every five seconds, and loads the page again when it says something else than `data-watched`. */
export function enableWatch(): void {
  const element = document.querySelector<HTMLElement>('[data-watch]');
  const address = element?.dataset['watch'];
  if (element !== null && address !== undefined) void watch(address, element.dataset['watched'] ?? '');
}

async function watch(address: string, known: string): Promise<void> {
  for (let times = 0; times < mostTimes; times++) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    if (document.hidden) continue;
    const said = await fetch(address).then(
      (answer) => (answer.ok ? answer.text() : known),
      () => known,
    );
    if (said !== known) return location.reload();
  }
}
