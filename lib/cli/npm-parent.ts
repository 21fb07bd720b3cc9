/** How often the parent is looked at. */
const intervalMs = 500;

/**
 * Resolves when the process lost the shell that npm started it in. `kill` of `npx …` ends npm and its shell, and npm passes
 * no signal on, so a server would go on for ever. Never resolves for a process that npm did not start, or that its script
 * put into the background: such a process outlives its parent on purpose.
 * @param environment npm_lifecycle_script is the command that npm runs
 */
export function npmParentEnded(environment: NodeJS.ProcessEnv): { ended: Promise<void>; forget(): void } {
    const script = environment.npm_lifecycle_script;
    if (script === undefined || /(^|[^&])&([^&]|$)/.test(script)) {
        return { ended: new Promise(() => {}), forget: () => {} };
    }
    const parent = process.ppid;
    let timer: NodeJS.Timeout | undefined;
    const ended = new Promise<void>((resolve) => {
        timer = setInterval(() => {
            if (process.ppid !== parent) {
                clearInterval(timer);
                resolve();
            }
        }, intervalMs);
        timer.unref();
    });
    return { ended, forget: () => clearInterval(timer) };
}
