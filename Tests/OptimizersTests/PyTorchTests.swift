import Configuration
import Foundation
import Safetensors
import Testing
import Vectors

@testable import Optimizers

/// A hundred steps of a small net by each optimizer, against PyTorch 2.13's where it has the rule and against the rule
/// in plain loops of double precision where it has none.
@Suite struct PyTorchTests {
    private static let schedules: [(String, any Schedule)] = [
        ("step", StepSchedule(.every(epochs: 4), factor: 0.1)), ("cosine", CosineSchedule()),
    ]

    /// The final model and the losses on the way; ten steps are an epoch. At `stop` all is handed to another optimizer.
    private func run(
        _ name: String, _ options: Options, _ schedule: any Schedule, resumingAt stop: Int? = nil,
        byDirection: Bool = false
    ) throws -> (model: [Float], losses: [Double]) {
        let net = try SmallNet()
        let shaping = try Optimizers.shaping(name, options)
        var optimizer = try Optimizers.make(name, options, layout: SmallNet.layout)
        let rate = optimizer.learningRate
        var model = FlatVector(net.start)
        var losses: [Double] = []
        for step in 0..<100 {
            if step == stop {
                let state = optimizer.state
                optimizer = try Optimizers.make(name, options, layout: SmallNet.layout)
                optimizer.state = state
            }
            let parameters = model.array()
            let (loss, slope) = net.gradient(at: parameters)
            var gradient = FlatVector(slope)
            gradient.write { shaping.apply(to: &$0, at: parameters.span) }
            optimizer.learningRate = rate * Float(schedule.factor(at: step, stepsPerEpoch: 10, of: 100))
            optimizer.epoch = Double(step) / 10
            let shaped = gradient.array()
            if byDirection {
                var direction = FlatVector(count: parameters.count)
                direction.write { optimizer.direction(at: parameters.span, along: shaped.span, into: &$0) }
                model = FlatVector(zip(parameters, direction.array()).map { $0 + $1 })
            } else {
                model.write { optimizer.update(&$0, along: shaped.span) }
            }
            if [0, 49, 99].contains(step) { losses.append(loss) }
        }
        return (model.array(), losses)
    }

