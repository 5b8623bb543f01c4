// Types for a package that is only there once spec/packaging is installed, so that the whole
// repository type-checks without it.
declare module "esbuild";
