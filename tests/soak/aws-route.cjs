// Leads what goes to AWS's own S3 to the address in SOAKED_AWS, with or without TLS. The endpoint decides what a bucket without a rule has, and
// whether a deletion is safe, so AWS's names must be in use. Loaded before the SDK, by NODE_OPTIONS in processes.
const http = require("node:http");
const https = require("node:https");

const { request } = https;
https.request = (options, ...rest) => {
    const address = process.env.SOAKED_AWS || undefined;
    const host = options.hostname ?? options.host ?? "";
    if (address === undefined || !host.endsWith(".amazonaws.com")) return request(options, ...rest);
    const { protocol, hostname, port } = new URL(address);
    const headers = { host, ...options.headers };
    const led = { ...options, protocol, host: hostname, hostname, port, agent: undefined, headers };
    // The certificate must be of the name that was asked for.
    return protocol === "https:" ? request(led, ...rest) : http.request(led, ...rest);
};
