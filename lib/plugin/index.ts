export { packageSchema } from "./package-schema";
export type { PluginSchema } from "./plugin-provider";
export { type PluginServer, servePlugin } from "./plugin-server";
