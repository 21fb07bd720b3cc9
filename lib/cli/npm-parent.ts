/** The interval at which the parent is checked. */
const intervalMs = 500;

/**
 * Resolves when the shell in which npm started the process is gone. `kill` of `npx …` ends npm and its shell, and npm does not
 * pass the signal to the program, so a server would keep running. Never resolves for a process that npm did not start or
 * that its script put into the background: such a process outlives its parent on purpose.
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
