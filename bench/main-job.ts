import { measure } from "./measured-command";
import { median } from "./median";
import { table } from "./results-file";

/** The README's first command after `npm ci`. */
export async function mainJob(rounds = 1): Promise<string> {
    const all = [];
    for (let run = 0; run < rounds; run += 1) all.push(await measure(["npm", "start"]));
    const seconds = median(all.map((one) => one.seconds)).toFixed(1);
    const cpu = median(all.map((one) => one.cpuSeconds)).toFixed(1);
    const peak = median(all.map((one) => one.peakMb)).toFixed(0);
    return table(
        ["command", ">time", ">processor time", ">largest process"],
        [["`npm start`", `${seconds} s`, `${cpu} s`, `${peak} MB`]],
    );
}
