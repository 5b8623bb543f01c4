// The page's words in English. Names in braces stand for values.

export const en = {
  "language.name": "English",
  title: "twolayer playground",
  playground: "playground",
  language: "Language",
  noScript: "The playground trains a neural network in your browser, which needs JavaScript.",
  footer:
    "A net of two layers in plain TypeScript, trained in this page by the twolayer library. The " +
    "address holds the settings: what you see can be sent as a link.",
  "tab.plane": "2-D data",
  "tab.digits": "Digits",
  "tab.mathematics": "Mathematics",

  play: "Play",
  pause: "Pause",
  step: "Step",
  reset: "Reset",
  clear: "Clear",
  settings: "Settings",
  defaults: "Initial settings",
  iteration: "Iteration",
  loss: "Loss",
  accuracy: "Accuracy",
  train: "training",
  heldOut: "held out",
  hash: "SHA-256 of the weights",
  data: "Data",
  training: "Training",
  net: "Net",
  view: "View",
  none: "none",
  hidden: "Hidden units",
  seed: "Seed",
  optimizer: "Optimizer",
  rate: "Learning rate",
  reg: "Regularization",
  batch: "Batch size",
  iterations: "Iterations",
  speed: "Speed",
  "speed.60": "60 / s",
  "speed.240": "240 / s",
  "speed.960": "960 / s",
  "speed.3840": "3840 / s",
  "speed.most": "full speed",
  background: "Background",
  "background.smooth": "probability",
  "background.hard": "class only",
  "view.heldOut": "Show held-out points",
  "view.lines": "Lines of the hidden units",
  "range.whole": "Enter a whole number from {min} to {max}.",
  "range.number": "Enter a number from {min} to {max}.",

  "data.moons": "Two moons",
  "data.circles": "Circles",
  "data.spiral": "Spiral",
  "data.xor": "XOR",
  "data.blobs": "Blobs",
  "data.csv": "Your CSV",
  "data.points": "Points",
  "data.noise": "Noise",
  "data.heldOut": "Held out",
  "csv.label": "Two columns of numbers, then the class",
  "csv.kept":
    "This CSV is too long for a link. It stays in this browser tab until you close it; the link " +
    "brings the settings without the data.",
  "csv.lost": "This CSV is too long for a link, and this browser does not keep it.",

  "plane.intro":
    "A net learns to tell classes of points apart; the color shows which class it would give to " +
    "each place. Press Play and watch the line between the classes bend. Then try the spiral " +
    "with 3 hidden units and with 32, or switch a unit off in the drawing of the net.",
  "plane.new": "New data",
  "plane.picture": "The data and the net's decision boundary",
  "plane.lossNote": "of each minibatch; the number is the mean of the last pass",
  "plane.lossChart": "Loss of each minibatch by iteration",
  "plane.accuracyChart": "Accuracy on training and held-out points by iteration",
  "plane.save": "Save the curves as SVG",
  "plane.class": "class {class}",
  "plane.axes": "{across} runs across, {up} runs up.",
  "plane.legend":
    "Filled points are for training, hollow ones are held out, and a ring marks a wrong one.",
  "plane.seen": "What hidden unit {unit} sees: the darker, the stronger its response.",
  "plane.training": "Training …",
  "plane.ready":
    "Ready at iteration {iteration}: {train} of {trainPoints} training points right, {heldOut} " +
    "of {heldOutPoints} held out.",
  "plane.paused":
    "Paused at iteration {iteration}: {train} of {trainPoints} training points right, {heldOut} " +
    "of {heldOutPoints} held out.",
  "plane.finished":
    "Finished at iteration {iteration}: {train} of {trainPoints} training points right, " +
    "{heldOut} of {heldOutPoints} held out.",
  "plane.edited": "The weights were changed by hand.",
  "plane.diverged": "Diverged at iteration {iteration}. Try a smaller learning rate.",
  "plane.unusable": "This CSV cannot be learnt; the picture still shows the data before.",
  "plane.canvas": "{points} points of {classes} classes and the net's decision boundary.",
  "plane.chart": "Training on {data}",

  "net.title": "The net",
  "net.units": "hidden units",
  "net.inputs": "Inputs of the net; pressed ones are used",
  "net.outputs": "Classes",
  "net.fewer": "One hidden unit fewer",
  "net.more": "One hidden unit more",
  "net.legend":
    "Orange lines are positive weights, blue ones negative; thick ones are large. Click an " +
    "input to use it, a unit to switch it off, a line to change its weight.",
  "net.unit":
    "Hidden unit {unit}: on where {terms} > 0, for {share}% of the training points; speaks for " +
    "class {class}",
  "weight.title": "Change a weight",
  "weight.from": "from",
  "weight.to": "to",
  "weight.value": "weight",
  "weight.bias": "bias",
  "weight.unit": "unit {unit}",
  "weight.class": "class {class}",

  "digits.intro":
    "This net learnt from 1797 handwritten digits in the second after you opened this tab. Draw " +
    "a digit, small or large, and the bars show how likely it finds each of the ten. Try a 1 " +
    "with a flag, a crossed 7 or an open 4, and train again with 5 hidden units to see it fail.",
  "digits.title": "Draw a digit",
  "digits.how": "0 to 9, with mouse or finger",
  "digits.board": "Drawing area. Without a pointer, take one of the held-out digits below.",
  "digits.probabilities": "Probabilities",
  "digits.samples": "Or take a digit the net has never seen",
  "digits.sample": "Show a held-out {digit}",
  "digits.seen": "What the net sees",
  "digits.seenLabel": "The drawing as eight by eight gray values",
  "digits.seenNote":
    "Your strokes, stretched to 32×32 and drawn with as much ink as the digits of the data; " +
    "then the dark pixels of each 4×4 block are counted.",
  "digits.again": "Train again",
  "digits.chart": "Accuracy on training and held-out digits by iteration",
  "digits.chartNote":
    "Accuracy after every pass. The training digits include warped copies, which are harder.",
  "digits.weights": "First-layer weights",
  "digits.weightsNote": "what each hidden unit looks for: orange raises it, blue lowers it",
  "digits.weightsLabel":
    "First-layer weights of the {units} hidden units, an 8 by 8 image for each.",
  "digits.settings": "Net and data",
  "digits.warp": "Also learn from warped copies and from open 4s",
  "digits.source":
    "1797 handwritten digits (E. Alpaydin and C. Kaynak, UCI repository), a fifth of them held " +
    "out.",
  "digits.loading": "Loading the digits …",
  "digits.failed": "The digits could not be loaded: {reason}",
  "digits.training": "Training …",
  "digits.trainingFirst": "Training first …",
  "digits.draw": "Draw a digit",
  "digits.answer": "This is a {digit}",
  "digits.answerRight": "This is a {digit}, and it is a {label}",
  "digits.answerWrong": "This is a {digit}, but it is a {label}",
  "digits.result":
    "{iterations} iterations in {seconds} s: {share} of {digits} digits right that it never " +
    "saw.",

  "mathematics.intro":
    "Five samples, four inputs, ten hidden units, three classes: small enough to see every " +
    "number of one iteration beside its formula. Move the slider to any of 200 iterations and " +
    "watch the loss fall from ln 3. The gradient is checked at each: compare the two tables of " +
    "dW2.",
  "mathematics.status": "Iteration {iteration}: loss {loss}, {right} of {samples} samples right.",
  "math.float32": "float32, as published",
  "math.regTraining": "1e−6: of its training",
  "math.regCheck": "0.05: of its loss and gradient check",
  "math.dataLoss": "−mean log p of the right class",
  "math.penalty": "penalty, reg = {reg}",
  "math.exerciseStep": "h = 1e−7, as the exercise",
  "math.bestStep": "best step for each element",
  "math.relativeError": "Relative error",
  "math.byFormula": "by back-propagation",
  "math.byDifferences": "by differences",
  "math.units": "in units of ",
  "math.rate": "η at this iteration",
  "math.batchLoss": "loss of the last minibatch",

  "formula.data": "The data",
  "formula.dataText":
    "Five samples with four inputs each, and the class of each, drawn from the generator's seed " +
    "0.",
  "formula.hidden": "Hidden layer",
  "formula.hiddenText": "Every sample times ten columns of weights; negative results become 0.",
  "formula.scores": "Scores",
  "formula.scoresText": "One number for each of three classes.",
  "formula.probabilities": "Probabilities",
  "formula.probabilitiesText": "Softmax: positive, and each row adds up to 1.",
  "formula.loss": "Loss",
  "formula.lossText":
    "How surprised the net is by the right classes, and a price for large weights. Before " +
    "training all classes are about as likely: ln 3 = 1.0986…",
  "formula.backScores": "Back to the scores",
  "formula.backScoresText":
    "Raise the right class, lower the others, each by how wrong its probability is.",
  "formula.backSecond": "Back to the second layer",
  "formula.backSecondText": "The gradient of the loss by each weight has the shape of the weights.",
  "formula.backFirst": "Back to the first layer",
  "formula.backFirstText": "Only units that were on pass anything back.",
  "formula.check": "Is the gradient right?",
  "formula.checkText":
    "Nudge each weight a little both ways and watch the loss. Below 10⁻⁴ is right; what is left " +
    "is rounding of the difference, and the smaller the gradient, the more of it is rounding.",
  "formula.step": "A step down",
  "formula.stepText":
    "The net learns from batches of 200 rows drawn from the five, and η shrinks by 5% every " +
    "time.",
};
