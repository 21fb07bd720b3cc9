import type { DoctorReport } from "../../lib/doctor";

/** The first account of a check-up in JSON: the result of each check by its name and subject, and the text of one. */
export function doctorResults(json: string) {
    const [account] = (JSON.parse(json) as DoctorReport).accounts;
    const results = Object.fromEntries(
        (account?.checks ?? []).map(({ name, subject, result }) => [
            subject === undefined ? name : `${name} ${subject}`,
            result,
        ]),
    );
    const textOf = (name: string) => account?.checks.find((check) => check.name === name)?.text ?? "";
    return { account, results, textOf };
}
