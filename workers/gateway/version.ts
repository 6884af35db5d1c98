import manifest from "../../package.json" with { type: "json" };

/** The version of the platform, from the one place that states it. */
export const VERSION: string = manifest.version;
