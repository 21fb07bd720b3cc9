/**
 * Gives this process exactly these variables, for code that reads no other environment: libraries for credentials, and programs in
 * this process. In place, since another object would no longer be the process's environment.
 */
export function replaceEnvironment(variables: NodeJS.ProcessEnv): void {
    for (const name of Object.keys(process.env)) if (variables[name] === undefined) delete process.env[name];
    for (const [name, value] of Object.entries(variables)) if (value !== undefined) process.env[name] = value;
}

/** Does something with exactly these variables, and restores the former ones. One such work runs at a time. */
export async function withEnvironment<Result>(
    variables: NodeJS.ProcessEnv,
    work: () => Promise<Result>,
): Promise<Result> {
    const before = { ...process.env };
    try {
        replaceEnvironment(variables);
        return await work();
    } finally {
        replaceEnvironment(before);
    }
}
