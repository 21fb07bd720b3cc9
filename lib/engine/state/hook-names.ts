/** When a hook runs, in the terms of the state file. */
export const hookTypes = [
    "BeforeCreate",
    "AfterCreate",
    "BeforeUpdate",
    "AfterUpdate",
    "BeforeDelete",
    "AfterDelete",
    "OnError",
] as const;
export type HookType = (typeof hookTypes)[number];

/** The names of a resource's hooks, by the time when they run. */
export type HookNames = { readonly [Type in HookType]?: readonly string[] };