    /// The distance of two ends, relative to the way from the start.
    private func distance(_ one: [Float], _ other: [Float], start: [Float]) -> Double {
        func norm(_ a: [Float], _ b: [Float]) -> Double {
            zip(a, b).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }.squareRoot()
        }
        return norm(one, other) / norm(other, start)
    }

    @Test(
        arguments: [
            ("sgd", "sgd", [:]), ("momentum", "momentum", [:]), ("nesterov", "nesterov", [:]),
            ("adagrad", "adagrad", [:]), ("adagrad-decay", "adagrad", ["learning_rate_decay": .number(0.1)]),
            ("rmsprop", "rmsprop", [:]),
            (
                "rmsprop-centered", "rmsprop",
                ["centered": .boolean(true), "learning_rate": .number(0.002)]
            ),
            ("rmsprop-momentum", "rmsprop", ["momentum": .number(0.9), "learning_rate": .number(0.001)]),
            ("adam", "adam", [:]), ("adam-decay", "adam", ["weight_decay": .number(0.1)]),
            (
                "adam-amsgrad", "adam",
                ["amsgrad": .boolean(true), "beta2": .number(0.9), "learning_rate": .number(0.01)]
            ),
            ("adamw", "adamw", ["learning_rate": .number(0.01)]),
            (
                "adamw-amsgrad", "adamw",
                ["amsgrad": .boolean(true), "beta2": .number(0.9), "learning_rate": .number(0.01)]
            ),
            ("nadam", "nadam", [:]), ("adamax", "adamax", [:]),
        ] as [(String, String, [String: OptionValue])])
    func aHundredStepsEndWherePyTorchEnds(fixture: String, name: String, options: [String: OptionValue]) throws {
        let net = try SmallNet()
        for (schedule, rule) in Self.schedules {
            let end = try #require(net.fixture["\(fixture).\(schedule)"]?.floats)
            let losses = try #require(net.fixture["\(fixture).\(schedule).losses"]?.floats)
            let (model, ours) = try run(name, Options(options), rule)
            let distance = distance(model, end, start: net.start)
            #expect(distance <= 1e-5, "\(fixture), \(schedule): \(distance)")
            for (loss, theirs) in zip(ours, losses) { #expect(abs(loss - Double(theirs)) <= 1e-5 * abs(loss)) }
        }
    }

    /// Options by which some remember more.
    private static let remembering = [
        "adam": Options(["amsgrad": .boolean(true)]), "adamw": Options(["amsgrad": .boolean(true)]),
        "adagrad": Options(["learning_rate_decay": .number(0.1)]),
        "rmsprop": Options(["centered": .boolean(true), "momentum": .number(0.5)]),
    ]

    @Test(arguments: Optimizers.all.map(\.name)) func eachGoesOnFromItsStateToTheBit(name: String) throws {
        for (_, schedule) in Self.schedules {
            for options in [Options(), Self.remembering[name]].compactMap(\.self) {
                let whole = try run(name, options, schedule).model
                #expect(try run(name, options, schedule, resumingAt: 37).model == whole)
                #expect(try run(name, options, schedule, byDirection: true).model == whole)
            }
        }
    }

    /// Every one of them as it comes: the rate of its defaults suits a small net.
    @Test(arguments: Optimizers.all.map(\.name)) func theLossFallsAtTheDefaults(name: String) throws {
        let losses = try run(name, Options(), ConstantSchedule()).losses
        #expect(losses[1] < losses[0] && losses[2] < losses[1], "\(losses)")
    }

    /// Tensors of the net, and whether they are weights.
    private let tensors = SmallNet.layout.entries.map { ($0.range, $0.isWeight) }

    private func norm(_ x: some Sequence<Double>) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// The final model by a rule that writes the step, less the learning rate, from time, rate, model and gradient.
    private func plain(
        _ schedule: any Schedule, rate: Double,
        _ rule: (_ time: Int, _ rate: Double, _ x: [Double], _ g: [Double]) -> [Double]
    ) throws -> [Float] {
        let net = try SmallNet()
        var x = net.start.map(Double.init)
        for step in 0..<100 {
            let gradient = net.gradient(at: x.map { Float($0) }).gradient.map(Double.init)
            let now = rate * schedule.factor(at: step, stepsPerEpoch: 10, of: 100)
            let direction = rule(step + 1, now, x, gradient)
            for index in x.indices { x[index] -= now * direction[index] }
        }
        return x.map { Float($0) }
    }

    @Test func larsIsThePlainLoop() throws {
        let options = Options(["weight_decay": .number(0.01), "trust": .number(0.02), "learning_rate": .number(0.5)])
        for (name, schedule) in Self.schedules {
            var velocity = [Double](repeating: 0, count: 75)
            let end = try plain(schedule, rate: 0.5) { _, _, x, g in
                for (range, isWeight) in tensors {
                    let (length, slope) = (norm(x[range]), norm(g[range]))
                    let factor = isWeight ? 0.02 * length / (slope + 0.01 * length + 1e-8) : 1
                    for index in range {
                        velocity[index] = 0.9 * velocity[index] + factor * (g[index] + 0.01 * x[index])
                    }
                }
                return velocity
            }
            let distance = distance(try run("lars", options, schedule).model, end, start: try SmallNet().start)
            #expect(distance <= 1e-5, "\(name): \(distance)")
        }
    }

    @Test func lambIsThePlainLoop() throws {
        for (name, schedule) in Self.schedules {
            var (m, v) = ([Double](repeating: 0, count: 75), [Double](repeating: 0, count: 75))
            let end = try plain(schedule, rate: 0.01) { time, _, x, g in
                var step = x
                for (range, _) in tensors {
                    for index in range {
                        m[index] = 0.9 * m[index] + 0.1 * g[index]
                        v[index] = 0.999 * v[index] + 0.001 * g[index] * g[index]
                        let root = (v[index] / (1 - pow(0.999, Double(time)))).squareRoot()
                        step[index] = m[index] / (1 - pow(0.9, Double(time))) / (root + 1e-6) + 0.01 * x[index]
                    }
                    let factor = norm(x[range]) / norm(step[range])
                    for index in range { step[index] *= factor }
                }
                return step
            }
            let distance = distance(
                try run("lamb", Options(["learning_rate": .number(0.01)]), schedule).model, end,
                start: try SmallNet().start)
            #expect(distance <= 1e-5, "\(name): \(distance)")
        }
    }

    @Test(arguments: [false, true]) func rmspropWarmUpIsThePlainLoop(isPublished: Bool) throws {
        let options = Options([
            "center_epochs": .number(4), "period_epochs": .number(3), "published_slope": .boolean(isPublished),
        ])
        for (name, schedule) in Self.schedules {
            var (m, velocity) = ([Double](repeating: 0, count: 75), [Double](repeating: 0, count: 75))
            let end = try plain(schedule, rate: 0.05) { time, rate, _, g in
                let e = Double(time - 1) / 10
                let descent =
                    e < 4 ? 0.5 * exp(2 * (e - 4) / 3) : e < 5.5 ? 0.5 + (isPublished ? 2 : 1) * (e - 4) / 3 : 1
                for index in 0..<75 {
                    m[index] = 0.99 * m[index] + 0.01 * g[index] * g[index]
                    let factor = descent + (1 - descent) * 3e-4 / rate / (m[index].squareRoot() + 1e-8)
                    velocity[index] = 0.9 * velocity[index] + factor * g[index]
                }
                return velocity
            }
            let distance = distance(
                try run("rmsprop-warmup", options, schedule).model, end, start: try SmallNet().start)
            #expect(distance <= 1e-5, "\(name): \(distance)")
        }
    }
}
