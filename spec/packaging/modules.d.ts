// Types for packages that are only there once spec/packaging is installed, so that the whole
// repository type-checks without them.
declare module "@parcel/core";
declare module "@rollup/plugin-node-resolve";
declare module "@rspack/core";
declare module "esbuild";
declare module "publint";
declare module "rollup";
declare module "vite7";
declare module "vite8";
declare module "webpack";
