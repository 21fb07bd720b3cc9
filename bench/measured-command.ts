import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Measurement {
    readonly seconds: number;
    /** Peak memory of the largest process, with all processes that the command started, in MB. */
    readonly peakMb: number;
    readonly output: string;
}

// Node can't ask for the peak memory of finished children; Python's standard library can.
const wrapper = `
import json, resource, subprocess, sys, time
start = time.monotonic()
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
seconds = time.monotonic() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peakMb": peak, "output": done.stdout, "status": done.returncode}))`;

/** Runs a command to its end. An exit status other than 0 is an error that shows what it printed. */
export async function measure(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Measurement> {
    const child = spawn("python3", ["-c", wrapper, ...command], { env, stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
    });
    await once(child, "close");
    const { status, ...measurement } = JSON.parse(text) as Measurement & { status: number };
    if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}:\n${measurement.output}`);
    return measurement;
}
