/** The service's time, from the `Date` of the answer to an unsigned request that changes nothing; `undefined` without one. */
export async function serviceTime(endpoint: string): Promise<Date | undefined> {
    const signal = AbortSignal.timeout(10_000);
    try {
        const response = await fetch(endpoint, { method: "HEAD", redirect: "manual", signal });
        // The time of an answer that a cache in between kept is long past.
        if (response.headers.has("age")) return undefined;
        const time = Date.parse(response.headers.get("date") ?? "");
        return Number.isNaN(time) ? undefined : new Date(time);
    } catch {
        return undefined;
    }
}
