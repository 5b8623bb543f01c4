// What a dependency may be that requires the package.
exports.twolayer = require("twolayer");
exports.core = require("twolayer/core");
