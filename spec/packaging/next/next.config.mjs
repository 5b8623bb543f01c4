// Nothing about twolayer: the export is what the test serves, and the root is here because a lock
// file of the repository lies above.
export default {
  output: "export",
  turbopack: { root: import.meta.dirname },
};
