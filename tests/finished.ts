import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Waits for the end of a process whose output is piped. @returns its status and all of its output, in one text */
export async function finished(
    child: ChildProcess,
): Promise<{ readonly status: number | null; readonly output: string }> {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding("utf8").on("data", (text: string) => {
            output += text;
        });
    }
    const [status] = (await once(child, "close")) as [number | null];
    return { status, output };
}
