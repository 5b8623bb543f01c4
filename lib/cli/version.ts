// The version that --version prints; spec/cli/version.test.ts holds it to package.json's.

export const VERSION = "1.0.0";
