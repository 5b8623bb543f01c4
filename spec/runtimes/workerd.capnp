# The program in workerd, which runs the workers of Cloudflare: `workerd test workerd.capnp`.
using Workerd = import "/workerd/workerd.capnp";

# The older one has no FinalizationRegistry and nothing of Node, the newer one stubs of its workers.
const config :Workerd.Config = (
  services = [
    (name = "of-2023-01-01", worker = (compatibilityDate = "2023-01-01", modules = .modules)),
    (name = "of-2026-11-01", worker = (compatibilityDate = "2026-11-01", modules = .modules)),
  ],
);

const modules :List(Workerd.Worker.Module) = [
  (name = "workerd.js", esModule = embed "workerd.js"),
  (name = "program.js", esModule = embed "program.js"),
  (name = "digits.csv", text = embed "../../examples/digits/digits.csv"),
  (name = "dist/index.js", esModule = embed "../../dist/index.js"),
  (name = "dist/core.js", esModule = embed "../../dist/core.js"),
];
