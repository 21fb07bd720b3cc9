/** The service's time, from the `Date` of an unsigned request that changes nothing; `undefined` without one. */
export async function serviceTime(endpoint: string, cancelled?: AbortSignal): Promise<Date | undefined> {
    const timeout = AbortSignal.timeout(10_000);
    const signal = cancelled === undefined ? timeout : AbortSignal.any([cancelled, timeout]);
    try {
        const response = await fetch(endpoint, { method: "HEAD", redirect: "manual", signal });
        const time = Date.parse(response.headers.get("date") ?? "");
        return Number.isNaN(time) ? undefined : new Date(time);
    } catch {
        return undefined;
    }
}
